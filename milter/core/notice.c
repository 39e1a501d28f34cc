/*
 * notice: what a message says of its issue beside the date; see notice.h.
 *
 * Each place is read into a notice of its own, so that two values in one place
 * contradict each other while a better place simply wins.
 */
#include <string.h>

#include "core/crd.h"
#include "core/crd_text.h"
#include "core/notice.h"

struct reader {
	int64_t		 reference;
	int		 default_hour_secs;
	struct notice	*out;
};

static bool
next_word(struct span *rest, struct span *word_out)
{
	size_t i = 0;

	*rest = text_trim(*rest);
	while (i < rest->len && rest->data[i] != ' ' &&
	    rest->data[i] != '\t' && rest->data[i] != ',')
		i++;
	*word_out = text_sub(*rest, 0, i);
	*rest = text_sub(*rest, i + (i < rest->len), rest->len);
	return word_out->len > 0 || rest->len > 0;
}

static void
problem(struct reader *r, enum notice_problem what)
{
	if (r->out->problem == NOTICE_CLEAR)
		r->out->problem = what;
}

static bool
is_url(struct span s)
{
	size_t i;

	if (!text_starts_nocase(s, "https://") &&
	    !text_starts_nocase(s, "http://"))
		return false;
	for (i = 0; i < s.len; i++)
		if (s.data[i] <= ' ' || s.data[i] >= 0x7f ||
		    strchr("<>\"\\^`{|}", s.data[i]) != NULL)
			return false;
	return s.len < NOTICE_URL_SIZE;
}

/* "<https://...>" as well. */
static struct span
cut_brackets(struct span s)
{
	if (s.len > 2 && s.data[0] == '<' && s.data[s.len - 1] == '>')
		return text_sub(s, 1, s.len - 2);
	return s;
}

static void
take_status(struct reader *r, struct span value)
{
	struct notice *n = r->out;
	enum issue_state state;
	struct span word, url;
	char text[NOTICE_URL_SIZE], name[16];
	size_t i;

	if (!next_word(&value, &word))
		return;
	text_print(word, name, sizeof(name));
	for (i = 0; name[i] != '\0'; i++)
		name[i] = (char)text_lower(name[i]);
	if (!issue_state_parse(text_span(name), &state) ||
	    state == ISSUE_EMBARGOED) {
		problem(r, NOTICE_BAD_STATUS);
		return;
	}
	url = cut_brackets(text_trim(value));
	if (url.len > 0 && !is_url(url)) {
		problem(r, NOTICE_BAD_STATUS);
		return;
	}
	text_print(url, text, sizeof(text));
	if (n->has_state && (n->state != state || strcmp(n->url, text) != 0)) {
		problem(r, NOTICE_TWICE);
		return;
	}
	n->has_state = true;
	n->state = state;
	memcpy(n->url, text, sizeof(n->url));
}

/* "CVE-2026-1234": four digits, then four or more. */
static bool
is_cve(struct span s)
{
	size_t i;

	if (!text_starts_nocase(s, "CVE-") || s.len < 13 || s.len > 20 ||
	    s.data[8] != '-')
		return false;
	for (i = 4; i < s.len; i++)
		if (i != 8 && !text_is_digit(s.data[i]))
			return false;
	return true;
}

static void
take_cve(struct reader *r, struct span value)
{
	char *dst = r->out->cve;
	size_t len = strlen(dst);
	struct span word;

	while (next_word(&value, &word)) {
		if (word.len == 0)
			continue;
		if (!is_cve(word) || len + word.len + 2 > NOTICE_CVE_SIZE) {
			problem(r, NOTICE_BAD_CVE);
			return;
		}
		if (len > 0)
			dst[len++] = ' ';
		memcpy(dst + len, "CVE", 3);
		memcpy(dst + len + 3, word.data + 3, word.len - 3);
		len += word.len;
		dst[len] = '\0';
	}
}

static void
take_exploit(struct reader *r, struct span value)
{
	struct notice *n = r->out;
	struct crd crd = { CRD_DATE, 0, false, NULL };

	value = text_trim(value);
	if (!text_is_nocase(value, "yes"))
		crd_parse_field(value, r->reference, r->default_hour_secs,
		    &crd);
	if (crd.kind != CRD_DATE)
		problem(r, NOTICE_BAD_EXPLOIT);
	else if (n->has_exploit && n->exploit_at != crd.at)
		problem(r, NOTICE_TWICE);
	else {
		n->has_exploit = true;
		n->exploit_at = crd.at;
		n->exploit_hour_assumed = crd.hour_assumed;
	}
}

static void
take_issue(struct reader *r, struct span value)
{
	char id[ISSUE_ID_SIZE];

	value = text_trim(value);
	text_print(value, id, sizeof(id));
	if (value.len >= sizeof(id) || !issue_id_is_valid(value))
		problem(r, NOTICE_BAD_ISSUE);
	else if (r->out->issue[0] != '\0' && strcmp(r->out->issue, id) != 0)
		problem(r, NOTICE_TWICE);
	else
		memcpy(r->out->issue, id, sizeof(id));
}

static const struct {
	const char	*name;
	void		(*take)(struct reader *, struct span);
} takers[] = {
	{ "Embargo-Status",	take_status },
	{ "Embargo-CVE",	take_cve },
	{ "Embargo-Exploit",	take_exploit },
	{ "Embargo-Issue",	take_issue },
};

static void
take(struct reader *r, struct span name, struct span value)
{
	size_t i;

	for (i = 0; i < sizeof(takers) / sizeof(takers[0]); i++)
		if (text_is_nocase(name, takers[i].name) &&
		    !text_is_blank(value))
			takers[i].take(r, value);
}

/* What better places left open. */
static void
merge(const struct notice *more, struct notice *notice)
{
	if (!notice->has_state && more->has_state) {
		notice->has_state = true;
		notice->state = more->state;
		memcpy(notice->url, more->url, sizeof(notice->url));
	}
	if (notice->cve[0] == '\0')
		memcpy(notice->cve, more->cve, sizeof(notice->cve));
	if (!notice->has_exploit && more->has_exploit) {
		notice->has_exploit = true;
		notice->exploit_at = more->exploit_at;
		notice->exploit_hour_assumed = more->exploit_hour_assumed;
	}
	if (notice->issue[0] == '\0')
		memcpy(notice->issue, more->issue, sizeof(notice->issue));
	if (notice->problem == NOTICE_CLEAR)
		notice->problem = more->problem;
}

void
notice_add_fields(const struct fields *fields, int64_t reference,
    int default_hour_secs, struct notice *notice)
{
	struct notice more;
	struct reader r = { reference, default_hour_secs, &more };
	size_t i;

	memset(&more, 0, sizeof(more));
	for (i = 0; i < fields->n; i++)
		take(&r, fields->v[i].name, fields->v[i].value);
	merge(&more, notice);
}

/* Markdown's stars and blanks round a field name. */
static struct span
cut_marks(struct span s)
{
	s = text_trim(s);
	while (s.len > 0 && strchr("*_`#", s.data[0]) != NULL)
		s = text_trim(text_sub(s, 1, s.len));
	while (s.len > 0 && strchr("*_`", s.data[s.len - 1]) != NULL)
		s = text_trim(text_sub(s, 0, s.len - 1));
	return s;
}

void
notice_add_text(struct span text, int64_t reference, int default_hour_secs,
    struct notice *notice)
{
	struct notice more;
	struct reader r = { reference, default_hour_secs, &more };
	struct span rest, line;
	struct buf plain;
	size_t colon;

	memset(&more, 0, sizeof(more));
	crd_text_parse(text, &plain);
	rest = buf_span(&plain);
	while (text_next_line(&rest, &line)) {
		colon = text_find_nocase(line, ":");
		if (colon < line.len)
			take(&r, cut_marks(text_sub(line, 0, colon)),
			    cut_marks(text_sub(line, colon + 1, line.len)));
	}
	buf_clear(&plain);
	merge(&more, notice);
}

const char *
notice_problem_text(enum notice_problem problem)
{
	switch (problem) {
	case NOTICE_CLEAR:
		break;
	case NOTICE_BAD_STATUS:
		return "an Embargo-Status that is not understood";
	case NOTICE_BAD_CVE:
		return "an Embargo-CVE that is not understood";
	case NOTICE_BAD_EXPLOIT:
		return "an Embargo-Exploit that is not understood";
	case NOTICE_BAD_ISSUE:
		return "an Embargo-Issue that is not understood";
	case NOTICE_TWICE:
		return "an Embargo field with two values";
	}
	return "";
}
