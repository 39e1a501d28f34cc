/*
 * quoted: strict quoted-printable decoding; see quoted.h.
 */
#include "core/quoted.h"

static int
hex_value(uint8_t c)
{
	if (text_is_digit(c))
		return c - '0';
	c = (uint8_t)text_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "=" at the end of a line, blanks behind it allowed: RFC 2045 6.7 (3). */
static bool
is_soft_break(struct span behind)
{
	return text_is_blank(behind);
}

static bool
decode_line(struct span line, struct buf *out, bool *soft_out)
{
	size_t i;
	int high, low;
	uint8_t c;

	*soft_out = false;
	for (i = 0; i < line.len; i++) {
		c = line.data[i];
		if (c == '=') {
			if (is_soft_break(text_sub(line, i + 1, line.len))) {
				*soft_out = true;
				return true;
			}
			if (line.len - i < 3)
				return false;
			high = hex_value(line.data[i + 1]);
			low = hex_value(line.data[i + 2]);
			if (high < 0 || low < 0)
				return false;
			c = (uint8_t)(high << 4 | low);
			i += 2;
		} else if (c != '\t' && (c < ' ' || c > '~'))
			return false;
		if (!buf_add(out, &c, 1))
			return false;
	}
	return true;
}

bool
quoted_decode(struct span text, struct buf *out)
{
	struct span line;
	bool soft, ended;

	while (text.len > 0) {
		if (!text_next_line(&text, &line))
			break;
		ended = line.data + line.len < text.data;
		if (!decode_line(line, out, &soft))
			return false;
		if (ended && !soft && !buf_add(out, "\n", 1))
			return false;
	}
	return true;
}
