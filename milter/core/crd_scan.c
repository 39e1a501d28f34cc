/*
 * crd_scan: tokens -> items; see crd_scan.h.  Looks ahead a bounded way, so
 * that the whole is linear.
 */
#include "core/crd_scan.h"

#define MAX_CONNECTORS	4

static bool
is_separator(const struct crd_token *t)
{
	return t->class == CRD_PUNCT && !t->space &&
	    (t->value == '-' || t->value == '/' || t->value == '.');
}

static bool
is_number(const struct crd_token *t, int min_digits, int max_digits)
{
	return t->class == CRD_NUMBER && t->ndigits >= min_digits &&
	    t->ndigits <= max_digits;
}

/* Nothing that makes a date part of a longer name or number stands at t. */
static bool
is_clear_before(const struct crd_token *tokens, size_t i)
{
	if (i == 0 || tokens[i].space)
		return true;
	if (tokens[i - 1].class != CRD_PUNCT)
		return false;
	return !is_separator(&tokens[i - 1]) || i == 1 ||
	    tokens[i - 2].class == CRD_PUNCT;
}

static bool
is_clear_behind(const struct crd_token *tokens, size_t i)
{
	const struct crd_token *t = &tokens[i];

	if (!crd_scan_is_tight(t))
		return true;
	if (t->class != CRD_PUNCT)
		return text_is_nocase(t->text, "t") || t->class == CRD_ZONE;
	if (t->value < ' ')
		return false;
	return !is_separator(t) || t->value == '/' ||
	    !crd_scan_is_tight(&tokens[i + 1]) ||
	    tokens[i + 1].class == CRD_PUNCT;
}

static bool
has_three(const struct crd_token *t)
{
	return is_separator(&t[1]) && crd_scan_is_tight(&t[2]) &&
	    is_separator(&t[3]) && t[3].value == t[1].value &&
	    is_number(&t[4], 1, 4) && crd_scan_is_tight(&t[4]);
}

/* Day and month in an order that nobody wrote down: 24/10/2023, 8/3/2026. */
static bool
set_two(struct crd_fields *f, int first, int second)
{
	f->day = first;
	f->month = second;
	if (first <= 12 && second <= 12)
		f->either_way = first != second;
	else if (second > 12) {
		f->day = second;
		f->month = first;
	}
	return true;
}

/* 2026-08-03, 2026/8/3, 2026-Aug-03, 3-Aug-2026, 24/10/2023, 24.10.2023 */
static bool
take_three(const struct crd_token *t, struct crd_fields *f)
{
	if (!has_three(t) || t[0].class != CRD_NUMBER)
		return false;
	if (t[2].class == CRD_MONTH) {
		f->month = t[2].value;
		f->day = t[0].ndigits == 4 ? t[4].value : t[0].value;
		f->year = t[0].ndigits == 4 ? t[0].value : t[4].value;
		f->short_year = t[0].ndigits < 4 && t[4].ndigits != 4;
		return t[0].ndigits <= 2 || t[4].ndigits <= 2;
	}
	if (!is_number(&t[2], 1, 2))
		return false;
	if (t[0].ndigits == 4 && t[4].ndigits <= 2) {
		f->year = t[0].value;
		f->month = t[2].value;
		f->day = t[4].value;
		return true;
	}
	if (t[0].ndigits > 2 || t[4].ndigits == 3 || t[4].ndigits == 1)
		return false;
	if (t[4].ndigits == 2 && t[1].value == '.')
		return false;	/* a version number, most likely */
	f->year = t[4].value;
	f->short_year = t[4].ndigits == 2;
	return set_two(f, t[0].value, t[2].value);
}

/* 20260803 */
static bool
take_compact(const struct crd_token *t, struct crd_fields *f)
{
	int month, day;

	if (!is_number(t, 8, 8))
		return false;
	month = t->value / 100 % 100;
	day = t->value % 100;
	if (t->value < 19900000 || t->value > 21991231 || month < 1 ||
	    month > 12 || day < 1 || day > 31)
		return false;
	f->year = t->value / 10000;
	f->month = month;
	f->day = day;
	return true;
}

/* A year, and not a time as in "1400 UTC" or the first part of 2026-08-03. */
static bool
is_year(const struct crd_token *t)
{
	if (!is_number(t, 4, 4))
		return false;
	if (t[1].class == CRD_ZONE && t[1].nl == 0)
		return t->value > 1990;
	if (t[1].class == CRD_UNIT && t[1].value == 1)
		return false;
	return !crd_scan_is_tight(&t[1]) || (t[1].class == CRD_PUNCT &&
	    ((!is_separator(&t[1]) && t[1].value != ':') ||
	    !crd_scan_is_tight(&t[2])));
}

/* The year behind day and month, over a comma or a hyphen; or none. */
static size_t
take_year(const struct crd_token *t, size_t i, struct crd_fields *f)
{
	size_t at = i;

	if (crd_scan_is(&t[at], ',') || crd_scan_is(&t[at], '-') ||
	    text_is_nocase(t[at].text, "of"))
		at++;
	if (is_number(&t[at], 2, 2) && t[at].nl < 2 && t[at].value > 24 &&
	    !crd_scan_is(&t[at + 1], ':')) {
		f->short_year = true;
		return at + 1;
	}
	if (!is_year(&t[at]) || t[at].nl > 1)
		return i;
	f->year = t[at].value;
	return at + 1;
}

/* "4-6", "4 or 5", "4th/5th" at i: more than one day of a month. */
static bool
is_day_range(const struct crd_token *t, size_t i)
{
	if (t[i].class == CRD_ORDINAL)
		i++;
	if (!crd_scan_is(&t[i], '-') && !crd_scan_is(&t[i], '/') &&
	    !text_is_nocase(t[i].text, "or") &&
	    !text_is_nocase(t[i].text, "and") &&
	    !text_is_nocase(t[i].text, "through") &&
	    !text_is_nocase(t[i].text, "to"))
		return false;
	if (text_is_nocase(t[i + 1].text, "the"))
		i++;
	return is_number(&t[i + 1], 1, 2) && !crd_scan_is(&t[i + 2], ':') &&
	    t[i + 2].class != CRD_MERIDIEM && t[i + 2].class != CRD_ZONE;
}

/* "July 1st, 2026", "Aug. 3", "2026 Aug 3": the month at i. */
static size_t
take_month_first(const struct crd_token *t, size_t i, struct crd_fields *f)
{
	size_t at = i + 1;

	if (crd_scan_is(&t[at], '.') || crd_scan_is(&t[at], '-') ||
	    (crd_scan_is(&t[at], ',') && t[at + 2].class == CRD_ORDINAL))
		at++;
	if (text_is_nocase(t[at].text, "the"))
		at++;
	if (!is_number(&t[at], 1, 2) || t[at].nl > 1 ||
	    (crd_scan_is(&t[at + 1], ':') &&
	    crd_scan_is_tight(&t[at + 2])))
		return 0;
	f->month = t[i].value;
	f->day = t[at].value;
	at++;
	if (is_day_range(t, at)) {
		f->is_vague = true;
		return at + 2;
	}
	if (t[at].class == CRD_ORDINAL && t[at].nl == 0)
		at++;
	return take_year(t, at, f);
}

/* "3 August 2026", "3rd of August", "3. August": the number at i. */
static size_t
take_day_first(const struct crd_token *t, size_t i, struct crd_fields *f)
{
	size_t at = i + 1;

	if (!is_number(&t[i], 1, 2))
		return 0;
	if (is_day_range(t, at)) {
		f->is_vague = true;
		at += t[at].class == CRD_ORDINAL ? 3 : 2;
	}
	if (t[at].class == CRD_ORDINAL || crd_scan_is(&t[at], '.') ||
	    crd_scan_is(&t[at], '-'))
		at++;
	if (text_is_nocase(t[at].text, "of"))
		at++;
	if (t[at].class != CRD_MONTH || t[at].nl > 1)
		return 0;
	f->day = t[i].value;
	f->month = t[at].value;
	at++;
	if (crd_scan_is(&t[at], '.') && is_year(&t[at + 1]))
		at++;
	return take_year(t, at, f);
}

/* "build 20260805", "version 2026.08.05": the name of a thing. */
static bool
is_named(const struct crd_token *t, size_t i)
{
	static const char *const names[] = { "version", "release", "build",
	    "snapshot", "tag", "v" };
	size_t k;

	if (i == 0 || t[i].nl > 0 || t[i].class != CRD_NUMBER)
		return false;
	for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (text_is_nocase(t[i - 1].text, names[k]))
			return t[i].ndigits == 8 || crd_scan_is(&t[i + 1], '.');
	return t[i].ndigits == 8 && t[i - 1].class == CRD_OTHER;
}

/* The day at i; answers where it ends, 0 for none. */
static size_t
take_day(const struct crd_token *t, size_t i, struct crd_fields *f)
{
	size_t to = 0;

	if (t[i].class == CRD_NUMBER &&
	    (!is_clear_before(t, i) || is_named(t, i)))
		return 0;
	if (t[i].class == CRD_NUMBER && take_three(&t[i], f))
		to = i + 5;
	else if (take_compact(&t[i], f))
		to = i + 1;
	else if (t[i].class == CRD_MONTH)
		to = take_month_first(t, i, f);
	else if (is_number(&t[i], 4, 4) && t[i + 1].class == CRD_MONTH &&
	    is_number(&t[i + 2], 1, 2)) {
		to = take_month_first(t, i + 1, f);
		f->year = t[i].value;
	} else
		to = take_day_first(t, i, f);
	return to > 0 && is_clear_behind(t, to) ? to : 0;
}

/* May stand between two parts of one date. */
static bool
is_connector(const struct crd_token *t, const struct crd_fields *f)
{
	static const char *const names[] = { "at", "on", "the", "from",
	    "between", "time", "starting", "t", "around", "about", "by",
	    "approximately", "or", "ie" };
	size_t i;

	if (t->nl > 1)
		return false;
	if (t->nl == 1 && text_is_nocase(t[1].text, "time") &&
	    (t->class == CRD_EMBARGO || t->class == CRD_EVENT ||
	    t->class == CRD_LABEL))
		return true;		/* "Embargo time: 15:00 UTC" */
	if (t->class == CRD_QUALIFIER && crd_scan_is(&t[-1], '('))
		return crd_scan_is(&t[1], ')');		/* "(tentative)" */
	if (crd_scan_is(t, ';') || crd_scan_is(t, '.'))
		return f->day > 0 && f->nclocks == 0 &&
		    t[1].class == CRD_NUMBER;
	if (t->class == CRD_PUNCT)
		return t->value == ',' || t->value == '(' || t->value == ')' ||
		    t->value == '@' || t->value == '|' || t->value == '~' ||
		    (t->value == '-' && t->space) ||
		    (t->value == ':' && text_is_nocase(t[-1].text, "time")) ||
		    (t->value == '/' && t->space) ||
		    (f->nclocks == 1 && (t->value == '/' || t->value == '='));
	if (text_is_nocase(t->text, "or"))
		return f->nclocks == 1;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is_nocase(t->text, names[i]))
			return true;
	return false;
}

/* One more part of the item at i; answers where it ends, 0 for none. */
static size_t
take_part(const struct crd_token *t, size_t i, struct crd_fields *f)
{
	struct crd_fields day = *f;
	size_t at = i;

	if (t[i].nl > 1 && i > 0 && (f->day > 0 || f->nclocks > 0))
		return 0;
	if (f->day == 0 && (at = take_day(t, i, &day)) > 0) {
		*f = day;
		return at;
	}
	at = i;
	if (t[i].class == CRD_WEEKDAY && f->weekday < 0) {
		f->weekday = t[i].value;
		return i + (crd_scan_is(&t[i + 1], '.') ? 2 : 1);
	}
	if ((f->nclocks == 0 || (f->nclocks == 1 && t[i].nl == 0)) &&
	    crd_clock_take(t, &at, &f->clock[f->nclocks])) {
		f->nclocks++;
		return at;
	}
	if (f->day > 0 && f->year == 0 && is_year(&t[i])) {
		f->year = t[i].value;
		at = i + 1;
		if (f->nclocks == 1 && f->clock[0].is_exact &&
		    f->clock[0].zone < 0 && !f->clock[0].has_offset)
			crd_clock_take_zone(t, &at, &f->clock[0]);
		return at;	/* "Aug 5 14:00:00 2026 +0200" */
	}
	return 0;
}

/* All parts of a date from i on, in any order; answers where it ends. */
static size_t
take_parts(const struct crd_token *t, size_t i, struct crd_fields *f)
{
	size_t at, end = 0, connectors = 0;

	while (t[i].class != CRD_END) {
		at = take_part(t, i, f);
		if (at > 0) {
			end = i = at;
			connectors = 0;
		} else if (end > 0 && connectors < MAX_CONNECTORS &&
		    is_connector(&t[i], f)) {
			i++;
			connectors++;
		} else
			break;
	}
	return end;
}

size_t
crd_scan_duration(const struct crd_token *t, size_t i)
{
	static const char *const kinds[] = { "business", "working", "calendar",
	    "more", "full", "of" };
	size_t at = i + 1, k;

	if (!is_number(&t[i], 1, 3) && t[i].class != CRD_COUNT &&
	    !text_is_nocase(t[i].text, "a") && !text_is_nocase(t[i].text, "an"))
		return 0;
	if (crd_scan_is_tight(&t[at]) && (text_is_nocase(t[at].text, "d") ||
	    text_is_nocase(t[at].text, "w")))
		return at + 1;		/* "14d" */
	if (crd_scan_is(&t[at], '-'))
		at++;
	for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		if (text_is_nocase(t[at].text, kinds[k]))
			at++;
	if (t[at].class != CRD_UNIT || t[at].nl > 1)
		return 0;
	at++;
	if (t[at].class == CRD_PAST || text_is_nocase(t[at].text, "before"))
		return 0;
	return at;
}

/* "tomorrow", "next Tuesday", "end of August", "in August". */
static size_t
take_relative(const struct crd_token *t, size_t i)
{
	if (t[i].class == CRD_RELATIVE)
		return i + 1;
	if ((t[i].class == CRD_NEXT || text_is_nocase(t[i].text, "this")) &&
	    (t[i + 1].class == CRD_WEEKDAY || t[i + 1].class == CRD_UNIT ||
	    t[i + 1].class == CRD_MONTH))
		return i + 2;
	if (t[i].class == CRD_MONTH && t[i].upper && (is_year(&t[i + 1]) ||
	    (t[i].text.len > 3 && !text_is_nocase(t[i].text, "march"))))
		return i + (is_year(&t[i + 1]) ? 2 : 1);
	if (text_is_nocase(t[i].text, "end") &&
	    text_is_nocase(t[i + 1].text, "of") && t[i + 2].class == CRD_UNIT)
		return i + 3;
	if (text_is_nocase(t[i].text, "end") &&
	    text_is_nocase(t[i + 1].text, "of") && t[i + 3].class == CRD_UNIT)
		return i + 4;
	return 0;
}

bool
crd_scan_item(const struct crd_token *tokens, size_t i,
    struct crd_item *item_out)
{
	static const struct crd_fields none = { .weekday = -1 };
	struct crd_fields *f = &item_out->fields;
	size_t to;

	*f = none;
	item_out->from = i;
	to = take_parts(tokens, i, f);
	f->kind = CRD_ITEM_DATE;
	if (f->day > 0) {
		f->is_vague |= crd_hedge_is_vague(tokens, i, to);
		f->lost_time = f->nclocks == 0 &&
		    crd_hedge_has_time(tokens, i, to);
	} else if (f->weekday >= 0) {
		if (tokens[i].text.len < 6 && f->nclocks == 0)
			return false;
		f->kind = CRD_ITEM_RELATIVE;
	} else if (f->nclocks > 0) {
		f->kind = CRD_ITEM_TIME;
	} else if ((to = crd_scan_duration(tokens, i)) > 0) {
		f->kind = CRD_ITEM_DURATION;
	} else {
		to = take_relative(tokens, i);
		f->kind = CRD_ITEM_RELATIVE;
	}
	item_out->to = to;
	return to > 0;
}
