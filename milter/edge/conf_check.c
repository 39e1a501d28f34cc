/*
 * conf_check: do the keys of a group go together?  See conf_check.h.
 */
#include <stddef.h>

#include "core/address.h"
#include "core/answer.h"
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

static bool
is_of_list(const struct settings *settings, const char *address)
{
	size_t i;

	for (i = 0; i < settings->nlists; i++)
		if (address_matches(text_span(address),
		    &settings->lists[i].address))
			return true;
	return false;
}

const char *
conf_check_alerts(const struct settings *settings, bool has_from,
    const char **what_out)
{
	const struct alert_settings *alerts = &settings->alerts;
	size_t i;

	*what_out = "accepted: plain addresses, as \"name@example.org\"";
	if ((has_from || alerts->mail_to.n > 0 || alerts->acknowledge) &&
	    !answer_is_address(text_span(alerts->mail_from)))
		return "mail_from";
	for (i = 0; i < alerts->mail_to.n; i++) {
		if (!answer_is_address(text_span(alerts->mail_to.v[i])))
			return "mail_to";
		if (!is_of_list(settings, alerts->mail_to.v[i]))
			continue;
		*what_out = "an address of a list, which refuses what no "
		    "person sent; accepted: addresses of operators";
		return "mail_to";
	}
	if (alerts->sendmail[0] == '/')
		return NULL;
	*what_out = "accepted: an absolute path";
	return "sendmail";
}
