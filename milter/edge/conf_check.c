/*
 * conf_check: do the keys of a group go together?  See conf_check.h.
 */
#include <stddef.h>

#include "edge/conf_check.h"

const char *
conf_check_redis(const struct redis_settings *redis, bool has_address,
    const char **what_out)
{
	bool has_sentinels = redis->sentinels.n > 0;
	const struct {
		bool		 is_wrong;
		const char	*key, *what;
	} rules[] = {
		{ redis->username != NULL && redis->password_file == NULL,
		    "username", "needs password_file" },
		{ redis->sentinel_username != NULL &&
		    redis->sentinel_password_file == NULL,
		    "sentinel_username", "needs sentinel_password_file" },
		{ redis->master != NULL && !has_sentinels, "master",
		    "needs sentinels = [ \"host:port\", ... ]" },
		{ redis->sentinel_password_file != NULL && !has_sentinels,
		    "sentinel_password_file",
		    "needs sentinels = [ \"host:port\", ... ]" },
		{ has_sentinels && has_address, "address",
		    "not together with sentinels: they know where the master "
		    "is" },
		{ has_sentinels && redis->master == NULL, "master",
		    "missing; accepted: the name under which the sentinels "
		    "monitor the master" },
	};
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (!rules[i].is_wrong)
			continue;
		*what_out = rules[i].what;
		return rules[i].key;
	}
	return NULL;
}
