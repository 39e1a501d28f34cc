/*
 * show: one issue and its log.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "ctl/ctl.h"
#include "ctl/json.h"
#include "edge/clock.h"

static void
print_time(const char *label, int64_t at, const char *remark)
{
	char text[24], relative[48];

	if (at == 0)
		return;
	ctl_print_time(at, text);
	ctl_print_relative(at, clock_now(), relative);
	printf("%-10s %s UTC (%s)%s\n", label, text, relative, remark);
}

static const char *
date_mark(const struct issue *i)
{
	if (i->is_assumed)
		return ", assumed";
	if (i->is_hour_assumed)
		return ", its hour assumed";
	if (i->is_capped)
		return ", capped";
	return i->is_over_max ? ", over-max" : "";
}

static void
print_issue(const struct issue *i)
{
	printf("%-10s %s\n%-10s %s\n%-10s %s\n", "issue", i->id, "state",
	    issue_state_name(i->state), "list", i->list);
	print_time("deadline", i->due_at, date_mark(i));
	if (i->due_at == 0)
		printf("%-10s none\n", "deadline");
	if (i->needs_human)
		printf("%-10s a person must read the mail and use "
		    "embargoctl set-date\n", "attention");
	print_time("opened", i->opened_at, "");
	print_time("last mail", i->last_at, "");
	print_time("public", i->public_at, "");
	if (i->has_exploit && i->exploit_at == 0)
		printf("%-10s will follow, no date\n", "exploit");
	print_time("exploit", i->exploit_at, "");
	printf("%-10s %lld\n", "messages", (long long)i->messages);
	if (i->cve[0] != '\0')
		printf("%-10s %s\n", "cve", i->cve);
	if (i->merged_into[0] != '\0')
		printf("%-10s %s\n", "merged", i->merged_into);
	if (i->url[0] != '\0')
		printf("%-10s %s\n", "url", i->url);
	if (i->subject[0] != '\0')
		printf("%-10s %s\n", "subject", i->subject);
}

static void
print_log(const struct store_entry *log, size_t n)
{
	char at[24];
	size_t i;

	puts("log");
	for (i = 0; i < n; i++) {
		ctl_print_time(strtoll(store_entry_value(&log[i], "at"), NULL,
		    10), at);
		printf("  %s  %-12s %s  (%s)\n", at,
		    store_entry_value(&log[i], "what"),
		    store_entry_value(&log[i], "text"),
		    store_entry_value(&log[i], "by"));
	}
}

static void
print_json(const struct issue *issue, const char *tracker,
    const struct store_entry *log, size_t n)
{
	json_t *object = json_of_issue(issue, tracker), *array = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(array, json_of_entry(&log[i]));
	json_object_set_new(object, "log", array);
	json_finish(object, JSON_INDENT(2));
}

int
cmd_show(struct ctl *ctl, int argc, char **argv)
{
	struct store_entry *log;
	struct issue issue;
	struct fault fault;
	const char *tracker;
	size_t n;
	int code;

	if (argc != 1)
		return ctl_usage(ctl, "ISSUE [--json]");
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	tracker = ctl_find_issue(ctl, argv[0], &issue, &code);
	if (tracker == NULL)
		return code;
	if (!store_log(ctl->store, tracker, issue.id, &log, &n, &fault)) {
		issue_clear(&issue);
		return ctl_fail(ctl, &fault);
	}
	if (ctl->wants_json)
		print_json(&issue, tracker, log, n);
	else {
		print_issue(&issue);
		print_log(log, n);
	}
	store_free_entries(&log, n);
	issue_clear(&issue);
	return EX_OK;
}
