/*
 * list: the issues of all trackers, the nearest deadline first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/buf.h"
#include "core/units.h"
#include "ctl/ctl.h"
#include "ctl/json.h"
#include "edge/clock.h"

struct row {
	struct issue	*issue;		/* borrowed */
	const char	*tracker;
};

struct filter {
	enum store_which	 which;
	const char		*state;		/* NULL: any */
	int64_t			 due_secs;	/* 0: any */
};

static int
compare(const void *a, const void *b)
{
	const struct issue *x = ((const struct row *)a)->issue;
	const struct issue *y = ((const struct row *)b)->issue;

	if ((x->due_at == 0) != (y->due_at == 0))
		return x->due_at == 0 ? 1 : -1;
	if (x->due_at != y->due_at)
		return x->due_at < y->due_at ? -1 : 1;
	return strcmp(x->id, y->id);
}

static const char *
colour_of(const struct issue *issue, int64_t now)
{
	if (!issue_is_open(issue))
		return ctl_colour("\033[2m");
	if (issue->due_at != 0 && issue->due_at <= now)
		return ctl_colour("\033[1;31m");
	if (issue->needs_human || issue->due_at == 0 ||
	    issue->due_at - now < 2 * 86400)
		return ctl_colour("\033[33m");
	return "";
}

static void
print_row(const struct row *row, int64_t now)
{
	const struct issue *i = row->issue;
	const char *colour = colour_of(i, now);
	char due[24], relative[48];

	ctl_print_time(i->due_at, due);
	ctl_print_relative(i->due_at, now, relative);
	printf("%s%-16s  %-16s  %-12s  %-11s  %8lld  %s%s%s%s%s%s\n", colour,
	    due, relative, i->id, issue_state_name(i->state),
	    (long long)i->messages, i->list,
	    i->is_assumed ? "  assumed" : "", i->is_capped ? "  capped" : "",
	    i->is_over_max ? "  over-max" : "",
	    i->needs_human ? "  needs-human" : "",
	    colour[0] == '\0' ? "" : ctl_colour("\033[0m"));
}

static void
print_rows(const struct row *rows, size_t n, bool wants_json)
{
	int64_t now = clock_now();
	json_t *array;
	size_t i;

	if (wants_json) {
		array = json_array();
		for (i = 0; i < n; i++)
			json_array_append_new(array, json_of_issue(
			    rows[i].issue, rows[i].tracker));
		json_finish(array, JSON_INDENT(2));
		return;
	}
	if (n == 0) {
		puts("no such issues");
		return;
	}
	printf("%-16s  %-16s  %-12s  %-11s  %8s  %s\n", "DEADLINE (UTC)", "",
	    "ISSUE", "STATE", "MESSAGES", "LIST");
	for (i = 0; i < n; i++)
		print_row(&rows[i], now);
}

static bool
is_shown(const struct issue *issue, const struct filter *filter)
{
	if (filter->state != NULL &&
	    strcmp(filter->state, issue_state_name(issue->state)) != 0)
		return false;
	return filter->due_secs == 0 || (issue->due_at != 0 &&
	    issue->due_at <= clock_now() + filter->due_secs);
}

static bool
parse(int argc, char **argv, struct filter *filter)
{
	enum issue_state state;
	int i;

	memset(filter, 0, sizeof(*filter));
	filter->which = STORE_OPEN;
	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--all") == 0)
			filter->which = STORE_ALL;
		else if (strcmp(argv[i], "--state") == 0 && i + 1 < argc) {
			filter->which = STORE_ALL;
			filter->state = argv[++i];
			if (!issue_state_parse(text_span(filter->state),
			    &state))
				return false;
		} else if (strcmp(argv[i], "--due") == 0 && i + 1 < argc) {
			if (!units_parse_duration(text_span(argv[++i]),
			    &filter->due_secs))
				return false;
		} else
			return false;
	}
	return true;
}

/* Show what fits the filter; the arrays of all trackers stay until then. */
static int
show(struct ctl *ctl, const struct filter *filter)
{
	struct issue **issues = NULL;
	struct row *rows = NULL;
	struct fault fault;
	const char *tracker;
	size_t *counts = NULL, t, i, n = 0;
	int code = EX_OK;

	for (t = 0; (tracker = ctl_tracker(ctl, t)) != NULL; t++) {
		issues = buf_realloc(issues, t + 1, sizeof(*issues));
		counts = buf_realloc(counts, t + 1, sizeof(*counts));
		if (!store_list(ctl->store, tracker, filter->which,
		    &issues[t], &counts[t], &fault)) {
			code = ctl_fail(ctl, &fault);
			break;
		}
		rows = buf_realloc(rows, n + counts[t] + 1, sizeof(*rows));
		for (i = 0; i < counts[t]; i++)
			if (is_shown(&issues[t][i], filter))
				rows[n++] = (struct row){ &issues[t][i],
				    tracker };
	}
	if (code == EX_OK) {
		qsort(rows, n, sizeof(*rows), compare);
		print_rows(rows, n, ctl->wants_json);
	}
	while (t-- > 0)
		store_free_issues(&issues[t], counts[t]);
	free(issues);
	free(counts);
	free(rows);
	return code;
}

int
cmd_list(struct ctl *ctl, int argc, char **argv)
{
	struct filter filter;
	int code;

	if (!parse(argc, argv, &filter))
		return ctl_usage(ctl, "[--all] [--due DURATION] "
		    "[--state STATE] [--list NAME] [--json]");
	code = ctl_open(ctl);
	return code != EX_OK ? code : show(ctl, &filter);
}
