/*
 * naive: a second, simple-minded opinion; see naive.h.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fuzz/naive.h"

#define RUN_MAX		40	/* printable bytes in a row: a sentence */
#define WORDS_MAX	10	/* in a header line */

struct text {
	const char	*p;
	size_t		 len;
};

static bool
starts(struct text s, const char *prefix)
{
	size_t len = strlen(prefix);

	return s.len >= len && strncasecmp(s.p, prefix, len) == 0;
}

static bool
is_white(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct text
trim(struct text s)
{
	while (s.len > 0 && is_white(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && is_white(s.p[s.len - 1]))
		s.len--;
	return s;
}

/* CR, LF and CRLF end a line. */
static bool
next_line(struct text *rest, struct text *line)
{
	size_t n = 0;

	if (rest->len == 0)
		return false;
	while (n < rest->len && rest->p[n] != '\n' && rest->p[n] != '\r')
		n++;
	*line = (struct text){ rest->p, n };
	if (n + 1 < rest->len && rest->p[n] == '\r' && rest->p[n + 1] == '\n')
		n++;
	if (n < rest->len)
		n++;
	rest->p += n;
	rest->len -= n;
	return true;
}

static size_t
count_words(struct text s)
{
	size_t i, words = 0;

	for (i = 0; i < s.len; i++)
		if (!is_white(s.p[i]) && (i == 0 || is_white(s.p[i - 1])))
			words++;
	return words;
}

static int
value_of(int c)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c == '\0' ? NULL : strchr(alphabet, c);

	return at == NULL ? -1 : (int)(at - alphabet);
}

/* Skips what is no base64; padding ends nothing. */
static void
add_base64(struct text s, struct naive_bytes *out, uint32_t *bits, int *count)
{
	size_t i;
	int value;

	for (i = 0; i < s.len; i++) {
		value = value_of(s.p[i]);
		if (value < 0)
			continue;
		*bits = *bits << 6 | (uint32_t)value;
		*count += 6;
		if (*count < 8)
			continue;
		*count -= 8;
		out->data[out->len++] = (uint8_t)(*bits >> *count);
	}
}

static void
make(struct naive_bytes *out, size_t size)
{
	out->data = malloc(size + 1);
	out->len = 0;
	if (out->data == NULL)
		abort();
}

void
naive_dearmor(const uint8_t *text, size_t len, struct naive_bytes *out)
{
	struct text rest = { (const char *)text, len }, line;
	enum { BEFORE, HEADER, DATA } at = BEFORE;
	uint32_t bits = 0;
	int count = 0;

	make(out, len);
	while (next_line(&rest, &line)) {
		if (starts(line, "-----END"))
			return;
		if (starts(line, "-----BEGIN"))
			at = HEADER;
		else if (at == HEADER && trim(line).len == 0)
			at = DATA;
		else if (at == DATA && !starts(line, "="))
			add_base64(line, out, &bits, &count);
	}
}

static bool
is_base64_line(struct text s)
{
	size_t i;

	s = trim(s);
	for (i = 0; i < s.len; i++)
		if (value_of(s.p[i]) < 0 && s.p[i] != '=')
			return false;
	return true;
}

static bool
is_armor_header(struct text line)
{
	return (starts(line, "Version:") || starts(line, "Comment:") ||
	    starts(line, "Charset:") || starts(line, "Hash:") ||
	    starts(line, "MessageID:")) && count_words(line) <= WORDS_MAX;
}

bool
naive_is_armor_only(const uint8_t *text, size_t len)
{
	struct text rest = { (const char *)text, len }, line;
	enum { BEFORE, HEADER, DATA, BEHIND } at = BEFORE;

	while (next_line(&rest, &line)) {
		line = trim(line);
		if (at == HEADER && line.len == 0)
			at = DATA;
		else if (line.len == 0)
			continue;
		else if (at == BEFORE && (starts(line, "-----BEGIN PGP MESS")
		    || starts(line, "-----BEGIN PGP SIGNATURE")))
			at = HEADER;
		else if (at == DATA && starts(line, "-----END PGP "))
			at = BEHIND;
		else if (!(at == HEADER && is_armor_header(line)) &&
		    !(at == DATA && is_base64_line(line)))
			return false;
	}
	return at == BEHIND;
}

static bool
has_sentence(const uint8_t *data, size_t len)
{
	size_t i, run = 0;

	for (i = 0; i < len; i++) {
		run = (data[i] >= ' ' && data[i] <= '~') ||
		    is_white(data[i]) ? run + 1 : 0;
		if (run == RUN_MAX)
			return true;
	}
	return false;
}

struct packets {
	const uint8_t	*p;
	size_t		 left;
	int		 tag;
	size_t		 len;		/* of the body or chunk that follows */
	bool		 goes_on;	/* in another chunk */
	bool		 is_broken;
};

static size_t
take(struct packets *s, int octets)
{
	size_t n = 0;

	for (; octets > 0; octets--) {
		if (s->left == 0) {
			s->is_broken = true;
			return 0;
		}
		n = n << 8 | *s->p++;
		s->left--;
	}
	return n;
}

static void
take_new_length(struct packets *s)
{
	size_t first = take(s, 1);

	s->goes_on = first >= 224 && first < 255;
	if (first < 192)
		s->len = first;
	else if (first < 224)
		s->len = ((first - 192) << 8) + take(s, 1) + 192;
	else if (first == 255)
		s->len = take(s, 4);
	else
		s->len = (size_t)1 << (first - 224);
}

static void
take_header(struct packets *s)
{
	size_t first = take(s, 1);

	s->goes_on = false;
	if ((first & 0x80) == 0)
		s->is_broken = true;
	s->tag = (int)((first & 0x40) != 0 ? first & 63 : first >> 2 & 15);
	if ((first & 0x40) != 0)
		take_new_length(s);
	else
		s->len = (first & 3) == 3 ? s->left :
		    take(s, 1 << (first & 3));
}

/* Over the body, all chunks of it. */
static void
skip_body(struct packets *s)
{
	for (;;) {
		if (s->len > s->left)
			s->is_broken = true;
		if (s->is_broken)
			return;
		s->p += s->len;
		s->left -= s->len;
		if (!s->goes_on)
			return;
		take_new_length(s);
	}
}

bool
naive_is_encrypted(const uint8_t *data, size_t len)
{
	struct packets s = { .p = data, .left = len };
	int keys = 0;

	if (has_sentence(data, len))
		return false;
	while (s.left > 0) {
		take_header(&s);
		if (s.tag == 10 && s.p == data + 2 && s.len == 3 &&
		    s.left >= 3 && memcmp(s.p, "PGP", 3) == 0)
			keys += 0;
		else if (s.tag == 18 || s.tag == 20) {
			skip_body(&s);
			return !s.is_broken && s.left == 0 && keys > 0;
		} else if (s.tag == 1 || s.tag == 3)
			keys++;
		else
			return false;
		skip_body(&s);
		if (s.is_broken)
			return false;
	}
	return false;
}

bool
naive_is_harmless(const uint8_t *content, size_t len)
{
	struct text s = trim((struct text){ (const char *)content, len });
	struct naive_bytes data;
	bool ok;

	if (s.len == 0 || (s.len == 10 && starts(s, "Version: 1")))
		return true;
	if ((content[0] & 0x80) != 0)
		return naive_is_encrypted(content, len);
	if (!naive_is_armor_only(content, len))
		return false;
	if (starts(s, "-----BEGIN PGP SIGNATURE"))
		return true;
	naive_dearmor(content, len, &data);
	ok = naive_is_encrypted(data.data, data.len);
	free(data.data);
	return ok;
}
