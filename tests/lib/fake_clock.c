/*
 * fake_clock: a calendar for tests that run through weeks.
 *
 * Programs linked with -Wl,--wrap=clock_now ask here.  The file that
 * EMBARGO_TEST_CLOCK names holds the time, in decimal seconds.  What waits
 * still waits in real time.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "edge/clock.h"

int64_t	__wrap_clock_now(void);

int64_t
__wrap_clock_now(void)
{
	const char *path = getenv("EMBARGO_TEST_CLOCK");
	FILE *file = path == NULL ? NULL : fopen(path, "r");
	int64_t now;

	if (file == NULL || fscanf(file, "%" SCNd64, &now) != 1) {
		fprintf(stderr, "EMBARGO_TEST_CLOCK names no time\n");
		abort();
	}
	fclose(file);
	return now;
}
