/*
 * period: a year, a month or a day, as a stretch of time in UTC.
 */
#ifndef CORE_PERIOD_H
#define CORE_PERIOD_H

#include "core/text.h"

/*
 * "2026", "2026-11", "2026-11-25": its first second, and the first one after
 * it.  False for everything else.
 */
bool	period_parse(struct span text, int64_t *from_out, int64_t *until_out)
	    __attribute__((warn_unused_result));

#endif
