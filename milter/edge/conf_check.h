/*
 * conf_check: do the keys of a group go together?
 */
#ifndef EDGE_CONF_CHECK_H
#define EDGE_CONF_CHECK_H

#include <stdbool.h>

#include "core/settings.h"

/*
 * has_address: the file names it.  Gives NULL, or the key that is wrong; what
 * says why, in literal text.
 */
const char	*conf_check_redis(const struct redis_settings *redis,
		    bool has_address, const char **what_out)
		    __attribute__((warn_unused_result));

/* The same of alerts: can mail go out?  has_from: the file has mail_from. */
const char	*conf_check_alerts(const struct settings *settings,
		    bool has_from, const char **what_out)
		    __attribute__((warn_unused_result));

#endif
