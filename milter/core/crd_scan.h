/*
 * crd_scan: phase 1 of reading embargo dates: text -> tokens -> fields.
 *
 * Tokens are numbers, words and punctuation; Markdown marks count as blanks.
 * An item is a run of tokens that says when: a date with or without its time,
 * a time alone, a duration, or a relative date.  Nothing is evaluated here: a
 * 30th of February is an item like any other.
 */
#ifndef CORE_CRD_SCAN_H
#define CORE_CRD_SCAN_H

#include "core/crd_word.h"

struct crd_token {
	enum crd_class	 class;
	int		 value;
	int		 ndigits;	/* CRD_NUMBER */
	int		 nl;		/* line breaks before: 0, 1, or 2 */
	int		 item;		/* the item it is part of, or -1 */
	bool		 space;		/* blanks or a line break before */
	bool		 upper;		/* begins with a capital letter */
	struct span	 text;		/* borrowed */
};

enum crd_item_kind {
	CRD_ITEM_DATE,		/* has a day: evaluate it */
	CRD_ITEM_TIME,		/* clock[0] alone */
	CRD_ITEM_DURATION,
	CRD_ITEM_RELATIVE
};

struct crd_clock {
	int	hour;
	int	minute;
	int	second;
	bool	is_exact;	/* with seconds or behind a T */
	int	meridiem;	/* 0 am, 12 pm, -1 none */
	int	zone;		/* for crd_word_zone(), -1 none */
	bool	has_offset;
	int	offset_mins;	/* east of UTC */
	bool	is_bad;		/* no such time or zone */
	bool	is_midnight;
};

/* What was written; 0 or -1 where nothing was. */
struct crd_fields {
	enum crd_item_kind	 kind;
	int			 year;
	int			 month;
	int			 day;
	int			 weekday;	/* -1 none */
	bool			 either_way;	/* day, month? */
	bool			 is_vague;	/* "around", "week of" */
	bool			 short_year;	/* two digits */
	bool			 lost_time;	/* a time we cannot read */
	int			 nclocks;
	struct crd_clock	 clock[2];	/* [1] elsewhere */
};

struct crd_item {
	struct crd_fields	 fields;
	size_t			 from;		/* tokens [from, to) */
	size_t			 to;
};

/* That many CRD_END stand behind the last token, so one may look ahead. */
#define CRD_SCAN_PAD 12

/*
 * crd_token.c: tokens of *rest, at most max - CRD_SCAN_PAD; *rest moves on.
 * Returns their number without the padding.
 */
size_t	crd_scan_tokens(struct span *rest, struct crd_token *tokens_out,
	    size_t max);

/* The item that begins at token i; false when none does. */
bool	crd_scan_item(const struct crd_token *tokens, size_t i,
	    struct crd_item *item_out);

/*
 * "14 days", "90-day", "two business weeks" at token i, not "3 days ago";
 * answers where it ends, 0 for none.
 */
size_t	crd_scan_duration(const struct crd_token *tokens, size_t i);

/*
 * crd_hedge.c: what stands round the date [from, to).  Is it more or less than
 * that day ("around", "or so", "+ 14 days")?  Is there a time that was not
 * read ("EOD", "in the morning", "14;00")?
 */
bool	crd_hedge_is_vague(const struct crd_token *tokens, size_t from,
	    size_t to);
bool	crd_hedge_has_time(const struct crd_token *tokens, size_t from,
	    size_t to);

/* Does a line that begins at token i say "Key: ..." of its own? */
bool	crd_scan_begins_key(const struct crd_token *tokens, size_t i);

/*
 * What stands before token i does not go on there: a line begins, and nothing
 * shows that a sentence was wrapped.
 */
bool	crd_scan_is_break(const struct crd_token *tokens, size_t i);

/* A sentence ends at token i (a full stop, a question, a semicolon). */
bool	crd_scan_is_stop(const struct crd_token *tokens, size_t i);

/* crd_clock.c: a time of day with its zone at *i, which moves on. */
bool	crd_clock_take(const struct crd_token *tokens, size_t *i,
	    struct crd_clock *clock_out);

/* What may stand behind it: "UTC", "(UTC)", "+0200". */
void	crd_clock_take_zone(const struct crd_token *t, size_t *i,
	    struct crd_clock *c);

/* The token is that punctuation character. */
bool	crd_scan_is(const struct crd_token *t, int c);

/* The token follows the one before it without a blank. */
bool	crd_scan_is_tight(const struct crd_token *t);

#endif
