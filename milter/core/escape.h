/*
 * escape: text of others within our own documents.
 *
 * What cannot be shown as it is (utf8_is_plain()) becomes U+FFFD, or a blank
 * where it divides words.  All functions append to out, and are false when it
 * is full.
 */
#ifndef CORE_ESCAPE_H
#define CORE_ESCAPE_H

#include "core/buf.h"

/* Text and quoted attributes of HTML and of SVG within it. */
bool	escape_html(struct span text, struct buf *out)
	    __attribute__((warn_unused_result));

/*
 * A field of CSV (RFC 4180).  One that a spreadsheet would take for a formula
 * gets an apostrophe before it.
 */
bool	escape_csv(struct span text, struct buf *out)
	    __attribute__((warn_unused_result));

/* Text of a table cell of DokuWiki: none of it is markup. */
bool	escape_wiki(struct span text, struct buf *out)
	    __attribute__((warn_unused_result));

/*
 * An address for href or [[...]]: only http and https, everything but the
 * characters of a URL (RFC 3986 section 2) as %XX, and also those of them that
 * mean something to DokuWiki.  Adds nothing for other addresses.
 */
bool	escape_url(struct span url, struct buf *out)
	    __attribute__((warn_unused_result));

/* TEXT of iCalendar (RFC 5545 section 3.3.11). */
bool	escape_ical(struct span text, struct buf *out)
	    __attribute__((warn_unused_result));

/* A label value of the Prometheus text format, without its quotes. */
bool	escape_label(struct span text, struct buf *out)
	    __attribute__((warn_unused_result));

#endif
