/*
 * list: the issues of all trackers, the nearest deadline first.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/units.h"
#include "ctl/issues.h"
#include "ctl/json.h"
#include "ctl/table.h"
#include "edge/clock.h"

#define ANY_TIME INT64_MAX

struct filter {
	enum store_which	 which;
	const char		*state;		/* NULL: any */
	int64_t			 due_secs;	/* ANY_TIME: any */
	int64_t			 now;
};

static const struct table_column columns[] = {
	{ "DEADLINE (UTC)", false, 0 },
	{ "", false, 1 },
	{ "ISSUE", false, 0 },
	{ "STATE", false, 2 },
	{ "MAILS", true, 4 },
	{ "LIST", false, 3 },
	{ "REMARKS", false, 0 },
};

static void
add_row(struct table *table, const struct issue *i, int64_t now)
{
	enum term_colour alarm = issues_alarm(i, now);
	char due[24], left[48], mails[24], marks[ISSUES_MARKS_SIZE];

	ctl_print_time(i->due_at, due);
	ctl_print_relative(i->due_at, now, left);
	snprintf(mails, sizeof(mails), "%" PRId64, i->messages);
	issues_print_marks(i, marks);
	table_add(table, i->due_at == 0 ? "no date" : due, alarm);
	table_add(table, i->due_at == 0 ? "" : left, alarm);
	table_add(table, i->id, issue_is_open(i) ? TERM_BOLD : TERM_DIM);
	table_add(table, issue_state_name(i->state),
	    issues_state_colour(i->state));
	table_add(table, mails, TERM_PLAIN);
	table_add(table, i->list, TERM_PLAIN);
	table_add(table, marks, alarm == TERM_DIM ? TERM_DIM : TERM_YELLOW);
}

static void
print_table(const struct issues *issues, int64_t now)
{
	struct table table;
	struct term term;
	size_t i;

	term_look(&term);
	table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (i = 0; i < issues->n; i++)
		add_row(&table, issues->rows[i].issue, now);
	table_print(&table, &term);
	table_clear(&table);
}

static bool
is_shown(const struct issues_row *row, const void *context)
{
	const struct filter *filter = context;
	const struct issue *issue = row->issue;

	if (filter->state != NULL &&
	    strcmp(filter->state, issue_state_name(issue->state)) != 0)
		return false;
	return filter->due_secs == ANY_TIME || (issue->due_at != 0 &&
	    issue->due_at <= filter->now + filter->due_secs);
}

/* What is wrong with the arguments, or NULL. */
static const char *
parse(int argc, char **argv, struct filter *filter)
{
	enum issue_state state;
	int i;

	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--all") == 0)
			filter->which = STORE_ALL;
		else if (strcmp(argv[i], "--state") == 0 && i + 1 < argc) {
			filter->state = argv[++i];
			if (!issue_state_parse(text_span(filter->state),
			    &state))
				return "--state takes embargoed, semi-public, "
				    "public, broken or invalid";
			if (state != ISSUE_EMBARGOED &&
			    state != ISSUE_SEMI_PUBLIC)
				filter->which = STORE_ALL;
		} else if (strcmp(argv[i], "--due") == 0 && i + 1 < argc) {
			if (!units_parse_duration(text_span(argv[++i]),
			    &filter->due_secs))
				return "--due takes a duration, as 3d or 12h";
		} else
			return "";
	}
	return NULL;
}

int
cmd_list(struct ctl *ctl, int argc, char **argv)
{
	struct filter filter = { .which = STORE_OPEN,
	    .due_secs = ANY_TIME, .now = clock_now() };
	const char *wrong = parse(argc, argv, &filter);
	struct issues issues;
	int code;

	if (wrong != NULL)
		return ctl_wrong(ctl, wrong, "[--all] [--due DURATION] "
		    "[--state STATE] [--list NAME] [--json]");
	code = issues_load(ctl, filter.which, &issues);
	if (code != EX_OK)
		return code;
	issues_filter(&issues, is_shown, &filter);
	if (ctl->wants_json)
		json_finish(json_of_issues(&issues), JSON_INDENT(2));
	else if (issues.n == 0)
		puts("no such issues");
	else
		print_table(&issues, filter.now);
	issues_clear(&issues);
	return EX_OK;
}
