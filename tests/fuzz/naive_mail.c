/*
 * naive_mail: what a whole message may show; see naive.h.
 *
 * Any "boundary=" anywhere is a boundary everywhere.  A part ends at a line
 * that is one, and its transfer encoding is whichever word stands in its
 * header.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fuzz/naive.h"

#define BOUNDARIES_MAX	64
#define BOUNDARY_SIZE	80
#define HEADER_MAX	12	/* lines of a part header */
#define WORDS_MAX	12

struct look {
	char	 boundaries[BOUNDARIES_MAX][BOUNDARY_SIZE];
	size_t	 nboundaries;
	const char *found;
};

/* A line with its beginning and where the next one begins. */
struct line {
	const char	*p;
	size_t		 len;
	const char	*next;
};

static bool
cut_line(const char *p, const char *end, struct line *out)
{
	size_t n = 0;

	if (p == end)
		return false;
	while (p + n < end && p[n] != '\n' && p[n] != '\r')
		n++;
	out->p = p;
	out->len = n;
	if (p + n + 1 < end && p[n] == '\r' && p[n + 1] == '\n')
		n++;
	out->next = p + n + (p + n < end ? 1 : 0);
	return true;
}

static bool
is_blank(const struct line *l)
{
	size_t i;

	for (i = 0; i < l->len; i++)
		if (l->p[i] != ' ' && l->p[i] != '\t')
			return false;
	return true;
}

static void
add_boundary(struct look *look, const char *p, const char *end)
{
	char *dst = look->boundaries[look->nboundaries];
	bool quoted = p < end && *p == '"';
	size_t n = 0;

	if (quoted)
		p++;
	while (p < end && n + 1 < BOUNDARY_SIZE && *p != '"' && *p != '\r' &&
	    *p != '\n' && (quoted || (*p != ';' && *p != ' ')))
		dst[n++] = *p++;
	dst[n] = '\0';
	if (n > 0 && look->nboundaries + 1 < BOUNDARIES_MAX)
		look->nboundaries++;
}

static void
find_boundaries(struct look *look, const char *p, const char *end)
{
	for (; end - p > 9; p++)
		if (strncasecmp(p, "boundary=", 9) == 0)
			add_boundary(look, p + 9, end);
}

/* "--", a boundary, "--" or nothing, blanks. */
static bool
is_delimiter(const struct look *look, const struct line *l)
{
	struct line rest;
	size_t i, n;

	if (l->len < 2 || memcmp(l->p, "--", 2) != 0)
		return false;
	for (i = 0; i < look->nboundaries; i++) {
		n = strlen(look->boundaries[i]);
		if (l->len < n + 2 ||
		    memcmp(l->p + 2, look->boundaries[i], n) != 0)
			continue;
		rest = (struct line){ l->p + 2 + n, l->len - 2 - n, NULL };
		if (rest.len >= 2 && memcmp(rest.p, "--", 2) == 0) {
			rest.p += 2;
			rest.len -= 2;
		}
		if (is_blank(&rest))
			return true;
	}
	return false;
}

static bool
is_end(const struct line *l)
{
	size_t len = l->len;

	while (len > 0 && (l->p[len - 1] == ' ' || l->p[len - 1] == '\t'))
		len--;
	return len > 4 && memcmp(l->p + len - 2, "--", 2) == 0;
}

static size_t
count_words(const struct line *l)
{
	size_t i, words = 0;

	for (i = 0; i < l->len; i++)
		if (l->p[i] != ' ' && l->p[i] != '\t' &&
		    (i == 0 || l->p[i - 1] == ' ' || l->p[i - 1] == '\t'))
			words++;
	return words;
}

static bool
has_word(const char *p, const char *end, const char *word)
{
	size_t len = strlen(word);

	for (; (size_t)(end - p) >= len; p++)
		if (strncasecmp(p, word, len) == 0)
			return true;
	return false;
}

/* The word in a field of that name, also a folded one. */
static bool
field_has(const char *p, const char *end, const char *name, const char *word)
{
	size_t len = strlen(name);
	struct line line;
	bool inside = false;

	for (; cut_line(p, end, &line); p = line.next) {
		if (line.len > 0 && *line.p != ' ' && *line.p != '\t')
			inside = line.len >= len &&
			    strncasecmp(line.p, name, len) == 0;
		if (inside && has_word(line.p, line.p + line.len, word))
			return true;
	}
	return false;
}

static bool
is_multipart(const char *p, const char *end)
{
	return field_has(p, end, "Content-Type:", "multipart/");
}

static bool
is_encoded(const char *p, const char *end, const char *encoding)
{
	return field_has(p, end, "Content-Transfer-Encoding:", encoding);
}

static void
find(struct look *look, const char *what)
{
	if (look->found == NULL)
		look->found = what;
}

static uint8_t
hex_value(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
}

static void
decode_quoted(const char *p, const char *end, struct naive_bytes *out)
{
	for (; p < end; p++) {
		if (*p != '=') {
			out->data[out->len++] = (uint8_t)*p;
			continue;
		}
		if (end - p > 2 && p[1] != '\r' && p[1] != '\n' &&
		    p[1] != ' ' && p[1] != '\t') {
			out->data[out->len++] = (uint8_t)(hex_value(p[1]) << 4
			    | hex_value(p[2]));
			p += 2;
			continue;
		}
		while (p < end && *p != '\n')
			p++;
	}
}

/* The decoder of armour reads base64 too, once it has a BEGIN line. */
static void
decode_base64(const char *p, const char *end, struct naive_bytes *out)
{
	static const char head[] = "-----BEGIN\n\n";
	size_t len = sizeof(head) - 1 + (size_t)(end - p);
	char *text = malloc(len);

	if (text == NULL)
		abort();
	memcpy(text, head, sizeof(head) - 1);
	memcpy(text + sizeof(head) - 1, p, (size_t)(end - p));
	free(out->data);
	naive_dearmor((const uint8_t *)text, len, out);
	free(text);
}

static void
look_at_leaf(struct look *look, const char *header, const char *body,
    const char *end)
{
	struct naive_bytes content = { malloc((size_t)(end - body) + 1), 0 };

	if (content.data == NULL)
		abort();
	if (is_encoded(header, body, "base64"))
		decode_base64(body, end, &content);
	else if (is_encoded(header, body, "quoted-printable"))
		decode_quoted(body, end, &content);
	else {
		memcpy(content.data, body, (size_t)(end - body));
		content.len = (size_t)(end - body);
		/* the line end before a boundary belongs to that */
		if (content.len > 0 && content.data[content.len - 1] == '\n')
			content.len--;
		if (content.len > 0 && content.data[content.len - 1] == '\r')
			content.len--;
	}
	if (!naive_is_harmless(content.data, content.len))
		find(look, "a part that can be read");
	free(content.data);
}

/* The lines of a part header; where its body begins. */
static const char *
look_at_header(struct look *look, const char *p, const char *end)
{
	struct line line;
	int n = 0;

	while (cut_line(p, end, &line)) {
		p = line.next;
		if (line.len == 0)
			break;
		if (++n > 2 * HEADER_MAX || count_words(&line) > WORDS_MAX ||
		    (memchr(line.p, ':', line.len) == NULL &&
		    line.p[0] != ' ' && line.p[0] != '\t'))
			find(look, "text in a part header");
	}
	return p;
}

/* Outside of parts: before the first boundary or behind the last. */
static bool
is_known_sentence(const struct line *l)
{
	static const char *const starts[] = { "This is a",
	    "--This is a MIME", "This message is in MIME",
	    "please use a MIME", "that your E-mail software",
	    "while the remaining parts", "this format, some or all" };
	const char *p = l->p;
	size_t i;

	while (p < l->p + l->len && (*p == ' ' || *p == '\t'))
		p++;
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (has_word(p, l->p + l->len, starts[i]) &&
		    strncasecmp(p, starts[i], strlen(starts[i])) == 0)
			return l->len < 90 && count_words(l) < 16;
	return false;
}

/* What begins behind a boundary, up to the next one. */
static const char *
look_at_part(struct look *look, const char *p, const char *end)
{
	const char *header = p, *body = look_at_header(look, p, end);
	bool has_parts = is_multipart(header, body);
	struct line line;

	for (p = body; cut_line(p, end, &line); p = line.next) {
		if (is_delimiter(look, &line))
			break;
		if (has_parts && !is_blank(&line) && !is_known_sentence(&line))
			find(look, "text round the parts");
	}
	if (!has_parts)
		look_at_leaf(look, header, body, p);
	return p;
}

const char *
naive_look(const uint8_t *message, size_t len)
{
	const char *p = (const char *)message, *end = p + len;
	struct look look = { .nboundaries = 0, .found = NULL };
	struct line line;

	find_boundaries(&look, p, end);
	while (cut_line(p, end, &line) && line.len > 0)
		p = line.next;
	if (p < end)
		p = line.next;
	if (!is_multipart((const char *)message, p)) {
		look_at_leaf(&look, (const char *)message, p, end);
		return look.found;
	}
	while (cut_line(p, end, &line)) {
		p = line.next;
		if (is_delimiter(&look, &line)) {
			if (!is_end(&line))
				p = look_at_part(&look, p, end);
		} else if (!is_blank(&line) && !is_known_sentence(&line))
			find(&look, "text round the parts");
	}
	return look.found;
}
