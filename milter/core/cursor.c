/*
 * cursor: bounded reading; see cursor.h.
 */
#include "core/cursor.h"

struct cursor
cursor_init(struct span s)
{
	struct cursor c = { s, 0, false };

	return c;
}

struct span
cursor_take(struct cursor *c, size_t len)
{
	struct span taken = { NULL, 0 };

	if (c->failed || len > c->rest.len) {
		c->failed = true;
		return taken;
	}
	taken = text_sub(c->rest, 0, len);
	c->rest = text_sub(c->rest, len, c->rest.len);
	c->pos += len;
	return taken;
}

uint8_t
cursor_u8(struct cursor *c)
{
	struct span s = cursor_take(c, 1);

	return c->failed ? 0 : s.data[0];
}

uint16_t
cursor_u16(struct cursor *c)
{
	struct span s = cursor_take(c, 2);

	return c->failed ? 0 : (uint16_t)(s.data[0] << 8 | s.data[1]);
}

uint32_t
cursor_u32(struct cursor *c)
{
	uint32_t high = cursor_u16(c);

	return high << 16 | cursor_u16(c);
}

bool
cursor_is_done(const struct cursor *c)
{
	return !c->failed && c->rest.len == 0;
}
