/*
 * text: borrowed runs of bytes; see text.h.  Knows no locale.
 */
#include <string.h>

#include "core/text.h"

struct span
text_span(const char *s)
{
	struct span span = { NULL, 0 };

	if (s != NULL) {
		span.data = (const uint8_t *)s;
		span.len = strlen(s);
	}
	return span;
}

struct span
text_sub(struct span s, size_t from, size_t len)
{
	if (s.data == NULL)
		return text_span(NULL);
	if (from > s.len)
		from = s.len;
	if (len > s.len - from)
		len = s.len - from;
	s.data += from;
	s.len = len;
	return s;
}

bool
text_equal(struct span a, struct span b)
{
	return a.len == b.len &&
	    (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool
text_is(struct span s, const char *word)
{
	return text_equal(s, text_span(word));
}

bool
text_starts_nocase(struct span s, const char *prefix)
{
	size_t i;

	for (i = 0; prefix[i] != '\0'; i++)
		if (i == s.len || text_lower(s.data[i]) !=
		    text_lower((unsigned char)prefix[i]))
			return false;
	return true;
}

bool
text_starts(struct span s, const char *prefix)
{
	size_t i;

	for (i = 0; prefix[i] != '\0'; i++)
		if (i == s.len || s.data[i] != (unsigned char)prefix[i])
			return false;
	return true;
}

bool
text_is_nocase(struct span s, const char *word)
{
	return text_starts_nocase(s, word) && s.len == strlen(word);
}

bool
text_is_same_nocase(struct span a, struct span b)
{
	size_t i;

	for (i = 0; i < a.len && i < b.len; i++)
		if (text_lower(a.data[i]) != text_lower(b.data[i]))
			return false;
	return a.len == b.len;
}

size_t
text_find_nocase(struct span s, const char *word)
{
	size_t i, len = strlen(word);
	int first = text_lower((unsigned char)word[0]);
	const uint8_t *at;

	if (len == 1 && !text_is_alpha(first)) {
		at = s.len == 0 ? NULL : memchr(s.data, first, s.len);
		return at == NULL ? s.len : (size_t)(at - s.data);
	}
	for (i = 0; i + len <= s.len; i++)
		if (len == 0 || (text_lower(s.data[i]) == first &&
		    text_starts_nocase(text_sub(s, i, len), word)))
			return i;
	return s.len;
}

static bool
is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span
text_trim(struct span s)
{
	while (s.len > 0 && is_space(s.data[0]))
		s = text_sub(s, 1, s.len);
	while (s.len > 0 && is_space(s.data[s.len - 1]))
		s.len--;
	return s;
}

bool
text_is_blank(struct span s)
{
	return text_trim(s).len == 0;
}

bool
text_next_line(struct span *rest, struct span *line_out)
{
	const uint8_t *lf;
	size_t len;

	if (rest->len == 0)
		return false;
	lf = memchr(rest->data, '\n', rest->len);
	len = lf == NULL ? rest->len : (size_t)(lf - rest->data);
	*line_out = text_sub(*rest, 0, len);
	*rest = text_sub(*rest, lf == NULL ? len : len + 1, rest->len);
	if (lf != NULL && line_out->len > 0 &&
	    line_out->data[line_out->len - 1] == '\r')
		line_out->len--;
	return true;
}

bool
text_has_digit(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (text_is_digit(s.data[i]))
			return true;
	return false;
}

void
text_print(struct span s, char *dst, size_t size)
{
	size_t i;

	if (size == 0)
		return;
	for (i = 0; i < s.len && i + 1 < size; i++)
		dst[i] = s.data[i] >= ' ' && s.data[i] < 0x7f ?
		    (char)s.data[i] : '?';
	dst[i] = '\0';
}
