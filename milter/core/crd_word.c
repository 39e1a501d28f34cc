/*
 * crd_word: the vocabulary of embargo dates; see crd_word.h.
 *
 * A zone has one reading only when its abbreviation has one everywhere.  PST
 * may be Pacific or Philippine, CST three continents, IST three countries; ET
 * and PT do not say whether it is summer.  CET and its sisters have one, but
 * are often written in the wrong half of the year: their season is checked.
 */
#include <stddef.h>

#include "core/crd_word.h"

#define H(hours) ((hours) * 60)
#define ZONE_MAX 4		/* letters of its name */

static const struct crd_zone zones[] = {
	{ "UTC", 1, { 0 }, CRD_ALL_YEAR },
	{ "GMT", 1, { 0 }, CRD_ALL_YEAR },
	{ "Z", 1, { 0 }, CRD_ALL_YEAR },
	{ "UT", 1, { 0 }, CRD_ALL_YEAR },
	{ "ZULU", 1, { 0 }, CRD_ALL_YEAR },
	{ "CET", 1, { H(1) }, CRD_EU_WINTER },
	{ "CEST", 1, { H(2) }, CRD_EU_SUMMER },
	{ "WET", 1, { 0 }, CRD_EU_WINTER },
	{ "WEST", 1, { H(1) }, CRD_EU_SUMMER },
	{ "EET", 1, { H(2) }, CRD_EU_WINTER },
	{ "EEST", 1, { H(3) }, CRD_EU_SUMMER },
	{ "JST", 1, { H(9) }, CRD_ALL_YEAR },
	{ "PST", 2, { H(-8), H(8) }, CRD_ALL_YEAR },
	{ "PDT", 2, { H(-7), H(9) }, CRD_ALL_YEAR },
	{ "PT", 2, { H(-8), H(-7) }, CRD_ALL_YEAR },
	{ "EST", 3, { H(-5), H(10), H(-4) }, CRD_ALL_YEAR },
	{ "EDT", 2, { H(-4), H(11) }, CRD_ALL_YEAR },
	{ "ET", 2, { H(-5), H(-4) }, CRD_ALL_YEAR },
	{ "CST", 3, { H(-6), H(8), H(-5) }, CRD_ALL_YEAR },
	{ "CDT", 2, { H(-5), H(-4) }, CRD_ALL_YEAR },
	{ "CT", 2, { H(-6), H(-5) }, CRD_ALL_YEAR },
	{ "MST", 3, { H(-7), H(8), H(6) + 30 }, CRD_ALL_YEAR },
	{ "MDT", 2, { H(-6), H(-7) }, CRD_ALL_YEAR },
	{ "MT", 2, { H(-7), H(-6) }, CRD_ALL_YEAR },
	{ "BST", 3, { H(1), H(6), H(11) }, CRD_ALL_YEAR },
	{ "IST", 3, { H(5) + 30, H(1), H(2) }, CRD_ALL_YEAR },
	{ "AST", 2, { H(-4), H(3) }, CRD_ALL_YEAR },
	{ "SST", 2, { H(-11), H(8) }, CRD_ALL_YEAR },
	{ "AEST", 1, { H(10) }, CRD_ALL_YEAR },
	{ "AEDT", 1, { H(11) }, CRD_SOUTH_SUMMER },
	{ "NZST", 1, { H(12) }, CRD_ALL_YEAR },
	{ "NZDT", 1, { H(13) }, CRD_SOUTH_SUMMER },
};

#define NZONES ((int)(sizeof(zones) / sizeof(zones[0])))

/* In the order of their bytes: it is searched by halves. */
static const struct crd_word words[] = {
	{ "a", CRD_FILLER, 0 }, { "about", CRD_VAGUE, 0 },
	{ "advisory", CRD_QUALIFIER, 0 }, { "after", CRD_VAGUE, 0 },
	{ "ago", CRD_PAST, 0 }, { "agreed", CRD_QUALIFIER, 0 },
	{ "am", CRD_MERIDIEM, 0 }, { "an", CRD_FILLER, 0 },
	{ "and", CRD_FILLER, 0 }, { "announcement", CRD_EVENT, 1 },
	{ "anticipated", CRD_QUALIFIER, 0 }, { "approx", CRD_VAGUE, 0 },
	{ "approximately", CRD_VAGUE, 0 }, { "apr", CRD_MONTH, 4 },
	{ "april", CRD_MONTH, 4 }, { "are", CRD_IS, 0 },
	{ "around", CRD_VAGUE, 0 }, { "as", CRD_LIKE, 1 },
	{ "at", CRD_FILLER, 0 }, { "aug", CRD_MONTH, 8 },
	{ "august", CRD_MONTH, 8 }, { "be", CRD_FILLER, 0 },
	{ "been", CRD_FILLER, 0 }, { "beginning", CRD_VAGUE, 1 },
	{ "being", CRD_IS, 0 }, { "between", CRD_FILLER, 0 },
	{ "bis", CRD_UNTIL, 1 }, { "by", CRD_FILLER, 0 },
	{ "ca", CRD_VAGUE, 0 }, { "can", CRD_FILLER, 0 },
	{ "can't", CRD_NOT, 0 }, { "cannot", CRD_NOT, 0 },
	{ "cdd", CRD_LABEL, 0 }, { "changed", CRD_FILLER, 0 },
	{ "chosen", CRD_FILLER, 0 }, { "circa", CRD_VAGUE, 0 },
	{ "coming", CRD_NEXT, 0 }, { "confirmed", CRD_QUALIFIER, 0 },
	{ "coordinated", CRD_QUALIFIER, 1 }, { "could", CRD_FILLER, 0 },
	{ "couple", CRD_COUNT, 2 }, { "crd", CRD_LABEL, 0 },
	{ "crds", CRD_LABEL, 0 }, { "currently", CRD_FILLER, 0 },
	{ "date", CRD_DAY, 0 }, { "dates", CRD_DAY, 0 },
	{ "datetime", CRD_DAY, 0 }, { "day", CRD_UNIT, 0 },
	{ "days", CRD_UNIT, 0 }, { "deadline", CRD_UNTIL, 0 },
	{ "dec", CRD_MONTH, 12 }, { "december", CRD_MONTH, 12 },
	{ "decided", CRD_FILLER, 0 }, { "delayed", CRD_FILLER, 0 },
	{ "desired", CRD_QUALIFIER, 0 }, { "disclosure", CRD_EVENT, 1 },
	{ "don't", CRD_NOT, 0 }, { "earlier", CRD_PAST, 0 },
	{ "earliest", CRD_VAGUE, 0 }, { "early", CRD_VAGUE, 1 },
	{ "eight", CRD_COUNT, 8 }, { "embargo", CRD_EMBARGO, 0 },
	{ "embargo'd", CRD_EMBARGO, 0 }, { "embargo's", CRD_EMBARGO, 0 },
	{ "embargoed", CRD_EMBARGO, 0 }, { "embargoes", CRD_EMBARGO, 0 },
	{ "embargos", CRD_EMBARGO, 0 }, { "end", CRD_UNTIL, 0 },
	{ "ended", CRD_UNTIL, 0 }, { "ending", CRD_UNTIL, 0 },
	{ "ends", CRD_UNTIL, 0 }, { "eod", CRD_RELATIVE, 0 },
	{ "eom", CRD_RELATIVE, 0 }, { "eow", CRD_RELATIVE, 0 },
	{ "expected", CRD_QUALIFIER, 0 }, { "expiration", CRD_UNTIL, 0 },
	{ "expire", CRD_UNTIL, 0 }, { "expires", CRD_UNTIL, 0 },
	{ "expiring", CRD_UNTIL, 0 }, { "expiry", CRD_UNTIL, 0 },
	{ "extended", CRD_FILLER, 0 }, { "feb", CRD_MONTH, 2 },
	{ "february", CRD_MONTH, 2 }, { "few", CRD_COUNT, 3 },
	{ "final", CRD_QUALIFIER, 0 }, { "fino", CRD_UNTIL, 1 },
	{ "five", CRD_COUNT, 5 }, { "fixed", CRD_FILLER, 0 },
	{ "following", CRD_NEXT, 0 }, { "for", CRD_FILLER, 0 },
	{ "former", CRD_OLD, 0 }, { "fortnight", CRD_RELATIVE, 0 },
	{ "four", CRD_COUNT, 4 }, { "fourteen", CRD_COUNT, 14 },
	{ "fri", CRD_WEEKDAY, 5 }, { "friday", CRD_WEEKDAY, 5 },
	{ "from", CRD_FILLER, 0 }, { "full", CRD_QUALIFIER, 0 },
	{ "had", CRD_FILLER, 0 }, { "has", CRD_FILLER, 0 },
	{ "hasta", CRD_UNTIL, 1 }, { "have", CRD_FILLER, 0 },
	{ "hour", CRD_UNIT, 1 }, { "hours", CRD_UNIT, 1 },
	{ "hr", CRD_UNIT, 1 }, { "hrs", CRD_UNIT, 1 }, { "i", CRD_FILLER, 0 },
	{ "initial", CRD_QUALIFIER, 0 }, { "initially", CRD_OLD, 0 },
	{ "instead", CRD_FILLER, 0 }, { "intended", CRD_QUALIFIER, 0 },
	{ "is", CRD_IS, 0 }, { "isn't", CRD_NOT, 0 },
	{ "issue", CRD_FILLER, 0 }, { "issues", CRD_FILLER, 0 },
	{ "it's", CRD_IS, 0 }, { "jan", CRD_MONTH, 1 },
	{ "january", CRD_MONTH, 1 }, { "joint", CRD_QUALIFIER, 0 },
	{ "jul", CRD_MONTH, 7 }, { "july", CRD_MONTH, 7 },
	{ "jun", CRD_MONTH, 6 }, { "june", CRD_MONTH, 6 },
	{ "jusqu'au", CRD_UNTIL, 1 }, { "last", CRD_PAST, 0 },
	{ "late", CRD_VAGUE, 1 }, { "latest", CRD_VAGUE, 0 },
	{ "least", CRD_FILLER, 0 }, { "lift", CRD_UNTIL, 0 },
	{ "lifted", CRD_UNTIL, 0 }, { "lifting", CRD_UNTIL, 0 },
	{ "lifts", CRD_UNTIL, 0 }, { "like", CRD_LIKE, 0 },
	{ "mar", CRD_MONTH, 3 }, { "march", CRD_MONTH, 3 },
	{ "may", CRD_MONTH, 5 }, { "meant", CRD_OLD, 0 },
	{ "mid", CRD_VAGUE, 1 }, { "midday", CRD_CLOCK, 12 },
	{ "midnight", CRD_CLOCK, 24 }, { "might", CRD_FILLER, 0 },
	{ "mon", CRD_WEEKDAY, 1 }, { "monday", CRD_WEEKDAY, 1 },
	{ "month", CRD_UNIT, 0 }, { "months", CRD_UNIT, 0 },
	{ "moved", CRD_FILLER, 0 }, { "nd", CRD_ORDINAL, 0 },
	{ "never", CRD_NOT, 0 }, { "new", CRD_QUALIFIER, 0 },
	{ "next", CRD_NEXT, 0 }, { "ninety", CRD_COUNT, 90 },
	{ "no", CRD_NOT, 0 }, { "noon", CRD_CLOCK, 12 }, { "not", CRD_NOT, 0 },
	{ "nov", CRD_MONTH, 11 }, { "november", CRD_MONTH, 11 },
	{ "now", CRD_FILLER, 0 }, { "oct", CRD_MONTH, 10 },
	{ "october", CRD_MONTH, 10 }, { "of", CRD_FILLER, 0 },
	{ "old", CRD_OLD, 0 }, { "on", CRD_FILLER, 0 },
	{ "one", CRD_COUNT, 1 }, { "or", CRD_FILLER, 0 },
	{ "ordinated", CRD_QUALIFIER, 1 }, { "original", CRD_OLD, 0 },
	{ "originally", CRD_OLD, 0 }, { "our", CRD_FILLER, 0 },
	{ "over", CRD_UNTIL, 0 }, { "planned", CRD_QUALIFIER, 0 },
	{ "pm", CRD_MERIDIEM, 12 }, { "postponed", CRD_FILLER, 0 },
	{ "preferred", CRD_QUALIFIER, 0 }, { "preliminary", CRD_QUALIFIER, 0 },
	{ "previous", CRD_OLD, 0 }, { "previously", CRD_OLD, 0 },
	{ "prior", CRD_PAST, 0 }, { "propose", CRD_FILLER, 0 },
	{ "proposed", CRD_QUALIFIER, 0 }, { "provisional", CRD_QUALIFIER, 0 },
	{ "public", CRD_QUALIFIER, 1 }, { "publication", CRD_EVENT, 1 },
	{ "publishing", CRD_EVENT, 1 }, { "pushed", CRD_FILLER, 0 },
	{ "quarter", CRD_UNIT, 0 }, { "rd", CRD_ORDINAL, 0 },
	{ "release", CRD_EVENT, 0 }, { "requested", CRD_QUALIFIER, 0 },
	{ "rescheduled", CRD_FILLER, 0 }, { "revised", CRD_QUALIFIER, 0 },
	{ "roughly", CRD_VAGUE, 0 }, { "same", CRD_SAME, 0 },
	{ "sat", CRD_WEEKDAY, 6 }, { "saturday", CRD_WEEKDAY, 6 },
	{ "scheduled", CRD_QUALIFIER, 0 }, { "security", CRD_QUALIFIER, 0 },
	{ "see", CRD_LIKE, 0 }, { "sep", CRD_MONTH, 9 },
	{ "sept", CRD_MONTH, 9 }, { "september", CRD_MONTH, 9 },
	{ "set", CRD_FILLER, 0 }, { "seven", CRD_COUNT, 7 },
	{ "several", CRD_COUNT, 5 }, { "shall", CRD_FILLER, 0 },
	{ "shifted", CRD_FILLER, 0 }, { "should", CRD_FILLER, 0 },
	{ "since", CRD_VAGUE, 0 }, { "six", CRD_COUNT, 6 },
	{ "sixty", CRD_COUNT, 60 }, { "soon", CRD_FILLER, 0 },
	{ "st", CRD_ORDINAL, 0 }, { "stale", CRD_OLD, 0 },
	{ "suggest", CRD_FILLER, 0 }, { "suggested", CRD_QUALIFIER, 0 },
	{ "sun", CRD_WEEKDAY, 0 }, { "sunday", CRD_WEEKDAY, 0 },
	{ "supposed", CRD_OLD, 0 }, { "target", CRD_QUALIFIER, 0 },
	{ "targeted", CRD_QUALIFIER, 0 }, { "ten", CRD_COUNT, 10 },
	{ "tentative", CRD_QUALIFIER, 0 }, { "tentatively", CRD_FILLER, 0 },
	{ "th", CRD_ORDINAL, 0 }, { "that", CRD_FILLER, 0 },
	{ "the", CRD_FILLER, 0 }, { "these", CRD_FILLER, 0 },
	{ "thirty", CRD_COUNT, 30 }, { "this", CRD_FILLER, 0 },
	{ "three", CRD_COUNT, 3 }, { "through", CRD_UNTIL, 1 },
	{ "thu", CRD_WEEKDAY, 4 }, { "thur", CRD_WEEKDAY, 4 },
	{ "thurs", CRD_WEEKDAY, 4 }, { "thursday", CRD_WEEKDAY, 4 },
	{ "til", CRD_UNTIL, 1 }, { "till", CRD_UNTIL, 1 },
	{ "time", CRD_DAY, 1 }, { "timestamp", CRD_DAY, 0 },
	{ "to", CRD_FILLER, 0 }, { "today", CRD_RELATIVE, 0 },
	{ "tomorrow", CRD_RELATIVE, 1 }, { "tonight", CRD_RELATIVE, 0 },
	{ "tot", CRD_UNTIL, 1 }, { "tue", CRD_WEEKDAY, 2 },
	{ "tues", CRD_WEEKDAY, 2 }, { "tuesday", CRD_WEEKDAY, 2 },
	{ "two", CRD_COUNT, 2 }, { "unchanged", CRD_FILLER, 0 },
	{ "under", CRD_FILLER, 0 }, { "unembargo", CRD_EMBARGO, 1 },
	{ "unembargoed", CRD_EMBARGO, 1 }, { "until", CRD_UNTIL, 1 },
	{ "untill", CRD_UNTIL, 1 }, { "up", CRD_FILLER, 0 },
	{ "upcoming", CRD_NEXT, 0 }, { "updated", CRD_QUALIFIER, 0 },
	{ "upon", CRD_FILLER, 0 }, { "used", CRD_OLD, 0 },
	{ "valid", CRD_FILLER, 0 }, { "vulnerability", CRD_QUALIFIER, 0 },
	{ "was", CRD_IS, 0 }, { "wasn't", CRD_NOT, 0 },
	{ "we", CRD_FILLER, 0 }, { "wed", CRD_WEEKDAY, 3 },
	{ "wednesday", CRD_WEEKDAY, 3 }, { "week", CRD_UNIT, 0 },
	{ "weeks", CRD_UNIT, 0 }, { "which", CRD_FILLER, 0 },
	{ "will", CRD_FILLER, 0 }, { "with", CRD_LIKE, 0 },
	{ "without", CRD_NOT, 0 }, { "won't", CRD_NOT, 0 },
	{ "would", CRD_FILLER, 0 }, { "yesterday", CRD_PAST, 0 },
};

/* Below, at or above 0, as in strcmp(); name is in lower case. */
static int
compare(struct span word, const char *name)
{
	size_t i;
	int c;

	for (i = 0; i < word.len; i++) {
		c = text_lower(word.data[i]) - (unsigned char)name[i];
		if (c != 0 || name[i] == '\0')
			return c == 0 ? 1 : c;
	}
	return name[i] == '\0' ? 0 : -1;
}

const struct crd_word *
crd_word_find(struct span word)
{
	size_t from = 0, to = sizeof(words) / sizeof(words[0]), middle;
	int order;

	while (from < to) {
		middle = from + (to - from) / 2;
		order = compare(word, words[middle].name);
		if (order == 0)
			return &words[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

const struct crd_zone *
crd_word_zone(int zone)
{
	return zone >= 0 && zone < NZONES ? &zones[zone] : NULL;
}

int
crd_word_zone_index(struct span name)
{
	int i, first;

	if (name.len == 0 || name.len > ZONE_MAX)
		return -1;
	first = text_lower(name.data[0]);
	for (i = 0; i < NZONES; i++)
		if (text_lower((unsigned char)zones[i].name[0]) == first &&
		    text_is_nocase(name, zones[i].name))
			return i;
	return -1;
}
