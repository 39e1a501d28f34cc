/*
 * store_key: what the files of the store share.  Nobody else includes it.
 */
#ifndef EDGE_STORE_KEY_H
#define EDGE_STORE_KEY_H

#include "edge/digest.h"
#include "edge/kv.h"
#include "edge/store.h"

#define STORE_KEY_SIZE 320
#define STORE_SENDER_DIGITS 16	/* of the digest of an address */

enum store_script {
	STORE_RECORD,
	STORE_BACKLOG,
	STORE_CHANGE,
	STORE_COPY,
	STORE_DUMP,
	STORE_GATHER,
	STORE_GUARD,
	STORE_KEYS,
	STORE_LIST,
	STORE_LOOK,
	STORE_MOVE,
	STORE_PURGE,
	STORE_REFUSE,
	STORE_RESTORE,
	STORE_TAKE,
	STORE_SCRIPT_COUNT
};

struct store {
	const char	*prefix;
	struct kv	*kv;
	char		 names[STORE_SCRIPT_COUNT][KV_SCRIPT_NAME_SIZE];
};

/* "embargo:{distros}:name"; dst holds STORE_KEY_SIZE bytes. */
void	store_key(const struct store *store, const char *tracker,
	    const char *name, char *dst);

/* As record.lua knows a message; hex holds DIGEST_HEX_SIZE bytes. */
void	store_message_digest(struct span message_id, char *hex);

/* Of an address in its plain form, STORE_SENDER_DIGITS; "" for nobody's. */
void	store_mailbox_digest(struct span address, char *hex);

/* Of the name; dst holds 8 bytes. */
void	store_year(int64_t now, char *dst);

/* An entry of a stream from its id and a flat list of names and values. */
void	store_fill_entry(struct span id, const struct kv_reply *flat,
	    struct store_entry *out);

/* Begin a script call: one key, the tracker's prefix. */
void	store_begin(const struct store *store, const char *tracker, char *key,
	    struct kv_command *command);
bool	store_eval_soon(struct store *store, enum store_script script,
	    const struct kv_command *command, struct kv_reply **reply_out,
	    struct fault *fault) __attribute__((warn_unused_result));
bool	store_eval(struct store *store, enum store_script script,
	    const struct kv_command *command, struct kv_reply **reply_out,
	    struct fault *fault) __attribute__((warn_unused_result));

#endif
