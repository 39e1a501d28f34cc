/*
 * alerts: the stream of alerts, once or as they come.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/buf.h"
#include "ctl/ctl.h"
#include "ctl/json.h"

#define AT_ONCE		500
#define BLOCK_MS	1000

static void
print(const struct ctl *ctl, const struct store_entry *e)
{
	char at[24];

	if (ctl->wants_json) {
		json_finish(json_of_entry(e), JSON_COMPACT);
		return;
	}
	ctl_print_time(strtoll(store_entry_value(e, "at"), NULL, 10), at);
	printf("%s  %-12s  %-12s  %s\n", at, store_entry_value(e, "kind"),
	    store_entry_value(e, "issue"), store_entry_value(e, "text"));
}

/* What is behind *after, which moves on; *n_out: how many there were. */
static bool
print_behind(struct ctl *ctl, const char *tracker, char **after,
    int block_ms, size_t *n_out, struct fault *fault)
{
	struct store_entry *entries;
	size_t i;

	if (!store_alerts(ctl->store, tracker, *after, AT_ONCE, block_ms,
	    &entries, n_out, fault))
		return false;
	for (i = 0; i < *n_out; i++)
		print(ctl, &entries[i]);
	if (*n_out > 0) {
		free(*after);
		*after = buf_strdup(entries[*n_out - 1].id);
	}
	store_free_entries(&entries, *n_out);
	fflush(stdout);
	return true;
}

/* All trackers in turn; with follow until the terminal goes. */
static int
run(struct ctl *ctl, bool follow)
{
	char **after = NULL;
	struct fault fault;
	size_t n = 0, t, got;
	bool ok = true;

	while (ctl_tracker(ctl, n) != NULL) {
		after = buf_realloc(after, n + 1, sizeof(*after));
		after[n++] = buf_strdup("0");
	}
	for (t = 0; ok && t < n; t++)
		do
			ok = print_behind(ctl, ctl_tracker(ctl, t), &after[t],
			    0, &got, &fault);
		while (ok && got == AT_ONCE);
	while (ok && follow && ferror(stdout) == 0)
		for (t = 0; ok && t < n; t++)
			ok = print_behind(ctl, ctl_tracker(ctl, t), &after[t],
			    BLOCK_MS, &got, &fault);
	for (t = 0; t < n; t++)
		free(after[t]);
	free(after);
	return ok ? EX_OK : ctl_fail(ctl, &fault);
}

int
cmd_alerts(struct ctl *ctl, int argc, char **argv)
{
	bool follow = argc == 1 && strcmp(argv[0], "--follow") == 0;
	int code;

	if (argc > 1 || (argc == 1 && !follow))
		return ctl_usage(ctl, "[--follow] [--list NAME] [--json]");
	code = ctl_open(ctl);
	return code != EX_OK ? code : run(ctl, follow);
}
