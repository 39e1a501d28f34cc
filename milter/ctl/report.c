/*
 * report: the operator's overview of open issues, a page for internal use.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/axis.h"
#include "ctl/events.h"
#include "ctl/json.h"
#include "ctl/page.h"
#include "ctl/plot.h"
#include "edge/clock.h"

#define DAY_SECS	86400
#define BACK_SECS	(7 * DAY_SECS)	/* so much of the past is drawn */
#define MAX_WEEKS	13

struct report {
	const struct events	*events;
	int64_t			 now, from, until;
	bool			 has_subjects;
};

/* An issue has one row, even where it has two deadlines. */
static bool
has_row(const struct event *event)
{
	return !event->is_exploit || !issue_is_open(event->row->issue);
}

static size_t
count_rows(const struct report *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->events->n; i++)
		n += has_row(&r->events->v[i]);
	return n;
}

/* ---- figures ---- */

static void
put_tile(const char *name, size_t n, const char *class)
{
	printf("<div><dt>%s</dt><dd class=\"%s\">%zu</dd></div>\n", name,
	    n == 0 ? "" : class, n);
}

static void
put_tiles(const struct report *r)
{
	size_t open = 0, overdue = 0, week = 0, unsettled = 0, i;
	const struct issue *issue;

	for (i = 0; i < r->events->n; i++) {
		if (r->events->v[i].is_exploit)
			continue;
		issue = r->events->v[i].row->issue;
		open++;
		overdue += issue->due_at != 0 && issue->due_at <= r->now;
		week += issue->due_at > r->now &&
		    issue->due_at <= r->now + 7 * DAY_SECS;
		unsettled += issue->due_at == 0 || issue->needs_human;
	}
	puts("<dl class=\"tiles\">");
	put_tile("Open", open, "");
	put_tile("Overdue", overdue, "alarm");
	put_tile("Due within 7 days", week, "soon");
	put_tile("Without a clear date", unsettled, "soon");
	puts("</dl>");
}

/* ---- the time line ---- */

static double
clip(const struct report *r, const struct plot *p, int64_t at)
{
	if (at < r->from)
		at = r->from;
	if (at > r->until)
		at = r->until;
	return plot_x(p, at, r->from, r->until);
}

static void
put_span(const struct report *r, const struct plot *p, int64_t from,
    int64_t until, double y, const char *class)
{
	double x = clip(r, p, from), end = clip(r, p, until);

	if (end - x >= 0.5)
		plot_bar(x, y - p->font * 0.5, end - x, p->font, class);
}

static const char *
class_of(const struct issue *issue, int64_t now)
{
	enum term_colour alarm = issues_alarm(issue, now);

	return alarm == TERM_YELLOW ? "bar soon" :
	    alarm == TERM_RED ? "bar late" : "bar";
}

/* Past in grey, what is left in colour, what has passed in red. */
static void
put_issue(const struct report *r, const struct plot *p,
    const struct event *event, double y)
{
	const struct issue *issue = event->row->issue;
	int64_t exploit_at = issues_exploit_at(event->row, r->now);
	double x, size = p->font * 0.45;

	plot_text(p->left - 8, y + p->font * 0.35, "end", "strong",
	    issue->id);
	if (issue_is_open(issue)) {
		put_span(r, p, issue->opened_at, issue->due_at != 0 &&
		    issue->due_at < r->now ? issue->due_at : r->now, y,
		    "bar none");
		if (issue->due_at > r->now)
			put_span(r, p, r->now, issue->due_at, y,
			    class_of(issue, r->now));
		else if (issue->due_at != 0)
			put_span(r, p, issue->due_at, r->now, y, "bar late");
		else
			plot_text(clip(r, p, r->now) + 6, y + p->font * 0.35,
			    "start", "alarm", "no date");
	}
	if (exploit_at < r->from || exploit_at > r->until)
		return;
	x = plot_x(p, exploit_at, r->from, r->until);
	printf("<path class=\"exploit\" stroke-width=\"2\" d=\"M%.1f %.1f"
	    "l%.1f %.1fl%.1f %.1fl%.1f %.1fz\"/>\n", x - size, y, size, -size,
	    size, size, -size, size);
}

/* Room for the longest name; a digit is six tenths of the font wide. */
static int
find_left(const struct report *r, int font)
{
	size_t i, n, most = 0;

	for (i = 0; i < r->events->n; i++) {
		n = strlen(r->events->v[i].row->issue->id);
		if (n > most)
			most = n;
	}
	return (int)most * font * 65 / 100 + font;
}

static void
put_time_line(const struct report *r, const char *id, const char *class,
    int width, int font)
{
	int row = font * 2, height = (int)count_rows(r) * row;
	struct plot plot = { id, class, width, height + 3 * font,
	    find_left(r, font), width - font, 4, height + 4, font };
	double x, y = plot.top + row / 2.0;
	size_t i;

	plot_begin(&plot, "Time line of open issues", "A bar for each issue, "
	    "from its first message to its embargo date. The table below "
	    "says the same.");
	plot_line(plot.left, plot.bottom, plot.right, plot.bottom, "axis");
	plot_time_axis(&plot, r->from, r->until);
	for (i = 0; i < r->events->n; i++) {
		if (!has_row(&r->events->v[i]))
			continue;
		put_issue(r, &plot, &r->events->v[i], y);
		y += row;
	}
	x = plot_x(&plot, r->now, r->from, r->until);
	plot_line(x, plot.top, x, plot.bottom, "now");
	plot_end();
}

/* ---- the table ---- */

static void
put_deadline(const struct report *r, const struct event *event)
{
	char left[48];
	enum term_colour alarm = issues_alarm(event->row->issue, r->now);
	const char *word = alarm == TERM_RED ? "alarm" :
	    alarm == TERM_YELLOW ? "soon" : "";

	printf("<td class=\"%s\" data-is=\"Deadline\"><div>", word);
	page_time(event->at);
	fputs(event->at == 0 ? "no date" : event->is_exploit ? " (exploit)" :
	    "", stdout);
	printf("</div></td><td class=\"whole %s\" data-is=\"Left\">", word);
	ctl_print_relative(event->at, r->now, left);
	if (event->at != 0)
		page_text(left);
	fputs("</td>", stdout);
}

/* A line of the remarks, if there is something to say. */
static void
put_remark(const char *name, const char *text)
{
	if (text[0] == '\0')
		return;
	printf("<div>%s", name);
	page_text(text);
	fputs("</div>", stdout);
}

static void
put_remarks(const struct report *r, const struct event *event)
{
	const struct issue *issue = event->row->issue;
	int64_t exploit_at = issues_exploit_at(event->row, r->now);
	char marks[ISSUES_MARKS_SIZE];

	fputs("<td data-is=\"Remarks\"><div>", stdout);
	issues_print_marks(issue, marks);
	put_remark("", marks);
	if (exploit_at != 0 && !event->is_exploit) {
		fputs("<div>exploit ", stdout);
		page_time(exploit_at);
		fputs("</div>", stdout);
	}
	put_remark("", issue->cve);
	if (r->has_subjects)
		put_remark("Subject: ", issue->subject);
	if (issue->url[0] != '\0') {
		fputs("<div>", stdout);
		page_link(issue->url);
		fputs("</div>", stdout);
	}
	fputs("</div></td>", stdout);
}

static void
put_row(const struct report *r, const struct event *event)
{
	const struct issue *issue = event->row->issue;

	fputs("<tr><th scope=\"row\" data-is=\"Issue\">", stdout);
	page_text(issue->id);
	fputs("</th>", stdout);
	put_deadline(r, event);
	printf("<td class=\"whole\" data-is=\"State\">%s</td>"
	    "<td data-is=\"List\">", issue_state_name(issue->state));
	page_text(issue->list);
	printf("</td><td class=\"n\" data-is=\"Mails\">%" PRId64 "</td>",
	    issue->messages);
	put_remarks(r, event);
	puts("</tr>");
}

static void
put_table(const struct report *r)
{
	size_t i;

	puts("<h2>Issues</h2>\n<table id=\"issues\" class=\"cards\">\n"
	    "<caption>The nearest deadline first; all times are UTC."
	    "</caption>\n<thead><tr><th scope=\"col\">Issue</th>"
	    "<th scope=\"col\">Deadline</th><th scope=\"col\">Left</th>"
	    "<th scope=\"col\">State</th><th scope=\"col\">List</th>"
	    "<th scope=\"col\" class=\"n\">Mails</th>"
	    "<th scope=\"col\">Remarks</th></tr></thead>\n<tbody>");
	for (i = 0; i < r->events->n; i++)
		if (has_row(&r->events->v[i]))
			put_row(r, &r->events->v[i]);
	puts("</tbody>\n</table>");
}

static void
put_page(struct report *r)
{
	int64_t last = 0;
	char now[24];
	size_t i;

	for (i = 0; i < r->events->n; i++)
		if (r->events->v[i].at > last)
			last = r->events->v[i].at;
	r->from = r->now - BACK_SECS;
	r->until = r->now +
	    (int64_t)axis_weeks(r->now, last, MAX_WEEKS) * 7 * DAY_SECS;
	page_begin("Open issues", "EMBARGOED \xe2\x80\x93 internal: for "
	    "operators only, not to be forwarded or published");
	ctl_print_time(r->now, now);
	printf("<p class=\"lead\">As of %s UTC.</p>\n", now);
	put_tiles(r);
	if (r->events->n > 0) {
		puts("<h2>Time line</h2>\n<figure>");
		put_time_line(r, "line", "large", 960, 14);
		put_time_line(r, "line-s", "small", 340, 11);
		puts("<figcaption>Grey: the past; blue: until the embargo "
		    "date; amber: two days or less, or a person is needed; "
		    "red: overdue. A diamond is the date of an exploit, the "
		    "line is now.</figcaption>\n</figure>");
		put_table(r);
	}
	page_end(r->now);
}

/* What the page lists, as JSON: the issues that are open. */
static bool
is_listed(const struct issues_row *row, const void *context)
{
	return issue_is_open(row->issue) ||
	    issues_exploit_at(row, *(const int64_t *)context) != 0;
}

int
cmd_report(struct ctl *ctl, int argc, char **argv)
{
	struct report report = { .now = clock_now() };
	struct events events;
	bool is_html = false;
	int code, i;

	for (i = 0; i < argc; i++)
		if (strcmp(argv[i], "--html") == 0)
			is_html = true;
		else if (strcmp(argv[i], "--subjects") == 0)
			report.has_subjects = true;
		else
			break;
	if (i < argc || is_html == ctl->wants_json)
		return ctl_usage(ctl, "--html | --json [--subjects] "
		    "[--list NAME]");
	code = events_load(ctl, report.now, &events);
	if (code != EX_OK)
		return code;
	report.events = &events;
	if (is_html)
		put_page(&report);
	else {
		issues_filter(&events.issues, is_listed, &report.now);
		json_finish(json_of_issues(&events.issues), JSON_INDENT(2));
	}
	events_clear(&events);
	return EX_OK;
}
