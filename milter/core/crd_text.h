/*
 * crd_text: what the writer of a message says anew, in plain ASCII.
 *
 * Left out: quotations of every kind (crd_quote), what stands behind a "-- "
 * line, PGP signature blocks, diffs and ~~what is struck out~~.  Unicode
 * blanks, dashes and quotation marks become their ASCII sisters; other
 * characters become bytes that no date can hold.
 */
#ifndef CORE_CRD_TEXT_H
#define CORE_CRD_TEXT_H

#include "core/buf.h"

#define CRD_TEXT_HIDDEN		'\001'	/* a control that changes the order */
#define CRD_TEXT_FOREIGN	'\002'	/* part of any other character */

/*
 * The new text, lines ended by LF.  Never longer than text and one LF.  To be
 * freed with buf_clear().
 */
void	crd_text_parse(struct span text, struct buf *new_out);

/* One line or value, everything kept; appended to out, which has room. */
void	crd_text_plain(struct span text, struct buf *out);

#endif
