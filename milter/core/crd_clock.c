/*
 * crd_clock: a time of day and its zone, as fields; part of crd_scan.
 *
 * 14:00 UTC, 14:00:30.5Z, 1500UTC, 5:00 PM UTC, 4 p.m. CEST, 14h00 UTC,
 * 10:00 +0200, noon UTC, 1300-1700 UTC (the first counts), UTC+2.
 */
#include "core/crd_scan.h"

#define MAX_OFFSET_MINS (14 * 60)

static bool
is_digits(const struct crd_token *t, int n)
{
	return t->class == CRD_NUMBER && t->ndigits == n;
}

/* +02:00, +0200, +02, +2 at *i, tight behind its sign. */
static bool
take_offset(const struct crd_token *t, size_t *i, struct crd_clock *c)
{
	size_t at = *i;
	int sign, mins;

	if ((!crd_scan_is(&t[at], '+') && !crd_scan_is(&t[at], '-')) ||
	    t[at].nl > (t[at + 1].ndigits == 4) ||
	    t[at + 1].class != CRD_NUMBER ||
	    !crd_scan_is_tight(&t[at + 1]))
		return false;
	sign = t[at].value == '-' ? -1 : 1;
	at++;
	if (is_digits(&t[at], 4)) {
		mins = t[at].value / 100 * 60 + t[at].value % 100;
		c->is_bad |= t[at].value % 100 > 59;
	} else if (t[at].ndigits <= 2) {
		mins = t[at].value * 60;
	} else
		return false;
	if (t[at].ndigits <= 2 && crd_scan_is(&t[at + 1], ':') &&
	    crd_scan_is_tight(&t[at + 1]) && is_digits(&t[at + 2], 2) &&
	    crd_scan_is_tight(&t[at + 2])) {
		mins += t[at + 2].value;
		c->is_bad |= t[at + 2].value > 59;
		at += 2;
		/* "10:00-12:00" looks like a range; T or seconds tell */
		c->is_bad |= sign < 0 && !c->is_exact && c->zone < 0 &&
		    mins > c->hour * 60 + c->minute;
	}
	c->is_bad |= mins > MAX_OFFSET_MINS || (crd_scan_is(&t[at + 1], '.') &&
	    crd_scan_is_tight(&t[at + 1]) && t[at + 2].class ==
	    CRD_NUMBER && crd_scan_is_tight(&t[at + 2]));	/* +5.5 */
	c->has_offset = true;
	c->offset_mins = sign * mins;
	*i = at + 1;
	return true;
}

/* A capital word where a zone belongs, which is none that we know. */
static bool
is_unknown_zone(const struct crd_token *t)
{
	size_t i;

	if (t->class != CRD_OTHER || t->nl > 0 || t->text.len < 2 ||
	    t->text.len > 5)
		return false;
	for (i = 0; i < t->text.len; i++)
		if (t->text.data[i] < 'A' || t->text.data[i] > 'Z')
			return false;
	return true;
}

static bool
is_utc(int zone)
{
	return crd_word_zone(zone)->noffsets == 1 &&
	    crd_word_zone(zone)->offset_mins[0] == 0;
}

/* "/GMT" behind UTC says the same; "/BST" does not. */
static void
take_second_zone(const struct crd_token *t, size_t *i, struct crd_clock *c)
{
	if (!crd_scan_is(&t[*i], '/') || t[*i + 1].class != CRD_ZONE)
		return;
	c->is_bad |= t[*i + 1].value != c->zone &&
	    (!is_utc(c->zone) || !is_utc(t[*i + 1].value));
	*i += 2;
}

/* "(UTC-7)" behind PDT says which one it is. */
static void
take_reading(const struct crd_token *t, size_t *i, struct crd_clock *c)
{
	size_t at = *i + 2;

	if (crd_scan_is(&t[*i], '(') && t[*i + 1].class == CRD_ZONE &&
	    t[*i].nl == 0 && is_utc(t[*i + 1].value) && !c->has_offset &&
	    take_offset(t, &at, c) && crd_scan_is(&t[at], ')'))
		*i = at + 1;
}

/* "UTC", "(UTC)", "UTC+2", "+0200 (CEST)", "UTC/GMT", "hours UTC" */
void
crd_clock_take_zone(const struct crd_token *t, size_t *i, struct crd_clock *c)
{
	size_t at = *i;
	bool in_parens;

	take_offset(t, &at, c);
	*i = at;
	if ((t[at].class == CRD_UNIT && t[at].value == 1) ||
	    text_is_nocase(t[at].text, "h"))
		at++;
	in_parens = crd_scan_is(&t[at], '(');
	if (in_parens)
		at++;
	if (t[at].class != CRD_ZONE || t[at].nl > 1) {
		c->is_bad |= !c->has_offset && is_unknown_zone(&t[at]);
		return;
	}
	c->zone = t[at].value;
	at++;
	take_second_zone(t, &at, c);
	if (is_utc(c->zone) && !c->has_offset && take_offset(t, &at, c)) {
		c->zone = -1;	/* UTC+2 is an offset, not UTC */
		c->is_bad |= t[at].class == CRD_ZONE;	/* 10 UTC-11 UTC */
	}
	if (in_parens && crd_scan_is(&t[at], ')'))
		at++;
	else if (!in_parens && c->zone >= 0)
		take_reading(t, &at, c);
	*i = at;
}

/* "pm", "p.m." */
static void
take_meridiem(const struct crd_token *t, size_t *i, struct crd_clock *c)
{
	size_t at = *i;

	if (t[at].class == CRD_MERIDIEM && t[at].nl < 2) {
		c->meridiem = t[at].value;
		*i = at + 1;
	} else if ((text_is_nocase(t[at].text, "a") ||
	    text_is_nocase(t[at].text, "p")) && t[at].nl < 2 &&
	    crd_scan_is(&t[at + 1], '.') &&
	    text_is_nocase(t[at + 2].text, "m")) {
		c->meridiem = text_is_nocase(t[at].text, "p") ? 12 : 0;
		*i = at + (crd_scan_is(&t[at + 3], '.') ? 4 : 3);
	}
}

/* ":30", ":30.123" */
static size_t
take_seconds(const struct crd_token *t, size_t at, struct crd_clock *c)
{
	if (!crd_scan_is(&t[at], ':') || !crd_scan_is_tight(&t[at]) ||
	    !is_digits(&t[at + 1], 2) || !crd_scan_is_tight(&t[at + 1]))
		return at;
	c->second = t[at + 1].value;
	c->is_exact = true;
	at += 2;
	if ((crd_scan_is(&t[at], '.') || crd_scan_is(&t[at], ',')) &&
	    crd_scan_is_tight(&t[at]) && t[at + 1].class == CRD_NUMBER &&
	    crd_scan_is_tight(&t[at + 1]))
		at += 2;
	return at;
}

/* 14:00, 14h00, 14.00 at *i. */
static bool
take_two(const struct crd_token *t, size_t *i, struct crd_clock *c)
{
	size_t at = *i;

	if (t[at].ndigits > 2 || !crd_scan_is_tight(&t[at + 1]) ||
	    !is_digits(&t[at + 2], 2) || !crd_scan_is_tight(&t[at + 2]))
		return false;
	if (crd_scan_is(&t[at + 1], ':') ||
	    text_is_nocase(t[at + 1].text, "h")) {
		c->hour = t[at].value;
		c->minute = t[at + 2].value;
		*i = take_seconds(t, at + 3, c);
		return true;
	}
	if (!crd_scan_is(&t[at + 1], '.') || (t[at + 3].class != CRD_ZONE &&
	    t[at + 3].class != CRD_MERIDIEM &&
	    !text_is_nocase(t[at + 3].text, "h")))
		return false;
	c->hour = t[at].value;
	c->minute = t[at + 2].value;
	*i = at + 3;
	return true;
}

/* Would a zone follow the number or range that ends before at? */
static bool
is_zoned(const struct crd_token *t, size_t at)
{
	if ((crd_scan_is(&t[at], '-') || text_is_nocase(t[at].text, "to") ||
	    text_is_nocase(t[at].text, "and")) &&
	    t[at + 1].class == CRD_NUMBER) {
		at += 2;
		if (t[at].class == CRD_MERIDIEM)
			return true;
	}
	if (t[at].class == CRD_UNIT && t[at].value == 1)
		at++;
	if (text_is_nocase(t[at].text, "h"))
		at++;
	if (crd_scan_is(&t[at], '('))
		at++;
	return t[at].class == CRD_ZONE && t[at].nl < 2;
}

/* 1500 (UTC), 140000 (Z), 4 (p.m.), 14 (UTC) at *i: a bare number. */
static bool
take_bare(const struct crd_token *t, size_t *i, struct crd_clock *c)
{
	size_t at = *i + 1;
	int value = t[*i].value;
	bool in_iso = *i > 0 && crd_scan_is_tight(&t[*i]) &&
	    text_is_nocase(t[*i - 1].text, "t");

	if (t[*i].ndigits <= 2) {
		take_meridiem(t, &at, c);
		if (c->meridiem < 0 && !is_zoned(t, at))
			return false;
		c->hour = value;
		if (text_is_nocase(t[at].text, "h"))
			at++;
	} else if ((t[*i].ndigits == 4 && (in_iso || is_zoned(t, at) ||
	    text_is_nocase(t[at].text, "h"))) ||
	    (t[*i].ndigits == 6 && in_iso)) {
		c->second = t[*i].ndigits == 6 ? value % 100 : 0;
		value /= t[*i].ndigits == 6 ? 100 : 1;
		c->hour = value / 100;
		c->minute = value % 100;
		if (text_is_nocase(t[at].text, "h"))
			at++;
	} else
		return false;
	*i = at;
	return true;
}

/* "noon" behind "12:00"; midnight stays what it is. */
static void
take_noon(const struct crd_token *t, size_t *i, struct crd_clock *c)
{
	if (t[*i].class != CRD_CLOCK || t[*i].nl > 0)
		return;
	c->is_midnight = t[*i].value != 12 || c->hour != 12 ||
	    c->minute != 0 || c->meridiem == 0;
	(*i)++;
}

static bool
take_number(const struct crd_token *t, size_t *i, struct crd_clock *c)
{
	if (t[*i].class != CRD_NUMBER || t[*i].ndigits > 6 || (*i > 0 &&
	    crd_scan_is_tight(&t[*i]) && (t[*i - 1].class == CRD_NUMBER ||
	    crd_scan_is(&t[*i - 1], '.') || crd_scan_is(&t[*i - 1], ':'))))
		return false;
	if (!take_two(t, i, c) && !take_bare(t, i, c))
		return false;
	take_meridiem(t, i, c);
	take_noon(t, i, c);
	return true;
}

static bool
take_name(const struct crd_token *t, size_t *i, struct crd_clock *c)
{
	size_t at = *i;

	if (is_digits(&t[at], 2) && t[at].value == 12 &&
	    t[at + 1].class == CRD_CLOCK)
		at++;
	if (t[at].class != CRD_CLOCK)
		return false;
	c->hour = t[at].value % 24;
	c->is_midnight = t[at].value == 24;
	*i = at + 1;
	return true;
}

/*
 * "-1700 UTC" behind a first time: takes its zone and, in 1-3 pm, its half of
 * the day.
 */
static void
take_range(const struct crd_token *t, size_t *i, struct crd_clock *c)
{
	struct crd_clock last = { .meridiem = -1, .zone = -1 };
	size_t at = *i;

	if (c->zone >= 0 || c->has_offset || (!crd_scan_is(&t[at], '-') &&
	    !text_is_nocase(t[at].text, "to") &&
	    !text_is_nocase(t[at].text, "and")))
		return;
	at++;
	if (!take_number(t, &at, &last))
		return;
	if (c->meridiem < 0 && last.meridiem >= 0) {
		c->meridiem = last.meridiem;
		c->is_bad |= c->hour >= last.hour || last.hour == 12;
	}
	crd_clock_take_zone(t, &at, c);
	*i = at;
}

/* "14:00-17:00 UTC" is a range; "14:00-07:00" alone an offset. */
static bool
is_range(const struct crd_token *t, size_t at)
{
	if (!crd_scan_is(&t[at], '-'))
		return text_is_nocase(t[at].text, "to") ||
		    text_is_nocase(t[at].text, "and");
	if (t[at].space && crd_scan_is_tight(&t[at + 1]))
		return false;		/* "06:00 -0800" */
	if (crd_scan_is(&t[at + 2], ':'))
		return is_zoned(t, at + 4) || t[at + 4].class == CRD_MERIDIEM;
	return is_zoned(t, at + 2) || t[at + 2].class == CRD_MERIDIEM;
}

bool
crd_clock_take(const struct crd_token *tokens, size_t *i,
    struct crd_clock *clock_out)
{
	static const struct crd_clock none = { .meridiem = -1, .zone = -1 };
	size_t at = *i;

	*clock_out = none;
	if (!take_name(tokens, &at, clock_out) &&
	    !take_number(tokens, &at, clock_out))
		return false;
	if (*i > 0 && text_is_nocase(tokens[*i - 1].text, "t"))
		clock_out->is_exact = true;
	if (is_range(tokens, at))
		take_range(tokens, &at, clock_out);
	else
		crd_clock_take_zone(tokens, &at, clock_out);
	*i = at;
	return true;
}
