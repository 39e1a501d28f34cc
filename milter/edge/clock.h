/*
 * clock: the only caller of the system's clocks.
 */
#ifndef EDGE_CLOCK_H
#define EDGE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

int64_t	clock_now(void);		/* UTC seconds since 1970 */
int64_t	clock_monotonic_ms(void);	/* never goes back */

/* Does the kernel know of a time server that keeps the clock? */
bool	clock_is_synchronised(void);

/* A condition whose waits end by clock_monotonic_ms(). */
void	clock_cond_init(pthread_cond_t *cond);

/* False when the time has passed; the mutex is held, as ever. */
bool	clock_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex,
	    int64_t until_ms);

#endif
