/*
 * rig_all: uses everything that the store can do, once.
 */
#ifndef TEST_RIG_ALL_H
#define TEST_RIG_ALL_H

#include "lib/rig.h"

/*
 * Two issues of tracker "distros" remain, VS-2027-0001 and VS-2027-0002.
 * Trouble ends the test program.
 */
void	rig_all(struct rig *rig);

#endif
