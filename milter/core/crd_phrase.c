/*
 * crd_phrase: the phrases that label an embargo date; part of crd_label.
 */
#include "core/crd_label.h"

#define TRIGGER_TOKENS	28	/* from "embargo" to its "until" */
#define NEAR_TOKENS	25	/* "release date" near "embargo" */
#define KEEP_TOKENS	9	/* from "confidential" to its "until" */

/* Hyphens, slashes, "and": may stand inside a label. */
static bool
is_joint(const struct crd_token *t)
{
	return t->nl < 2 && (crd_scan_is(t, '-') || crd_scan_is(t, '/') ||
	    crd_scan_is(t, '(') || text_is_nocase(t->text, "and") ||
	    text_is_nocase(t->text, "or"));
}

/* "date", "date/time", "date and time", "lift date"; behind a label at i. */
static size_t
skip_day_words(const struct crd_token *t, size_t i)
{
	size_t at;

	for (;;) {
		at = i;
		if (is_joint(&t[at]))
			at++;
		if (t[at].nl > 1 || (t[at].class != CRD_DAY &&
		    t[at].class != CRD_UNTIL))
			return i;
		if (crd_scan_is(&t[at - 1], '(') && t[at].value == 1)
			return i;	/* "(Time: 5 PM)" */
		i = at + 1;
	}
}

/* "(CRD)" behind "coordinated release date" */
static size_t
skip_abbreviation(const struct crd_token *t, size_t i)
{
	if (crd_scan_is(&t[i], '(') && (t[i + 1].class == CRD_LABEL ||
	    t[i + 1].class == CRD_OTHER) && crd_scan_is(&t[i + 2], ')'))
		return i + 3;
	return i;
}

/* Part of a date, not of a duration or a bare time. */
static bool
is_dated(const struct crd_token *t)
{
	return t->item >= 0 && (t->class == CRD_MONTH ||
	    t->class == CRD_WEEKDAY || t->ndigits >= 4);
}

/* The next date is where the embargo begins: "starts on", "reported on" */
static bool
is_start(const struct crd_token *t)
{
	static const char *const names[] = { "from", "starts", "start",
	    "starting", "started", "began", "begins", "begin", "since",
	    "reported", "requested", "granted" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is_nocase(t->text, names[i]))
			return true;
	return false;
}

/* "Embargo period: ..." */
static bool
is_period(const struct crd_token *t)
{
	return text_is_nocase(t->text, "period") ||
	    text_is_nocase(t->text, "window") ||
	    text_is_nocase(t->text, "duration");
}

static size_t
find_embargo(const struct crd_token *t, size_t i, enum crd_demand *demand_out)
{
	size_t at, end = i + 1, j;
	bool has_colon = false, has_start = false;

	*demand_out = CRD_DEMAND_TIGHT;
	at = skip_day_words(t, end);
	if (is_period(&t[end]) && (crd_scan_is(&t[end + 1], ':') ||
	    crd_scan_is(&t[end + 1], '=')))
		at = end + 1;
	if (crd_scan_is(&t[end], ':') && t[end + 1].nl == 1)
		at = skip_day_words(t, end + 1);
	at = at == end + 1 && t[end].class == CRD_PUNCT ? end : at;
	for (j = end; at == end && j < end + TRIGGER_TOKENS; j++) {
		if (t[j].class == CRD_END || t[j].nl > 1 ||
		    (is_dated(&t[j]) && (!has_start ||
		    crd_scan_is_break(t, j))) ||
		    t[j].class == CRD_LABEL || t[j].class == CRD_NOT ||
		    crd_scan_is_stop(t, j) ||
		    (has_colon && crd_scan_is_break(t, j)))
			break;
		has_colon |= crd_scan_is(&t[j], ':');
		has_start |= is_start(&t[j]);
		if (t[j].class == CRD_UNTIL)
			at = skip_day_words(t, j);
	}
	if (at == end)
		return end;
	*demand_out = CRD_DEMAND_LOOSE;
	return skip_abbreviation(t, at);
}

/* Is there a word of embargo near i, in tokens [0, n)? */
static bool
is_near_embargo(const struct crd_token *t, size_t n, size_t i)
{
	size_t from = i > NEAR_TOKENS ? i - NEAR_TOKENS : 0, j;

	for (j = from; j < n && j < i + NEAR_TOKENS; j++)
		if (t[j].class == CRD_EMBARGO || t[j].class == CRD_LABEL)
			return true;
	return false;
}

/*
 * Does the event that begins at i belong to something else?  "Exploit
 * disclosure", "CVE publication date", "vendor disclosure"; a plain release is
 * that of whatever stands before it.
 */
static bool
is_elsewhere(const struct crd_token *t, size_t i)
{
	static const char *const names[] = { "exploit", "exploits", "poc",
	    "pocs", "reproducer", "vendor", "private", "cve", "nvd", "blog",
	    "post", "writeup", "up", "paper", "talk", "details", "partner",
	    "internal", "ghsa" };
	size_t k;

	if (t[i].class == CRD_EVENT && i > 0 &&
	    text_is_nocase(t[i - 1].text, "initial"))
		return t[i + 1].class != CRD_DAY;
	if (i == 0 || crd_scan_is_break(t, i) || t[i - 1].class != CRD_OTHER)
		return false;
	for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (text_is_nocase(t[i - 1].text, names[k]))
			return true;
	return t[i].class == CRD_EVENT && t[i].value == 0;
}

/* "to the vendor" behind a disclosure: a private one. */
static bool
is_private(const struct crd_token *t, size_t i)
{
	if (!text_is_nocase(t[i].text, "to") || t[i].nl > 0)
		return false;
	if (text_is_nocase(t[i + 1].text, "the"))
		i++;
	return t[i + 1].class == CRD_OTHER;
}

/* "proposed public disclosure date/time", "release date", "public release" */
static size_t
find_event(const struct crd_token *t, size_t n, size_t i,
    enum crd_demand *demand_out)
{
	size_t at = i, end;
	bool coordinated = false, event = false, disclosure = false;

	if (is_elsewhere(t, i) || (t[i].class == CRD_QUALIFIER &&
	    t[i + 1].class == CRD_EVENT && is_elsewhere(t, i + 1)))
		return 0;
	for (; t[at].class == CRD_QUALIFIER || t[at].class == CRD_EVENT ||
	    (at > i && is_joint(&t[at])); at++) {
		if (at > i && t[at].nl > 1)
			break;
		coordinated |= t[at].class == CRD_QUALIFIER &&
		    t[at].value == 1;
		event |= t[at].class == CRD_EVENT;
		disclosure |= t[at].class == CRD_EVENT && t[at].value == 1;
	}
	while (at > i && is_joint(&t[at - 1]))
		at--;
	end = at > i && t[at].class == CRD_LABEL ? at + 1 :
	    skip_day_words(t, at);
	if (event && is_private(t, end))
		return 0;
	*demand_out = CRD_DEMAND_TIGHT;
	if (end > at && (t[at].class == CRD_LABEL || (event &&
	    (coordinated || disclosure || is_near_embargo(t, n, i)))))
		*demand_out = CRD_DEMAND_LOOSE;
	else if (end > at && !event && !coordinated &&
	    !is_near_embargo(t, n, i))
		return 0;
	else if (end == at && (!event || (!coordinated && !disclosure)))
		return 0;
	else if (end > at && event)
		return 0;	/* the release date of something else */
	return skip_abbreviation(t, end);
}

static bool
is_exploit(const struct crd_token *t)
{
	static const char *const names[] = { "exploit", "exploits", "poc",
	    "pocs", "reproducer", "reproducers" };
	size_t k;

	for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (text_is_nocase(t->text, names[k]))
			return true;
	return false;
}

/* "keep this confidential until", "do not publish before" */
static size_t
find_keep(const struct crd_token *t, size_t i, enum crd_demand *demand_out)
{
	static const char *const secret[] = { "confidential", "private",
	    "secret", "disclose", "disclosed", "publish", "published",
	    "nonpublic", "share", "public", "publicly", "disclosure" };
	size_t k, j;
	bool negated = false, exploit = false;

	for (k = 0; !text_is_nocase(t[i].text, secret[k]); )
		if (++k == sizeof(secret) / sizeof(secret[0]))
			return 0;
	for (j = i; j > 0 && j + 6 > i && !crd_scan_is_stop(t, j - 1); j--) {
		negated |= t[j - 1].class == CRD_NOT;
		exploit |= is_exploit(&t[j - 1]);
	}
	for (j = i + 1; j < i + KEEP_TOKENS && t[j].class != CRD_END; j++) {
		exploit |= is_exploit(&t[j]);
		if (t[j].nl > 1 || crd_scan_is_stop(t, j) || exploit)
			return 0;
		if ((t[j].class == CRD_UNTIL && t[j].value == 1) || (negated &&
		    text_is_nocase(t[j].text, "before"))) {
			*demand_out = CRD_DEMAND_TIGHT;
			return j + 1;
		}
	}
	return 0;
}

/* "CRD + 7 days", "CRD-24h" is another time than the CRD. */
static bool
is_shifted(const struct crd_token *t, size_t i)
{
	if (!crd_scan_is(&t[i], '+') && !crd_scan_is(&t[i], '-'))
		return false;
	return crd_scan_duration(t, i + 1) > 0 ||
	    (t[i + 1].class == CRD_NUMBER && t[i + 1].ndigits < 4 &&
	    text_is_nocase(t[i + 2].text, "h"));
}

size_t
crd_phrase_find(const struct crd_token *tokens, size_t n, size_t i,
    enum crd_demand *demand_out)
{
	size_t end = 0;

	if (tokens[i].class == CRD_LABEL && !is_shifted(tokens, i + 1)) {
		*demand_out = CRD_DEMAND_LOOSE;
		return skip_day_words(tokens, i + 1);
	}
	if (tokens[i].class == CRD_EMBARGO)
		return find_embargo(tokens, i, demand_out);
	if (tokens[i].class == CRD_QUALIFIER || tokens[i].class == CRD_EVENT)
		end = find_event(tokens, n, i, demand_out);
	if (end == 0 && tokens[i].text.len > 4)
		end = find_keep(tokens, i, demand_out);
	return end;
}
