/*
 * crowd: how many connections are open, and is one more too many?
 *
 * At its limit of descriptors libmilter spins without a word, and a message may
 * want one for Redis besides its connection's.  Whoever comes when half of them
 * are taken is to be told 4xx, which takes no more.  For all threads.
 */
#ifndef FLOW_CROWD_H
#define FLOW_CROWD_H

#include <stdbool.h>

/* Once, before threads; without it nobody may enter. */
void	crowd_limit(int max);

/* False, and a warning now and then, for one too many; it counts all the
 * same until it leaves. */
bool	crowd_enter(void) __attribute__((warn_unused_result));
void	crowd_leave(void);

#endif
