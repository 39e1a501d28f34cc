/*
 * cursor: reads big-endian values from a span, bounded, with a sticky error.
 *
 * Once a read would pass the end, failed stays set, reads give 0 or an empty
 * span, and nothing moves any more: a parser may check once, at its end.
 */
#ifndef CORE_CURSOR_H
#define CORE_CURSOR_H

#include "core/text.h"

struct cursor {
	struct span	rest;
	size_t		pos;		/* bytes taken so far */
	bool		failed;
};

struct cursor	cursor_init(struct span s);
uint8_t		cursor_u8(struct cursor *c);
uint16_t	cursor_u16(struct cursor *c);
uint32_t	cursor_u32(struct cursor *c);
struct span	cursor_take(struct cursor *c, size_t len);

/* Nothing left and nothing failed. */
bool		cursor_is_done(const struct cursor *c);

#endif
