/*
 * stats: how long embargoes were; see stats.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/civil.h"
#include "core/stats.h"

#define DAY_SECS 86400

static const struct {
	const char	*name;
	int64_t		 secs;
} answers[STATS_ANSWERS] = {
	{ "within 1 hour", 3600 },
	{ "within 4 hours", 4 * 3600 },
	{ "within 12 hours", 12 * 3600 },
	{ "within 1 day", DAY_SECS },
	{ "within 2 days", 2 * DAY_SECS },
	{ "within 4 days", 4 * DAY_SECS },
	{ "later", INT64_MAX },
	{ "not known", INT64_MAX },
};

#define ANSWER_UNKNOWN (STATS_ANSWERS - 1)

void
stats_init(struct stats *stats, int64_t from, int64_t until)
{
	memset(stats, 0, sizeof(*stats));
	stats->from = from;
	stats->until = until;
	stats->answer_median = STATS_UNKNOWN;
}

void
stats_clear(struct stats *stats)
{
	size_t i;

	for (i = 0; i < stats->nrows; i++)
		free(stats->rows[i].url);
	free(stats->rows);
	free(stats->months);
	free(stats->years);
	stats_init(stats, 0, 0);
}

static int64_t
between(int64_t from, int64_t until)
{
	return from == 0 || until < from ? STATS_UNKNOWN : until - from;
}

/* The one place that decides what may be published. */
static bool
may_be_told(const struct stats *stats, const struct issue *issue)
{
	int64_t at = issue->public_at != 0 ? issue->public_at :
	    issue->opened_at;

	return issue->state == ISSUE_PUBLIC && issue->merged_into[0] == '\0' &&
	    at >= stats->from && at < stats->until;
}

void
stats_add(struct stats *stats, const struct issue *issue, int64_t max_secs)
{
	struct stats_row *row;

	if (!may_be_told(stats, issue))
		return;
	if (stats->nrows % 256 == 0)
		stats->rows = buf_realloc(stats->rows, stats->nrows + 256,
		    sizeof(*stats->rows));
	row = &stats->rows[stats->nrows++];
	memset(row, 0, sizeof(*row));
	row->opened_at = issue->opened_at;
	row->agreed_at = issue->is_assumed ? 0 : issue->due_at;
	row->public_at = issue->public_at;
	row->length_secs = between(row->opened_at, row->public_at);
	row->answer_secs = issue->answered_at == 0 ? STATS_UNKNOWN :
	    between(row->opened_at, issue->answered_at);
	row->max_secs = max_secs;
	row->is_late = row->agreed_at != 0 &&
	    row->public_at > row->agreed_at + STATS_GRACE_SECS;
	row->is_long = row->length_secs > max_secs + STATS_GRACE_SECS;
	row->url = buf_strdup(issue->url);
	if (max_secs > stats->max_secs)
		stats->max_secs = max_secs;
}

static int
compare_rows(const void *a, const void *b)
{
	const struct stats_row *x = a, *y = b;

	if ((x->public_at == 0) != (y->public_at == 0))
		return x->public_at == 0 ? 1 : -1;
	if (x->public_at != y->public_at)
		return x->public_at < y->public_at ? -1 : 1;
	if (x->opened_at != y->opened_at)
		return x->opened_at < y->opened_at ? -1 : 1;
	return strcmp(x->url, y->url);
}

static int
compare_secs(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Hundredths of a day of secs / n, rounded half up. */
static int64_t
share(int64_t secs, int64_t n)
{
	return (secs * 200 + DAY_SECS * n) / (2 * DAY_SECS * n);
}

int64_t
stats_days(int64_t secs)
{
	return secs < 0 ? STATS_UNKNOWN : share(secs, 1);
}

/* Sorts secs. */
static int64_t
median(int64_t *secs, size_t n)
{
	if (n == 0)
		return STATS_UNKNOWN;
	qsort(secs, n, sizeof(*secs), compare_secs);
	return n % 2 == 1 ? share(secs[n / 2], 1) :
	    share(secs[n / 2 - 1] + secs[n / 2], 2);
}

static void
count(const struct stats_row *rows, size_t n, struct stats_figures *out)
{
	int64_t *secs = buf_realloc(NULL, n + 1, sizeof(*secs)), sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		out->issues++;
		out->overruns += rows[i].is_late || rows[i].is_long;
		if (rows[i].length_secs == STATS_UNKNOWN)
			continue;
		secs[out->known++] = rows[i].length_secs;
		sum += rows[i].length_secs;
	}
	out->mean = out->known == 0 ? STATS_UNKNOWN :
	    share(sum, (int64_t)out->known);
	out->median = median(secs, out->known);
	free(secs);
}

/* The year of a row, and its month if that is asked for. */
static void
period_of(const struct stats_row *row, bool by_month, int *year, int *month)
{
	struct civil c;

	civil_of(row->public_at, &c);
	*year = c.year;
	*month = by_month ? c.month : 0;
}

/* Rows of one period follow each other; those of an unknown one come last. */
static void
divide(const struct stats *stats, bool by_month, struct stats_figures **out,
    size_t *n_out)
{
	struct stats_figures *all = NULL, *f;
	size_t i = 0, k, n = 0;
	int year, month;

	while (i < stats->nrows && stats->rows[i].public_at != 0) {
		all = buf_realloc(all, n + 1, sizeof(*all));
		f = &all[n++];
		memset(f, 0, sizeof(*f));
		period_of(&stats->rows[i], by_month, &f->year, &f->month);
		for (k = i; k < stats->nrows; k++) {
			if (stats->rows[k].public_at == 0)
				break;
			period_of(&stats->rows[k], by_month, &year, &month);
			if (year != f->year || month != f->month)
				break;
		}
		count(&stats->rows[i], k - i, f);
		i = k;
	}
	*out = all;
	*n_out = n;
}

static void
fill_bins(struct stats *stats)
{
	int64_t max_days = (stats->max_secs + DAY_SECS - 1) / DAY_SECS, bin;
	size_t i;

	stats->bin_days = (int)((max_days + STATS_BINS - 2) /
	    (STATS_BINS - 1));
	if (stats->bin_days < 1)
		stats->bin_days = 1;
	for (i = 0; i < stats->nrows; i++) {
		if (stats->rows[i].length_secs == STATS_UNKNOWN)
			continue;
		bin = stats->rows[i].length_secs / DAY_SECS / stats->bin_days;
		stats->bins[bin < STATS_BINS - 1 ? bin : STATS_BINS - 1]++;
	}
}

static void
fill_answers(struct stats *stats)
{
	int64_t *secs = buf_realloc(NULL, stats->nrows + 1, sizeof(*secs)), s;
	size_t i, k, n = 0;

	for (i = 0; i < stats->nrows; i++) {
		s = stats->rows[i].answer_secs;
		if (s == STATS_UNKNOWN) {
			stats->answers[ANSWER_UNKNOWN]++;
			continue;
		}
		for (k = 0; s > answers[k].secs; k++)
			;
		stats->answers[k]++;
		secs[n++] = s;
	}
	stats->answer_median = median(secs, n);
	free(secs);
}

void
stats_finish(struct stats *stats)
{
	if (stats->nrows > 0)
		qsort(stats->rows, stats->nrows, sizeof(*stats->rows),
		    compare_rows);
	count(stats->rows, stats->nrows, &stats->total);
	divide(stats, true, &stats->months, &stats->nmonths);
	divide(stats, false, &stats->years, &stats->nyears);
	fill_bins(stats);
	fill_answers(stats);
}

void
stats_print_days(int64_t hundredths, char *dst)
{
	if (hundredths == STATS_UNKNOWN)
		dst[0] = '\0';
	else
		snprintf(dst, STATS_DAYS_SIZE, "%" PRId64 ".%02d",
		    hundredths / 100, (int)(hundredths % 100));
}

const char *
stats_answer_name(size_t i)
{
	return answers[i].name;
}
