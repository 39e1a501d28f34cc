/*
 * kv_line: one connection to Redis: a command, its reply, a deadline.
 *
 * The only user of hiredis, which may be seen in kv_line.c alone.  Only kv.c
 * includes this.  Not thread-safe: a line serves one call at a time.
 */
#ifndef EDGE_KV_LINE_H
#define EDGE_KV_LINE_H

#include "edge/kv.h"

struct kv_line;

enum kv_outcome {
	KV_DONE,
	KV_REFUSED,	/* Redis answers with an error, or nonsense */
	KV_CLOSED,	/* the connection is dead */
	KV_LATE		/* the deadline has passed */
};

/* until_ms: of clock_monotonic_ms(). */
bool	kv_line_open(const struct redis_settings *s, int64_t until_ms,
	    struct kv_line **line_out, struct fault *fault)
	    __attribute__((warn_unused_result));
void	kv_line_close(struct kv_line **line);	/* NULL is accepted */

/*
 * The reply is the caller's after KV_DONE; anything else fills the fault, and
 * the line is not to be used again but after KV_REFUSED.
 */
enum kv_outcome	kv_line_exchange(struct kv_line *line, int64_t until_ms,
		    const struct span *args, size_t n,
		    struct kv_reply **reply_out, struct fault *fault)
		    __attribute__((warn_unused_result));

#endif
