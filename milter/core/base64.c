/*
 * base64: strict decoding; see base64.h.
 */
#include "core/base64.h"

#define CHUNK	192	/* bytes that are gathered for the buffer */

/* The value of a digit, and one more; 0 is no digit. */
static const uint8_t values[256] = {
	['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6,
	['G'] = 7, ['H'] = 8, ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12,
	['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17,
	['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22,
	['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27,
	['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
	['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37,
	['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
	['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47,
	['v'] = 48, ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52,
	['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57,
	['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62,
	['+'] = 63, ['/'] = 64,
};

void
base64_init(struct base64 *b)
{
	b->bits = 0;
	b->count = 0;
	b->is_padded = false;
}

static size_t
put(uint32_t bits, size_t len, uint8_t *dst)
{
	dst[0] = (uint8_t)(bits >> 16);
	if (len > 1)
		dst[1] = (uint8_t)(bits >> 8);
	if (len > 2)
		dst[2] = (uint8_t)bits;
	return len;
}

/* "=" or "==" and nothing behind it ends the data. */
static bool
take_padding(struct base64 *b, struct span rest, struct buf *out)
{
	int count = b->count;
	uint32_t unused = count == 2 ? 0xf : 0x3;
	uint8_t bytes[3];

	if (count < 2 || rest.len != (size_t)(4 - count) ||
	    !text_is(rest, count == 2 ? "==" : "=") ||
	    (b->bits & unused) != 0)
		return false;
	b->is_padded = true;
	b->count = 0;
	return buf_add(out, bytes, put(b->bits << (6 * (4 - count)),
	    (size_t)count - 1, bytes));
}

/* Whole groups of digits up to the first byte that is none. */
static bool
add_digits(struct base64 *b, struct span *line, struct buf *out)
{
	uint8_t bytes[CHUNK], value;
	uint32_t bits = b->bits;
	int count = b->count;
	size_t i, n = 0;

	for (i = 0; i < line->len; i++) {
		value = values[line->data[i]];
		if (value == 0)
			break;
		bits = bits << 6 | (uint32_t)(value - 1);
		if (++count < 4)
			continue;
		n += put(bits, 3, bytes + n);
		bits = 0;
		count = 0;
		if (n < CHUNK)
			continue;
		if (!buf_add(out, bytes, n))
			return false;
		n = 0;
	}
	b->bits = bits;
	b->count = count;
	*line = text_sub(*line, i, line->len);
	return buf_add(out, bytes, n);
}

bool
base64_add_line(struct base64 *b, struct span line, struct buf *out)
{
	while (line.len > 0 && (line.data[line.len - 1] == ' ' ||
	    line.data[line.len - 1] == '\t'))
		line.len--;
	if (line.len > 0 && b->is_padded)
		return false;
	if (!add_digits(b, &line, out))
		return false;
	return line.len == 0 || (line.data[0] == '=' &&
	    take_padding(b, line, out));
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
