/*
 * kv_master: opens connections to the Redis that may be written to.
 *
 * That is redis.address, or the master that the sentinels name.  Thread-safe.
 * Only kv.c includes this.
 */
#ifndef EDGE_KV_MASTER_H
#define EDGE_KV_MASTER_H

#include "edge/kv_line.h"

struct kv_master;

/* settings must outlive it.  Reads the password files; does not connect. */
bool	kv_master_new(const struct redis_settings *settings,
	    struct kv_master **master_out, struct fault *fault)
	    __attribute__((warn_unused_result));
void	kv_master_free(struct kv_master **master);

/* For faults: the address, or the name that the sentinels know. */
const char	*kv_master_name(const struct kv_master *master);
bool		 kv_master_has_sentinels(const struct kv_master *master);

/*
 * A connection that is logged in and in the right database; with sentinels also
 * to a server that says of itself that it is a master.
 */
bool	kv_master_open(struct kv_master *master, int64_t until_ms,
	    struct kv_line **line_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * Asks the sentinels, once a second at most, whether it is another one now;
 * trouble with them is no reason to think so.
 */
bool	kv_master_has_moved(struct kv_master *master);

/* Something is wrong with it: ask the sentinels before the next connection. */
void	kv_master_doubt(struct kv_master *master);

#endif
