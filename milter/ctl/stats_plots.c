/*
 * stats_plots: the plots of the statistics.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/axis.h"
#include "core/civil.h"
#include "ctl/plot.h"
#include "ctl/stats_view.h"

#define DAY_SECS 86400

static const struct plot large = { "lengths", "large", 960, 340, 34, 916, 14,
    300, 14 };
static const struct plot small = { "lengths-s", "small", 340, 270, 24, 308,
    12, 240, 11 };
static const struct plot histogram = { "histogram", "", 340, 250, 30, 336, 20,
    218, 11 };
static const struct plot replies = { "answers", "", 340, 250, 98, 300, 8, 240,
    11 };

/* ---- the length of embargoes over time ---- */

/* Two days at least, so that one point alone has an axis. */
static void
find_span(const struct stats *stats, int64_t *from, int64_t *until)
{
	size_t i;

	*from = stats->until;
	*until = 0;
	for (i = 0; i < stats->nrows && stats->rows[i].public_at != 0; i++) {
		if (stats->rows[i].public_at < *from)
			*from = stats->rows[i].public_at;
		if (stats->rows[i].public_at > *until)
			*until = stats->rows[i].public_at;
	}
	*from -= DAY_SECS;
	*until += DAY_SECS;
	if (*until <= *from)
		*until = *from + 2 * DAY_SECS;
}

static int64_t
longest(const struct stats *stats)
{
	int64_t most = stats->max_secs;
	size_t i;

	for (i = 0; i < stats->nrows; i++)
		if (stats->rows[i].length_secs > most)
			most = stats->rows[i].length_secs;
	return most / DAY_SECS + 1;
}

static bool
is_overrun(const struct stats_row *row)
{
	return row->is_late || row->is_long;
}

/* Dots are lines of no length with round ends; overruns are crosses. */
static void
put_points(const struct plot *plot, const struct stats *stats, int64_t from,
    int64_t until, int64_t max, bool overruns)
{
	const struct stats_row *row;
	double x, y, r = plot->font / 4.5;
	size_t i;

	printf("<path class=\"%s\" stroke-width=\"%.1f\" d=\"",
	    overruns ? "over" : "dots", overruns ? 1.8 : plot->font / 2.2);
	for (i = 0; i < stats->nrows; i++) {
		row = &stats->rows[i];
		if (row->length_secs == STATS_UNKNOWN ||
		    is_overrun(row) != overruns)
			continue;
		x = plot_x(plot, row->public_at, from, until);
		y = plot_y(plot, row->length_secs, max * DAY_SECS);
		if (overruns)
			printf("M%.1f %.1fl%.1f %.1fm0 %.1fl%.1f %.1f", x - r,
			    y - r, 2 * r, 2 * r, -2 * r, -2 * r, 2 * r);
		else
			printf("M%.1f %.1fh0", x, y);
	}
	puts("\"/>");
}

static int64_t
middle_of(const struct stats_figures *month)
{
	struct civil c = { .year = month->year, .month = month->month,
	    .day = 16 };

	return civil_seconds(&c);
}

/* The medians of the months, each in its middle. */
static void
put_medians(const struct plot *plot, const struct stats *stats, int64_t from,
    int64_t until, int64_t max)
{
	const struct stats_figures *month;
	double x;
	size_t i, n = 0;

	printf("<path class=\"median\" stroke-width=\"2\" d=\"");
	for (i = 0; i < stats->nmonths; i++) {
		month = &stats->months[i];
		if (month->median == STATS_UNKNOWN)
			continue;
		x = plot_x(plot, middle_of(month), from, until);
		if (x < plot->left)
			x = plot->left;
		if (x > plot->right)
			x = plot->right;
		printf("%s%.1f %.1f", n++ == 0 ? "M" : "L", x,
		    plot_y(plot, month->median, max * 100));
	}
	puts("\"/>");
}

static void
describe(const struct stats *stats, char *dst, size_t size)
{
	char mean[STATS_DAYS_SIZE], median[STATS_DAYS_SIZE];

	stats_print_days(stats->total.mean, mean);
	stats_print_days(stats->total.median, median);
	snprintf(dst, size, "%zu embargoes by the day on which they ended. "
	    "Average %s days, median %s days. %zu overran.",
	    stats->total.known, mean, median, stats->total.overruns);
}

static void
put_lengths(const struct plot *plot, const struct stats *stats)
{
	int64_t from, until, max = longest(stats), step;
	char text[200];
	double y;

	find_span(stats, &from, &until);
	step = axis_step(max, 6);
	max = (max + step - 1) / step * step;
	describe(stats, text, sizeof(text));
	plot_begin(plot, "Length of embargoes over time", text);
	plot_y_axis(plot, step, max);
	plot_time_axis(plot, from, until);
	y = plot_y(plot, stats->max_secs, max * DAY_SECS);
	plot_line(plot->left, y, plot->right, y, "limit");
	put_points(plot, stats, from, until, max, false);
	put_points(plot, stats, from, until, max, true);
	put_medians(plot, stats, from, until, max);
	plot_text(plot->right + 5, y + plot->font * 0.35, "start", "alarm",
	    "max");
	plot_text(plot->left + 4, plot->top + plot->font * 0.35, "start",
	    "strong", "days");
	plot_end();
}

void
stats_plot_lengths(const struct stats *stats)
{
	put_lengths(&large, stats);
	put_lengths(&small, stats);
}

/* ---- the histogram ---- */

static size_t
most_of(const size_t *counts, size_t n)
{
	size_t i, most = 1;

	for (i = 0; i < n; i++)
		if (counts[i] > most)
			most = counts[i];
	return most;
}

/* Bins that begin where the list allows no more are red. */
static void
put_bins(const struct stats *stats, int64_t max)
{
	const struct plot *p = &histogram;
	double width = (double)(p->right - p->left) / STATS_BINS, x, y;
	int64_t most_days = stats->max_secs / DAY_SECS;
	char label[24];
	int i;

	for (i = 0; i < STATS_BINS; i++) {
		x = p->left + i * width;
		y = plot_y(p, (int64_t)stats->bins[i], max);
		if (stats->bins[i] > 0)
			plot_bar(x + 1, y, width - 2, p->bottom - y,
			    (int64_t)i * stats->bin_days >= most_days ?
			    "bar over" : "bar");
		snprintf(label, sizeof(label), "%d%s", i * stats->bin_days,
		    i == STATS_BINS - 1 ? "+" : "");
		if (i % 3 == 0)
			plot_text(i == STATS_BINS - 1 ? x + width / 2 : x,
			    p->bottom + p->font * 1.4, "middle", "",
			    label);
	}
	plot_text(p->right, p->bottom + p->font * 2.6, "end", "strong",
	    "days");
}

void
stats_plot_histogram(const struct stats *stats)
{
	const struct plot *p = &histogram;
	int64_t max = (int64_t)most_of(stats->bins, STATS_BINS), step;
	char text[120];

	step = axis_step(max, 5);
	max = (max + step - 1) / step * step;
	snprintf(text, sizeof(text), "How many embargoes lasted how long, in "
	    "bins of %d day%s.", stats->bin_days,
	    stats->bin_days == 1 ? "" : "s");
	plot_begin(p, "Distribution of lengths", text);
	plot_y_axis(p, step, max);
	plot_text(p->left - 24, p->top - 9, "start", "strong", "issues");
	put_bins(stats, max);
	plot_end();
}

/* ---- first answers ---- */

void
stats_plot_answers(const struct stats *stats)
{
	const struct plot *p = &replies;
	size_t most = most_of(stats->answers, STATS_ANSWERS), i;
	double row = (double)(p->bottom - p->top) / STATS_ANSWERS, y, width;
	char text[120], days[STATS_DAYS_SIZE], count[24];

	stats_print_days(stats->answer_median, days);
	snprintf(text, sizeof(text), "How long reports waited for their first "
	    "answer%s%s%s.", days[0] == '\0' ? "" : ": median ", days,
	    days[0] == '\0' ? "" : " days");
	plot_begin(p, "Time to the first answer", text);
	for (i = 0; i < STATS_ANSWERS; i++) {
		y = p->top + (double)i * row;
		width = (double)stats->answers[i] * (p->right - p->left) /
		    (double)most;
		plot_text(p->left - 6, y + row / 2 + 4, "end", "",
		    stats_answer_name(i));
		if (stats->answers[i] > 0)
			plot_bar(p->left, y + row * 0.18, width, row * 0.64,
			    i == STATS_ANSWERS - 1 ? "bar none" : "bar");
		snprintf(count, sizeof(count), "%zu", stats->answers[i]);
		plot_text(p->left + width + 5, y + row / 2 + 4, "start",
		    "strong", count);
	}
	plot_end();
}
