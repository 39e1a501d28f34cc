/*
 * encodedword: a header value with its encoded words decoded; see
 * encodedword.h.
 */
#include "core/base64.h"
#include "core/encodedword.h"

enum charset {
	CHARSET_UTF8,
	CHARSET_LATIN1,
	CHARSET_OTHER
};

struct text {
	struct buf	*out;
	enum charset	 charset;
	bool		 failed;
};

static void
add(struct text *t, uint8_t c)
{
	if (!buf_add(t->out, &c, 1))
		t->failed = true;
}

static void
add_char(struct text *t, uint8_t c)
{
	if (t->charset == CHARSET_OTHER)
		c |= 0x80;
	else if (t->charset == CHARSET_LATIN1 && c >= 0x80) {
		add(t, (uint8_t)(0xc0 | c >> 6));
		c = (uint8_t)(0x80 | (c & 0x3f));
	}
	add(t, c);
}

static int
hex_value(uint8_t c)
{
	c = (uint8_t)text_lower(c);
	if (text_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 2047 4.2. */
static void
add_q(struct text *t, struct span s)
{
	size_t i;
	int high, low;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '_')
			add(t, ' ');
		else if (s.data[i] != '=')
			add_char(t, s.data[i]);
		else if (i + 2 < s.len) {
			high = hex_value(s.data[i + 1]);
			low = hex_value(s.data[i + 2]);
			if (high < 0 || low < 0)
				t->failed = true;
			else
				add_char(t, (uint8_t)(high << 4 | low));
			i += 2;
		} else
			t->failed = true;
	}
}

static void
add_b(struct text *t, struct span s)
{
	struct buf bytes;
	size_t i;

	buf_init(&bytes, s.len + 1);
	if (!base64_decode(s, &bytes))
		t->failed = true;
	for (i = 0; i < bytes.len; i++)
		add_char(t, bytes.data[i]);
	buf_clear(&bytes);
}

static enum charset
charset_of(struct span name)
{
	if (text_is_nocase(name, "utf-8") || text_is_nocase(name, "us-ascii"))
		return CHARSET_UTF8;
	if (text_is_nocase(name, "iso-8859-1") ||
	    text_is_nocase(name, "iso-8859-15"))
		return CHARSET_LATIN1;
	return CHARSET_OTHER;
}

/* "charset?Q?text" */
static void
add_encoded(struct text *t, struct span word)
{
	size_t end = text_find_nocase(word, "?");
	struct span text = text_sub(word, end + 3, word.len);
	int kind = end + 2 < word.len && word.data[end + 2] == '?' ?
	    text_lower(word.data[end + 1]) : 0;

	t->charset = charset_of(text_sub(word, 0, end));
	if (kind == 'q')
		add_q(t, text);
	else if (kind == 'b')
		add_b(t, text);
	else
		t->failed = true;
}

/* The length of the encoded word at "=?"; 0 when it has no end. */
static size_t
encoded_length(struct span s)
{
	size_t i, marks = 0;

	for (i = 2; i + 1 < s.len && s.data[i] != ' '; i++)
		if (s.data[i] == '?' && ++marks == 3)
			return s.data[i + 1] == '=' ? i + 2 : 0;
	return 0;
}

/* Blanks that stand between two encoded words are none. */
static void
drop_blanks(struct buf *out, size_t from)
{
	while (out->len > from && out->data[out->len - 1] == ' ')
		out->len--;
}

bool
encodedword_decode(struct span value, struct buf *out)
{
	struct text t = { out, CHARSET_UTF8, false };
	size_t i, len, blanks_from = SIZE_MAX;
	struct span rest;

	for (i = 0; i < value.len && !t.failed; i += len) {
		rest = text_sub(value, i, value.len);
		len = text_starts(rest, "=?") ? encoded_length(rest) : 0;
		if (len > 0) {
			if (blanks_from != SIZE_MAX)
				drop_blanks(out, blanks_from);
			add_encoded(&t, text_sub(rest, 2, len - 4));
			blanks_from = out->len;
			continue;
		}
		len = 1;
		if (rest.data[0] == '\r' || rest.data[0] == '\n')
			continue;
		if (rest.data[0] != ' ' && rest.data[0] != '\t')
			blanks_from = SIZE_MAX;
		add(&t, rest.data[0] == '\t' ? ' ' : rest.data[0]);
	}
	return !t.failed;
}
