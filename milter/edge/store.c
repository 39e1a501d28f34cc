/*
 * store: recording messages and what all of the store shares; see store.h.
 *
 * Message-ids, senders and bodies reach Redis as digests only, cut to what is
 * needed to tell them apart: 96 bits for messages, 64 for senders.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "core/buf.h"
#include "core/civil.h"
#include "edge/digest.h"
#include "edge/store_key.h"

#include "milter/edge/backlog.lua.h"
#include "milter/edge/change.lua.h"
#include "milter/edge/copy.lua.h"
#include "milter/edge/dump.lua.h"
#include "milter/edge/gather.lua.h"
#include "milter/edge/guard.lua.h"
#include "milter/edge/keys.lua.h"
#include "milter/edge/list.lua.h"
#include "milter/edge/look.lua.h"
#include "milter/edge/move.lua.h"
#include "milter/edge/purge.lua.h"
#include "milter/edge/record.lua.h"
#include "milter/edge/refuse.lua.h"
#include "milter/edge/restore.lua.h"
#include "milter/edge/take.lua.h"

#define ID_DIGITS	24

static const char *const sources[STORE_SCRIPT_COUNT] = {
	[STORE_RECORD] = script_record,
	[STORE_BACKLOG] = script_backlog,
	[STORE_CHANGE] = script_change,
	[STORE_COPY] = script_copy,
	[STORE_DUMP] = script_dump,
	[STORE_GATHER] = script_gather,
	[STORE_GUARD] = script_guard,
	[STORE_KEYS] = script_keys,
	[STORE_LIST] = script_list,
	[STORE_LOOK] = script_look,
	[STORE_MOVE] = script_move,
	[STORE_PURGE] = script_purge,
	[STORE_REFUSE] = script_refuse,
	[STORE_RESTORE] = script_restore,
	[STORE_TAKE] = script_take,
};

bool
store_new(const struct redis_settings *settings, struct store **store_out,
    struct fault *fault)
{
	struct store *store = buf_alloc_zero(1, sizeof(*store));
	int i;

	store->prefix = settings->prefix;
	for (i = 0; i < STORE_SCRIPT_COUNT; i++)
		kv_script_name(sources[i], store->names[i]);
	if (!kv_new(settings, &store->kv, fault)) {
		store_free(&store);
		return false;
	}
	*store_out = store;
	return true;
}

void
store_free(struct store **store)
{
	struct store *s = *store;

	*store = NULL;
	if (s == NULL)
		return;
	kv_free(&s->kv);
	free(s);
}

void
store_key(const struct store *store, const char *tracker, const char *name,
    char *dst)
{
	snprintf(dst, STORE_KEY_SIZE, "%.100s:{%.100s}:%.100s", store->prefix,
	    tracker, name);
}

void
store_begin(const struct store *store, const char *tracker, char *key,
    struct kv_command *command)
{
	store_key(store, tracker, "", key);
	kv_begin(command);
	kv_add(command, "1");
	kv_add(command, key);
}

bool
store_eval(struct store *store, enum store_script script,
    const struct kv_command *command, struct kv_reply **reply_out,
    struct fault *fault)
{
	bool only_reads = script == STORE_LIST || script == STORE_BACKLOG ||
	    script == STORE_DUMP;

	return kv_eval(store->kv, sources[script], store->names[script],
	    command, !only_reads, reply_out, fault);
}

bool
store_eval_soon(struct store *store, enum store_script script,
    const struct kv_command *command, struct kv_reply **reply_out,
    struct fault *fault)
{
	return kv_eval_soon(store->kv, sources[script], store->names[script],
	    command, reply_out, fault);
}

static const char *
missing_name(enum settings_missing missing)
{
	switch (missing) {
	case MISSING_ASSUME:
		return "assume";
	case MISSING_REJECT:
		return "reject";
	case MISSING_LEAVE:
		return "leave";
	}
	return "assume";
}

static const char *
over_max_name(enum settings_over_max over_max)
{
	switch (over_max) {
	case OVER_MAX_FLAG:
		return "flag";
	case OVER_MAX_CAP:
		return "cap";
	case OVER_MAX_REJECT:
		return "reject";
	}
	return "flag";
}

static const char *
changes_name(enum settings_changes changes)
{
	switch (changes) {
	case CHANGES_MEMBERS:
		return "members";
	case CHANGES_ANYONE:
		return "anyone";
	case CHANGES_OPERATORS:
		return "operators";
	}
	return "operators";
}

static const char *
date_name(enum crd_kind kind)
{
	switch (kind) {
	case CRD_NONE:
		return "none";
	case CRD_DATE:
		return "date";
	case CRD_HUMAN:
		return "human";
	}
	return "none";
}

void
store_message_digest(struct span message_id, char *hex)
{
	digest_print(message_id, hex);
	hex[ID_DIGITS] = '\0';
}

void
store_mailbox_digest(struct span address, char *hex)
{
	char mailbox[ADDRESS_MAILBOX_SIZE];

	hex[0] = '\0';
	if (!address_mailbox(address, mailbox))
		return;
	digest_print(text_span(mailbox), hex);
	hex[STORE_SENDER_DIGITS] = '\0';
}

void
store_year(int64_t now, char *dst)
{
	struct civil civil;

	civil_of(now, &civil);
	snprintf(dst, 8, "%04d", civil.year % 10000);
}

/* The digests of a message, as hexadecimal text. */
struct digests {
	char	own[DIGEST_HEX_SIZE];
	char	body[DIGEST_HEX_SIZE];
	char	sender[DIGEST_HEX_SIZE];
	char	author[DIGEST_HEX_SIZE];
	char	bearer[DIGEST_HEX_SIZE];	/* author and Message-ID */
	char	seals[STORE_MAX_SEALS][DIGEST_HEX_SIZE];
	char	ancestors[STORE_MAX_ANCESTORS][DIGEST_HEX_SIZE];
};

/* Author and Message-ID: who bears the seals of a message. */
static void
digest_bearer(const struct store_mail *mail, char *hex)
{
	char text[512];
	size_t i, n = 0;

	for (i = 0; i < mail->author.len && n + 1 < sizeof(text) / 2; i++)
		text[n++] = (char)text_lower(mail->author.data[i]);
	snprintf(text + n, sizeof(text) - n, "\n%.*s",
	    (int)(mail->message_id.len < 200 ? mail->message_id.len : 200),
	    (const char *)mail->message_id.data);
	digest_print(text_span(text), hex);
	hex[STORE_SENDER_DIGITS] = '\0';
}

static void
make_digests(const struct store_mail *mail, struct digests *d)
{
	size_t i;

	store_message_digest(mail->body, d->body);
	if (mail->message_id.len > 0)
		store_message_digest(mail->message_id, d->own);
	else	/* known by its content alone */
		memcpy(d->own, d->body, sizeof(d->own));
	digest_print(mail->sender, d->sender);
	d->sender[STORE_SENDER_DIGITS] = '\0';
	store_mailbox_digest(mail->author, d->author);
	digest_bearer(mail, d->bearer);
	for (i = 0; i < mail->nseals; i++)
		store_message_digest(mail->seals[i], d->seals[i]);
	for (i = 0; i < mail->nancestors; i++)
		store_message_digest(mail->ancestors[i], d->ancestors[i]);
}

static void
add_notice(struct kv_command *c, const struct notice *n)
{
	kv_add(c, n->has_state ? issue_state_name(n->state) : "");
	kv_add(c, n->url);
	kv_add(c, n->cve);
	if (n->has_exploit)
		kv_add_number(c, n->exploit_at);
	else
		kv_add(c, "");
	kv_add(c, n->issue);
	kv_add(c, notice_problem_text(n->problem));
}

/* The order is the one of record.lua. */
static void
add_mail(struct kv_command *c, const struct store_mail *mail,
    const struct digests *d, const char *year)
{
	const struct list_settings *list = mail->list;
	const struct embargo_settings *e = &list->embargo;

	kv_add_number(c, mail->now);
	kv_add(c, list->name);
	kv_add(c, list->issue_prefix);
	kv_add(c, year);
	kv_add(c, d->own);
	kv_add(c, d->body);
	kv_add(c, d->sender);
	kv_add_span(c, list->store_subject ? mail->subject : text_span(""));
	kv_add(c, date_name(mail->date.kind));
	kv_add_number(c, mail->date.at);
	kv_add(c, mail->date.kind == CRD_HUMAN ? mail->date.reason : "");
	kv_add(c, mail->is_from_member ? "1" : "0");
	kv_add_number(c, e->max_secs);
	kv_add(c, missing_name(e->missing));
	kv_add(c, over_max_name(e->over_max));
	kv_add(c, changes_name(e->changes));
	kv_add(c, mail->is_clear ? "1" : "0");
	kv_add(c, d->bearer);
	kv_add_number(c, (int64_t)mail->nseals);
	add_notice(c, &mail->notice);
	kv_add_number(c, e->exploit_max_secs);
	kv_add(c, mail->date.kind == CRD_DATE && mail->date.hour_assumed ?
	    "1" : "0");
	kv_add(c, d->author);
	kv_add(c, mail->lists == NULL ? list->name : mail->lists);
	kv_add(c, mail->reply_to == NULL ? "" : mail->reply_to);
	kv_add_number(c, mail->recorded_at);
	kv_add(c, mail->is_rehearsal ? "1" : "0");
}

static enum store_kind
parse_kind(struct span name)
{
	if (text_is(name, "new"))
		return STORE_NEW;
	if (text_is(name, "duplicate"))
		return STORE_DUPLICATE;
	return text_is(name, "retry") ? STORE_RETRY : STORE_REPLY;
}

static enum reason
refusal(struct span name)
{
	if (text_is(name, "over-max"))
		return REASON_OVER_MAX;
	return text_is(name, "replayed") ? REASON_REPLAYED :
	    REASON_MISSING_DATE;
}

/* False when that is no answer of record.lua: then nothing is recorded. */
static bool
read_answer(const struct kv_reply *reply, struct store_answer *out)
{
	struct span word = kv_text(kv_at(reply, 0));

	memset(out, 0, sizeof(*out));
	if (text_is(word, "refused")) {
		out->refused = refusal(kv_text(kv_at(reply, 1)));
		return true;
	}
	text_print(kv_text(kv_at(reply, 1)), out->issue, sizeof(out->issue));
	text_print(kv_text(kv_at(reply, 2)), out->status,
	    sizeof(out->status));
	out->until = kv_number(kv_at(reply, 3));
	out->is_assumed = kv_number(kv_at(reply, 4)) != 0;
	out->is_capped = kv_number(kv_at(reply, 5)) != 0;
	out->is_over_max = kv_number(kv_at(reply, 6)) != 0;
	out->needs_human = kv_number(kv_at(reply, 7)) != 0;
	out->kind = parse_kind(kv_text(kv_at(reply, 8)));
	out->is_hour_assumed = kv_number(kv_at(reply, 9)) != 0;
	out->is_retry = out->kind == STORE_RETRY;
	return text_is(word, "ok") && out->issue[0] != '\0' &&
	    out->status[0] != '\0';
}

bool
store_record(struct store *store, const struct store_mail *mail,
    struct store_answer *out, struct fault *fault)
{
	char key[STORE_KEY_SIZE], year[8];
	struct kv_command command;
	struct kv_reply *reply;
	struct digests digests;
	bool ok;
	size_t i;

	make_digests(mail, &digests);
	store_year(mail->now, year);
	store_begin(store, mail->list->tracker, key, &command);
	add_mail(&command, mail, &digests, year);
	for (i = 0; i < mail->nseals; i++)
		kv_add(&command, digests.seals[i]);
	for (i = 0; i < mail->nancestors; i++)
		kv_add(&command, digests.ancestors[i]);
	if (!store_eval(store, STORE_RECORD, &command, &reply, fault))
		return false;
	ok = read_answer(reply, out);
	kv_reply_free(&reply);
	if (!ok)
		fault_set(fault, FAULT_SITE, "redis: an answer that no script "
		    "of ours gives");
	return ok;
}

void
store_count(struct store *store, const char *tracker, const char *counter)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;

	store_key(store, tracker, "counters", key);
	kv_begin(&command);
	kv_add(&command, "HINCRBY");
	kv_add(&command, key);
	kv_add(&command, counter);
	kv_add(&command, "1");
	kv_hint(store->kv, &command);
}
