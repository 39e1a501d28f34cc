/*
 * utf8: text of others, a character at a time; see utf8.h.
 */
#include "core/utf8.h"

struct range {
	uint32_t	first, last;
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
is_among(uint32_t c, const struct range *ranges, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* How many bytes a character of this first byte has; 0: it begins none. */
static size_t
length_of(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

static bool
decode(struct span s, size_t len, uint32_t *char_out)
{
	static const uint8_t mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t i;

	if (len == 0 || len > s.len)
		return false;
	c = s.data[0] & mask[len];
	for (i = 1; i < len; i++) {
		if ((s.data[i] & 0xc0) != 0x80)
			return false;
		c = c << 6 | (s.data[i] & 0x3f);
	}
	*char_out = c;
	return c >= least[len] && c <= 0x10ffff &&
	    (c < 0xd800 || c > 0xdfff);
}

bool
utf8_next(struct span *rest, struct span *bytes_out, uint32_t *char_out)
{
	size_t len;

	if (rest->len == 0)
		return false;
	len = length_of(rest->data[0]);
	if (!decode(*rest, len, char_out)) {
		len = 1;
		*char_out = UTF8_BAD;
	}
	*bytes_out = text_sub(*rest, 0, len);
	*rest = text_sub(*rest, len, rest->len - len);
	return true;
}

bool
utf8_is_plain(uint32_t c)
{
	static const struct range odd[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad },
		{ 0x61c, 0x61c }, { 0x115f, 0x1160 }, { 0x180e, 0x180e },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0x3164, 0x3164 }, { 0xe000, 0xf8ff }, { 0xfdd0, 0xfdef },
		{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xfff0, 0xffff },
		{ 0xe0000, 0x10ffff },
	};

	return !is_among(c, odd, COUNT(odd)) && (c & 0xfffe) != 0xfffe;
}

int
utf8_columns(uint32_t c)
{
	static const struct range none[] = {
		{ 0x300, 0x36f }, { 0x483, 0x489 }, { 0x591, 0x5bd },
		{ 0x610, 0x61a }, { 0x64b, 0x65f }, { 0x1ab0, 0x1aff },
		{ 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff }, { 0x302a, 0x302d },
		{ 0x3099, 0x309a }, { 0xfe20, 0xfe2f },
	};
	static const struct range wide[] = {
		{ 0x1100, 0x115f }, { 0x231a, 0x231b }, { 0x2329, 0x232a },
		{ 0x23e9, 0x23ec }, { 0x2e80, 0x303e }, { 0x3041, 0x33ff },
		{ 0x3400, 0x4dbf }, { 0x4e00, 0x9fff }, { 0xa000, 0xa4cf },
		{ 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe30, 0xfe6f },
		{ 0xff00, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x1f300, 0x1f64f },
		{ 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff },
		{ 0x20000, 0x3fffd },
	};

	if (is_among(c, none, COUNT(none)))
		return 0;
	return is_among(c, wide, COUNT(wide)) ? 2 : 1;
}
