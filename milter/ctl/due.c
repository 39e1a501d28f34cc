/*
 * due: a time line of the next weeks.
 *
 * A row for each deadline; the bar grows to the right until it.  On a terminal
 * with Unicode a bar ends within an eighth of a column.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/axis.h"
#include "core/civil.h"
#include "ctl/events.h"
#include "ctl/json.h"
#include "edge/clock.h"

#define MAX_WEEKS	26
#define MAX_CHART	400
#define LEAST_CHART	12
#define TICK_COLUMNS	8	/* a mark at every eighth column at most */
#define WEEK_SECS	(7 * 86400)
#define FAR_SECS	(300 * 86400)

/* One line of the chart: a symbol for each column. */
struct chart {
	const char		*cells[MAX_CHART];
	int			 columns;
	int			 covered;	/* by the bar */
};

struct view {
	struct term		 term;
	int64_t			 now, until;
	int			 id_columns;
	bool			 has_left;	/* a column: how long still */
	int			 columns;	/* of the chart */
	int			 first;		/* its first column */
	struct axis_tick	 ticks[AXIS_MAX_TICKS];
	size_t			 nticks;
};

/* A date that is far away says its year, not its hour. */
static void
print_day(int64_t at, int64_t now, char *dst, size_t size)
{
	struct civil c;

	civil_of(at, &c);
	if (at > now + FAR_SECS || at < now - FAR_SECS)
		snprintf(dst, size, "%s %2d %s %04d",
		    civil_day_name(c.weekday), c.day % 100,
		    civil_month_name(c.month), c.year % 10000);
	else
		snprintf(dst, size, "%s %2d %s %02d:%02d",
		    civil_day_name(c.weekday), c.day % 100,
		    civil_month_name(c.month), c.hour % 100, c.minute % 100);
}

#define DAY_COLUMNS	16	/* "Tue  1 Dec 14:00" */
#define LEFT_COLUMNS	14	/* "in 13 d 23 h", "2 h 59 min ago" */

static int64_t
column_of(const struct view *view, int64_t at, int scale)
{
	return (at - view->now) * view->columns * scale /
	    (view->until - view->now);
}

static void
look(struct view *view, const struct events *events, int weeks)
{
	int64_t last = 0;
	size_t i;
	int width;

	term_look(&view->term);
	for (i = 0; i < events->n; i++) {
		if (events->v[i].at > last)
			last = events->v[i].at;
		width = term_width(&view->term, events->v[i].row->issue->id);
		if (width > view->id_columns)
			view->id_columns = width;
	}
	if (weeks == 0)
		weeks = axis_weeks(view->now, last, MAX_WEEKS);
	view->until = view->now + (int64_t)weeks * WEEK_SECS;
	view->first = view->id_columns + 2 + DAY_COLUMNS + 2;
	view->columns = view->term.columns - view->first - LEFT_COLUMNS - 2;
	view->has_left = view->columns >= 2 * LEAST_CHART;
	if (view->has_left)
		view->first += LEFT_COLUMNS + 2;
	view->columns = view->term.columns - view->first;
	if (view->columns < LEAST_CHART)
		view->columns = 0;	/* too narrow for a chart at all */
	if (view->columns > 0)
		view->nticks = axis_times(view->now, view->until,
		    (size_t)(view->columns / TICK_COLUMNS), view->ticks);
}

/* The marks over the chart, none over another's label. */
static void
print_head(const struct view *view)
{
	char day[32];
	int column, used;
	size_t i;

	print_day(view->now, view->now, day, sizeof(day));
	term_begin(&view->term, TERM_DIM);
	printf("%-*s  %s", view->id_columns, "now (UTC)", day);
	used = view->id_columns + 2 + (int)strlen(day);
	for (i = 0; i < view->nticks; i++) {
		column = view->first +
		    (int)column_of(view, view->ticks[i].at, 1);
		if (column <= used || column +
		    (int)strlen(view->ticks[i].label) > view->term.columns)
			continue;
		term_pad(column - used);
		fputs(view->ticks[i].label, stdout);
		used = column + (int)strlen(view->ticks[i].label);
	}
	term_end(&view->term, TERM_DIM);
	putchar('\n');
}

static void
clear_chart(const struct view *view, struct chart *chart)
{
	size_t i;
	int column;

	chart->columns = view->columns;
	chart->covered = 0;
	for (column = 0; column < MAX_CHART; column++)
		chart->cells[column] = " ";
	for (i = 0; i < view->nticks; i++)
		chart->cells[column_of(view, view->ticks[i].at, 1)] =
		    term_symbol(&view->term, "\xe2\x94\x8a", ":");
}

/* Eighths of a column, from 1 to 8. */
static const char *
block(const struct view *view, int eighths)
{
	static const char *const blocks[] = { "\xe2\x96\x8f", "\xe2\x96\x8e",
	    "\xe2\x96\x8d", "\xe2\x96\x8c", "\xe2\x96\x8b", "\xe2\x96\x8a",
	    "\xe2\x96\x89", "\xe2\x96\x88" };

	return term_symbol(&view->term, blocks[eighths - 1], "=");
}

static void
draw_embargo(const struct view *view, int64_t at, struct chart *chart)
{
	int64_t eighths = column_of(view, at, 8);
	int column = 0;

	if (eighths < 1)
		eighths = 1;
	for (; eighths > 0 && column < chart->columns; eighths -= 8)
		chart->cells[column++] = block(view,
		    eighths < 8 ? (int)eighths : 8);
	if (eighths > 0)	/* later than can be shown */
		chart->cells[column - 1] = term_symbol(&view->term,
		    "\xe2\x96\xb6", ">");
	chart->covered = column;
}

static void
draw_exploit(const struct view *view, int64_t at, struct chart *chart)
{
	int64_t end = column_of(view, at, 1);
	int column;

	for (column = 0; column < chart->columns && column <= end; column++)
		chart->cells[column] = term_symbol(&view->term,
		    "\xe2\x94\x80", "-");
	chart->cells[column - 1] = end >= chart->columns ?
	    term_symbol(&view->term, "\xe2\x96\xb6", ">") :
	    term_symbol(&view->term, "\xe2\x97\x86", "*");
	chart->covered = column;
}

static enum term_colour
colour_of(const struct event *event, int64_t now)
{
	if (event->is_exploit)
		return event->at <= now ? TERM_RED : TERM_CYAN;
	return issues_alarm(event->row->issue, now);
}

/* What stands behind the bar: the kind and the marks. */
static void
print_label(const struct event *event, int64_t now, char *dst, size_t size)
{
	char marks[ISSUES_MARKS_SIZE] = "";

	const char *const parts[] = {
		event->is_exploit ? "exploit" : "",
		event->at == 0 ? "no date" : event->at <= now ? "overdue" : "",
		marks,
	};
	size_t i, len = 0;

	if (!event->is_exploit)
		issues_print_marks(event->row->issue, marks);
	dst[0] = '\0';
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i][0] != '\0')
			len += (size_t)snprintf(dst + len, size - len, "%s%s",
			    len == 0 ? "" : ", ", parts[i]);
}

static void
draw(const struct view *view, const struct event *event, struct chart *chart)
{
	clear_chart(view, chart);
	if (chart->columns == 0 || event->at == 0)
		return;
	if (event->at <= view->now) {
		chart->cells[0] = term_symbol(&view->term, "\xe2\x97\x80",
		    "<");
		chart->covered = 1;
	} else if (event->is_exploit)
		draw_exploit(view, event->at, chart);
	else
		draw_embargo(view, event->at, chart);
}

/* The bar, then the label where it fits, then the marks of the weeks. */
static void
print_chart(const struct view *view, const struct chart *chart,
    const char *label, enum term_colour colour)
{
	int column, width = term_width(&view->term, label), last;

	term_begin(&view->term, colour);
	for (column = 0; column < chart->covered; column++)
		fputs(chart->cells[column], stdout);
	if (width > 0 && column + 1 + width <= chart->columns) {
		if (column > 0) {
			putchar(' ');
			column++;
		}
		column += term_put(&view->term, label, 0);
	}
	term_end(&view->term, colour);
	for (last = chart->columns; last > column &&
	    chart->cells[last - 1][0] == ' '; last--)
		;
	term_begin(&view->term, TERM_DIM);
	for (; column < last; column++)
		fputs(chart->cells[column], stdout);
	term_end(&view->term, TERM_DIM);
}

static void
print_event(const struct view *view, const struct event *event)
{
	enum term_colour colour = colour_of(event, view->now);
	char day[32] = "-", left[48] = "", label[120];
	struct chart chart;

	if (event->at != 0) {
		print_day(event->at, view->now, day, sizeof(day));
		ctl_print_relative(event->at, view->now, left);
	}
	print_label(event, view->now, label, sizeof(label));
	term_pad(view->id_columns -
	    term_put(&view->term, event->row->issue->id, 0) + 2);
	term_begin(&view->term, colour);
	fputs(day, stdout);
	if (view->columns > 0)
		term_pad(DAY_COLUMNS - (int)strlen(day) + 2);
	if (view->has_left)
		printf("%-*s  ", LEFT_COLUMNS, left);
	term_end(&view->term, colour);
	draw(view, event, &chart);
	print_chart(view, &chart, label, colour);
	putchar('\n');
}

static void
print_json(const struct events *events, int64_t now)
{
	json_t *array = json_array();
	const struct event *e;
	size_t i;

	for (i = 0; i < events->n; i++) {
		e = &events->v[i];
		json_array_append_new(array, json_pack(
		    "{ss so so ss ss so so sb sb sb}",
		    "issue", e->row->issue->id,
		    "tracker", json_of_text(e->row->tracker),
		    "list", json_of_text(e->row->issue->list),
		    "state", issue_state_name(e->row->issue->state),
		    "kind", events_kind(e), "at", json_of_time(e->at),
		    "seconds_left", e->at == 0 ? json_null() :
		    json_integer((json_int_t)(e->at - now)),
		    "overdue", e->at != 0 && e->at <= now,
		    "assumed", !e->is_exploit && e->row->issue->is_assumed,
		    "needs_human", e->row->issue->needs_human));
	}
	json_finish(array, JSON_INDENT(2));
}

static bool
parse(int argc, char **argv, int *weeks_out)
{
	char *end;
	long n;

	*weeks_out = 0;
	if (argc == 0)
		return true;
	if (argc != 2 || strcmp(argv[0], "--weeks") != 0)
		return false;
	n = strtol(argv[1], &end, 10);
	*weeks_out = (int)n;
	return *end == '\0' && n >= 1 && n <= MAX_WEEKS;
}

int
cmd_due(struct ctl *ctl, int argc, char **argv)
{
	struct view view = { .now = clock_now() };
	struct events events;
	size_t i;
	int code, weeks;

	if (!parse(argc, argv, &weeks))
		return ctl_wrong(ctl, argc == 2 ? "--weeks takes a number "
		    "from 1 to 26" : "", "[--weeks N] [--list NAME] "
		    "[--json]");
	code = events_load(ctl, view.now, &events);
	if (code != EX_OK)
		return code;
	if (ctl->wants_json)
		print_json(&events, view.now);
	else if (events.n == 0)
		puts("nothing is due");
	else {
		look(&view, &events, weeks);
		print_head(&view);
		for (i = 0; i < events.n; i++)
			print_event(&view, &events.v[i]);
	}
	events_clear(&events);
	return EX_OK;
}
