/*
 * clock: the only caller of the system's clocks; see clock.h.
 */
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
