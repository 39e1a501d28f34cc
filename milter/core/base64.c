/*
 * base64: strict decoding; see base64.h.
 */
#include "core/base64.h"

static int
value_of(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

void
base64_init(struct base64 *b)
{
	b->bits = 0;
	b->count = 0;
	b->is_padded = false;
}

static bool
put(struct buf *out, uint32_t bits, size_t len)
{
	uint8_t bytes[3];

	bytes[0] = (uint8_t)(bits >> 16);
	bytes[1] = (uint8_t)(bits >> 8);
	bytes[2] = (uint8_t)bits;
	return buf_add(out, bytes, len);
}

/* "=" or "==" and nothing behind it ends the data. */
static bool
take_padding(struct base64 *b, struct span rest, struct buf *out)
{
	int count = b->count;
	uint32_t unused = count == 2 ? 0xf : 0x3;

	if (count < 2 || rest.len != (size_t)(4 - count) ||
	    !text_is(rest, count == 2 ? "==" : "=") ||
	    (b->bits & unused) != 0)
		return false;
	b->is_padded = true;
	b->count = 0;
	return put(out, b->bits << (6 * (4 - count)), (size_t)count - 1);
}

bool
base64_add_line(struct base64 *b, struct span line, struct buf *out)
{
	size_t i;
	int value;

	while (line.len > 0 && (line.data[line.len - 1] == ' ' ||
	    line.data[line.len - 1] == '\t'))
		line.len--;
	if (line.len > 0 && b->is_padded)
		return false;
	for (i = 0; i < line.len; i++) {
		if (line.data[i] == '=')
			return take_padding(b, text_sub(line, i, line.len),
			    out);
		value = value_of(line.data[i]);
		if (value < 0)
			return false;
		b->bits = b->bits << 6 | (uint32_t)value;
		if (++b->count < 4)
			continue;
		if (!put(out, b->bits, 3))
			return false;
		b->bits = 0;
		b->count = 0;
	}
	return true;
}

bool
base64_is_whole(const struct base64 *b)
{
	return b->count == 0;
}

bool
base64_decode(struct span text, struct buf *out)
{
	struct base64 b;
	struct span line;

	base64_init(&b);
	while (text_next_line(&text, &line))
		if (!base64_add_line(&b, line, out))
			return false;
	return base64_is_whole(&b);
}
