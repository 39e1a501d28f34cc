/*
 * check_redis: is Redis there, does it keep what it is given, and does
 * embargo-warnd look at it?
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/endpoint.h"
#include "core/units.h"
#include "ctl/check.h"
#include "edge/clock.h"

#define STALE_SECS	7200	/* warnd looks at least every hour */
#define BACKLOG_SECS	300	/* warnd mails within half a minute */
#define AHEAD_SECS	5	/* as far as two clocks may be apart */
#define FULL_PERCENT	90
#define OLDEST_MAJOR	6	/* 6.2: XPENDING with IDLE */
#define OLDEST_MINOR	2

/* How to speak to the server that the configuration names. */
static void
print_cli(const struct check *c, char *dst, size_t size)
{
	const struct redis_settings *redis = &c->ctl->settings->redis;
	struct endpoint e;

	if (redis->sentinels.n > 0 || !endpoint_parse(text_span(
	    redis->address), ENDPOINT_TCP, &e))
		snprintf(dst, size, "redis-cli -h MASTER");
	else if (e.path[0] != '\0')
		snprintf(dst, size, "redis-cli -s %s", e.path);
	else
		snprintf(dst, size, "redis-cli -h %s -p %d", e.host, e.port);
}

/* A finding whose remedy is a command for the server. */
static void
say(struct check *c, bool good, const char *command, const char *text)
{
	char cli[300], remedy[700];

	print_cli(c, cli, sizeof(cli));
	if (text_starts(text_span(command), "config set"))
		snprintf(remedy, sizeof(remedy), "%s %s && %s config rewrite",
		    cli, command, cli);
	else
		snprintf(remedy, sizeof(remedy), "%s %s", cli, command);
	check_say(c, "redis", good ? NULL : remedy, "%s", text);
}

static bool
is_old(const char *version)
{
	char *rest;
	long major = strtol(version, &rest, 10);
	long minor = rest[0] == '.' ? strtol(rest + 1, NULL, 10) : 0;

	return major < OLDEST_MAJOR || (major == OLDEST_MAJOR &&
	    minor < OLDEST_MINOR);
}

static void
say_persistence(struct check *c, const struct store_health *h)
{
	char text[100];

	say(c, h->has_aof, "config set appendonly yes",
	    h->has_aof ? "append-only file is on" :
	    "append-only file is off: a crash loses issues");
	if (h->has_aof) {
		snprintf(text, sizeof(text), "appendfsync is %s",
		    h->fsync[0] == '\0' ? "not known, for lack of the right "
		    "to ask" : h->fsync);
		say(c, strcmp(h->fsync, "no") != 0, "config set appendfsync "
		    "everysec", text);
	}
	if (h->is_failing)
		say(c, false, "info persistence; df",
		    "the last write to its disk failed");
}

static void
say_server(struct check *c, const struct store_health *h)
{
	int wanted = c->ctl->settings->redis.replicas;
	char text[160];

	snprintf(text, sizeof(text), "reachable, %s, version %s",
	    h->is_master ? "a master" : "a replica", h->version);
	say(c, h->is_master, "role; then point redis.address at the master",
	    text);
	if (is_old(h->version))
		say(c, false, "info server",
		    "too old: version 6.2 or later is needed");
	say_persistence(c, h);
	say(c, !h->is_evicting, "config set maxmemory-policy noeviction",
	    h->is_evicting ? "may evict keys" : "never evicts keys");
	if (h->max_bytes > 0) {
		snprintf(text, sizeof(text), "%" PRId64 " %% of maxmemory in "
		    "use", h->used_bytes * 100 / h->max_bytes);
		say(c, h->used_bytes * 100 / h->max_bytes < FULL_PERCENT,
		    "config set maxmemory BYTES", text);
	}
	if (wanted > 0) {
		snprintf(text, sizeof(text), "%" PRId64 " replicas are "
		    "connected, redis.replicas asks for %d", h->replicas,
		    wanted);
		say(c, h->replicas >= wanted, "info replication", text);
	}
	check_say(c, "clock", labs((long)h->ahead_secs) <= AHEAD_SECS ? NULL :
	    "timedatectl set-ntp true, here and on the host of Redis",
	    "Redis is %" PRId64 " s ahead of us", h->ahead_secs);
	check_say(c, "clock", clock_is_synchronised() ? NULL :
	    "timedatectl set-ntp true", "%s", clock_is_synchronised() ?
	    "kept by a time server" : "kept by no time server");
}

/* A mail that fails is tried again within a quarter of an hour. */
static void
say_mail(struct check *c, const char *tracker, const struct store_health *h)
{
	char span[32];

	if (c->ctl->settings->alerts.mail_to.n == 0) {
		check_say(c, "alerts", NULL, "nobody gets them by mail: "
		    "alerts.mail_to is empty");
		return;
	}
	units_print_duration(h->backlog_secs, span);
	check_say(c, tracker, h->backlog_secs < BACKLOG_SECS ? NULL :
	    "journalctl -u embargo-warnd says why; see to alerts.sendmail",
	    "the oldest alert not mailed yet: %s", h->backlog_secs < 0 ?
	    "none" : span);
}

static void
say_tracker(struct check *c, const char *tracker,
    const struct store_health *h)
{
	char when[48] = "never";

	check_say(c, tracker, h->overdue == 0 ? NULL : "embargoctl list; "
	    "publish; embargoctl public ISSUE URL", "%" PRId64
	    " open issues, %" PRId64 " overdue", h->open, h->overdue);
	check_say(c, tracker, h->dateless == 0 ? NULL : "ask the reporters; "
	    "embargoctl set-date ISSUE DATE", "%" PRId64 " open issues "
	    "without a date", h->dateless);
	if (h->last_pass_at != 0)
		ctl_print_relative(h->last_pass_at, clock_now(), when);
	check_say(c, tracker, h->last_pass_at > clock_now() - STALE_SECS ?
	    NULL : "systemctl enable --now embargo-warnd",
	    "embargo-warnd last looked: %s", when);
	say_mail(c, tracker, h);
}

void
check_redis(struct check *c)
{
	struct store_health h;
	struct fault fault;
	const char *tracker;
	size_t i;

	for (i = 0; (tracker = ctl_tracker(c->ctl, i)) != NULL; i++) {
		if (!store_health(c->ctl->store, tracker, clock_now(), &h,
		    &fault)) {
			check_say(c, "redis", "systemctl start redis-server, "
			    "or mend redis.address in the configuration",
			    "%s", fault.text);
			c->is_away = true;
			return;
		}
		if (i == 0)
			say_server(c, &h);
		say_tracker(c, tracker, &h);
	}
}
