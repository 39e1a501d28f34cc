/*
 * stats_text: the statistics as tables for a terminal, and for DokuWiki.
 */
#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "core/crd.h"
#include "core/escape.h"
#include "ctl/ctl.h"
#include "ctl/stats_view.h"
#include "ctl/table.h"

void
stats_print_scope(const struct stats *stats, char *dst)
{
	char from[24], until[24];

	ctl_print_time(stats->from, from);
	ctl_print_time(stats->until, until);
	if (stats->from == 0)
		snprintf(dst, STATS_SCOPE_SIZE, "made public before %s UTC",
		    until);
	else
		snprintf(dst, STATS_SCOPE_SIZE, "made public from %s UTC on, "
		    "and before %s UTC", from, until);
}

void
stats_print_period(const struct stats_figures *figures, char *dst)
{
	if (figures->month == 0)
		snprintf(dst, 16, "%04d", figures->year % 10000);
	else
		snprintf(dst, 16, "%04d-%02d", figures->year % 10000,
		    figures->month % 100);
}

const char *
stats_mark(const struct stats_row *row)
{
	if (row->is_late)
		return row->is_long ? "late, over maximum" : "late";
	return row->is_long ? "over maximum" : "";
}

static void
print_time(int64_t at, char *dst)
{
	dst[0] = '\0';
	if (at != 0)
		ctl_print_time(at, dst);
}

/* ---- a terminal ---- */

static void
add_figures(struct table *table, const struct stats_figures *f,
    const char *name)
{
	char number[24], days[STATS_DAYS_SIZE];

	table_add(table, name, TERM_PLAIN);
	snprintf(number, sizeof(number), "%zu", f->issues);
	table_add(table, number, TERM_PLAIN);
	stats_print_days(f->mean, days);
	table_add(table, days, TERM_PLAIN);
	stats_print_days(f->median, days);
	table_add(table, days, TERM_PLAIN);
	snprintf(number, sizeof(number), "%zu", f->overruns);
	table_add(table, f->overruns == 0 ? "" : number, TERM_RED);
}

static void
print_figures(const struct term *term, const char *title,
    const struct stats_figures *figures, size_t n)
{
	const struct table_column columns[] = {
		{ title, false, 0 }, { "ISSUES", true, 0 },
		{ "AVERAGE DAYS", true, 0 }, { "MEDIAN DAYS", true, 0 },
		{ "OVERRUNS", true, 0 },
	};
	struct table table;
	char name[16];
	size_t i;

	table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (i = 0; i < n; i++) {
		stats_print_period(&figures[i], name);
		add_figures(&table, &figures[i],
		    figures[i].year == 0 ? "all" : name);
	}
	table_print(&table, term);
	table_clear(&table);
	putchar('\n');
}

static void
print_rows(const struct term *term, const struct stats *stats)
{
	static const struct table_column columns[] = {
		{ "OPENED (UTC)", false, 0 }, { "DATE AGREED", false, 1 },
		{ "PUBLIC", false, 0 }, { "DAYS", true, 0 },
		{ "OVERRUN", false, 0 }, { "URL", false, 0 },
	};
	const struct stats_row *row;
	struct table table;
	char text[24];
	size_t i;

	table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (i = 0; i < stats->nrows; i++) {
		row = &stats->rows[i];
		print_time(row->opened_at, text);
		table_add(&table, text, TERM_PLAIN);
		print_time(row->agreed_at, text);
		table_add(&table, text, TERM_PLAIN);
		print_time(row->public_at, text);
		table_add(&table, text, TERM_PLAIN);
		stats_print_days(stats_days(row->length_secs), text);
		table_add(&table, text, TERM_PLAIN);
		table_add(&table, stats_mark(row), TERM_RED);
		table_add(&table, row->url, TERM_PLAIN);
	}
	table_print(&table, term);
	table_clear(&table);
}

void
stats_put_text(const struct stats_view *view)
{
	const struct stats *stats = view->stats;
	char scope[STATS_SCOPE_SIZE];
	struct term term;

	term_look(&term);
	stats_print_scope(stats, scope);
	printf("Issues %s\n\n", scope);
	if (stats->nrows == 0) {
		puts("none");
		return;
	}
	print_figures(&term, "YEAR", stats->years, stats->nyears);
	print_figures(&term, "MONTH", stats->months, stats->nmonths);
	print_figures(&term, "", &stats->total, 1);
	print_rows(&term, stats);
}

/* ---- DokuWiki ---- */

static void
put_wiki_figures(const char *title, const struct stats_figures *figures,
    size_t n)
{
	char name[16], mean[STATS_DAYS_SIZE], median[STATS_DAYS_SIZE];
	size_t i;

	printf("^ %s ^  Issues ^  Average days ^  Median days ^  Overruns ^\n",
	    title);
	for (i = 0; i < n; i++) {
		stats_print_period(&figures[i], name);
		stats_print_days(figures[i].mean, mean);
		stats_print_days(figures[i].median, median);
		printf("| %s |  %zu |  %s |  %s |  %zu |\n",
		    figures[i].year == 0 ? "all" : name, figures[i].issues,
		    mean, median, figures[i].overruns);
	}
	putchar('\n');
}

/* An address becomes a link, what is none stands there as text. */
static void
put_wiki_url(const char *url)
{
	struct buf out;

	buf_init(&out, 65536);
	if (escape_url(text_span(url), &out) && out.len > 0)
		printf("[[%.*s]]", (int)out.len, (const char *)out.data);
	else if (escape_wiki(text_span(url), &out) && out.len > 0)
		fwrite(out.data, 1, out.len, stdout);
	buf_clear(&out);
}

void
stats_put_wiki(const struct stats_view *view)
{
	const struct stats *stats = view->stats;
	const struct stats_row *row;
	char opened[24], agreed[24], public[24], days[STATS_DAYS_SIZE];
	char scope[STATS_SCOPE_SIZE];
	size_t i;

	stats_print_scope(stats, scope);
	printf("====== Embargo statistics ======\n\nIssues %s. All times are "
	    "UTC. A day has 24 hours.\n\n", scope);
	puts("===== Figures =====\n");
	put_wiki_figures("Year", stats->years, stats->nyears);
	put_wiki_figures("Month", stats->months, stats->nmonths);
	put_wiki_figures("", &stats->total, 1);
	puts("===== Issues =====\n\n^ Opened ^ Date agreed ^ Public ^  Days ^ "
	    "Overrun ^ URL ^");
	for (i = 0; i < stats->nrows; i++) {
		row = &stats->rows[i];
		print_time(row->opened_at, opened);
		print_time(row->agreed_at, agreed);
		print_time(row->public_at, public);
		stats_print_days(stats_days(row->length_secs), days);
		printf("| %s | %s | %s |  %s | %s | ", opened, agreed, public,
		    days, stats_mark(row));
		put_wiki_url(row->url);
		puts(" |");
	}
}
