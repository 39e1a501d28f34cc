/*
 * callbacks: libmilter's trampolines.
 */
#ifndef CALLBACKS_H
#define CALLBACKS_H

#include "core/fault.h"
#include "flow/service.h"

/*
 * Register with libmilter and open the socket ("unix:/path" or
 * "inet:port@host").  service must outlive callbacks_run().
 */
bool	callbacks_open(struct service *service, const char *socket,
	    struct fault *fault) __attribute__((warn_unused_result));

/*
 * Serve until SIGTERM, SIGINT or SIGHUP; then wait for messages in flight, at
 * most grace_secs.  False when libmilter failed.
 */
bool	callbacks_run(int grace_secs);

#endif
