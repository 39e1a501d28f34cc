/*
 * stats_page: the statistics as a page of HTML.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/page.h"
#include "ctl/stats_view.h"

static void
put_tile(const char *name, const char *value, const char *unit)
{
	printf("<div><dt>%s</dt><dd>%s <small>%s</small></dd></div>\n", name,
	    value[0] == '\0' ? "&ndash;" : value, unit);
}

static void
put_tiles(const struct stats *stats)
{
	const struct stats_figures *all = &stats->total;
	char text[24], share[32] = "";

	puts("<dl class=\"tiles\">");
	snprintf(text, sizeof(text), "%zu", all->issues);
	put_tile("Issues", text, "");
	stats_print_days(all->mean, text);
	put_tile("Average embargo", text, "days");
	stats_print_days(all->median, text);
	put_tile("Median embargo", text, "days");
	snprintf(text, sizeof(text), "%zu", all->overruns);
	if (all->overruns > 0)
		snprintf(share, sizeof(share), "%zu&nbsp;%%",
		    (all->overruns * 200 + all->issues) / (2 * all->issues));
	put_tile("Overruns", text, share);
	puts("</dl>");
}

/* A piece of the drawing, and what it means. */
static void
put_key(const char *class, const char *path, const char *text)
{
	printf("<span class=\"mark\"><svg class=\"key\" "
	    "viewBox=\"0 0 24 16\" aria-hidden=\"true\"><path class=\"%s\" "
	    "stroke-width=\"%s\" d=\"%s\"/></svg> %s</span>\n", class,
	    strcmp(class, "dots") == 0 ? "7" : "2", path, text);
}

static void
put_plots(const struct stats *stats)
{
	puts("<h2>Length over time</h2>\n<figure>");
	stats_plot_lengths(stats);
	puts("<figcaption>Each embargo by the day on which it ended:");
	put_key("dots", "M12 8h0", "in time,");
	put_key("over", "M8 4l8 8m0-8l-8 8", "overrun,");
	put_key("median", "M2 12L22 5", "median of each month");
	puts("</figcaption>\n</figure>\n<div class=\"pair\">\n"
	    "<div class=\"keep\"><h2>Distribution</h2>\n<figure>");
	stats_plot_histogram(stats);
	puts("<figcaption>Red: longer than the maximum.</figcaption>"
	    "</figure></div>\n<div class=\"keep\"><h2>First answer</h2>\n"
	    "<figure>");
	stats_plot_answers(stats);
	puts("<figcaption>From the report to the first message of somebody "
	    "else.</figcaption></figure></div>\n</div>");
}

static void
put_figures(const struct stats_figures *f, bool is_year)
{
	char name[16], mean[STATS_DAYS_SIZE], median[STATS_DAYS_SIZE];

	stats_print_period(f, name);
	stats_print_days(f->mean, mean);
	stats_print_days(f->median, median);
	printf("<tr%s><th scope=\"row\">%s</th><td class=\"n\">%zu</td>"
	    "<td class=\"n\">%s</td><td class=\"n\">%s</td>"
	    "<td class=\"n%s\">%zu</td></tr>\n",
	    is_year ? " class=\"year\"" : "", name, f->issues, mean, median,
	    f->overruns > 0 ? " alarm" : "", f->overruns);
}

/* The newest first, each year above its months. */
static void
put_periods(const struct stats *stats)
{
	size_t y, m = stats->nmonths;

	puts("<h2 class=\"sheet\">By year and month</h2>\n"
	    "<table id=\"periods\">\n"
	    "<caption>What became public in it, in days.</caption>\n<thead>"
	    "<tr><th scope=\"col\">Period</th>"
	    "<th scope=\"col\" class=\"n\">Issues</th>"
	    "<th scope=\"col\" class=\"n\">Average</th>"
	    "<th scope=\"col\" class=\"n\">Median</th>"
	    "<th scope=\"col\" class=\"n\">Overruns</th></tr></thead>\n"
	    "<tbody>");
	for (y = stats->nyears; y-- > 0;) {
		put_figures(&stats->years[y], true);
		while (m > 0 &&
		    stats->months[m - 1].year == stats->years[y].year)
			put_figures(&stats->months[--m], false);
	}
	puts("</tbody>\n</table>");
}

static void
put_row(const struct stats_row *row)
{
	char days[STATS_DAYS_SIZE];

	stats_print_days(stats_days(row->length_secs), days);
	fputs("<tr><td data-is=\"Public\">", stdout);
	page_time(row->public_at);
	fputs("</td><td data-is=\"Opened\">", stdout);
	page_time(row->opened_at);
	fputs("</td><td data-is=\"Date agreed\">", stdout);
	page_time(row->agreed_at);
	printf("</td><td class=\"n\" data-is=\"Days\">%s</td>"
	    "<td class=\"alarm\" data-is=\"Overrun\">%s</td>"
	    "<td data-is=\"URL\">", days, stats_mark(row));
	page_link(row->url);
	puts("</td></tr>");
}

/* The newest first, those without a date last. */
static void
put_rows(const struct stats *stats)
{
	size_t dated = 0, i;

	puts("<h2>Issues</h2>\n<table id=\"rows\" class=\"cards\">\n<caption>"
	    "All times are UTC; what is not known is left out.</caption>\n"
	    "<thead><tr><th scope=\"col\">Public</th>"
	    "<th scope=\"col\">Opened</th><th scope=\"col\">Date agreed</th>"
	    "<th scope=\"col\" class=\"n\">Days</th>"
	    "<th scope=\"col\">Overrun</th><th scope=\"col\">URL</th></tr>"
	    "</thead>\n<tbody>");
	while (dated < stats->nrows && stats->rows[dated].public_at != 0)
		dated++;
	for (i = dated; i-- > 0;)
		put_row(&stats->rows[i]);
	for (i = dated; i < stats->nrows; i++)
		put_row(&stats->rows[i]);
	puts("</tbody>\n</table>");
}

void
stats_put_page(const struct stats_view *view)
{
	const struct stats *stats = view->stats;
	char scope[STATS_SCOPE_SIZE];

	page_begin("Embargo statistics", NULL);
	stats_print_scope(stats, scope);
	fputs("<p class=\"lead\">Issues ", stdout);
	if (view->list != NULL) {
		fputs("of the list ", stdout);
		page_text(view->list);
		putchar(' ');
	}
	printf("%s. Nothing that is still embargoed is listed or counted."
	    "</p>\n", scope);
	put_tiles(stats);
	if (stats->nrows > 0) {
		if (stats->total.known > 0)
			put_plots(stats);
		put_periods(stats);
		put_rows(stats);
	}
	puts("<h2>How it is counted</h2>\n<p class=\"note\">An embargo lasts "
	    "from the first post to the list until the issue is made public; "
	    "a day has 24 hours. A month or year counts what became public in "
	    "it. <em>Late</em> is what became public more than an hour after "
	    "the date agreed, <em>over maximum</em> what lasted longer than "
	    "the list allows; either is an overrun.</p>");
	page_end(view->now);
}
