/*
 * conf_key: every key of the configuration, its type and its default.
 *
 * embargo-milter.conf(5) and the sample say the same to people; a test compares
 * them.
 */
#include "core/settings.h"
#include "edge/conf_key.h"

#define AT(type, member) offsetof(struct type, member)
#define GROUP(title, table) { title, table, sizeof(table) / sizeof(table[0]) }

static const char *const log_choices[] = { "syslog", "stderr", NULL };
static const char *const cleartext_choices[] = { "reject", "quarantine",
    "encrypt", "warn", NULL };
static const char *const signature_choices[] = { "ignore", "valid", "member",
    NULL };
static const char *const bounces_choices[] = { "reject", "quarantine", NULL };
static const char *const missing_choices[] = { "assume", "reject", "leave",
    NULL };
static const char *const over_max_choices[] = { "flag", "cap", "reject",
    NULL };
static const char *const changes_choices[] = { "members", "anyone",
    "operators", NULL };

static const struct conf_key top_keys[] = {
	{ "socket", CONF_SOCKET, AT(settings, socket),
	    "unix:/run/embargo-milter/milter.sock", NULL, 0, 0 },
	{ "socket_mode", CONF_MODE, AT(settings, socket_mode), "0660", NULL,
	    0, 0 },
	{ "socket_group", CONF_STRING, AT(settings, socket_group), NULL, NULL,
	    0, 0 },
	{ "user", CONF_STRING, AT(settings, user), "embargo-milter", NULL,
	    0, 0 },
	{ "log", CONF_CHOICE, AT(settings, log_to), "syslog", log_choices,
	    0, 0 },
	{ "max_message", CONF_SIZE, AT(settings, max_message), "25M", NULL,
	    1024, 1LL << 30 },
	{ "redis", CONF_SPECIAL, 0, NULL, NULL, 0, 0 },
	{ "gnupg", CONF_SPECIAL, 0, NULL, NULL, 0, 0 },
	{ "limits", CONF_SPECIAL, 0, NULL, NULL, 0, 0 },
	{ "lists", CONF_SPECIAL, 0, NULL, NULL, 0, 0 },
	{ "alerts", CONF_SPECIAL, 0, NULL, NULL, 0, 0 },
};

static const struct conf_key redis_keys[] = {
	{ "address", CONF_ENDPOINT, AT(redis_settings, address),
	    "unix:/run/redis/redis-server.sock", NULL, 0, 0 },
	{ "sentinels", CONF_ENDPOINTS, AT(redis_settings, sentinels), NULL,
	    NULL, 0, 0 },
	{ "master", CONF_STRING, AT(redis_settings, master), NULL, NULL,
	    0, 0 },
	{ "sentinel_username", CONF_STRING, AT(redis_settings,
	    sentinel_username), NULL, NULL, 0, 0 },
	{ "sentinel_password_file", CONF_STRING, AT(redis_settings,
	    sentinel_password_file), NULL, NULL, 0, 0 },
	{ "username", CONF_STRING, AT(redis_settings, username), NULL, NULL,
	    0, 0 },
	{ "password_file", CONF_STRING, AT(redis_settings, password_file),
	    NULL, NULL, 0, 0 },
	{ "database", CONF_INT, AT(redis_settings, database), "0", NULL,
	    0, 65535 },
	{ "prefix", CONF_STRING, AT(redis_settings, prefix), "embargo", NULL,
	    0, 0 },
	{ "timeout", CONF_MSECS, AT(redis_settings, timeout_ms), "2s", NULL,
	    1000, 600000 },
	{ "replicas", CONF_INT, AT(redis_settings, replicas), "0", NULL,
	    0, 100 },
};

static const struct conf_key gnupg_keys[] = {
	{ "home", CONF_STRING, AT(gnupg_settings, home),
	    "/var/lib/embargo-milter/gnupg", NULL, 0, 0 },
	{ "timeout", CONF_MSECS, AT(gnupg_settings, timeout_ms), "30s", NULL,
	    1000, 600000 },
	{ "jobs", CONF_INT, AT(gnupg_settings, jobs), "2", NULL, 1, 1024 },
};

static const struct conf_key limits_keys[] = {
	{ "max_pkesk", CONF_COUNT, AT(limit_settings, max_pkesk), "64", NULL,
	    1, 1000 },
	{ "max_depth", CONF_COUNT, AT(limit_settings, max_depth), "100", NULL,
	    1, 100 },
	{ "max_parts", CONF_COUNT, AT(limit_settings, max_parts), "1000",
	    NULL, 1, 10000 },
	{ "max_fields", CONF_COUNT, AT(limit_settings, max_fields), "1000",
	    NULL, 10, 10000 },
	{ "max_header", CONF_SIZE, AT(limit_settings, max_header_bytes),
	    "1M", NULL, 1024, 16LL << 20 },
	{ "max_expansion", CONF_COUNT, AT(limit_settings, max_expansion),
	    "4", NULL, 1, 100 },
};

static const struct conf_key list_keys[] = {
	{ "name", CONF_STRING, AT(list_settings, name), NULL, NULL, 0, 0 },
	{ "address", CONF_ADDRESSES, AT(list_settings, address), NULL, NULL,
	    0, 0 },
	{ "key", CONF_FINGERPRINTS, AT(list_settings, key), NULL, NULL,
	    0, 0 },
	{ "decrypt", CONF_BOOL, AT(list_settings, decrypt), "false", NULL,
	    0, 0 },
	{ "accept", CONF_SPECIAL, 0, NULL, NULL, 0, 0 },
	{ "allow_passphrase", CONF_BOOL, AT(list_settings, allow_passphrase),
	    "false", NULL, 0, 0 },
	{ "repair", CONF_BOOL, AT(list_settings, repair), "false", NULL,
	    0, 0 },
	{ "cleartext", CONF_CHOICE, AT(list_settings, cleartext), "reject",
	    cleartext_choices, 0, 0 },
	{ "signature", CONF_CHOICE, AT(list_settings, signature), "ignore",
	    signature_choices, 0, 0 },
	{ "members", CONF_STRING, AT(list_settings, members), NULL, NULL,
	    0, 0 },
	{ "enforce", CONF_BOOL, AT(list_settings, enforce), "true", NULL,
	    0, 0 },
	{ "subject_tags", CONF_STRINGS, AT(list_settings, subject_tags), NULL,
	    NULL, 0, 0 },
	{ "subject_url", CONF_STRING, AT(list_settings, subject_url), NULL,
	    NULL, 0, 0 },
	{ "hide_subject", CONF_BOOL, AT(list_settings, hide_subject), "false",
	    NULL, 0, 0 },
	{ "store_subject", CONF_BOOL, AT(list_settings, store_subject),
	    "false", NULL, 0, 0 },
	{ "guard", CONF_BOOL, AT(list_settings, guard), "false", NULL, 0, 0 },
	{ "sender", CONF_ADDRESSES, AT(list_settings, sender), NULL, NULL,
	    0, 0 },
	{ "public_lists", CONF_ADDRESSES, AT(list_settings, public_lists),
	    "oss-security@lists.openwall.com *@vger.kernel.org", NULL,
	    0, 0 },
	{ "bounces", CONF_CHOICE, AT(list_settings, bounces), "reject",
	    bounces_choices, 0, 0 },
	{ "tracker", CONF_STRING, AT(list_settings, tracker), NULL, NULL,
	    0, 0 },
	{ "issue_prefix", CONF_STRING, AT(list_settings, issue_prefix), "VS",
	    NULL, 0, 0 },
	{ "embargo", CONF_SPECIAL, 0, NULL, NULL, 0, 0 },
};

static const struct conf_key embargo_keys[] = {
	{ "max", CONF_SECS, AT(embargo_settings, max_secs), "14d", NULL,
	    3600, 366LL * 86400 },
	{ "missing", CONF_CHOICE, AT(embargo_settings, missing), "assume",
	    missing_choices, 0, 0 },
	{ "over_max", CONF_CHOICE, AT(embargo_settings, over_max), "flag",
	    over_max_choices, 0, 0 },
	{ "default_hour", CONF_CLOCK, AT(embargo_settings,
	    default_hour_secs), "14:00", NULL, 0, 0 },
	{ "changes", CONF_CHOICE, AT(embargo_settings, changes), "members",
	    changes_choices, 0, 0 },
	{ "exploit_max", CONF_SECS, AT(embargo_settings, exploit_max_secs),
	    "7d", NULL, 0, 366LL * 86400 },
};

static const struct conf_key alerts_keys[] = {
	{ "before", CONF_DURATIONS, 0, "7d 3d 1d 2h", NULL, 0, 0 },
	{ "repeat", CONF_SECS, AT(alert_settings, repeat_secs), "1d", NULL,
	    60, 366LL * 86400 },
	{ "quiet_after", CONF_SECS, AT(alert_settings, quiet_after_secs),
	    "24h", NULL, 60, 366LL * 86400 },
	{ "no_progress_after", CONF_SECS, AT(alert_settings,
	    no_progress_after_secs), "4d", NULL, 60, 366LL * 86400 },
	{ "posting_within", CONF_SECS, AT(alert_settings,
	    posting_within_secs), "24h", NULL, 60, 366LL * 86400 },
	{ "mail_to", CONF_ADDRESSES, AT(alert_settings, mail_to), NULL, NULL,
	    0, 0 },
	{ "mail_from", CONF_STRING, AT(alert_settings, mail_from), NULL, NULL,
	    0, 0 },
	{ "encrypt_to", CONF_FINGERPRINTS, AT(alert_settings, encrypt_to),
	    NULL, NULL, 0, 0 },
	{ "acknowledge", CONF_BOOL, AT(alert_settings, acknowledge), "false",
	    NULL, 0, 0 },
	{ "sendmail", CONF_STRING, AT(alert_settings, sendmail),
	    "/usr/sbin/sendmail", NULL, 0, 0 },
};

const struct conf_group conf_top = GROUP("", top_keys);
const struct conf_group conf_redis = GROUP("redis", redis_keys);
const struct conf_group conf_gnupg = GROUP("gnupg", gnupg_keys);
const struct conf_group conf_limits = GROUP("limits", limits_keys);
const struct conf_group conf_list = GROUP("lists", list_keys);
const struct conf_group conf_embargo = GROUP("embargo", embargo_keys);
const struct conf_group conf_alerts = GROUP("alerts", alerts_keys);
