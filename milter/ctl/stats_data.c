/*
 * stats_data: the statistics for programs, as CSV and JSON.
 */
#include <stdio.h>
#include <string.h>

#include "core/crd.h"
#include "core/escape.h"
#include "ctl/json.h"
#include "ctl/stats_view.h"

/* ---- CSV (RFC 4180) ---- */

static void
print_machine_time(int64_t at, char *dst)
{
	dst[0] = '\0';
	if (at != 0)
		crd_print(at, dst);
}

static void
put_field(const char *text)
{
	struct buf out;

	buf_init(&out, 65536);
	(void)!escape_csv(text_span(text), &out);	/* or cut */
	if (out.len > 0)
		fwrite(out.data, 1, out.len, stdout);
	buf_clear(&out);
}

static void
put_figures(const char *record, const char *period,
    const struct stats_figures *f)
{
	char mean[STATS_DAYS_SIZE], median[STATS_DAYS_SIZE];

	stats_print_days(f->mean, mean);
	stats_print_days(f->median, median);
	printf("%s,%s,%zu,%s,%s,%zu,,,,,,,\r\n", record, period, f->issues,
	    mean, median, f->overruns);
}

static void
put_all_figures(const char *record, const struct stats_figures *figures,
    size_t n)
{
	char period[16];
	size_t i;

	for (i = 0; i < n; i++) {
		stats_print_period(&figures[i], period);
		put_figures(record, period, &figures[i]);
	}
}

static void
put_row(const struct stats_row *row)
{
	char opened[CRD_PRINT_SIZE], agreed[CRD_PRINT_SIZE];
	char public[CRD_PRINT_SIZE], days[STATS_DAYS_SIZE];
	char answer[STATS_DAYS_SIZE];

	print_machine_time(row->opened_at, opened);
	print_machine_time(row->agreed_at, agreed);
	print_machine_time(row->public_at, public);
	stats_print_days(stats_days(row->length_secs), days);
	stats_print_days(stats_days(row->answer_secs), answer);
	printf("issue,,,,,,%s,%s,%s,%s,%s,", opened, agreed, public, days,
	    answer);
	put_field(stats_mark(row));
	putchar(',');
	put_field(row->url);
	fputs("\r\n", stdout);
}

void
stats_put_csv(const struct stats_view *view)
{
	const struct stats *stats = view->stats;
	char from[CRD_PRINT_SIZE], until[CRD_PRINT_SIZE];
	char period[2 * CRD_PRINT_SIZE];
	size_t i;

	print_machine_time(stats->from, from);
	print_machine_time(stats->until, until);
	/* ISO 8601 has ".." for an open end of an interval */
	snprintf(period, sizeof(period), "%s/%s",
	    from[0] == '\0' ? ".." : from, until);
	fputs("record,period,issues,mean_days,median_days,overruns,opened,"
	    "agreed,public,days,answer_days,overrun,url\r\n", stdout);
	put_figures("all", period, &stats->total);
	put_all_figures("year", stats->years, stats->nyears);
	put_all_figures("month", stats->months, stats->nmonths);
	for (i = 0; i < stats->nrows; i++)
		put_row(&stats->rows[i]);
}

/* ---- JSON ---- */

static json_t *
json_of_days(int64_t hundredths)
{
	return hundredths == STATS_UNKNOWN ? json_null() :
	    json_real((double)hundredths / 100);
}

static json_t *
json_of_figures(const struct stats_figures *f)
{
	char period[16];

	stats_print_period(f, period);
	return json_pack("{so sI sI sI so so}", "period", f->year == 0 ?
	    json_null() : json_string(period),
	    "issues", (json_int_t)f->issues, "dated", (json_int_t)f->known,
	    "overruns", (json_int_t)f->overruns,
	    "mean_days", json_of_days(f->mean),
	    "median_days", json_of_days(f->median));
}

static json_t *
json_of_all_figures(const struct stats_figures *figures, size_t n)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(array, json_of_figures(&figures[i]));
	return array;
}

static json_t *
json_of_rows(const struct stats *stats)
{
	json_t *array = json_array();
	const struct stats_row *r;
	size_t i;

	for (i = 0; i < stats->nrows; i++) {
		r = &stats->rows[i];
		json_array_append_new(array, json_pack(
		    "{so so so so so sb sb so}",
		    "opened_at", json_of_time(r->opened_at),
		    "agreed_at", json_of_time(r->agreed_at),
		    "public_at", json_of_time(r->public_at),
		    "days", json_of_days(stats_days(r->length_secs)),
		    "answer_days", json_of_days(stats_days(r->answer_secs)),
		    "late", r->is_late, "over_maximum", r->is_long,
		    "url", json_of_text(r->url)));
	}
	return array;
}

/* The last bin has no end. */
static json_t *
json_of_bins(const struct stats *stats)
{
	json_t *array = json_array();
	int i;

	for (i = 0; i < STATS_BINS; i++)
		json_array_append_new(array, json_pack("{si so sI}",
		    "from_days", i * stats->bin_days,
		    "to_days", i == STATS_BINS - 1 ? json_null() :
		    json_integer((i + 1) * stats->bin_days),
		    "issues", (json_int_t)stats->bins[i]));
	return array;
}

static json_t *
json_of_answers(const struct stats *stats)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < STATS_ANSWERS; i++)
		json_array_append_new(array, json_pack("{ss sI}",
		    "answered", stats_answer_name(i),
		    "issues", (json_int_t)stats->answers[i]));
	return array;
}

void
stats_put_json(const struct stats_view *view)
{
	const struct stats *stats = view->stats;
	json_t *object = json_object();

	json_object_set_new(object, "from", json_of_time(stats->from));
	json_object_set_new(object, "cutoff", json_of_time(stats->until));
	json_object_set_new(object, "list", view->list == NULL ?
	    json_null() : json_of_text(view->list));
	json_object_set_new(object, "all", json_of_figures(&stats->total));
	json_object_set_new(object, "years",
	    json_of_all_figures(stats->years, stats->nyears));
	json_object_set_new(object, "months",
	    json_of_all_figures(stats->months, stats->nmonths));
	json_object_set_new(object, "histogram", json_of_bins(stats));
	json_object_set_new(object, "first_answer", json_of_answers(stats));
	json_object_set_new(object, "answer_median_days",
	    json_of_days(stats->answer_median));
	json_object_set_new(object, "rows", json_of_rows(stats));
	json_finish(object, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
}
