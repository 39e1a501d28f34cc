/*
 * crd_quote: what mail programs put round the text of others.
 *
 * Marks before quoted lines, attributions ("On ... wrote:"), the header that
 * Outlook and its sisters put before an old message, separators of forwarded
 * and old messages: in the languages in which these programs write them.  All
 * look at one line as it came, and a bounded way ahead of it.
 */
#ifndef CORE_CRD_QUOTE_H
#define CORE_CRD_QUOTE_H

#include "core/text.h"

/* "> ", "| " unless it is a row of a table, "AB> ". */
bool	crd_quote_is_quoted(struct span line);

/*
 * How many lines an attribution that begins at line takes, 0 for none: "On
 * <date>, <name>" may be wrapped before "wrote:".  line is trimmed, rest what
 * follows it.
 */
int	crd_quote_attribution(struct span line, struct span rest);

/* Trimmed lines: an old message begins, or a forwarded one, or it ends. */
bool	crd_quote_begins_old(struct span line, struct span rest);
bool	crd_quote_begins_forward(struct span line);
bool	crd_quote_ends_forward(struct span line);

#endif
