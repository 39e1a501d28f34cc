/*
 * rig_group: the one rig of a test program; see rig_group.h.
 */
#include "lib/rig_group.h"

struct rig rig;

int
group_start(void **state)
{
	(void)state;
	rig_start(&rig);
	return 0;
}

int
group_stop(void **state)
{
	(void)state;
	rig_stop(&rig);
	return 0;
}

int
group_reset(void **state)
{
	(void)state;
	rig_reset(&rig);
	return 0;
}
