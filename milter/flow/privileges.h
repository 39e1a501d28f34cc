/*
 * privileges: a daemon that root starts becomes the user of its configuration.
 */
#ifndef FLOW_PRIVILEGES_H
#define FLOW_PRIVILEGES_H

#include "core/fault.h"

#include <stdbool.h>

/*
 * Before keys and passwords are read: what only root may read would be missing
 * at the first reload.  The file is read again afterwards, as that user.
 */
bool	privileges_drop(const char *conf_path, struct fault *fault)
	    __attribute__((warn_unused_result));

#endif
