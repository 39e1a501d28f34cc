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
 * Serve until process_wait() returns.  Then the unix socket goes (path; NULL
 * for TCP), new messages on old connections are deferred, and messages in
 * flight may finish, in grace_secs at most.  False when libmilter failed.
 * libmilter's threads live on until the process ends.
 */
bool	callbacks_run(const char *path, int grace_secs);

#endif
