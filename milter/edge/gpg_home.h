/*
 * gpg_home: whose the keys are.
 */
#ifndef EDGE_GPG_HOME_H
#define EDGE_GPG_HOME_H

#include "core/fault.h"

#include <stdbool.h>

/*
 * In a job that works for root, as embargoctl's may: become the owner of the
 * home, with its groups.  Lock files and a gpg-agent of root's in there would
 * keep the daemons from their keys.  Sets GNUPGHOME.
 */
bool	gpg_enter_home(const char *home, struct fault *fault)
	    __attribute__((warn_unused_result));

#endif
