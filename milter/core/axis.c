/*
 * axis: where the marks of a plot stand; see axis.h.
 */
#include <stdio.h>
#include <string.h>

#include "core/axis.h"
#include "core/civil.h"

#define DAY_SECS	86400
#define MONDAY		4	/* days since 1970-01-01, a Thursday */

/* Days, or months, from one mark to the next. */
static const struct grid {
	int	days, months;
} grids[] = {
	{ 1, 0 }, { 7, 0 }, { 14, 0 }, { 0, 1 }, { 0, 3 }, { 0, 12 },
	{ 0, 24 }, { 0, 60 }, { 0, 120 }, { 0, 1200 },
};

#define NGRIDS (sizeof(grids) / sizeof(grids[0]))

static int64_t
month_start(int64_t month)
{
	return civil_days((int)(month / 12), (int)(month % 12) + 1, 1) *
	    DAY_SECS;
}

/* The i-th mark, from the last one that is not later than from. */
static int64_t
mark(const struct grid *grid, int64_t from, int64_t i)
{
	int64_t days = from / DAY_SECS, month;
	struct civil c;

	if (grid->days > 0) {
		days -= grid->days == 1 ? 0 :
		    (days - MONDAY + 70000 * 7) % grid->days;
		return (days + i * grid->days) * DAY_SECS;
	}
	civil_of(from, &c);
	month = (int64_t)c.year * 12 + c.month - 1;
	return month_start(month - month % grid->months + i * grid->months);
}

static void
print_label(const struct grid *grid, int64_t at, struct axis_tick *out)
{
	struct civil c;

	civil_of(at, &c);
	out->at = at;
	out->is_major = grid->days > 0 ? c.day <= grid->days : c.month == 1;
	if (grid->days > 0)
		snprintf(out->label, sizeof(out->label), "%d %s", c.day % 100,
		    civil_month_name(c.month));
	else if (c.month == 1)
		snprintf(out->label, sizeof(out->label), "%d", c.year % 10000);
	else
		snprintf(out->label, sizeof(out->label), "%s",
		    civil_month_name(c.month));
}

static size_t
try_grid(const struct grid *grid, int64_t from, int64_t until, size_t max,
    struct axis_tick *out)
{
	int64_t at, i;
	size_t n = 0;

	for (i = 0; (at = mark(grid, from, i)) < until; i++) {
		if (at < from)
			continue;
		if (n == max || n == AXIS_MAX_TICKS)
			return 0;
		print_label(grid, at, &out[n++]);
	}
	return n;
}

size_t
axis_times(int64_t from, int64_t until, size_t max, struct axis_tick *out)
{
	size_t i, n = 0;

	for (i = 0; i < NGRIDS && n == 0; i++)
		n = try_grid(&grids[i], from, until, max, out);
	return n;
}

int64_t
axis_step(int64_t max, int64_t n)
{
	static const int64_t factors[] = { 1, 2, 5 };
	int64_t power, step = 1;
	size_t i;

	for (power = 1; power < INT64_C(1000000000); power *= 10)
		for (i = 0; i < 3; i++) {
			step = power * factors[i];
			if (max <= step * n)
				return step;
		}
	return step;
}

int
axis_weeks(int64_t now, int64_t last, int most)
{
	static const int weeks[] = { 2, 3, 4, 6, 8, 13, 26 };
	size_t i;

	for (i = 0; i < sizeof(weeks) / sizeof(weeks[0]); i++)
		if (weeks[i] >= most ||
		    last <= now + (int64_t)weeks[i] * 7 * DAY_SECS)
			return weeks[i] < most ? weeks[i] : most;
	return most;
}
