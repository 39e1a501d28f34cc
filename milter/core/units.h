/*
 * units: durations, sizes and times of day as the configuration writes them.
 */
#ifndef CORE_UNITS_H
#define CORE_UNITS_H

#include "core/text.h"

/* "14d", "36h", "30m", "10s" -> seconds; at most 10 years. */
bool	units_parse_duration(struct span s, int64_t *secs_out)
	    __attribute__((warn_unused_result));

/* "25M", "512K", "1G", "1000" -> bytes; at most 4G. */
bool	units_parse_size(struct span s, int64_t *bytes_out)
	    __attribute__((warn_unused_result));

/* "14:00" -> seconds since midnight. */
bool	units_parse_clock(struct span s, int *secs_out)
	    __attribute__((warn_unused_result));

/* Longest unit first, two of them: "3 d 4 h", "12 min"; dst holds 32 bytes. */
void	units_print_duration(int64_t secs, char *dst);

#endif
