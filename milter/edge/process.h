/*
 * process: privileges, signals, locks, going to the background.
 */
#ifndef EDGE_PROCESS_H
#define EDGE_PROCESS_H

#include "core/fault.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Before threads: hidden (edge/hide.h), SIGPIPE ignored, as many descriptors as
 * the hard limit allows, SIGUSR1 blocked.
 */
void	process_init(void);

/* How many descriptors the process may have open. */
int	process_max_files(void);

/*
 * Root becomes user, with its groups, and cannot go back; who is not root stays
 * who it is.  False (FAULT_CONFIG) when there is no such user, or it is root.
 */
bool	process_become(const char *user, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * Go to the background.  The parent waits for process_ready() in the child and
 * exits 0, or with the child's exit code when that ends before.
 */
bool	process_detach(struct fault *fault)
	    __attribute__((warn_unused_result));

/* Tell the waiting parent and, where NOTIFY_SOCKET is set, the service manager
 * (sd_notify(3) protocol) that we serve. */
void	process_ready(void);

/*
 * Could somebody else put a socket of his own in this place?  False
 * (FAULT_CONFIG) when a folder above it is another user's than root's or ours,
 * or others may write to it and it is not sticky.
 */
bool	process_check_place(const char *socket_path, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * Hold a lock beside a unix socket until process_unlock(), or for as long as
 * the process lives.  False when another instance has it.
 */
bool	process_lock(const char *socket_path, struct fault *fault)
	    __attribute__((warn_unused_result));

/* The socket is not ours any more: another instance may make its own. */
void	process_unlock(void);

/* Mode and group of the socket; group NULL: as it is. */
bool	process_set_mode(const char *path, int mode, const char *group,
	    struct fault *fault) __attribute__((warn_unused_result));

/* A thread that no signal disturbs, to be joined by the caller. */
bool	process_start_thread(pthread_t *thread_out, void *(*main)(void *),
	    void *arg, struct fault *fault)
	    __attribute__((warn_unused_result));

/* Calls reload(arg) on each SIGUSR1 from a thread of its own. */
bool	process_on_reload(void (*reload)(void *), void *arg,
	    struct fault *fault) __attribute__((warn_unused_result));

/*
 * SIGTERM, SIGINT and SIGHUP wake process_wait() from now on.  For the main
 * thread, before any other: libmilter waits for the same signals in a thread of
 * its own and drops every message when one comes, but the kernel prefers a main
 * thread that does not block them.
 */
void	process_take_stop(void);

/* Until such a signal or process_wake(), which any thread may call. */
void	process_wait(void);

/* The same until a time of clock_monotonic_ms(); false when that has come. */
bool	process_wait_until(int64_t until_ms);
void	process_wake(void);

/*
 * For programs without libmilter: SIGTERM and SIGINT set a flag and end
 * process_sleep(), SIGUSR1 sets another.
 */
void	process_catch(void);
void	process_sleep(int secs);
bool	process_must_stop(void);
bool	process_must_reload(void);	/* once for each signal */

#endif
