/*
 * classify: judge message files exactly as the filter would.
 */
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/address.h"
#include "core/buf.h"
#include "ctl/ctl.h"
#include "ctl/json.h"
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

/* A whole file; more than max_bytes is cut, which makes it too big. */
static bool
read_file(const char *path, size_t max_bytes, struct buf *out)
{
	char block[65536];
	struct stat st;
	size_t n;
	FILE *file = fopen(path, "rb");
	bool ok;

	if (file == NULL)
		return false;
	if (fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(file);
		errno = EISDIR;
		return false;
	}
	buf_init(out, max_bytes);
	while ((n = fread(block, 1, sizeof(block), file)) > 0)
		if (!buf_add(out, block, n))
			break;
	ok = ferror(file) == 0;
	fclose(file);
	if (!ok)
		buf_clear(out);
	return ok;
}

/* As the MTA would hand the message over. */
static void
fill_message(struct message *m, struct span bytes,
    const struct settings *settings)
{
	struct span header, line_of_mbox;
	struct fields fields;
	size_t line, i;
	char *name, *value;

	if (text_starts(bytes, "From ") || text_starts(bytes, ">From "))
		(void)text_next_line(&bytes, &line_of_mbox);
	field_split(bytes, &header, &bytes);
	m->sender = buf_strdup("unknown@invalid");
	switch (field_parse(header, settings->limits.max_fields, &fields,
	    &line)) {
	case FIELD_OK:
		break;
	case FIELD_BROKEN:
		m->has_odd_field = true;
		break;
	case FIELD_TOO_MANY:
		m->is_too_complex = true;
		break;
	}
	for (i = 0; i < fields.n; i++) {
		name = buf_strndup(fields.v[i].name);
		value = buf_strndup(fields.v[i].value);
		message_add_field(m, name, value, &settings->limits);
		free(name);
		free(value);
	}
	field_clear(&fields);
	(void)message_add_body(m, bytes.data, bytes.len);
}

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
classify_file(struct run *run, const char *path)
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
	if (!read_file(path, settings->max_message + 65536, &bytes)) {
		fprintf(stderr, "embargoctl classify: %s: %s\n", path,
		    strerror(errno));
		run->code = EX_DATAERR;
		return;
	}
	message_init(&message, settings);
	fill_message(&message, buf_span(&bytes), settings);
	if (bytes.len > settings->max_message)
		message.is_too_big = true;
	buf_clear(&bytes);
	examine_read(&message, &settings->limits, &facts);
	examine_judge(&facts, &x, &j);
	print(run, path, &j);
	if (j.verdict != VERDICT_ACCEPT)
		run->all_accepted = false;
	examine_clear(&facts);
	message_clear(&message);
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
	int i, code;

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
	for (i = 0; i < argc; i++)
		classify_file(&run, argv[i]);
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
