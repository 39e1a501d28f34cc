/*
 * kv_line: one connection to Redis: a command, its reply, a deadline.
 *
 * The only user of hiredis, which may be seen in kv_line.c alone.  Only the
 * files of kv include this.  Not thread-safe: a line serves one call at a time.
 */
#ifndef EDGE_KV_LINE_H
#define EDGE_KV_LINE_H

#include "core/endpoint.h"
#include "edge/kv.h"

struct kv_line;

enum kv_outcome {
	KV_DONE,
	KV_REFUSED,	/* Redis answers with an error, or nonsense */
	KV_CLOSED,	/* the connection is dead */
	KV_LATE		/* the deadline has passed */
};

/* until_ms: of clock_monotonic_ms().  The fault does not name the server. */
bool	kv_line_open(const struct endpoint *at, int64_t until_ms,
	    struct kv_line **line_out, struct fault *fault)
	    __attribute__((warn_unused_result));
void	kv_line_close(struct kv_line **line);	/* NULL is accepted */

#define KV_MAX_COMMANDS 2

/* One command. */
struct kv_words {
	const struct span	*args;
	size_t			 n;
};

/*
 * Send ncommands commands together and read a reply to each.  The replies are
 * the caller's after KV_DONE.  Anything else gives none and fills the fault:
 * KV_REFUSED with the first error that Redis answered; only after that may the
 * line be used again.
 */
enum kv_outcome	kv_line_exchange(struct kv_line *line, int64_t until_ms,
		    const struct kv_words *commands, size_t ncommands,
		    struct kv_reply **replies_out, struct fault *fault)
		    __attribute__((warn_unused_result));

/* The same for one command, where only the reply matters. */
bool	kv_line_ask(struct kv_line *line, int64_t until_ms,
	    const struct span *args, size_t n, struct kv_reply **reply_out,
	    struct fault *fault) __attribute__((warn_unused_result));

#endif
