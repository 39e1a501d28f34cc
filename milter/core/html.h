/*
 * html: the words of an HTML text, for the dates in it.
 *
 * Enough of HTML to read what a mail program shows: tags become line ends,
 * blank lines or nothing, character references characters, runs of white space
 * one blank; what stands in head, style, script or a comment is left out, lines
 * inside blockquote begin with "> ", " | " parts the cells of a table, and
 * "~~" stands round what is struck out.  Knows no style sheets: text that is
 * made invisible is read all the same.  The work is linear in the length.
 */
#ifndef CORE_HTML_H
#define CORE_HTML_H

#include "core/buf.h"

/* UTF-8 to UTF-8.  False when out is full; what fits is there. */
bool	html_print_text(struct span html, struct buf *out)
	    __attribute__((warn_unused_result));

#endif
