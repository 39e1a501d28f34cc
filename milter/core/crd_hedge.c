/*
 * crd_hedge: words round a date that make it less exact; part of crd_scan.
 *
 * All look a bounded way, and never over the end of a sentence or a label.
 */
#include "core/crd_scan.h"

#define BEFORE_TOKENS	6	/* "in the evening of the 5th" */
#define BEHIND_TOKENS	8	/* how far behind a date its time may be */

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
is_word(const struct crd_token *t, const char *word)
{
	return text_is_nocase(t->text, word);
}

static bool
is_among(const struct crd_token *t, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (is_word(t, names[i]))
			return true;
	return false;
}

static bool
is_small_number(const struct crd_token *t)
{
	return t->class == CRD_NUMBER && t->ndigits <= 2;
}

/* "4 or" before "Wednesday 5 August": the date at from is one of two. */
static bool
is_second(const struct crd_token *t, size_t from)
{
	if (from < 2 || (t[from].class != CRD_WEEKDAY &&
	    !is_small_number(&t[from])))
		return false;
	if (!is_word(&t[from - 1], "or") && !is_word(&t[from - 1], "and") &&
	    !is_word(&t[from - 1], "to"))
		return false;
	return is_small_number(&t[from - 2]) ||
	    t[from - 2].class == CRD_ORDINAL;
}

/* "around 3 August", "week of 2026-08-03", "~2026-08-03", "earliest on". */
static bool
is_vague_before(const struct crd_token *tokens, size_t i)
{
	const struct crd_token *t;

	while (i > 0 && (is_word(&tokens[i - 1], "the") ||
	    is_word(&tokens[i - 1], "as") || is_word(&tokens[i - 1], "on")))
		i--;
	if (i == 0)
		return false;
	t = &tokens[i - 1];
	if (t->class == CRD_VAGUE || crd_scan_is(t, '~'))
		return true;
	return i > 1 && is_word(&tokens[i - 2], "week") &&
	    (is_word(t, "of") || is_word(t, "starting") ||
	    is_word(t, "beginning"));
}

/* "+ 14 days", "+/- 1 day", "plus a week" at i. */
static bool
is_shifted(const struct crd_token *t, size_t i)
{
	size_t at = i;

	while (crd_scan_is(&t[at], '+') || crd_scan_is(&t[at], '/') ||
	    crd_scan_is(&t[at], '-') || crd_scan_is(&t[at], '~') ||
	    is_word(&t[at], "plus") || is_word(&t[at], "minus"))
		at++;
	return at > i && at < i + 4 && (!crd_scan_is(&t[i], '-') ||
	    crd_scan_is_tight(&t[i + 1])) && crd_scan_duration(t, at) > 0;
}

/* "or so", "or later", "(or 6)", ", 5 or 6" at i. */
static bool
is_or_else(const struct crd_token *t, size_t i)
{
	static const char *const names[] = { "so", "later", "earlier",
	    "sooner", "thereabouts", "before", "after" };

	if (crd_scan_is(&t[i], ',') && is_small_number(&t[i + 1]) &&
	    (is_word(&t[i + 2], "or") || is_word(&t[i + 2], "and")))
		return true;
	if (!is_word(&t[i], "or"))
		return false;
	return is_among(&t[i + 1], names, COUNT(names)) ||
	    (is_small_number(&t[i + 1]) && (crd_scan_is(&t[i + 2], ')') ||
	    crd_scan_is_stop(t, i + 2) || t[i + 2].nl > 0));
}

static bool
is_vague_behind(const struct crd_token *t, size_t i)
{
	bool in_parens = crd_scan_is(&t[i], '(');

	if (t[i].nl > 1)
		return false;
	if (is_shifted(t, i) || is_or_else(t, i))
		return true;
	if (in_parens || crd_scan_is(&t[i], ','))
		i++;
	if (is_or_else(t, i) || is_word(&t[i], "approximately"))
		return true;
	if (is_word(&t[i], "at") && is_word(&t[i + 1], "the"))
		return is_word(&t[i + 2], "earliest") ||
		    is_word(&t[i + 2], "latest");
	return in_parens && t[i].class == CRD_VAGUE &&
	    crd_scan_is(&t[i + 1], ')');
}

bool
crd_hedge_is_vague(const struct crd_token *tokens, size_t from, size_t to)
{
	if (tokens[from].class != CRD_CLOCK && is_vague_before(tokens, from))
		return true;
	return is_second(tokens, from) || is_vague_behind(tokens, to);
}

/* A word that begins another statement. */
static bool
is_other_statement(const struct crd_token *t)
{
	return t->class == CRD_LABEL || t->class == CRD_EMBARGO ||
	    t->class == CRD_QUALIFIER || t->class == CRD_EVENT;
}

static bool
is_time_word(const struct crd_token *t)
{
	static const char *const names[] = { "morning", "afternoon", "evening",
	    "night", "cob", "eod", "eob", "o'clock", "business", "lunchtime",
	    "close", "noonish" };

	return is_among(t, names, COUNT(names));
}

/* "EOD 5 August", "end of day on", "in the evening of", "first thing on". */
static bool
has_time_before(const struct crd_token *t, size_t from)
{
	size_t i;

	for (i = from; i > 0 && i + BEFORE_TOKENS > from; i--) {
		if (crd_scan_is_break(t, i) || crd_scan_is_stop(t, i - 1) ||
		    is_other_statement(&t[i - 1]))
			return false;
		if (is_time_word(&t[i - 1]))
			return true;
		if (is_word(&t[i - 1], "day") && i > 2 &&
		    is_word(&t[i - 3], "end"))
			return true;
		if (is_word(&t[i - 1], "thing") && i > 1 &&
		    is_word(&t[i - 2], "first"))
			return true;
	}
	return false;
}

/* A bare number that belongs to nothing: "14;00 UTC", "1400", ":14", "T14" */
static bool
is_left_over(const struct crd_token *t, size_t i)
{
	if (is_word(&t[i], "t") && crd_scan_is_tight(&t[i]))
		return true;
	if (crd_scan_is(&t[i], ';') || (crd_scan_is(&t[i], ':') &&
	    crd_scan_is_tight(&t[i + 1])))
		i++;
	return t[i].class == CRD_NUMBER && t[i].ndigits <= 4 &&
	    t[i].nl == 0 && !(crd_scan_is_tight(&t[i + 1]) &&
	    (crd_scan_is(&t[i + 1], '-') || crd_scan_is(&t[i + 1], '/') ||
	    crd_scan_is(&t[i + 1], '.')));
}

/* "2026-08-05": what follows is that one's. */
static bool
is_other_date(const struct crd_token *t, size_t i)
{
	return t[i].class == CRD_NUMBER && t[i].ndigits == 4 &&
	    crd_scan_is_tight(&t[i + 1]) && t[i + 1].class == CRD_PUNCT &&
	    t[i + 2].class == CRD_NUMBER && crd_scan_is_tight(&t[i + 2]);
}

/* "14:00", "14h", "14 Uhr" */
static bool
is_time(const struct crd_token *t, size_t i)
{
	if (!is_small_number(&t[i]) || t[i + 1].nl > 0)
		return false;
	if (is_word(&t[i + 1], "h") || is_word(&t[i + 1], "uhr"))
		return true;
	return crd_scan_is(&t[i + 1], ':') && crd_scan_is_tight(&t[i + 1]) &&
	    is_small_number(&t[i + 2]) && crd_scan_is_tight(&t[i + 2]);
}

bool
crd_hedge_has_time(const struct crd_token *tokens, size_t from, size_t to)
{
	const struct crd_token *t = tokens;
	size_t i, end = to + BEHIND_TOKENS;
	bool number = false;

	if (has_time_before(t, from) || is_left_over(t, to))
		return true;
	for (i = to; i < end && t[i].class != CRD_END && t[i].nl < 2 &&
	    !crd_scan_is_stop(t, i); i++) {
		if (t[i].class == CRD_MONTH || is_other_statement(&t[i]) ||
		    is_other_date(t, i))
			return false;
		if (is_time(t, i))
			return true;
		if (crd_scan_is_break(t, i))
			return false;
		if (t[i + 1].class == CRD_NUMBER &&
		    (is_word(&t[i], "at") || crd_scan_is(&t[i], '@')))
			return true;
		number |= t[i].class == CRD_NUMBER || t[i].class == CRD_COUNT;
		if (number && (t[i].class == CRD_ZONE ||
		    t[i].class == CRD_MERIDIEM))
			return true;
		if (is_time_word(&t[i]))
			return true;
	}
	return false;
}
