/*
 * clock: the only caller of the system's clocks; see clock.h.
 */
#include <sys/timex.h>

#include <time.h>

#include "edge/clock.h"

int64_t
clock_now(void)
{
	return time(NULL);
}

int64_t
clock_monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool
clock_is_synchronised(void)
{
	struct timex state = { .modes = 0 };	/* only ask */

	return adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) == 0;
}

void
clock_cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attr);
	pthread_condattr_destroy(&attr);
}

bool
clock_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex,
    int64_t until_ms)
{
	struct timespec until = { until_ms / 1000, until_ms % 1000 * 1000000 };

	return pthread_cond_timedwait(cond, mutex, &until) == 0;
}
