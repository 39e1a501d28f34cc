/*
 * store_purge: forgetting what ended long ago; see store.h.
 */
#include <stdlib.h>

#include "core/buf.h"
#include "edge/store_key.h"

#define HASHES_AT_ONCE	64	/* of the table of messages */
#define ALERTS_AT_ONCE	200

/* The words of purge.lua; name NULL: the number instead. */
static bool
ask(struct store *store, const char *tracker, const struct store_purge *p,
    const char *what, const char *name, int64_t number, int64_t count,
    struct kv_reply **reply_out, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;

	store_begin(store, tracker, key, &command);
	kv_add(&command, p->really ? "1" : "0");
	kv_add_number(&command, p->before);
	kv_add(&command, what);
	if (name != NULL)
		kv_add(&command, name);
	else
		kv_add_number(&command, number);
	kv_add_number(&command, count);
	return store_eval(store, STORE_PURGE, &command, reply_out, fault);
}

bool
store_purge_issue(struct store *store, const char *tracker,
    const struct store_purge *purge, const char *id, bool *is_old_out,
    struct fault *fault)
{
	struct kv_reply *reply;

	if (!ask(store, tracker, purge, "issue", id, 0, 0, &reply, fault))
		return false;
	*is_old_out = kv_number(reply) == 1;
	kv_reply_free(&reply);
	return true;
}

bool
store_purge_messages(struct store *store, const char *tracker,
    const struct store_purge *purge, int64_t step, int64_t *count_out,
    bool *is_over_out, struct fault *fault)
{
	struct kv_reply *reply;

	if (!ask(store, tracker, purge, "messages", NULL,
	    step * HASHES_AT_ONCE, HASHES_AT_ONCE, &reply, fault))
		return false;
	*count_out = kv_number(kv_at(reply, 0));
	*is_over_out = kv_number(kv_at(reply, 1)) == 1;
	kv_reply_free(&reply);
	return true;
}

bool
store_purge_alerts(struct store *store, const char *tracker,
    const struct store_purge *purge, int64_t *count_out, struct fault *fault)
{
	char *after = buf_strdup("0-0");
	struct kv_reply *reply;
	bool is_over = false, ok = true;

	*count_out = 0;
	while (ok && !is_over) {
		ok = ask(store, tracker, purge, "alerts", after, 0,
		    ALERTS_AT_ONCE, &reply, fault);
		if (!ok)
			break;
		*count_out += kv_number(kv_at(reply, 0));
		free(after);
		after = buf_strndup(kv_text(kv_at(reply, 1)));
		is_over = after[0] == '\0';
		kv_reply_free(&reply);
	}
	free(after);
	return ok;
}
