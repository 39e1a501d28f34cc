/*
 * wire: values on their way between two processes of ours; see wire.h.
 */
#include <string.h>

#include "core/wire.h"

bool
wire_put_u8(struct buf *out, uint8_t value)
{
	return buf_add(out, &value, 1);
}

bool
wire_put_u64(struct buf *out, uint64_t value)
{
	uint8_t bytes[8];
	int i;

	for (i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> (56 - 8 * i));
	return buf_add(out, bytes, sizeof(bytes));
}

bool
wire_put_span(struct buf *out, struct span s)
{
	return wire_put_u64(out, s.len) && buf_add(out, s.data, s.len);
}

bool
wire_put_strings(struct buf *out, const struct strings *s)
{
	size_t i;

	if (!wire_put_u64(out, s->n))
		return false;
	for (i = 0; i < s->n; i++)
		if (!wire_put_span(out, text_span(s->v[i])))
			return false;
	return true;
}

uint64_t
wire_u64(struct cursor *c)
{
	uint64_t high = cursor_u32(c);

	return high << 32 | cursor_u32(c);
}

uint64_t
wire_read_u64(const uint8_t *bytes)
{
	struct span s = { bytes, 8 };
	struct cursor c = cursor_init(s);

	return wire_u64(&c);
}

struct span
wire_span(struct cursor *c)
{
	uint64_t len = wire_u64(c);

	if (len > c->rest.len)
		c->failed = true;
	return cursor_take(c, c->failed ? 0 : (size_t)len);
}

void
wire_string(struct cursor *c, char *dst, size_t size)
{
	struct span s = wire_span(c);

	if (s.len >= size)
		s.len = size - 1;
	if (s.len > 0)
		memcpy(dst, s.data, s.len);
	dst[s.len] = '\0';
}

void
wire_strings(struct cursor *c, struct strings *out)
{
	uint64_t n = wire_u64(c);

	memset(out, 0, sizeof(*out));
	while (n-- > 0 && !c->failed) {
		out->v = buf_realloc(out->v, out->n + 1, sizeof(*out->v));
		out->v[out->n++] = buf_strndup(wire_span(c));
	}
}
