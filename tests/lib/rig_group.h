/*
 * rig_group: the one rig of a test program, as fixtures of cmocka's: start and
 * stop for the group, reset for each test.
 */
#ifndef TEST_RIG_GROUP_H
#define TEST_RIG_GROUP_H

#include "lib/rig.h"

extern struct rig rig;

int	group_start(void **state);
int	group_stop(void **state);
int	group_reset(void **state);

#endif
