/*
 * kv: talks to Redis: a pool of connections, one command, one reply.
 *
 * kv_line.c is the only user of hiredis; kv_master.c finds the master, also by
 * sentinels, who are asked again when it moves.  Thread-safe: a connection
 * serves one call at a time and goes back to the pool; no lock is held
 * meanwhile.  Each call has a deadline of its own, however slowly the answer
 * drips in, and never raises SIGPIPE.  After a failure to connect, calls fail
 * at once for a moment (with jitter), so that a dead Redis costs a message
 * nothing but its deferral.  Every error, also one that Redis answers
 * (READONLY, OOM, LOADING, WRONGTYPE, ...), is FAULT_SITE.
 */
#ifndef EDGE_KV_H
#define EDGE_KV_H

#include "core/fault.h"
#include "core/settings.h"
#include "core/text.h"

struct kv;
struct kv_reply;

/* Reads the password file; does not connect yet. */
bool	kv_new(const struct redis_settings *settings, struct kv **kv_out,
	    struct fault *fault) __attribute__((warn_unused_result));
void	kv_free(struct kv **kv);

/* At most 96 arguments per command; binary-safe. */
#define KV_MAX_ARGS 96
struct kv_command {
	struct span	args[KV_MAX_ARGS];
	char		numbers[KV_MAX_ARGS][24];	/* for kv_add_number */
	size_t		n;
};

void	kv_begin(struct kv_command *command);
void	kv_add(struct kv_command *command, const char *text);
void	kv_add_span(struct kv_command *command, struct span arg);
void	kv_add_number(struct kv_command *command, int64_t number);

/*
 * extra_ms is added to the time-out: for commands that block.  A command whose
 * connection turns out to be dead is sent once more on another one.
 */
bool	kv_call(struct kv *kv, const struct kv_command *command, int extra_ms,
	    struct kv_reply **reply_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * For what must not hold anybody up: a quarter of a second at most, and nothing
 * at all for five seconds after a failure.  Trouble is ignored.
 */
void	kv_hint(struct kv *kv, const struct kv_command *command);

/*
 * EVALSHA, and EVAL when Redis does not know the script.  command begins
 * behind the script: the number of keys, keys, arguments (at most 90).  With
 * replicas > 0 a write waits, in the same round trip, until that many have it,
 * and fails when they do not; it may be done all the same, and be repeated.
 */
bool	kv_eval(struct kv *kv, const char *script, const char *sha1,
	    const struct kv_command *command, bool is_write,
	    struct kv_reply **reply_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * A script in the manner of kv_hint(), for those who can do without its answer:
 * they fail at once for five seconds after any trouble.  Waits for no replica.
 */
bool	kv_eval_soon(struct kv *kv, const char *script, const char *sha1,
	    const struct kv_command *command, struct kv_reply **reply_out,
	    struct fault *fault) __attribute__((warn_unused_result));

/* NULL and out of range give empty values: 0 elements, "", 0. */
size_t			 kv_count(const struct kv_reply *reply);
const struct kv_reply	*kv_at(const struct kv_reply *reply, size_t i);
struct span		 kv_text(const struct kv_reply *reply);
int64_t			 kv_number(const struct kv_reply *reply);
bool			 kv_is_nil(const struct kv_reply *reply);
/* The value behind a name in a flat list of names and values; "" if none. */
struct span		 kv_value_of(const struct kv_reply *reply,
			    const char *name);
void			 kv_reply_free(struct kv_reply **reply);

/* SHA-1 of a script, 40 hexadecimal digits, as Redis names it. */
#define KV_SCRIPT_NAME_SIZE 41
void	kv_script_name(const char *script, char sha1[KV_SCRIPT_NAME_SIZE]);

#endif
