/*
 * crd_word: what a word or number means in a text about embargo dates.
 *
 * The words of crd's two phases: months, weekdays, zones, and those that make
 * a label ("coordinated release date", "embargoed until").  English, whatever
 * the locale; letters compare without case.
 */
#ifndef CORE_CRD_WORD_H
#define CORE_CRD_WORD_H

#include "core/text.h"

enum crd_class {
	CRD_END,		/* behind the last token */
	CRD_NUMBER,		/* value, ndigits */
	CRD_PUNCT,		/* value is the character */
	CRD_OTHER,		/* any other word */
	CRD_MONTH,		/* 1 to 12 */
	CRD_WEEKDAY,		/* 0 is Sunday */
	CRD_ZONE,		/* an index for crd_word_zone() */
	CRD_MERIDIEM,		/* 0 am, 12 pm */
	CRD_CLOCK,		/* noon 12, midnight 24 */
	CRD_ORDINAL,		/* st, nd, rd, th */
	CRD_COUNT,		/* two, few, couple */
	CRD_UNIT,		/* days, weeks */
	CRD_RELATIVE,		/* tomorrow */
	CRD_NEXT,		/* next, this, coming */
	CRD_PAST,		/* ago, earlier: no embargo's length */
	CRD_VAGUE,		/* around, early */
	CRD_LABEL,		/* CRD itself */
	CRD_EMBARGO,		/* embargo, embargoed */
	CRD_UNTIL,		/* until, ends, lifted: what a date follows */
	CRD_QUALIFIER,		/* proposed, tentative; value 1: coordinated */
	CRD_EVENT,		/* release 0, disclosure 1 */
	CRD_DAY,		/* date, time */
	CRD_FILLER,		/* may stand between label and date */
	CRD_IS,			/* is, as: ties a date to a label behind it */
	CRD_NOT,		/* not, never */
	CRD_OLD,		/* previous, original */
	CRD_SAME,		/* same */
	CRD_LIKE		/* as in, see: may name another issue */
};

struct crd_word {
	const char	*name;
	enum crd_class	 class;
	int		 value;
};

#define CRD_ZONE_READINGS 3

enum crd_season {
	CRD_ALL_YEAR,
	CRD_EU_WINTER,
	CRD_EU_SUMMER,
	CRD_SOUTH_SUMMER	/* about October to April */
};

/* offset_mins east of UTC; more than one reading: nobody knows which. */
struct crd_zone {
	const char	*name;
	int		 noffsets;
	int		 offset_mins[CRD_ZONE_READINGS];
	enum crd_season	 season;
};

/* NULL for a word that means nothing here. */
const struct crd_word	*crd_word_find(struct span word);
const struct crd_zone	*crd_word_zone(int zone);

/* The zone of that name, or -1. */
int	crd_word_zone_index(struct span name);

#endif
