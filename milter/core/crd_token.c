/*
 * crd_token: cuts text into tokens; part of crd_scan.
 */
#include <assert.h>
#include <string.h>

#include "core/crd_scan.h"

#define MAX_VALUE	99999999	/* eight digits: 20261201 */

static bool
is_mark(int c)
{
	return c == '*' || c == '`' || c == '_' || c == '#' || c == '"' ||
	    c == '\'' || c == '\\' || c == ' ';
}

/* Blanks and marks before a token. */
static void
skip_blanks(struct span *rest, struct crd_token *t)
{
	while (rest->len > 0 && (is_mark(rest->data[0]) ||
	    rest->data[0] == '\n')) {
		if (rest->data[0] == '\n' && t->nl < 2)
			t->nl++;
		t->space = true;
		*rest = text_sub(*rest, 1, rest->len);
	}
}

static bool
is_word_byte(struct span s, size_t i)
{
	if (s.data[i] == '\'')
		return i > 0 && i + 1 < s.len && text_is_alpha(s.data[i + 1]);
	return text_is_alpha(s.data[i]) || s.data[i] == 2;
}

static int
find_zone(struct span word)
{
	int zone = crd_word_zone_index(word);
	size_t i;

	if (zone < 0 || text_is_nocase(word, "utc") ||
	    text_is_nocase(word, "gmt") || text_is_nocase(word, "cest") ||
	    text_is_nocase(word, "zulu") || text_is_nocase(word, "z"))
		return zone;
	for (i = 0; i < word.len; i++)
		if (word.data[i] >= 'a')
			return -1;
	return zone;
}

static void
name_word(struct crd_token *t)
{
	const struct crd_word *word = crd_word_find(t->text);
	int zone = find_zone(t->text);

	assert(t->text.data != NULL);
	t->class = CRD_OTHER;
	t->upper = t->text.data[0] >= 'A' && t->text.data[0] <= 'Z';
	if (zone >= 0) {
		t->class = CRD_ZONE;
		t->value = zone;
	} else if (t->text.len > 4 && text_is_nocase(text_sub(t->text,
	    t->text.len - 3, 3), "n't")) {
		t->class = CRD_NOT;
	} else if (word != NULL) {
		t->class = word->class;
		t->value = word->value;
	}
}

/* "://" behind a scheme: the address to its end, however many dates in it. */
static size_t
find_address_end(struct span s, size_t scheme)
{
	size_t i = scheme + 3;

	if (!text_starts(text_sub(s, scheme, 3), "://"))
		return scheme;
	while (i < s.len && s.data[i] > ' ' && s.data[i] != '>' &&
	    s.data[i] != '"')
		i++;
	return i;
}

static void
take_token(struct span *rest, struct crd_token *t)
{
	size_t len = 1;

	if (text_is_digit(rest->data[0])) {
		t->class = CRD_NUMBER;
		for (len = 0; len < rest->len &&
		    text_is_digit(rest->data[len]); len++)
			if (t->value <= MAX_VALUE)
				t->value = t->value * 10 +
				    (rest->data[len] - '0');
		t->ndigits = len > 99 ? 99 : (int)len;
		t->text = text_sub(*rest, 0, len);
	} else if (is_word_byte(*rest, 0)) {
		while (len < rest->len && is_word_byte(*rest, len))
			len++;
		len = find_address_end(*rest, len);
		t->text = text_sub(*rest, 0, len);
		name_word(t);
	} else {
		t->class = CRD_PUNCT;
		t->value = rest->data[0];
		t->text = text_sub(*rest, 0, 1);
	}
	*rest = text_sub(*rest, len, rest->len);
}

size_t
crd_scan_tokens(struct span *rest, struct crd_token *tokens_out, size_t max)
{
	static const struct crd_token none = { .class = CRD_END, .item = -1 };
	size_t i, n;

	for (n = 0; n + CRD_SCAN_PAD < max; n++) {
		tokens_out[n] = none;
		skip_blanks(rest, &tokens_out[n]);
		if (rest->len == 0)
			break;
		take_token(rest, &tokens_out[n]);
	}
	for (i = n; i < n + CRD_SCAN_PAD; i++) {
		tokens_out[i] = none;
		tokens_out[i].nl = 2;
		tokens_out[i].space = true;
	}
	return n;
}

bool
crd_scan_is(const struct crd_token *t, int c)
{
	return t->class == CRD_PUNCT && t->value == c;
}

bool
crd_scan_is_tight(const struct crd_token *t)
{
	return !t->space && t->class != CRD_END;
}

bool
crd_scan_is_stop(const struct crd_token *tokens, size_t i)
{
	const struct crd_token *t = &tokens[i];

	if (crd_scan_is(t, ';') || crd_scan_is(t, '!') || crd_scan_is(t, '?'))
		return true;
	if (i > 0 && tokens[i - 1].class != CRD_NUMBER &&
	    tokens[i - 1].class != CRD_PUNCT && tokens[i - 1].text.len == 1)
		return false;		/* "i.e. ", "p.m. " */
	if (i > 2 && crd_scan_is(&tokens[i - 1], '.') &&
	    crd_scan_is(&tokens[i - 2], '.') &&
	    crd_scan_is(&tokens[i - 3], '.'))
		return false;		/* "CRD ....... 2026-08-05" */
	return crd_scan_is(t, '.') && tokens[i + 1].space;
}

bool
crd_scan_begins_key(const struct crd_token *t, size_t i)
{
	size_t at;

	if (t[i].nl == 0 || t[i].class == CRD_PUNCT ||
	    t[i].class == CRD_NUMBER || t[i].class == CRD_DAY)
		return false;
	for (at = i + 1; at < i + 4 && t[at].nl == 0; at++)
		if (crd_scan_is(&t[at], ':'))
			return t[at - 1].class != CRD_NUMBER ||
			    !crd_scan_is_tight(&t[at + 1]);
	return false;
}

/* A word or mark that no sentence ends with. */
static bool
leads_on(const struct crd_token *t)
{
	static const char *const names[] = { "of", "on", "at", "the", "for",
	    "to", "be", "by", "a", "an", "and", "or", "from", "our", "is",
	    "are", "as", "was", "until", "till", "between", "will", "with",
	    "around", "about" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is_nocase(t->text, names[i]))
			return true;
	return t->class == CRD_PUNCT && t->value > ' ' &&
	    strchr(",(/-=>", t->value) != NULL;
}

bool
crd_scan_is_break(const struct crd_token *tokens, size_t i)
{
	const struct crd_token *t = &tokens[i];
	bool is_lower;

	if (t->nl != 1 || t->class == CRD_END || i == 0)
		return t->nl > 0;
	if (crd_scan_begins_key(tokens, i))
		return true;
	is_lower = t->text.len > 0 && t->text.data[0] >= 'a' &&
	    t->text.data[0] <= 'z';
	return !is_lower && !crd_scan_is(t, '(') && !leads_on(&tokens[i - 1]);
}
