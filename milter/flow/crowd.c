/*
 * crowd: counts connections; see crowd.h.
 */
#include <stdatomic.h>
#include <stdint.h>

#include "edge/clock.h"
#include "edge/log.h"
#include "flow/crowd.h"

#define PAUSE_MS	60000	/* between two warnings */

static int limit;	/* set before threads */
static atomic_int present;
static _Atomic int64_t silent_until_ms;

static void
warn(void)
{
	int64_t now = clock_monotonic_ms();
	int64_t until = atomic_load(&silent_until_ms);

	if (now >= until && atomic_compare_exchange_strong(&silent_until_ms,
	    &until, now + PAUSE_MS))
		log_warning("more than %d connections at once, half of the "
		    "files that may be open: those beyond are deferred",
		    limit);
}

void
crowd_limit(int max)
{
	limit = max;
}

bool
crowd_enter(void)
{
	if (atomic_fetch_add(&present, 1) < limit)
		return true;
	warn();
	return false;
}

void
crowd_leave(void)
{
	atomic_fetch_sub(&present, 1);
}
