/*
 * clock: the only caller of the system's clocks.
 */
#ifndef EDGE_CLOCK_H
#define EDGE_CLOCK_H

#include <stdint.h>

int64_t	clock_now(void);		/* UTC seconds since 1970 */
int64_t	clock_monotonic_ms(void);	/* never goes back */

#endif
