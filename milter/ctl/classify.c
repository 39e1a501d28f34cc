/*
 * classify: judge message files exactly as the filter would.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/address.h"
#include "core/buf.h"
#include "ctl/ctl.h"
#include "ctl/json.h"
#include "ctl/mailbox.h"
#include "ctl/progress.h"
#include "edge/clock.h"
#include "edge/conf.h"
#include "edge/keyring.h"
#include "edge/members.h"
#include "flow/examine.h"

struct run {
	const struct ctl		*ctl;
	const struct list_settings	*list;
	struct keyset			 keys;
	struct canary			*canary;
	bool				 any_key;
	json_t				*array;
	bool				 all_accepted;
	int				 code;	/* of unreadable files */
};

static void
print(struct run *run, const char *path, const struct judgement *j)
{
	char why[300] = "";
	const char *verdict = verdict_name(j->verdict);
	const char *reason = verdict_row(j->reason)->name;

	if (j->verdict != VERDICT_ACCEPT || j->is_warned || j->is_trial)
		policy_explain(j, why, sizeof(why));
	if (run->ctl->wants_json)
		json_array_append_new(run->array, json_pack("{ss ss ss ss}",
		    "file", path, "verdict", verdict, "reason", reason,
		    "explanation", why));
	else
		printf("%s: %s %s%s%s\n", path, verdict, reason,
		    why[0] == '\0' ? "" : ": ", why);
}

static void
fail(struct run *run, const char *path)
{
	fprintf(stderr, "embargoctl classify: %s: %s\n", path,
	    strerror(errno));
	run->code = EX_DATAERR;
}

static void
classify(struct run *run, const struct letter *letter)
{
	const struct settings *settings = run->ctl->settings;
	const struct examiner x = { settings, run->list,
	    run->any_key ? NULL : &run->keys, run->canary,
	    clock_monotonic_ms() + settings->gnupg.timeout_ms };
	struct message message;
	struct judgement j;
	struct facts facts;
	struct buf bytes;

	/* a byte more than allowed, so that it is seen to be too big */
	if (!mailbox_read(letter, settings->max_message + 65536, &bytes)) {
		fail(run, letter->path);
		return;
	}
	message_init(&message, settings);
	mailbox_fill(&message, buf_span(&bytes), settings);
	if (bytes.len > settings->max_message)
		message.is_too_big = true;
	buf_clear(&bytes);
	examine_read(&message, &settings->limits, &facts);
	examine_judge(&facts, &x, &j);
	print(run, letter->name, &j);
	if (j.verdict != VERDICT_ACCEPT)
		run->all_accepted = false;
	examine_clear(&facts);
	message_clear(&message);
}

/* All messages of all files; what cannot be read does not end it. */
static void
classify_all(struct run *run, int argc, char **argv)
{
	struct mailbox box = { NULL, 0 };
	struct progress progress;
	char *failed;
	size_t i;
	int n;

	for (n = 0; n < argc; n++)
		if (!mailbox_add(&box, argv[n], &failed)) {
			fail(run, failed);
			free(failed);
		}
	progress_begin(&progress, "classify",
	    !run->ctl->wants_json);
	for (i = 0; i < box.n; i++) {
		classify(run, &box.v[i]);
		progress_show(&progress, i + 1, box.n);
	}
	progress_end(&progress);
	mailbox_clear(&box);
}

/* The list of --list, by name or address; the first one without it. */
static struct list_settings *
find_list(const struct ctl *ctl, const char *wanted)
{
	const struct settings *s = ctl->settings;
	size_t i;

	for (i = 0; i < s->nlists; i++)
		if (wanted == NULL || strcmp(wanted, s->lists[i].name) == 0 ||
		    address_matches(text_span(wanted), &s->lists[i].address))
			return &s->lists[i];
	return NULL;
}

static int
prepare(struct ctl *ctl, struct run *run)
{
	struct list_settings *list;
	struct fault fault;

	if (run->any_key) {
		ctl->settings = conf_default();
		run->list = &ctl->settings->lists[0];
		return EX_OK;
	}
	if (!conf_load(ctl->conf_path, &ctl->settings, &fault))
		return ctl_fail(ctl, &fault);
	run->list = list = find_list(ctl, ctl->list);
	if (list == NULL) {
		fprintf(stderr, "embargoctl classify: %s knows no list %s\n",
		    ctl->conf_path, ctl->list);
		return EX_USAGE;
	}
	if (!keyring_load(&ctl->settings->gnupg, list, &run->keys, &fault))
		return ctl_fail(ctl, &fault);
	keyring_sort(&run->keys, list);
	if ((list->members != NULL &&
	    !members_load(list->members, &run->keys, &fault)) ||
	    (list->decrypt && !inside_new_canary(ctl->settings, list,
	    &run->keys, &run->canary, &fault)))
		return ctl_fail(ctl, &fault);
	return EX_OK;
}

int
cmd_classify(struct ctl *ctl, int argc, char **argv)
{
	struct run run = { .ctl = ctl, .all_accepted = true };
	int code;

	if (argc > 0 && strcmp(argv[0], "--any-key") == 0) {
		run.any_key = true;
		argc--;
		argv++;
	}
	if (argc == 0 || (argv[0][0] == '-' && argv[0][1] == '-'))
		return ctl_usage(ctl,
		    "[--list ADDRESS | --any-key] [--json] FILE...");
	code = prepare(ctl, &run);
	if (code != EX_OK)
		return code;
	run.array = json_array();
	classify_all(&run, argc, argv);
	if (ctl->wants_json)
		json_finish(run.array, JSON_INDENT(2));
	else
		json_decref(run.array);
	members_clear(&run.keys);
	keyring_clear(&run.keys);
	inside_free_canary(&run.canary);
	if (run.code != 0)
		return run.code;
	return run.all_accepted ? EX_OK : CTL_NO;
}
