/*
 * rig_all: uses everything that the store can do, once; see rig_all.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/rig_all.h"

#define TRACKER "distros"
#define FIRST	"VS-2027-0001"
#define SECOND	"VS-2027-0002"

/* What is done with the rig; the fault of the last call. */
struct doing {
	struct rig	*rig;
	struct fault	 fault;
};

static void
must(const struct doing *d, bool ok, const char *what)
{
	if (ok)
		return;
	printf("Bail out! rig_all: %s: %s\n", what, d->fault.text);
	exit(1);
}

static void
record(struct doing *d, const char *lineage, int64_t date)
{
	struct store_answer answer;
	struct store_mail mail;

	rig_mail(d->rig, lineage, &mail);
	mail.is_from_member = mail.is_clear = true;
	mail.reply_to = "x@y.test";
	mail.subject = text_span("subject");
	mail.seals[mail.nseals++] = text_span(lineage);
	mail.date.kind = date == 0 ? CRD_NONE : CRD_DATE;
	mail.date.at = date;
	must(d, store_record(d->rig->store, &mail, &answer, &d->fault),
	    lineage);
}

static void
record_mails(struct doing *d)
{
	d->rig->list.store_subject = true;
	record(d, "a", 0);
	record(d, "b <- a", RIG_NOW + 20 * RIG_DAY);
	record(d, "b <- a", RIG_NOW + 20 * RIG_DAY);
	record(d, "c <- b <- a", RIG_NOW - RIG_DAY);
	record(d, "d", RIG_NOW + 5 * RIG_DAY);
	store_count(d->rig->store, TRACKER, "refused:cleartext");
}

static void
guard(struct doing *d)
{
	struct store_stray stray = { .tracker = TRACKER, .now = RIG_NOW,
	    .lists = "distros", .ancestors = { text_span("a") },
	    .nancestors = 1 };
	char issue[ISSUE_ID_SIZE];
	struct store_mail mail;
	int64_t until;

	buf_init(&stray.recipients, 100);
	store_add_recipient(&stray, text_span("x@y.test"), "0");
	must(d, store_guard(d->rig->store, &stray, issue, &until,
	    &d->fault) && strcmp(issue, FIRST) == 0, "store_guard");
	buf_clear(&stray.recipients);
	rig_mail(d->rig, "b <- a", &mail);
	store_tell_copy(d->rig->store, &mail, REASON_CLEARTEXT);
}

static void
change(struct doing *d, enum store_op op, enum issue_state state,
    const char *text)
{
	struct store_change c = { .op = op, .who = "me", .now = RIG_NOW,
	    .due_at = RIG_NOW + RIG_DAY, .state = state, .text = text };

	must(d, store_change(d->rig->store, TRACKER, FIRST, &c, &d->fault),
	    "store_change");
}

static void
change_issues(struct doing *d)
{
	char issue[ISSUE_ID_SIZE];
	int op;

	for (op = STORE_SET_DATE; op < STORE_MERGE; op++)
		change(d, (enum store_op)op, ISSUE_BROKEN, "CVE-2027-1");
	change(d, STORE_SET_STATE, ISSUE_PUBLIC, "https://x.test");
	change(d, STORE_REOPEN, ISSUE_PUBLIC, NULL);
	must(d, store_move(d->rig->store, &d->rig->list, text_span("c"),
	    SECOND, "me", RIG_NOW, issue, &d->fault), "store_move");
	must(d, store_move(d->rig->store, &d->rig->list, text_span("c"),
	    FIRST, "me", RIG_NOW, issue, &d->fault), "store_move back");
	change(d, STORE_MERGE, ISSUE_PUBLIC, SECOND);
	change(d, STORE_REOPEN, ISSUE_PUBLIC, NULL);
}

static void
look(struct doing *d)
{
	struct store_alert alert = { "reached", RIG_NOW, "text" };
	struct issue *issues;
	int64_t next;
	bool won;
	size_t n;

	must(d, store_due(d->rig->store, TRACKER, RIG_NOW, &issues, &n, &next,
	    &d->fault), "store_due");
	must(d, n > 0, "nothing is due");
	must(d, store_look(d->rig->store, TRACKER, &issues[0], RIG_NOW, &alert,
	    1, 0, &won, &d->fault) && won, "store_look");
	store_free_issues(&issues, n);
	must(d, store_passed(d->rig->store, TRACKER, RIG_NOW, &d->fault),
	    "store_passed");
}

static void
read_issues(struct doing *d)
{
	struct issue *issues, one;
	size_t n;

	must(d, store_list(d->rig->store, TRACKER, STORE_ALL, &issues, &n,
	    &d->fault) && n == 2, "store_list, all");
	store_free_issues(&issues, n);
	must(d, store_list(d->rig->store, TRACKER, STORE_OPEN, &issues, &n,
	    &d->fault) && n == 2, "store_list, open");
	store_free_issues(&issues, n);
	must(d, store_load(d->rig->store, TRACKER, FIRST, &one, &d->fault),
	    "store_load");
	issue_clear(&one);
}

static void
read_streams(struct doing *d)
{
	struct store_entry *entries;
	struct store_health health;
	size_t n;

	must(d, store_alerts(d->rig->store, TRACKER, "0", 10, 10, &entries, &n,
	    &d->fault) && n > 0, "store_alerts");
	store_free_entries(&entries, n);
	must(d, store_log(d->rig->store, TRACKER, FIRST, &entries, &n,
	    &d->fault) && n > 0, "store_log");
	store_free_entries(&entries, n);
	must(d, store_counters(d->rig->store, TRACKER, &entries, &n,
	    &d->fault) && n > 0, "store_counters");
	store_free_entries(&entries, n);
	must(d, store_health(d->rig->store, TRACKER, RIG_NOW, &health,
	    &d->fault), "store_health");
	must(d, health.is_master && health.schema == 2 && health.open == 2 &&
	    health.last_pass_at == RIG_NOW, "health");
}

static void
mail_one(struct doing *d, enum store_queue queue)
{
	struct store_parcel p;
	bool held;

	must(d, store_take(d->rig->store, TRACKER, queue, 60000, &p,
	    &d->fault) && p.entry != NULL, "store_take");
	must(d, store_holds(d->rig->store, TRACKER, queue, &p, &held,
	    &d->fault) && held, "store_holds");
	must(d, store_done(d->rig->store, TRACKER, queue, &p, &d->fault),
	    "store_done");
	store_free_parcel(&p);
}

static void
tell(struct doing *d)
{
	const struct store_refusal refusal = { &d->rig->list, RIG_NOW,
	    REASON_CLEARTEXT, text_span("x@y.test"), true };
	struct store_ending key = { .name = "AA:1", .stage = 2 };
	int64_t n;

	store_refuse(d->rig->store, &refusal);
	must(d, store_gather(d->rig->store, TRACKER, RIG_NOW + 3600, &n,
	    &d->fault) && n == 1, "store_gather");
	must(d, store_tell_keys(d->rig->store, TRACKER, RIG_NOW, &key, 1,
	    &d->fault), "store_tell_keys");
}

/* An entry that was taken before is pending, and taken again. */
static void
mail(struct doing *d)
{
	struct store_parcel p;
	int64_t secs;

	mail_one(d, STORE_ALERTS);
	mail_one(d, STORE_REPLIES);
	do {
		must(d, store_take(d->rig->store, TRACKER, STORE_ALERTS, 0, &p,
		    &d->fault) && p.entry != NULL, "store_take again");
		secs = p.times;
		store_free_parcel(&p);
	} while (secs == 1);
	must(d, store_backlog(d->rig->store, TRACKER, &secs, &d->fault) &&
	    secs >= 0, "store_backlog");
}

/* All that is there, in one array for each step. */
static size_t
walk_all(struct doing *d, struct store_piece **pieces, size_t *n, size_t max)
{
	struct store_walk *walk;
	bool is_over = false;
	size_t steps = 0;

	must(d, store_walk_new(d->rig->store, TRACKER, &walk, &d->fault),
	    "store_walk_new");
	for (; !is_over && steps < max; steps++)
		must(d, store_walk_next(walk, &pieces[steps], &n[steps],
		    &is_over, &d->fault), "store_walk_next");
	must(d, is_over, "store_walk_next, the end");
	store_walk_free(&walk);
	return steps;
}

static void
purge(struct doing *d, const char *id)
{
	const struct store_purge purge = { RIG_NOW + 999 * RIG_DAY, true };
	bool is_old, is_over;
	int64_t n;

	must(d, store_purge_issue(d->rig->store, TRACKER, &purge, id, &is_old,
	    &d->fault) && is_old, "store_purge_issue");
	must(d, store_purge_messages(d->rig->store, TRACKER, &purge, 0, &n,
	    &is_over, &d->fault) && is_over && n > 0, "store_purge_messages");
	must(d, store_purge_alerts(d->rig->store, TRACKER, &purge, &n,
	    &d->fault), "store_purge_alerts");
}

/* An issue is forgotten and comes back. */
static void
keep(struct doing *d)
{
	struct store_change c = { .op = STORE_SET_STATE, .who = "me",
	    .now = RIG_NOW, .state = ISSUE_PUBLIC };
	struct store_piece *pieces[64];
	enum store_before before;
	size_t n[64], steps, i, k, late;
	bool found;

	must(d, store_change(d->rig->store, TRACKER, FIRST, &c, &d->fault),
	    "store_change, public");
	steps = walk_all(d, pieces, n, 64);
	purge(d, FIRST);
	for (i = 0; i < steps; i++) {
		for (k = 0; k < n[i]; k++)
			must(d, store_restore(d->rig->store, TRACKER,
			    &pieces[i][k], STORE_REPLACE, &before, &late,
			    &d->fault), "store_restore");
		store_free_pieces(&pieces[i], n[i]);
	}
	must(d, store_take_refusal(d->rig->store, TRACKER, "y.test", &found,
	    &d->fault) && !found, "store_take_refusal");
}

void
rig_all(struct rig *rig)
{
	struct doing d = { .rig = rig };

	record_mails(&d);
	guard(&d);
	change_issues(&d);
	look(&d);
	read_issues(&d);
	read_streams(&d);
	tell(&d);
	mail(&d);
	keep(&d);
}
