/*
 * store_mail: what is mailed, and alerts that no issue has; see store.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/store_key.h"

#define GROUP		"mail"
#define LONGEST_MS	900000	/* between two attempts at one mail */
#define KEYS_AT_ONCE	16	/* five arguments each */
#define DOMAIN_MAX	60

static const char *
queue_name(enum store_queue queue)
{
	switch (queue) {
	case STORE_ALERTS:
		return "alerts";
	case STORE_REPLIES:
		return "replies";
	}
	return "alerts";
}

bool
store_take(struct store *store, const char *tracker, enum store_queue queue,
    int64_t lease_ms, struct store_parcel *out, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;
	struct kv_reply *reply;

	memset(out, 0, sizeof(*out));
	store_begin(store, tracker, key, &command);
	kv_add(&command, queue_name(queue));
	kv_add_number(&command, lease_ms);
	kv_add_number(&command, lease_ms > LONGEST_MS ? lease_ms :
	    LONGEST_MS);
	if (!store_eval(store, STORE_TAKE, &command, &reply, fault))
		return false;
	if (kv_count(reply) == 3) {
		out->entry = buf_alloc_zero(1, sizeof(*out->entry));
		store_fill_entry(kv_text(kv_at(reply, 0)), kv_at(reply, 2),
		    out->entry);
		out->times = kv_number(kv_at(reply, 1));
	}
	kv_reply_free(&reply);
	return true;
}

void
store_free_parcel(struct store_parcel *parcel)
{
	store_free_entries(&parcel->entry, 1);
}

bool
store_holds(struct store *store, const char *tracker, enum store_queue queue,
    const struct store_parcel *parcel, bool *holds_out, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;
	struct kv_reply *reply;

	store_key(store, tracker, queue_name(queue), key);
	kv_begin(&command);
	kv_add(&command, "XPENDING");
	kv_add(&command, key);
	kv_add(&command, GROUP);
	kv_add(&command, parcel->entry->id);
	kv_add(&command, parcel->entry->id);
	kv_add(&command, "1");
	if (!kv_call(store->kv, &command, 0, &reply, fault))
		return false;
	/* id, consumer, idle, how often it was taken */
	*holds_out = kv_number(kv_at(kv_at(reply, 0), 3)) == parcel->times;
	kv_reply_free(&reply);
	return true;
}

static bool
send(struct store *store, const char *const *words, struct fault *fault)
{
	struct kv_command command;
	struct kv_reply *reply;

	kv_begin(&command);
	for (; *words != NULL; words++)
		kv_add(&command, *words);
	if (!kv_call(store->kv, &command, 0, &reply, fault))
		return false;
	kv_reply_free(&reply);
	return true;
}

bool
store_done(struct store *store, const char *tracker, enum store_queue queue,
    const struct store_parcel *parcel, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	const char *const drop[] = { "XDEL", key, parcel->entry->id, NULL };
	const char *const done[] = { "XACK", key, GROUP, parcel->entry->id,
	    NULL };

	store_key(store, tracker, queue_name(queue), key);
	/* first: an entry that was acknowledged is never seen again */
	return (queue != STORE_REPLIES || send(store, drop, fault)) &&
	    send(store, done, fault);
}

bool
store_backlog(struct store *store, const char *tracker, int64_t *secs_out,
    struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;
	struct kv_reply *reply;

	store_begin(store, tracker, key, &command);
	if (!store_eval(store, STORE_BACKLOG, &command, &reply, fault))
		return false;
	*secs_out = kv_number(reply);
	kv_reply_free(&reply);
	return true;
}

/* At most KEYS_AT_ONCE of them. */
static bool
tell_some_keys(struct store *store, const char *tracker, int64_t now,
    const struct store_ending *keys, size_t n, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;
	struct kv_reply *reply;
	size_t i;

	store_begin(store, tracker, key, &command);
	kv_add_number(&command, now);
	for (i = 0; i < n; i++) {
		kv_add(&command, keys[i].name);
		kv_add_number(&command, keys[i].stage);
		kv_add(&command, keys[i].is_replaced ? "1" : "0");
		kv_add_number(&command, keys[i].due_at);
		kv_add(&command, keys[i].text);
	}
	if (!store_eval(store, STORE_KEYS, &command, &reply, fault))
		return false;
	kv_reply_free(&reply);
	return true;
}

bool
store_tell_keys(struct store *store, const char *tracker, int64_t now,
    const struct store_ending *keys, size_t n, struct fault *fault)
{
	size_t i, some;

	for (i = 0; i < n; i += some) {
		some = n - i < KEYS_AT_ONCE ? n - i : KEYS_AT_ONCE;
		if (!tell_some_keys(store, tracker, now, &keys[i], some,
		    fault))
			return false;
	}
	return true;
}

/* Of an address: what a name of a host may have, in lower case. */
static void
print_domain(struct span address, char *dst)
{
	size_t at = address.len, n = 0, i;
	int c;

	while (at > 0 && address.data[at - 1] != '@')
		at--;
	for (i = at; at > 0 && i < address.len && n < DOMAIN_MAX; i++) {
		c = text_lower(address.data[i]);
		dst[n++] = text_is_alnum(c) || c == '-' || c == '.' ?
		    (char)c : '?';
	}
	dst[n] = '\0';
	if (n == 0)
		snprintf(dst, 3, "%s", address.len == 0 ? "<>" : "?");
}

void
store_refuse(struct store *store, const struct store_refusal *refusal)
{
	const char *name = verdict_row(refusal->reason)->name;
	char key[STORE_KEY_SIZE], counter[80], domain[DOMAIN_MAX + 1] = "";
	struct kv_command command;
	struct kv_reply *reply;
	struct fault ignored;

	snprintf(counter, sizeof(counter), "refused:%s", name);
	if (refusal->is_told)
		print_domain(refusal->sender, domain);
	store_begin(store, refusal->list->tracker, key, &command);
	kv_add(&command, counter);
	kv_add_number(&command, refusal->now - refusal->now % 3600);
	kv_add(&command, name);
	kv_add(&command, refusal->list->name);
	kv_add(&command, domain);
	if (store_eval_soon(store, STORE_REFUSE, &command, &reply, &ignored))
		kv_reply_free(&reply);
}

/* Fields of the hash are "HOUR REASON LIST DOMAIN". */
static bool
is_from(struct span field, const char *domain)
{
	size_t len = strlen(domain);

	return field.len > len && field.data[field.len - len - 1] == ' ' &&
	    text_is(text_sub(field, field.len - len, len), domain);
}

bool
store_take_refusal(struct store *store, const char *tracker,
    const char *domain, bool *found_out, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	const char *const all[] = { "HGETALL", key, NULL };
	const char *drop[] = { "HDEL", key, NULL, NULL };
	struct kv_command command;
	struct kv_reply *reply;
	char *field = NULL;
	bool ok = true;
	size_t i;

	store_key(store, tracker, "refused", key);
	kv_begin(&command);
	for (i = 0; all[i] != NULL; i++)
		kv_add(&command, all[i]);
	if (!kv_call(store->kv, &command, 0, &reply, fault))
		return false;
	for (i = 0; i < kv_count(reply) && field == NULL; i += 2)
		if (is_from(kv_text(kv_at(reply, i)), domain))
			field = buf_strndup(kv_text(kv_at(reply, i)));
	kv_reply_free(&reply);
	*found_out = field != NULL;
	drop[2] = field;
	if (field != NULL)
		ok = send(store, drop, fault);
	free(field);
	return ok;
}

bool
store_gather(struct store *store, const char *tracker, int64_t now,
    int64_t *n_out, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;
	struct kv_reply *reply;

	store_begin(store, tracker, key, &command);
	kv_add_number(&command, now);
	if (!store_eval(store, STORE_GATHER, &command, &reply, fault))
		return false;
	*n_out = kv_number(reply);
	kv_reply_free(&reply);
	return true;
}
