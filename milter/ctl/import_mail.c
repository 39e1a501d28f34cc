/*
 * import_mail: a list's past mail becomes issues, to start with history.
 *
 * Judged and recorded by the code of the filter, in the order of time.  What
 * came to pass meanwhile is not told; nobody knows from the mail alone whether
 * an issue was published, so that it stays open until an operator says so.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/address.h"
#include "ctl/import.h"
#include "ctl/mailbox.h"
#include "ctl/progress.h"
#include "edge/clock.h"
#include "edge/mime.h"
#include "flow/examine.h"
#include "flow/record.h"
#include "flow/service.h"

#define HEAD_BYTES 65536

struct past {
	struct ctl	*ctl;
	struct snapshot	*snapshot;
	bool		 closes;	/* --closed */
	char		**issues;	/* that mail was taken into */
	const char	**trackers;	/* of these issues */
	size_t		 nissues;
	size_t		 taken, known, opened, refused;
	struct progress	 progress;
};

/* The time that a Received field gives stands behind its last semicolon. */
static int64_t
received_at(struct span value)
{
	size_t i = value.len;

	while (i > 0 && value.data[i - 1] != ';')
		i--;
	return i == 0 ? 0 : mime_parse_date(text_sub(value, i, value.len));
}

/* When our own host took it, else when it was written; 0: not known. */
static int64_t
find_time(const struct fields *fields)
{
	const struct field *received = field_find(fields, "Received", 0);
	const struct field *date = field_find(fields, "Date", 0);
	int64_t at = received == NULL ? 0 : received_at(received->value);

	if (at <= 0 && date != NULL)
		at = mime_parse_date(date->value);
	return at > clock_now() ? clock_now() : at;
}

/* The fields borrow from m. */
static bool
read_letter(const struct letter *letter, size_t max_bytes,
    const struct settings *settings, struct message *m, struct fields *fields)
{
	struct buf bytes;

	if (!mailbox_read(letter, max_bytes, &bytes))
		return false;
	message_init(m, settings);
	mailbox_fill(m, buf_span(&bytes), settings);
	m->is_too_big = m->is_too_big || bytes.len > settings->max_message;
	buf_clear(&bytes);
	message_fields(m, fields);
	return true;
}

/* The envelope's sender is the list by now: take the author, but nobody's. */
static void
find_sender(struct message *m, const struct fields *fields)
{
	const struct field *path = field_find(fields, "Return-Path", 0);
	const struct field *from = field_find(fields, "From", 0);
	struct span rest = from == NULL ? text_span("") : from->value;
	struct span address;

	if (path != NULL && text_is(text_trim(path->value), "<>"))
		address = text_span("");
	else if (!field_next_address(&rest, &address))
		return;
	free(m->sender);
	m->sender = buf_strndup(address);
}

static bool
has_address(struct span value, const struct list_settings *list)
{
	struct span address;

	while (field_next_address(&value, &address)) {
		if (text_starts_nocase(address, "mailto:"))
			address = text_sub(address, 7, address.len);
		if (address_matches(address, &list->address))
			return true;
	}
	return false;
}

static bool
names_list(const struct fields *fields, const struct list_settings *list)
{
	static const char *const names[] = { "To", "Cc", "Delivered-To",
	    "X-Original-To", "List-Post", "Resent-To" };
	const struct field *f;
	size_t i, k;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (k = 0; (f = field_find(fields, names[i], k)) != NULL; k++)
			if (has_address(f->value, list))
				return true;
	return false;
}

/* The one of --list, or the only one, or those that it names. */
static void
find_lists(const struct past *p, struct message *m,
    const struct fields *fields)
{
	const struct settings *s = p->snapshot->settings;
	const char *wanted = p->ctl->list;
	size_t i;

	for (i = 0; i < s->nlists; i++) {
		m->is_for[i] = wanted != NULL ?
		    strcmp(s->lists[i].name, wanted) == 0 : s->nlists == 1 ||
		    names_list(fields, &s->lists[i]);
		m->nfor += m->is_for[i];
	}
}

static void
refuse(struct past *p, const struct letter *letter, const char *reason,
    const char *why)
{
	p->refused++;
	progress_end(&p->progress);
	printf("%s: not taken: %s%s%s\n", letter->name, reason,
	    why[0] == '\0' ? "" : ": ", why);
}

static bool
is_new_issue(struct past *p, const char *tracker, const char *id)
{
	size_t i;

	for (i = p->nissues; i > 0; i--)
		if (strcmp(p->issues[i - 1], id) == 0 &&
		    strcmp(p->trackers[i - 1], tracker) == 0)
			return false;
	p->issues = buf_realloc(p->issues, p->nissues + 1,
	    sizeof(*p->issues));
	p->trackers = buf_realloc(p->trackers, p->nissues + 1,
	    sizeof(*p->trackers));
	p->issues[p->nissues] = buf_strdup(id);
	p->trackers[p->nissues++] = tracker;
	return true;
}

static int
write_note(struct past *p, const char *tracker, const char *id)
{
	const struct store_change c = { .op = STORE_NOTE,
	    .who = ctl_operator(), .now = clock_now(),
	    .text = "from past mail" };
	struct fault fault;

	return store_change(p->snapshot->store, tracker, id, &c, &fault) ?
	    EX_OK : ctl_fail(p->ctl, &fault);
}

/* What the filter would record of the message for one list. */
static int
take(struct past *p, const struct letter *letter, const struct message *m,
    const struct facts *facts, const struct judgement *j, size_t list)
{
	const char *tracker = p->snapshot->settings->lists[list].tracker;
	const struct record_way way = { .is_clear = j->is_warned,
	    .past_at = letter->at };
	struct store_answer answer;
	struct fault fault;

	if (!record_message(p->snapshot, list, m, facts, &way, &answer,
	    &fault))
		return ctl_fail(p->ctl, &fault);
	if (answer.refused != REASON_LATER) {
		refuse(p, letter, verdict_row(answer.refused)->name, "");
		return EX_OK;
	}
	(void)is_new_issue(p, tracker, answer.issue);
	if (answer.is_retry) {
		p->known++;
		return EX_OK;
	}
	p->taken++;
	if (answer.kind != STORE_NEW)
		return EX_OK;
	p->opened++;
	return write_note(p, tracker, answer.issue);
}

/* Lists of one tracker share one event, as in the filter. */
static int
judge(struct past *p, const struct letter *letter, const struct message *m,
    struct facts *facts)
{
	const struct settings *s = p->snapshot->settings;
	struct examiner x = { .settings = s };
	const char *done = NULL;
	struct judgement j;
	int code = EX_OK;
	char why[300];
	size_t i;

	x.until_ms = clock_monotonic_ms() + s->gnupg.timeout_ms;
	for (i = 0; code == EX_OK && i < s->nlists; i++) {
		if (!m->is_for[i] || (done != NULL &&
		    strcmp(done, s->lists[i].tracker) == 0))
			continue;
		x.list = &s->lists[i];
		x.keys = &p->snapshot->keys[i];
		x.canary = p->snapshot->canaries[i];
		examine_judge(facts, &x, &j);
		policy_explain(&j, why, sizeof(why));
		if (j.reason == REASON_LATER && j.verdict != VERDICT_ACCEPT) {
			fprintf(stderr, "embargoctl import: %s: %s\n",
			    letter->name, why);
			code = EX_UNAVAILABLE;
		} else if (j.verdict != VERDICT_ACCEPT || j.is_trial)
			refuse(p, letter, verdict_row(j.reason)->name, why);
		else {
			done = s->lists[i].tracker;
			code = take(p, letter, m, facts, &j, i);
		}
	}
	return code;
}

static int
import_letter(struct past *p, const struct letter *letter)
{
	const struct settings *s = p->snapshot->settings;
	struct fields fields;
	struct message m;
	struct facts facts;
	int code = EX_OK;

	if (letter->at <= 0) {
		refuse(p, letter, "it has no date", "");
		return EX_OK;
	}
	if (!read_letter(letter, s->max_message + HEAD_BYTES, s, &m,
	    &fields)) {
		fprintf(stderr, "embargoctl import: %s: %s\n", letter->path,
		    strerror(errno));
		return EX_DATAERR;
	}
	find_lists(p, &m, &fields);
	find_sender(&m, &fields);
	field_clear(&fields);
	if (m.nfor == 0)
		refuse(p, letter, "it names no list; see --list", "");
	else {
		examine_read(&m, &s->limits, &facts);
		code = judge(p, letter, &m, &facts);
		examine_clear(&facts);
	}
	message_clear(&m);
	return code;
}

static int
compare(const void *a, const void *b)
{
	const struct letter *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* All letters of all paths, in the order of time. */
static int
find_letters(struct past *p, int argc, char **argv, struct mailbox *box)
{
	struct fields fields;
	struct message m;
	char *failed;
	size_t i;
	int n;

	for (n = 0; n < argc; n++)
		if (!mailbox_add(box, argv[n], &failed)) {
			fprintf(stderr, "embargoctl import: %s: %s\n", failed,
			    strerror(errno));
			free(failed);
			return EX_DATAERR;
		}
	for (i = 0; i < box->n; i++) {
		if (!read_letter(&box->v[i], HEAD_BYTES,
		    p->snapshot->settings, &m, &fields))
			continue;	/* told when it is its turn */
		box->v[i].at = find_time(&fields);
		field_clear(&fields);
		message_clear(&m);
		progress_show(&p->progress, i + 1, box->n);
	}
	progress_end(&p->progress);
	qsort(box->v, box->n, sizeof(*box->v), compare);
	return EX_OK;
}

/* --closed: what is due by now was published when it was due. */
static int
close_issue(struct past *p, const char *tracker, const char *id,
    size_t *closed)
{
	struct store_change c = { .op = STORE_SET_STATE,
	    .who = ctl_operator(), .now = clock_now(),
	    .state = ISSUE_PUBLIC };
	struct store *store = p->snapshot->store;
	struct issue issue;
	struct fault fault;
	bool is_due;

	if (!store_load(store, tracker, id, &issue, &fault))
		return ctl_fail(p->ctl, &fault);
	c.due_at = issue.due_at;
	is_due = issue_is_open(&issue) && issue.due_at != 0 &&
	    issue.due_at <= c.now;
	issue_clear(&issue);
	if (!is_due)
		return EX_OK;
	(*closed)++;
	return store_change(store, tracker, id, &c, &fault) ? EX_OK :
	    ctl_fail(p->ctl, &fault);
}

static int
finish(struct past *p, size_t n)
{
	size_t i, closed = 0;
	int code = EX_OK;

	for (i = 0; p->closes && code == EX_OK && i < p->nissues; i++)
		code = close_issue(p, p->trackers[i], p->issues[i], &closed);
	printf("%zu messages: %zu taken, %zu known before, %zu not taken; "
	    "%zu issues, %zu of them new", n, p->taken, p->known, p->refused,
	    p->nissues, p->opened);
	if (p->closes)
		printf(", %zu public by now", closed);
	putchar('\n');
	return code;
}

static int
run(struct past *p, int argc, char **argv)
{
	struct mailbox box = { NULL, 0 };
	size_t i;
	int code;

	progress_begin(&p->progress, "look at dates", false);
	code = find_letters(p, argc, argv, &box);
	progress_begin(&p->progress, "import", false);
	for (i = 0; code == EX_OK && i < box.n; i++) {
		code = import_letter(p, &box.v[i]);
		progress_show(&p->progress, i + 1, box.n);
	}
	progress_end(&p->progress);
	if (code == EX_OK)
		code = finish(p, box.n);
	mailbox_clear(&box);
	return code;
}

int
import_mail(struct ctl *ctl, int argc, char **argv)
{
	struct past p = { .ctl = ctl };
	struct service *service;
	struct fault fault;
	int code;
	size_t i;

	p.closes = argc > 0 && strcmp(argv[0], "--closed") == 0;
	argc -= p.closes;
	argv += p.closes;
	if (argc < 1)
		return ctl_usage(ctl, "--mbox [--closed] [--list NAME] "
		    "FILE...");
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	if (!service_new(ctl->conf_path, &service, &fault))
		return ctl_fail(ctl, &fault);
	p.snapshot = service_hold(service);
	code = run(&p, argc, argv);
	for (i = 0; i < p.nissues; i++)
		free(p.issues[i]);
	free(p.issues);
	free(p.trackers);
	service_drop(service, &p.snapshot);
	service_free(&service);
	return code;
}
