/*
 * session: one connection of the MTA; see session.h.
 *
 * The order at the end of a message: structure, then the lists' rules, then the
 * store, then the tags.  A refusal of the structure needs neither gpg nor
 * Redis; any trouble of our own leaves the verdict where it began: try later.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "edge/log.h"
#include "flow/examine.h"
#include "flow/guard.h"
#include "flow/message.h"
#include "flow/record.h"
#include "flow/session.h"
#include "flow/wrap.h"

struct session {
	struct service	*service;
	struct snapshot	*snapshot;	/* NULL between messages */
	struct message	 message;
	bool		 is_open;	/* MAIL seen */
	bool		 is_sorted;	/* whose the message is: sort() */
	bool		 is_guarded;	/* for no list: the leak guard's */
	bool		 has_leaked;	/* it had a word, on trial */
	struct judgement leak;
};

struct session *
session_new(struct service *service)
{
	struct session *s = buf_alloc_zero(1, sizeof(*s));

	s->service = service;
	return s;
}

void
session_abort(struct session *s)
{
	if (!s->is_open)
		return;
	message_clear(&s->message);
	service_drop(s->service, &s->snapshot);
	s->is_open = false;
}

void
session_free(struct session **session)
{
	struct session *s = *session;

	*session = NULL;
	if (s == NULL)
		return;
	session_abort(s);
	free(s);
}

void
session_mail(struct session *s, const char *sender)
{
	session_abort(s);
	s->snapshot = service_hold(s->service);
	message_init(&s->message, s->snapshot->settings);
	s->message.sender = message_copy_address(sender);
	s->is_open = true;
	s->is_sorted = s->is_guarded = s->has_leaked = false;
}

void
session_rcpt(struct session *s, const char *recipient)
{
	if (s->is_open)
		message_add_recipient(&s->message, recipient,
		    s->snapshot->settings);
}

static void
note_queue_id(struct session *s, const char *queue_id)
{
	if (queue_id != NULL)
		text_print(text_span(queue_id), s->message.queue_id,
		    sizeof(s->message.queue_id));
}

/* All recipients are known: whose message is it? */
static void
sort(struct session *s)
{
	if (s->is_sorted)
		return;
	s->is_sorted = true;
	message_find_manager(&s->message, s->snapshot->settings);
	s->is_guarded = s->message.nfor == 0 && s->snapshot->has_guard;
}

enum session_next
session_data(struct session *s, const char *queue_id)
{
	if (!s->is_open)
		return SESSION_CONTINUE;
	note_queue_id(s, queue_id);
	sort(s);
	return s->message.nfor > 0 || s->is_guarded ? SESSION_CONTINUE :
	    SESSION_PASS;
}

void
session_header(struct session *s, const char *name, const char *value)
{
	if (!s->is_open)
		return;
	sort(s);	/* an MTA that does not ask at DATA */
	if (s->message.nfor > 0 || (s->is_guarded && guard_reads(name)))
		message_add_field(&s->message, name, value,
		    &s->snapshot->settings->limits);
}

enum session_next
session_body(struct session *s, const void *data, size_t len)
{
	if (s->is_open && (s->message.nfor == 0 ||
	    !message_add_body(&s->message, data, len)))
		return SESSION_SKIP;
	return SESSION_CONTINUE;
}

/*
 * What each list says whose message it is, in the order of the configuration;
 * *worst is the strictest.
 */
static void
judge(struct session *s, struct facts *facts, struct judgement *each,
    struct judgement *worst)
{
	const struct settings *settings = s->snapshot->settings;
	struct examiner x = { .settings = settings };
	bool first = true;
	size_t i;

	x.until_ms = clock_monotonic_ms() + settings->gnupg.timeout_ms;
	policy_begin(worst);
	for (i = 0; i < settings->nlists; i++) {
		if (!s->message.is_for[i])
			continue;
		x.list = &settings->lists[i];
		x.keys = &s->snapshot->keys[i];
		x.canary = s->snapshot->canaries[i];
		examine_judge(facts, &x, &each[i]);
		if (first)
			*worst = each[i];
		else
			policy_worse(worst, &each[i]);
		first = false;
	}
}

/* Does the list take the message, and not only on trial? */
static bool
is_taken(const struct session *s, const struct judgement *each, size_t list)
{
	return s->message.is_for[list] &&
	    each[list].verdict == VERDICT_ACCEPT && !each[list].is_trial;
}

/* Does a list before this one take it, too, that has the same tracker? */
static bool
is_recorded(const struct session *s, const struct judgement *each, size_t list)
{
	const struct settings *settings = s->snapshot->settings;
	size_t i;

	for (i = 0; i < list; i++)
		if (is_taken(s, each, i) && strcmp(settings->lists[i].tracker,
		    settings->lists[list].tracker) == 0)
			return true;
	return false;
}

/* For one list; a fault or a refusal by the store changes the judgement. */
static bool
record_one(struct session *s, const struct facts *facts, size_t list,
    const struct record_way *way, struct judgement *j,
    struct store_answer *answer)
{
	const struct list_settings *settings =
	    &s->snapshot->settings->lists[list];
	struct fault fault;

	if (!record_message(s->snapshot, list, &s->message, facts, way, answer,
	    &fault)) {
		log_error("%s: %s", s->message.queue_id, fault.text);
		policy_later(settings, j);
		return false;
	}
	if (answer->refused == REASON_LATER)
		return true;
	policy_refuse(settings, answer->refused, j);
	return false;
}

/* Which list is to be recorded for its tracker, from list i on? */
static size_t
next_record(const struct session *s, const struct judgement *each, size_t i)
{
	size_t n = s->snapshot->settings->nlists;

	while (i < n && (!is_taken(s, each, i) || is_recorded(s, each, i)))
		i++;
	return i;
}

/*
 * Every tracker gets its record; lists with one tracker share one event.  With
 * several trackers each is asked first: what one of them refuses must not be in
 * the others.
 */
static void
record(struct session *s, const struct facts *facts,
    const struct judgement *each, struct judgement *j,
    struct store_answer *answer, struct outcome *outcome)
{
	const struct settings *settings = s->snapshot->settings;
	size_t first = next_record(s, each, 0), i;
	struct record_way way = { .is_rehearsal = true };

	if (next_record(s, each, first + 1) < settings->nlists)
		for (i = first; i < settings->nlists;
		    i = next_record(s, each, i + 1))
			if (!record_one(s, facts, i, &way, j, answer))
				return;
	way.is_rehearsal = false;
	for (i = first; i < settings->nlists;
	    i = next_record(s, each, i + 1)) {
		way.is_clear = each[i].is_warned;
		if (!record_one(s, facts, i, &way, j, answer))
			return;
		if (i == first)
			record_tag(facts, answer, &settings->lists[i],
			    j->is_wrapped, outcome);
	}
}

/*
 * Is the refusal one of those that are gathered for an alert?  Leaks have their
 * own, and our own mail must not cause more of it.
 */
static bool
is_told(const struct session *s, const struct judgement *j)
{
	return j->reason != REASON_EMBARGO_LEAK && !s->message.is_copy &&
	    !text_is_nocase(text_span(s->message.sender),
	    s->snapshot->settings->alerts.mail_from);
}

/* Refusals leave no trace but a counter and a few words for an alert. */
static void
count(struct session *s, const struct judgement *j)
{
	const struct store_refusal refusal = { j->list, clock_now(),
	    j->reason, text_span(s->message.sender), is_told(s, j) };
	char name[80];

	if (j->list == NULL || j->reason == REASON_LATER)
		return;
	if (!j->is_trial && j->verdict == VERDICT_REJECT) {
		store_refuse(s->snapshot->store, &refusal);
		return;
	}
	snprintf(name, sizeof(name), "%s:%s", j->is_trial ? "would-reject" :
	    "quarantined", verdict_row(j->reason)->name);
	store_count(s->snapshot->store, j->list->tracker, name);
}

static void
log_line(const struct session *s, const struct judgement *j,
    const struct store_answer *a)
{
	char until[CRD_PRINT_SIZE] = "none", why[200] = "";

	if (a->until != 0)
		crd_print(a->until, until);
	if (j->verdict != VERDICT_ACCEPT || j->is_trial || j->is_warned)
		policy_explain(j, why, sizeof(why));
	log_info("%s: %s reason=%s list=%s issue=%s embargo=%s from=<%s>%s%s",
	    s->message.queue_id[0] == '\0' ? "NOQUEUE" : s->message.queue_id,
	    record_verdict_name(j),
	    verdict_row(j->reason)->name,
	    j->list == NULL ? "-" : j->list->name,
	    a->issue[0] == '\0' ? "-" : a->issue, until, s->message.sender,
	    why[0] == '\0' ? "" : " why=", why);
}

/* A list on trial changes nothing but tags. */
static void
change_body(struct session *s, struct facts *facts, struct judgement *j,
    struct outcome *outcome)
{
	struct fault fault;

	if (j->is_trial)
		return;
	if (j->is_repaired)
		wrap_repaired(facts, outcome);
	if (!j->is_wrapped || wrap_encrypt(s->snapshot->settings,
	    &s->message, facts, outcome, &fault))
		return;
	log_error("%s: %s", s->message.queue_id, fault.text);
	policy_later(j->list, j);
}

enum session_next
session_header_end(struct session *s, struct outcome *outcome_out)
{
	struct store_answer answer;

	if (!s->is_open || s->message.nfor > 0 || s->has_leaked)
		return SESSION_CONTINUE;
	sort(s);
	if (!s->is_guarded || !guard_judge(s->snapshot, &s->message,
	    &s->leak, &answer))
		return SESSION_PASS;
	count(s, &s->leak);
	log_line(s, &s->leak, &answer);
	s->has_leaked = true;
	if (s->leak.is_trial)	/* the tag has to wait for the end */
		return SESSION_CONTINUE;
	outcome_init(outcome_out);
	outcome_out->verdict = s->leak.verdict;
	policy_reply(&s->leak, &outcome_out->reply);
	return SESSION_REFUSE;
}

/* The end of mail for no list. */
static void
finish_other(struct session *s, struct outcome *outcome)
{
	struct outcome early;

	if (session_header_end(s, &early) == SESSION_REFUSE) {
		*outcome = early;
		return;
	}
	outcome->verdict = VERDICT_ACCEPT;
	if (s->has_leaked)
		record_tag_verdict(&s->leak, outcome);
}

static void
finish(struct session *s, const struct judgement *each, struct judgement *j,
    struct facts *facts, struct outcome *outcome)
{
	struct store_answer answer;

	memset(&answer, 0, sizeof(answer));
	if (!s->message.is_copy)
		record_remove_forged(facts, outcome);
	change_body(s, facts, j, outcome);
	if (j->verdict == VERDICT_ACCEPT && !s->message.is_copy)
		record(s, facts, each, j, &answer, outcome);
	if (s->message.is_copy && j->verdict == VERDICT_REJECT)
		record_refused_copy(s->snapshot, facts, j);
	if (!s->message.is_copy || j->is_trial)
		record_tag_verdict(j, outcome);
	if (j->verdict != VERDICT_ACCEPT && j->verdict != VERDICT_QUARANTINE)
		outcome_clear(outcome);
	outcome->verdict = j->verdict;
	outcome->held_for = verdict_row(j->reason)->name;
	policy_reply(j, &outcome->reply);
	if (j->verdict != VERDICT_ACCEPT || j->is_trial)
		count(s, j);
	log_line(s, j, &answer);
}

void
session_end(struct session *s, const char *queue_id,
    struct outcome *outcome_out)
{
	struct judgement j, *each;
	struct facts facts;

	outcome_init(outcome_out);
	policy_begin(&j);
	policy_reply(&j, &outcome_out->reply);
	if (!s->is_open)
		return;
	note_queue_id(s, queue_id);
	sort(s);
	if (s->message.nfor == 0) {	/* the MTA did not ask before */
		finish_other(s, outcome_out);
		session_abort(s);
		return;
	}
	examine_read(&s->message, &s->snapshot->settings->limits, &facts);
	each = buf_alloc_zero(s->snapshot->settings->nlists, sizeof(*each));
	judge(s, &facts, each, &j);
	finish(s, each, &j, &facts, outcome_out);
	free(each);
	examine_clear(&facts);
	session_abort(s);
}
