/*
 * stats: how long embargoes were, for publication.
 *
 * Pure.  Only issues that are public, and were before the cut-off, are taken,
 * whatever is added: what is embargoed, semi-public, broken, invalid or merged
 * leaves no trace, neither a row nor a count, and rows bear no ids, whose gaps
 * would tell of others.  A month or year counts what became public in it, so
 * that its figures are final once it is over.
 *
 * Lengths are hundredths of a day of 86,400 seconds, rounded half up from the
 * seconds; means and medians are rounded once, from the seconds as well.
 */
#ifndef CORE_STATS_H
#define CORE_STATS_H

#include "core/issue.h"

#define STATS_UNKNOWN INT64_C(-1)
/* Published within an hour of the date agreed is on time. */
#define STATS_GRACE_SECS 3600

struct stats_row {
	int64_t	 opened_at;		/* 0: unknown, as all of these */
	int64_t	 agreed_at;
	int64_t	 public_at;
	int64_t	 length_secs;		/* or STATS_UNKNOWN */
	int64_t	 answer_secs;		/* to the first answer, or the same */
	int64_t	 max_secs;		/* of its list */
	bool	 is_late;		/* public after the date agreed */
	bool	 is_long;		/* longer than its list allows */
	char	*url;			/* "" for none */
};

/* What became public in a year, in a month of it, or at all. */
struct stats_figures {
	int	year;
	int	month;			/* 0: all of the year */
	size_t	issues;
	size_t	known;			/* of these: with a length */
	size_t	overruns;		/* late, long or both */
	int64_t	mean;			/* STATS_UNKNOWN: known is 0 */
	int64_t	median;
};

/* Lengths: bins of bin_days each, the last for all that is longer. */
#define STATS_BINS 16
/* First answers within ...; the last two: later, and none that is known. */
#define STATS_ANSWERS 8

struct stats {
	int64_t			 from, until;	/* until is the cut-off */
	struct stats_row	*rows;		/* by public_at, unknown last */
	size_t			 nrows;
	struct stats_figures	*months;	/* oldest first, none empty */
	size_t			 nmonths;
	struct stats_figures	*years;
	size_t			 nyears;
	struct stats_figures	 total;
	int64_t			 max_secs;	/* the longest of the lists' */
	int			 bin_days;
	size_t			 bins[STATS_BINS];
	size_t			 answers[STATS_ANSWERS];
	int64_t			 answer_median;	/* or STATS_UNKNOWN */
};

/* Public in [from, until); one without a date of publication: opened then. */
void	stats_init(struct stats *stats, int64_t from, int64_t until);
void	stats_clear(struct stats *stats);

/* max_secs: what its list allows.  Copies what it needs. */
void	stats_add(struct stats *stats, const struct issue *issue,
	    int64_t max_secs);

/* Sorts and counts; to be called once, after the last stats_add(). */
void	stats_finish(struct stats *stats);

/* Seconds -> hundredths of a day. */
int64_t	stats_days(int64_t secs);

/* "13.97", "" for STATS_UNKNOWN; dst holds 24 bytes. */
#define STATS_DAYS_SIZE 24
void	stats_print_days(int64_t hundredths, char *dst);

/* "within 4 h" and so on, for answers[i]. */
const char	*stats_answer_name(size_t i);

#endif
