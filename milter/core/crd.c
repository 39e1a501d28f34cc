/*
 * crd: the places where an embargo date stands; see crd.h.
 *
 * In a text an Embargo-Until line decides alone, even when it cannot be read;
 * then come labelled dates (crd_label); then an OSS-Sec-Bot line.
 */
#include <stdio.h>

#include "core/civil.h"
#include "core/crd_label.h"
#include "core/crd_text.h"

#define DAY_SECS	86400
#define FIELD_TOKENS	64
#define MAX_FIELD_BYTES	1000
#define MAX_TAG_BYTES	200
#define MAX_AHEAD_SECS	((int64_t)3650 * DAY_SECS)

/* Punctuation that may be left over behind a date. */
static bool
is_rest_harmless(const struct crd_token *t)
{
	for (; t->class != CRD_END; t++)
		if (!crd_scan_is(t, '.') && !crd_scan_is(t, ')') &&
		    !crd_scan_is(t, ',') && !crd_scan_is(t, ';') &&
		    !crd_scan_is(t, '|') && !crd_scan_is(t, '>'))
			return false;
	return true;
}

/* plain: a date and nothing else, as crd_text_plain() left it. */
static void
parse_value(struct span plain, const struct crd_context *context,
    struct crd *crd_out)
{
	struct crd_token tokens[FIELD_TOKENS + CRD_SCAN_PAD];
	struct crd_item item;
	size_t i = 0, n;

	crd_out->kind = CRD_NONE;
	crd_out->at = 0;
	crd_out->hour_assumed = false;
	crd_out->reason = NULL;
	if (text_is_blank(plain))
		return;
	n = crd_scan_tokens(&plain, tokens, FIELD_TOKENS);
	while (crd_scan_is(&tokens[i], '<') || crd_scan_is(&tokens[i], '(') ||
	    tokens[i].class == CRD_NEXT || text_is_nocase(tokens[i].text, "in"))
		i++;
	if (plain.len == 0 && i < n && crd_scan_item(tokens, i, &item) &&
	    is_rest_harmless(&tokens[item.to]) &&
	    item.fields.kind != CRD_ITEM_TIME)
		crd_eval(&item.fields, context, crd_out, NULL);
	else
		crd_eval_human(crd_reason_unreadable, crd_out);
}

void
crd_parse_field(struct span value, int64_t reference, int default_hour_secs,
    struct crd *crd_out)
{
	struct crd_context context = { reference, default_hour_secs, false };
	struct buf plain;

	buf_init(&plain, MAX_FIELD_BYTES);
	value = text_trim(value);
	if (value.len >= MAX_FIELD_BYTES) {
		crd_eval_human(crd_reason_unreadable, crd_out);
		return;
	}
	crd_text_plain(value, &plain);
	parse_value(buf_span(&plain), &context, crd_out);
	buf_clear(&plain);
}

/* The same day, once with its time and once without. */
static bool
is_same_day(const struct crd *a, const struct crd *b)
{
	return a->hour_assumed != b->hour_assumed &&
	    a->at / DAY_SECS == b->at / DAY_SECS;
}

/* Keep a second date only when it is the same. */
static void
join(const struct crd *more, struct crd *crd)
{
	if (crd->kind == CRD_DATE && more->kind == CRD_DATE &&
	    is_same_day(crd, more))
		*crd = crd->hour_assumed ? *more : *crd;
	else if (crd->kind == CRD_NONE || (crd->kind == CRD_DATE &&
	    more->kind == CRD_HUMAN))
		*crd = *more;
	else if (crd->kind == CRD_DATE && more->kind == CRD_DATE &&
	    (crd->at != more->at))
		crd_eval_human(crd_reason_two, crd);
}

/* Cut word off the front of *s, and what separates it from the next. */
static bool
take_word(struct span *s, const char *word)
{
	size_t len = text_span(word).len;
	bool is_tight = len < s->len && text_is_alpha(s->data[len]);

	if (!text_starts_nocase(*s, word) || is_tight)
		return false;
	*s = text_sub(*s, len, s->len);
	while (s->len > 0 && (s->data[0] == ' ' || s->data[0] == ':' ||
	    s->data[0] == '=' || s->data[0] == '-' || s->data[0] == '\t'))
		*s = text_sub(*s, 1, s->len);
	return true;
}

/* The inside of one bracket; CRD_NONE when it is no tag of ours. */
static void
parse_tag(struct span tag, int64_t reference, int default_hour_secs,
    struct crd *crd_out)
{
	struct span value = text_trim(tag);
	bool is_crd = take_word(&value, "CRD");
	bool is_until = false;

	crd_out->kind = CRD_NONE;
	if (!is_crd && !take_word(&value, "embargoed") &&
	    !take_word(&value, "embargo"))
		return;
	is_until = take_word(&value, "until") || take_word(&value, "till") ||
	    take_word(&value, "ends");
	crd_parse_field(value, reference, default_hour_secs, crd_out);
	if (crd_out->kind == CRD_HUMAN && !is_crd && !is_until &&
	    !text_has_digit(value))
		crd_out->kind = CRD_NONE;	/* "[embargoed report]" */
	if (crd_out->kind == CRD_NONE)
		crd_out->reason = NULL;
}

void
crd_parse_subject(struct span subject, int64_t reference,
    int default_hour_secs, struct crd *crd_out)
{
	struct crd crd = { CRD_NONE, 0, false, NULL };
	size_t i, from = subject.len;

	*crd_out = crd;
	for (i = 0; i < subject.len; i++) {
		if (subject.data[i] == '[')
			from = i + 1;
		if (subject.data[i] != ']' || from > i ||
		    i - from > MAX_TAG_BYTES)
			continue;
		parse_tag(text_sub(subject, from, i - from), reference,
		    default_hour_secs, &crd);
		if (crd.kind != CRD_NONE)
			join(&crd, crd_out);
		from = subject.len;
	}
}

/* line without Markdown marks and blanks in front */
static struct span
skip_marks(struct span line)
{
	while (line.len > 0 && (line.data[0] == '*' || line.data[0] == '_' ||
	    line.data[0] == '`' || line.data[0] == '#' ||
	    line.data[0] == '-' || line.data[0] == ' '))
		line = text_sub(line, 1, line.len);
	return line;
}

/* "Embargo-Until:" at the start of line; value_out gets the rest. */
static bool
is_until_line(struct span line, struct span *value_out)
{
	line = skip_marks(line);
	if (!text_starts_nocase(line, "Embargo-Until"))
		return false;
	line = skip_marks(text_sub(line, 13, line.len));
	if (!text_starts(line, ":"))
		return false;
	*value_out = text_sub(line, 1, line.len);
	return true;
}

/* "Embargo-CVE: ..." is a line of its own, however far it is indented. */
static bool
is_key_line(struct span line)
{
	size_t i;

	line = skip_marks(line);
	for (i = 0; i < line.len && (text_is_alpha(line.data[i]) ||
	    line.data[i] == '-'); i++)
		continue;
	return i > 0 && i < line.len && line.data[i] == ':';
}

/*
 * The value of an Embargo-Until line, of which a part may stand in the next
 * one: folded, or wrapped by a mail program that knows no fields.
 */
static void
parse_until_value(struct span value, struct span next,
    const struct crd_context *context, struct crd *crd_out)
{
	struct span both = value;
	struct crd crd;

	if (text_is_blank(next) || is_key_line(next))
		next.len = 0;
	if (next.len > 0)
		both.len = (size_t)(next.data + next.len - value.data);
	if (text_is_blank(skip_marks(value))) {
		parse_value(next, context, crd_out);
		if (crd_out->reason == crd_reason_unreadable)
			crd_out->kind = CRD_NONE;
		return;
	}
	parse_value(text_starts(next, " ") ? both : value, context, crd_out);
	if (next.len == 0 || (crd_out->kind == CRD_DATE &&
	    !crd_out->hour_assumed))
		return;
	parse_value(both, context, &crd);
	if ((crd.kind == CRD_DATE && !crd.hour_assumed) ||
	    text_is_digit(next.data[0]))
		*crd_out = crd;
}

/* Lines "Embargo-Until: ..." in new text; an empty one looks at the next. */
static void
parse_until_lines(struct span text, const struct crd_context *context,
    struct crd *crd_out)
{
	struct crd crd;
	struct span line, value, more;

	crd_eval_human(NULL, crd_out);
	crd_out->kind = CRD_NONE;
	while (text_next_line(&text, &line)) {
		if (!is_until_line(line, &value))
			continue;
		more = text;
		if (!text_next_line(&more, &line))
			line = text_sub(text, 0, 0);
		parse_until_value(value, line, context, &crd);
		if (crd.kind == CRD_NONE)
			crd.reason = NULL;
		else
			join(&crd, crd_out);
	}
}

/* The string behind "crd" in the JSON of an OSS-Sec-Bot line. */
static bool
find_bot_value(struct span json, struct span *value_out)
{
	size_t at = text_find_nocase(json, "\"crd\"");
	struct span rest = text_trim(text_sub(json, at + 5, json.len));

	if (at == json.len || !text_starts(rest, ":"))
		return false;
	rest = text_trim(text_sub(rest, 1, rest.len));
	if (!text_starts(rest, "\""))
		return false;
	rest = text_sub(rest, 1, rest.len);
	for (at = 0; at < rest.len && rest.data[at] != '"'; at++)
		continue;
	*value_out = text_sub(rest, 0, at);
	return at < rest.len;
}

static void
parse_bot_lines(struct span text, const struct crd_context *context,
    struct crd *crd_out)
{
	struct crd crd;
	struct span line, value;

	while (text_next_line(&text, &line)) {
		line = skip_marks(line);
		if (!text_starts_nocase(line, "OSS-Sec-Bot:") ||
		    !find_bot_value(line, &value))
			continue;
		parse_value(value, context, &crd);
		if (crd.kind != CRD_NONE)
			join(&crd, crd_out);
	}
}

void
crd_parse_text(struct span text, int64_t reference, int default_hour_secs,
    struct crd *crd_out)
{
	struct crd_context context = { reference, default_hour_secs, false };
	struct crd bot = { CRD_NONE, 0, false, NULL };
	struct buf plain;

	crd_text_parse(text, &plain);
	parse_until_lines(buf_span(&plain), &context, crd_out);
	if (crd_out->kind == CRD_NONE) {
		crd_label_parse(buf_span(&plain), &context, crd_out);
		parse_bot_lines(buf_span(&plain), &context, &bot);
	}
	if (bot.kind != CRD_NONE && (crd_out->kind == CRD_NONE ||
	    crd_eval_is_soft(crd_out)))
		*crd_out = bot;
	buf_clear(&plain);
}

/* "+3d", "+36h", "+30m", "+2w": from now. */
static bool
parse_ahead(struct span text, int64_t now, struct crd *crd_out)
{
	int64_t n = 0, secs;
	size_t i;

	if (text.len < 3 || text.len > 8 || text.data[0] != '+')
		return false;
	for (i = 1; i + 1 < text.len; i++) {
		if (!text_is_digit(text.data[i]))
			return false;
		n = n * 10 + (text.data[i] - '0');
	}
	switch (text_lower(text.data[i])) {
	case 'w': secs = 7 * DAY_SECS; break;
	case 'd': secs = DAY_SECS; break;
	case 'h': secs = 3600; break;
	case 'm': secs = 60; break;
	default: return false;
	}
	if (n * secs > MAX_AHEAD_SECS)
		return false;
	crd_out->kind = CRD_DATE;
	crd_out->at = now + n * secs;
	crd_out->hour_assumed = false;
	crd_out->reason = NULL;
	return true;
}

void
crd_parse_operator(struct span text, int64_t now, int default_hour_secs,
    struct crd *crd_out)
{
	struct crd_context context = { now, default_hour_secs, true };
	struct civil civil;
	struct buf plain;

	text = text_trim(text);
	if (parse_ahead(text, now, crd_out))
		return;
	buf_init(&plain, MAX_FIELD_BYTES);
	civil_of(now + (text_starts_nocase(text, "tomorrow") ? DAY_SECS : 0),
	    &civil);
	if (take_word(&text, "tomorrow") || take_word(&text, "today"))
		(void)!buf_print(&plain, "%04d-%02d-%02d ", civil.year,
		    civil.month, civil.day);
	crd_eval_human(crd_reason_unreadable, crd_out);
	if (text.len < MAX_FIELD_BYTES / 2) {
		crd_text_plain(text, &plain);
		parse_value(buf_span(&plain), &context, crd_out);
	}
	buf_clear(&plain);
}

void
crd_print(int64_t at, char *dst)
{
	struct civil c;

	civil_of(at, &c);
	snprintf(dst, CRD_PRINT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    c.year % 10000, c.month, c.day, c.hour, c.minute, c.second);
}
