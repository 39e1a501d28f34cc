/*
 * service: what all connections share: the configuration, the lists' keys, the
 * store.
 *
 * A snapshot is constant and counted: a message keeps the one it began with
 * while a reload puts another in place.
 */
#ifndef FLOW_SERVICE_H
#define FLOW_SERVICE_H

#include <stdatomic.h>

#include "core/fault.h"
#include "core/keyset.h"
#include "core/settings.h"
#include "edge/store.h"
#include "flow/inside.h"

struct snapshot {
	struct settings	*settings;
	struct keyset	*keys;		/* one per list, same order */
	struct canary	**canaries;	/* the same; NULL for blind lists */
	struct store	*store;
	bool		 has_guard;	/* of one list at least */
	atomic_bool	 is_unguarded;	/* the store does not answer it */
	unsigned	 users;		/* under the service's lock */
};

struct service;

/*
 * Read the configuration and the keys.  The result is the caller's, for
 * service_free().
 */
bool	service_new(const char *conf_path, struct service **service_out,
	    struct fault *fault) __attribute__((warn_unused_result));

/* Read both again; on a fault everything stays as it was. */
bool	service_reload(struct service *service, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * Try the canary of every sighted list each minute from now on, until
 * service_free(), and log when one falls silent or sings again.
 */
bool	service_watch(struct service *service, struct fault *fault)
	    __attribute__((warn_unused_result));
void	service_free(struct service **service);

/* May messages from now on be the leak guard's business? */
bool		 service_has_guard(struct service *service);

/* The current snapshot, until service_drop(); both are thread-safe. */
struct snapshot	*service_hold(struct service *service);
void		 service_drop(struct service *service,
		    struct snapshot **snapshot);

#endif
