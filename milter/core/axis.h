/*
 * axis: where the marks of a plot stand, and what they say.
 */
#ifndef CORE_AXIS_H
#define CORE_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct axis_tick {
	int64_t	at;
	char	label[16];	/* "30 Nov", "Dec", "2027" */
	bool	is_major;	/* the first of a month, or of a year */
};

#define AXIS_MAX_TICKS 64

/*
 * Marks in [from, until), at most max (up to AXIS_MAX_TICKS): at the beginnings
 * of days, Mondays, every other Monday, months, quarters, years or more, the
 * finest that are few enough.
 */
size_t	axis_times(int64_t from, int64_t until, size_t max,
	    struct axis_tick *out);

/* The distance of at most n marks between 0 and max: 1, 2, 5, 10, 20, ... */
int64_t	axis_step(int64_t max, int64_t n);

/* A number of whole weeks, at least 2, that reaches from now to last. */
int	axis_weeks(int64_t now, int64_t last, int most);

#endif
