/*
 * purge: forget issues by their age after publication.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/units.h"
#include "ctl/ask.h"
#include "ctl/json.h"
#include "ctl/progress.h"
#include "edge/clock.h"

#define USAGE "--older-than DURATION [--dry-run] [--yes] [--list NAME] " \
	"[--json]"

struct run {
	struct ctl		*ctl;
	struct store_purge	 purge;
	bool			 tells;		/* of each issue */
	json_t			*array;
	int64_t			 issues, messages, alerts;
	struct progress		 progress;
};

static void
tell(struct run *run, const struct issue *issue, const char *tracker)
{
	char at[24];

	run->issues++;
	if (!run->tells)
		return;
	json_array_append_new(run->array, json_of_issue(issue, tracker));
	if (run->ctl->wants_json)
		return;
	ctl_print_time(issue->public_at, at);
	printf("%s  %-11s  %s\n", issue->id, issue_state_name(issue->state),
	    at);
}

static bool
purge_issues(struct run *run, const char *tracker, struct fault *fault)
{
	struct store *store = run->ctl->store;
	struct issue *issues;
	bool is_old, ok;
	size_t n, i;

	if (!store_list(store, tracker, STORE_ALL, &issues, &n, fault))
		return false;
	ok = true;
	for (i = 0; ok && i < n; i++) {
		ok = store_purge_issue(store, tracker, &run->purge,
		    issues[i].id, &is_old, fault);
		if (ok && is_old)
			tell(run, &issues[i], tracker);
		progress_show(&run->progress, i + 1, n);
	}
	store_free_issues(&issues, n);
	return ok;
}

static bool
purge_rest(struct run *run, const char *tracker, struct fault *fault)
{
	struct store *store = run->ctl->store;
	bool is_over = false;
	int64_t count, step;

	for (step = 0; !is_over; step++) {
		if (!store_purge_messages(store, tracker, &run->purge, step,
		    &count, &is_over, fault))
			return false;
		run->messages += count;
		progress_show(&run->progress, (size_t)step + 1, 0);
	}
	if (!store_purge_alerts(store, tracker, &run->purge, &count, fault))
		return false;
	run->alerts += count;
	return true;
}

static int
pass(struct run *run, bool really)
{
	const char *tracker;
	struct fault fault;
	bool ok = true;
	size_t i;

	run->purge.really = really;
	run->issues = run->messages = run->alerts = 0;
	progress_begin(&run->progress, really ? "purge" : "look", run->tells);
	for (i = 0; ok && (tracker = ctl_tracker(run->ctl, i)) != NULL; i++)
		ok = purge_issues(run, tracker, &fault) &&
		    purge_rest(run, tracker, &fault);
	progress_end(&run->progress);
	return ok ? EX_OK : ctl_fail(run->ctl, &fault);
}

static void
print_sum(const struct run *run, const char *verb, char *dst, size_t size)
{
	snprintf(dst, size, "%s %" PRId64 " issue%s, %" PRId64 " message "
	    "digests, %" PRId64 " alerts", verb, run->issues,
	    run->issues == 1 ? "" : "s", run->messages, run->alerts);
}

/* Look first: the question says what would be forgotten. */
static int
purge(struct run *run)
{
	int code = pass(run, false);
	char text[200];

	if (code != EX_OK)
		return code;
	if (run->tells && !run->ctl->wants_json) {
		print_sum(run, "would forget", text, sizeof(text));
		puts(text);
	}
	if (run->tells || run->issues + run->messages + run->alerts == 0)
		return EX_OK;
	print_sum(run, "Forget for good", text, sizeof(text));
	code = ask_sure(run->ctl, text);
	return code == EX_OK ? pass(run, true) : code;
}

int
cmd_purge(struct ctl *ctl, int argc, char **argv)
{
	struct run run = { .ctl = ctl };
	int64_t age_secs = 0;
	char text[200];
	int i, code;

	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--dry-run") == 0)
			run.tells = true;
		else if (strcmp(argv[i], "--older-than") != 0 ||
		    i + 1 == argc || !units_parse_duration(text_span(
		    argv[++i]), &age_secs))
			return ctl_usage(ctl, USAGE);
	}
	if (age_secs <= 0)
		return ctl_usage(ctl, USAGE);
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	run.purge.before = clock_now() - age_secs;
	run.array = json_array();
	code = purge(&run);
	if (code == EX_OK && run.tells && ctl->wants_json) {
		json_finish(run.array, JSON_INDENT(2));
		return EX_OK;
	}
	json_decref(run.array);
	if (code == EX_OK && !run.tells) {
		print_sum(&run, "forgot", text, sizeof(text));
		puts(text);
	}
	return code;
}
