/*
 * check: is everything there that the filter needs?
 *
 * A line per finding; what is wrong comes with the command that mends it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "core/units.h"
#include "ctl/ctl.h"
#include "ctl/json.h"
#include "edge/clock.h"
#include "edge/conf.h"
#include "edge/keyring.h"

#define SOON_SECS	(30 * 86400)
#define STALE_SECS	7200		/* warnd looks at least every hour */
#define BACKLOG_SECS	300		/* warnd mails within half a minute */

struct report {
	const struct ctl	*ctl;
	json_t			*array;
	int			 problems;
};

static void
say(struct report *r, bool good, const char *subject, const char *text,
    const char *remedy)
{
	if (!good)
		r->problems++;
	if (r->ctl->wants_json) {
		json_array_append_new(r->array, json_pack("{sb ss ss ss}",
		    "good", good, "subject", subject, "text", text,
		    "remedy", good ? "" : remedy));
		return;
	}
	printf("%s%-7s%s %s: %s\n",
	    ctl_colour(good ? "\033[32m" : "\033[1;31m"),
	    good ? "good" : "PROBLEM", ctl_colour("\033[0m"), subject, text);
	if (!good && remedy[0] != '\0')
		printf("        %s\n", remedy);
}

static void
check_expiry(struct report *r, const struct list_settings *list,
    const struct keyset *keys)
{
	int64_t now = clock_now(), last = 0;
	char text[120], date[24];
	bool forever = false;
	size_t i, usable = 0;

	for (i = 0; i < keys->n; i++) {
		if (keys->v[i].is_revoked || (keys->v[i].expires_at != 0 &&
		    keys->v[i].expires_at <= now))
			continue;
		usable++;
		forever = forever || keys->v[i].expires_at == 0;
		if (keys->v[i].expires_at > last)
			last = keys->v[i].expires_at;
	}
	ctl_print_time(forever ? 0 : last, date);
	snprintf(text, sizeof(text), "%zu usable encryption subkeys, the last "
	    "expires: %s", usable, forever ? "never" : date);
	say(r, usable > 0 && (forever || last > now + SOON_SECS), list->name,
	    text, "extend the key (gpg --quick-set-expire) and tell the "
	    "members, then send SIGUSR1 to embargo-milter");
}

static void
check_certificates(struct report *r, const struct list_settings *list,
    const struct keyset *keys)
{
	int64_t now = clock_now(), last = 0;
	const struct certificate *c;
	char text[120], date[24];
	size_t i, usable = 0;

	for (i = 0; i < keys->ncertificates; i++) {
		c = &keys->certificates[i];
		if (c->is_revoked || c->starts_at > now || c->expires_at < now)
			continue;
		usable++;
		if (c->expires_at > last)
			last = c->expires_at;
	}
	ctl_print_time(last, date);
	snprintf(text, sizeof(text), "%zu valid S/MIME certificates, the last "
	    "expires: %s", usable, date);
	say(r, usable > 0 && last > now + SOON_SECS, list->name, text,
	    "import a new certificate (gpgsm --import), add its fingerprint "
	    "to key, then send SIGUSR1 to embargo-milter");
}

static void
check_keys(struct report *r)
{
	const struct settings *s = r->ctl->settings;
	struct keyset keys;
	struct fault fault;
	size_t i;

	for (i = 0; i < s->nlists; i++) {
		if (!keyring_load(&s->gnupg, &s->lists[i], &keys, &fault)) {
			say(r, false, s->lists[i].name, fault.text, "import "
			    "the list's public key: gpg (gpgsm) --homedir "
			    "HOME --import FILE");
			continue;
		}
		if (keys.n > 0)
			check_expiry(r, &s->lists[i], &keys);
		if (keys.ncertificates > 0)
			check_certificates(r, &s->lists[i], &keys);
		keyring_clear(&keys);
	}
}

/* A mail that fails is tried again within a quarter of an hour. */
static void
check_mail(struct report *r, const char *tracker,
    const struct store_health *h)
{
	char text[160], span[32];

	if (r->ctl->settings->alerts.mail_to.n == 0)
		return;
	units_print_duration(h->backlog_secs, span);
	snprintf(text, sizeof(text), "the oldest alert not mailed yet: %s",
	    h->backlog_secs < 0 ? "none" : span);
	say(r, h->backlog_secs < BACKLOG_SECS, tracker, text, "the log of "
	    "embargo-warnd says why; see to alerts.sendmail");
}

static void
check_tracker(struct report *r, const char *tracker,
    const struct store_health *h)
{
	char text[160], when[48];

	snprintf(text, sizeof(text), "%" PRId64 " open issues, %" PRId64
	    " overdue", h->open, h->overdue);
	say(r, h->overdue == 0, tracker, text, "see embargoctl list, publish, "
	    "then embargoctl public ISSUE URL");
	snprintf(text, sizeof(text), "%" PRId64 " open issues without a date",
	    h->dateless);
	say(r, h->dateless == 0, tracker, text, "ask their reporters, then "
	    "embargoctl set-date ISSUE DATE");
	ctl_print_relative(h->last_pass_at, clock_now(), when);
	snprintf(text, sizeof(text), "embargo-warnd last looked: %s",
	    h->last_pass_at == 0 ? "never" : when);
	say(r, h->last_pass_at > clock_now() - STALE_SECS, tracker, text,
	    "start embargo-warnd");
	check_mail(r, tracker, h);
}

static bool
check_redis(struct report *r)
{
	struct ctl *ctl = (struct ctl *)(uintptr_t)r->ctl;
	struct store_health h;
	struct fault fault;
	const char *tracker;
	size_t i;

	for (i = 0; (tracker = ctl_tracker(ctl, i)) != NULL; i++) {
		if (!store_health(ctl->store, tracker, clock_now(), &h,
		    &fault)) {
			say(r, false, "redis", fault.text, "start Redis, or "
			    "mend redis.address in the configuration");
			return false;
		}
		if (i == 0) {
			say(r, h.is_master, "redis", h.is_master ?
			    "reachable, a master" : "reachable, a replica",
			    "point redis.address at the master");
			say(r, h.has_aof, "redis", h.has_aof ?
			    "append-only file is on" :
			    "append-only file is off: a crash loses issues",
			    "redis-cli config set appendonly yes; "
			    "redis-cli config rewrite");
			say(r, !h.is_evicting, "redis", h.is_evicting ?
			    "may evict keys" : "never evicts keys",
			    "redis-cli config set maxmemory-policy "
			    "noeviction; redis-cli config rewrite");
		}
		check_tracker(r, tracker, &h);
	}
	return true;
}

int
cmd_check(struct ctl *ctl, int argc, char **argv)
{
	struct report r = { ctl, NULL, 0 };
	bool reachable;
	int code;

	(void)argv;
	if (argc != 0)
		return ctl_usage(ctl, "[--list NAME] [--json]");
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	r.array = json_array();
	say(&r, true, "configuration", ctl->conf_path, "");
	check_keys(&r);
	reachable = check_redis(&r);
	if (ctl->wants_json)
		json_finish(r.array, JSON_INDENT(2));
	else
		json_decref(r.array);
	if (!reachable)
		return EX_UNAVAILABLE;
	return r.problems == 0 ? EX_OK : CTL_NO;
}
