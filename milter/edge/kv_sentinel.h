/*
 * kv_sentinel: asks sentinels where the master is.
 *
 * Thread-safe; an inquiry belongs to one thread.  Only kv_master.c includes
 * this.
 */
#ifndef EDGE_KV_SENTINEL_H
#define EDGE_KV_SENTINEL_H

#include "core/endpoint.h"
#include "core/fault.h"
#include "core/settings.h"

struct kv_sentinels;
struct kv_inquiry;

/* settings must outlive them.  Reads the password file; does not connect. */
bool	kv_sentinels_new(const struct redis_settings *settings,
	    struct kv_sentinels **sentinels_out, struct fault *fault)
	    __attribute__((warn_unused_result));
void	kv_sentinels_free(struct kv_sentinels **sentinels);

/* until_ms: of clock_monotonic_ms(), for all of it. */
struct kv_inquiry	*kv_inquiry_new(struct kv_sentinels *sentinels,
			    int64_t until_ms);
void			 kv_inquiry_free(struct kv_inquiry **inquiry);

struct kv_candidate {
	struct endpoint	at;
	size_t		votes;
	bool		has_majority;	/* of all sentinels */
	bool		is_last;	/* nothing is left to ask or to try */
	bool		was_tried;	/* kv_sentinel.c's own */
};

/*
 * The server to try next, each one once; valid until the inquiry is freed.
 * NULL when there is none left: the fault, if any, is that of the sentinel that
 * failed last.
 */
const struct kv_candidate	*kv_inquiry_next(struct kv_inquiry *inquiry,
				    struct fault *fault);

#endif
