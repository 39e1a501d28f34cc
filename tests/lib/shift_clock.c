/*
 * shift_clock: preloaded, shows a program and those below it another time.
 *
 * EMBARGO_TEST_SHIFT says how far from the real one, in seconds.  It asks the
 * kernel and neither allocates nor looks up symbols: sanitizers want to know
 * the time before they can do either, and libfaketime hangs them.
 */
#include <sys/syscall.h>
#include <sys/time.h>

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int
clock_gettime(clockid_t clock, struct timespec *now)
{
	int code = (int)syscall(SYS_clock_gettime, clock, now);
	const char *shift = getenv("EMBARGO_TEST_SHIFT");

	if (code == 0 && shift != NULL && (clock == CLOCK_REALTIME ||
	    clock == CLOCK_REALTIME_COARSE))
		now->tv_sec += atol(shift);
	return code;
}

time_t
time(time_t *now_out)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (now_out != NULL)
		*now_out = now.tv_sec;
	return now.tv_sec;
}

int
gettimeofday(struct timeval *now_out, void *zone)
{
	struct timespec now;

	(void)zone;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	now_out->tv_sec = now.tv_sec;
	now_out->tv_usec = now.tv_nsec / 1000;
	return 0;
}
