/*
 * utf8: text of others, a character at a time (RFC 3629).
 */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include "core/text.h"

#define UTF8_BAD 0xfffd

/*
 * Cut the first character off *rest: its bytes and its number.  A byte that
 * begins no character (over-long, a surrogate, beyond U+10FFFF, cut short) is
 * cut off alone, as UTF8_BAD.  False when *rest is empty.
 */
bool	utf8_next(struct span *rest, struct span *bytes_out,
	    uint32_t *char_out);

/*
 * May it be shown as it is?  Not what moves the cursor, reorders the line or
 * cannot be seen: controls, line and paragraph separators, directional marks,
 * zero-width characters, tags, noncharacters, UTF8_BAD.
 */
bool	utf8_is_plain(uint32_t c);

/* Columns on a terminal: 0 for combining marks, 2 for East Asian wide ones. */
int	utf8_columns(uint32_t c);

#endif
