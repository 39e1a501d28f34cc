/*
 * mailer: alerts by mail; see mailer.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/memo.h"
#include "edge/clock.h"
#include "edge/keyring.h"
#include "edge/log.h"
#include "edge/post.h"
#include "flow/mailer.h"
#include "flow/tracker.h"

#define POST_MS		60000	/* sendmail has so long */
#define SPARE_MS	30000
#define AT_ONCE		100	/* mails, then the calendar is looked at; */
#define PASS_MS		60000	/* nor is it kept waiting for longer */
#define GPG_TIMES	3	/* attempts before a mail goes bare */
#define REPLY_SECS	(3 * 86400)	/* later it is no use */
#define MAIL_MAX	((size_t)1 << 20)
#define ID_SIZE		400

/* One queue of one tracker. */
struct run {
	struct mailer		*m;
	struct store		*store;
	const struct settings	*settings;
	const char		*tracker;
	enum store_queue	 queue;
	int64_t			 now;
	int64_t			 until_ms;	/* monotonic */
	struct fault		*fault;
};

enum result {
	RESULT_DONE,
	RESULT_LATER,		/* it stays in the stream */
	RESULT_FAILED,		/* so does the next, very likely */
	RESULT_TROUBLE		/* with the store */
};

static int64_t
number_of(const struct store_parcel *parcel, const char *name)
{
	return strtoll(store_entry_value(parcel->entry, name), NULL, 10);
}

/* The same entry has the same id, whoever mails it and how often. */
static void
print_id(const struct run *r, const struct store_parcel *parcel, char *dst)
{
	const char *from = r->settings->alerts.mail_from;

	snprintf(dst, ID_SIZE, "embargo.%s.%s.%s@%s", r->tracker,
	    r->queue == STORE_ALERTS ? "alert" : "reply", parcel->entry->id,
	    strchr(from, '@') + 1);
}

/* ---- encryption ---- */

/* Each operator's key is to be able to read it. */
static bool
encrypt(const struct settings *s, struct span plain, struct buf *armor,
    struct fault *fault)
{
	const struct strings *keys = &s->alerts.encrypt_to;
	struct strings *each = buf_alloc_zero(keys->n, sizeof(*each));
	size_t i;
	bool ok;

	for (i = 0; i < keys->n; i++) {
		each[i].v = &keys->v[i];
		each[i].n = 1;
	}
	ok = keyring_encrypt(&s->gnupg, each, keys->n, plain, armor, fault);
	free(each);
	return ok;
}

enum seal {
	SEAL_DONE,
	SEAL_UNUSABLE,		/* a key has ended or is missing */
	SEAL_TROUBLE		/* gpg's */
};

/* Does gpg find a key at all?  A gpg that does not work seems to miss all. */
static bool
finds_keys(const struct settings *s)
{
	const struct strings *lists[] = { &s->alerts.encrypt_to,
	    &s->lists[0].key };
	struct keyset keys;
	struct fault fault;
	size_t i, k;

	for (i = 0; i < 2; i++)
		for (k = 0; k < lists[i]->n; k++)
			if (keyring_look(&s->gnupg, lists[i]->v[k], &keys,
			    &fault)) {
				keyring_clear(&keys);
				return true;
			}
	return false;
}

static enum seal
seal(const struct run *r, const struct memo *memo,
    const struct memo_alert *alert, struct buf *out, struct fault *fault)
{
	struct buf plain, armor;
	enum seal result = SEAL_DONE;

	buf_init(&plain, MAIL_MAX);
	buf_init(&armor, 2 * MAIL_MAX);
	if (!memo_put_details(memo, alert, &plain)) {
		fault_set(fault, FAULT_SITE, "an alert beyond any size");
		result = SEAL_TROUBLE;
	} else if (!encrypt(r->settings, buf_span(&plain), &armor, fault))
		result = fault->kind == FAULT_CONFIG &&
		    finds_keys(r->settings) ? SEAL_UNUSABLE : SEAL_TROUBLE;
	else if (!memo_put_sealed(memo, buf_span(&armor), out)) {
		fault_set(fault, FAULT_SITE, "a mail beyond any size");
		result = SEAL_TROUBLE;
	}
	buf_clear(&plain);
	buf_clear(&armor);
	return result;
}

/* Once for each change. */
static void
note_seal(struct mailer *m, enum seal result, const struct fault *fault)
{
	if (result == SEAL_UNUSABLE && !m->is_bare)
		log_error("%s: alerts are mailed without details until that "
		    "is mended", fault->text);
	else if (result == SEAL_TROUBLE && !m->is_waiting)
		log_error("%s: an alert waits to be encrypted", fault->text);
	else if (result == SEAL_DONE && (m->is_bare || m->is_waiting))
		log_notice("alerts are encrypted again");
	m->is_bare = result == SEAL_UNUSABLE;
	m->is_waiting = result == SEAL_TROUBLE;
}

/* ---- writing ---- */

static bool
write_bare(const struct memo *memo, const struct memo_alert *alert,
    struct buf *out)
{
	buf_clear(out);
	return memo_put_bare(memo, alert, out);
}

/* Sealed; bare without keys, or when that cannot be. */
static enum result
write_memo(const struct run *r, const struct store_parcel *parcel,
    const struct memo *memo, const struct memo_alert *alert, struct buf *out)
{
	enum seal result;
	struct fault fault;

	if (r->settings->alerts.encrypt_to.n > 0) {
		result = seal(r, memo, alert, out, &fault);
		note_seal(r->m, result, &fault);
		if (result == SEAL_DONE)
			return RESULT_DONE;
		if (result == SEAL_TROUBLE && parcel->times < GPG_TIMES)
			return RESULT_FAILED;
	}
	return write_bare(memo, alert, out) ? RESULT_DONE : RESULT_LATER;
}

static enum result
write_alert(const struct run *r, const struct store_parcel *parcel,
    const struct memo *memo, struct buf *out)
{
	const struct memo_alert empty = { .kind = "" };
	struct memo_alert alert = empty;
	struct issue issue;
	enum result result;
	bool known;

	alert.kind = store_entry_value(parcel->entry, "kind");
	alert.issue = store_entry_value(parcel->entry, "issue");
	alert.state = store_entry_value(parcel->entry, "state");
	alert.text = store_entry_value(parcel->entry, "text");
	alert.at = number_of(parcel, "at");
	alert.due_at = number_of(parcel, "due_at");
	known = alert.issue[0] != '\0' && store_load(r->store, r->tracker,
	    alert.issue, &issue, r->fault);
	if (alert.issue[0] != '\0' && !known &&
	    r->fault->kind != FAULT_MISSING)
		return RESULT_TROUBLE;
	if (known)
		alert.known = &issue;
	result = write_memo(r, parcel, memo, &alert, out);
	if (known)
		issue_clear(&issue);
	return result;
}

static bool
write_reply(const struct store_parcel *parcel, const struct memo *memo,
    struct buf *out)
{
	const struct memo_reply reply = {
	    .issue = store_entry_value(parcel->entry, "issue"),
	    .due_at = number_of(parcel, "due_at"),
	    .is_assumed = number_of(parcel, "assumed") != 0 };

	return memo_put_reply(memo, &reply, out);
}

/* ---- sending ---- */

/* Once for each change. */
static void
note_post(struct mailer *m, bool ok, const struct fault *fault)
{
	if (!ok && !m->is_failing)
		log_error("%s: mail waits until that is mended", fault->text);
	else if (ok && m->is_failing)
		log_notice("mail is taken again");
	m->is_failing = !ok;
}

static enum result
post(const struct run *r, const struct store_parcel *parcel,
    const struct memo *memo, struct span message)
{
	const struct alert_settings *alerts = &r->settings->alerts;
	struct fault fault;
	bool holds, ok;

	if (!store_holds(r->store, r->tracker, r->queue, parcel, &holds,
	    r->fault))
		return RESULT_TROUBLE;
	if (!holds)
		return RESULT_LATER;
	/* nobody is to answer an answer: RFC 3834 section 3.3 */
	ok = post_send(alerts->sendmail, r->queue == STORE_REPLIES ? "" :
	    alerts->mail_from, memo->to, message, POST_MS, &fault);
	note_post(r->m, ok, &fault);
	if (!ok)
		return RESULT_FAILED;
	return store_done(r->store, r->tracker, r->queue, parcel, r->fault) ?
	    RESULT_DONE : RESULT_TROUBLE;
}

/* A report so old that its sender has asked already. */
static bool
is_late(const struct run *r, const struct store_parcel *parcel)
{
	return r->queue == STORE_REPLIES &&
	    number_of(parcel, "at") + REPLY_SECS < r->now;
}

static enum result
deliver(const struct run *r, const struct store_parcel *parcel)
{
	char *reporter = (char *)(uintptr_t)store_entry_value(parcel->entry,
	    "to");	/* not written to */
	const struct strings one = { &reporter, 1 };
	char id[ID_SIZE];
	const struct memo memo = { r->settings->alerts.mail_from,
	    r->queue == STORE_REPLIES ? &one : &r->settings->alerts.mail_to,
	    id, r->now };
	enum result result;
	struct buf message;

	if (is_late(r, parcel)) {
		log_notice("%s: its reporter is not told any more",
		    store_entry_value(parcel->entry, "issue"));
		return store_done(r->store, r->tracker, r->queue, parcel,
		    r->fault) ? RESULT_DONE : RESULT_TROUBLE;
	}
	buf_init(&message, 4 * MAIL_MAX);
	print_id(r, parcel, id);
	if (r->queue == STORE_ALERTS)
		result = write_alert(r, parcel, &memo, &message);
	else
		result = write_reply(parcel, &memo, &message) ? RESULT_DONE :
		    RESULT_LATER;
	if (result == RESULT_DONE)
		result = post(r, parcel, &memo, buf_span(&message));
	buf_clear(&message);
	return result;
}

/* False when the store is in trouble. */
static bool
empty_queue(struct run *r, bool *more_out)
{
	const struct settings *s = r->settings;
	int64_t lease_ms = POST_MS + SPARE_MS + s->gnupg.timeout_ms +
	    5 * (int64_t)s->redis.timeout_ms;
	struct store_parcel parcel;
	enum result result;
	int i;

	for (i = 0; i < AT_ONCE && clock_monotonic_ms() < r->until_ms; i++) {
		if (!store_take(r->store, r->tracker, r->queue, lease_ms,
		    &parcel, r->fault))
			return false;
		if (parcel.entry == NULL)
			return true;
		result = deliver(r, &parcel);
		store_free_parcel(&parcel);
		if (result == RESULT_TROUBLE)
			return false;
		if (result == RESULT_FAILED)
			return true;
	}
	*more_out = true;
	return true;
}

bool
mailer_pass(struct mailer *m, struct store *store,
    const struct settings *settings, int64_t now, bool *more_out,
    struct fault *fault)
{
	struct run r = { .m = m, .store = store, .settings = settings,
	    .now = now, .until_ms = clock_monotonic_ms() + PASS_MS,
	    .fault = fault };
	size_t i;

	*more_out = false;
	for (i = 0; (r.tracker = tracker_name(settings, i)) != NULL; i++) {
		r.queue = STORE_ALERTS;
		if (settings->alerts.mail_to.n > 0 &&
		    !empty_queue(&r, more_out))
			return false;
		r.queue = STORE_REPLIES;
		if (!empty_queue(&r, more_out))
			return false;
	}
	return true;
}
