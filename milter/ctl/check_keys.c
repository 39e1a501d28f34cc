/*
 * check_keys: are the keys of lists, members and operators there, and when do
 * they and their subkeys end?
 */
#include <stdio.h>
#include <string.h>

#include "ctl/check.h"
#include "edge/clock.h"
#include "edge/keyring.h"
#include "edge/members.h"
#include "flow/inside.h"

#define SOON_SECS	(30 * 86400)

static bool
is_usable(const struct subkey *key, int64_t now)
{
	return !key->is_revoked && (key->expires_at == 0 ||
	    key->expires_at > now);
}

static void
print_end(int64_t at, char *dst)
{
	if (at == 0)
		snprintf(dst, 24, "never");
	else
		ctl_print_time(at, dst);
}

/* The subkeys that encrypt, those that have ended left out. */
static void
say_subkeys(struct check *c, const struct list_settings *list,
    const struct keyset *keys)
{
	const struct gnupg_settings *gnupg = &c->ctl->settings->gnupg;
	int64_t now = clock_now(), last = 0;
	char date[24], remedy[CHECK_TEXT_SIZE];
	size_t i, usable = 0;
	bool forever = false;

	for (i = 0; i < keys->n; i++) {
		if (!is_usable(&keys->v[i], now))
			continue;
		usable++;
		forever = forever || keys->v[i].expires_at == 0;
		if (keys->v[i].expires_at > last)
			last = keys->v[i].expires_at;
	}
	print_end(forever ? 0 : last, date);
	snprintf(remedy, sizeof(remedy), "gpg --homedir %s "
	    "--quick-set-expire %s 1y '*'; then tell the members, and: "
	    "pkill -USR1 -x embargo-milter", gnupg->home, list->key.n > 0 ?
	    list->key.v[0] : "FINGERPRINT");
	check_say(c, list->name, usable > 0 && (forever ||
	    last > now + SOON_SECS) ? NULL : remedy, "%zu usable encryption "
	    "subkeys, the last expires: %s", usable, date);
}

static void
say_certificates(struct check *c, const struct list_settings *list,
    const struct keyset *keys)
{
	int64_t now = clock_now(), last = 0;
	const struct certificate *cert;
	char date[24];
	size_t i, usable = 0;

	for (i = 0; i < keys->ncertificates; i++) {
		cert = &keys->certificates[i];
		if (cert->is_revoked || cert->starts_at > now ||
		    cert->expires_at < now)
			continue;
		usable++;
		if (cert->expires_at > last)
			last = cert->expires_at;
	}
	ctl_print_time(last, date);
	check_say(c, list->name, usable > 0 && last > now + SOON_SECS ? NULL :
	    "gpgsm --import FILE, add its fingerprint to key, then: "
	    "pkill -USR1 -x embargo-milter",
	    "%zu valid S/MIME certificates, the last expires: %s", usable,
	    date);
}

/* One key, primary key and subkeys; what names it: "the list's key". */
static void
say_key(struct check *c, const char *subject, const char *what,
    const char *fingerprint)
{
	const struct gnupg_settings *gnupg = &c->ctl->settings->gnupg;
	int64_t now = clock_now(), end = 0;
	char date[24], remedy[CHECK_TEXT_SIZE];
	struct keyset keys;
	struct fault fault;
	bool good;

	snprintf(remedy, sizeof(remedy), "ask for the key, then: "
	    "gpg --homedir %s --import FILE", gnupg->home);
	if (!keyring_look(gnupg, fingerprint, &keys, &fault)) {
		check_say(c, subject, remedy, "%s: %s", what, fault.text);
		return;
	}
	good = keys.ncertificates > 0 || (keys.n > 0 &&
	    !keys.v[0].is_revoked);
	if (keys.ncertificates > 0) {
		end = keys.certificates[0].expires_at;
		good = !keys.certificates[0].is_revoked;
	} else if (keys.n > 0)
		end = keys.v[0].expires_at;
	print_end(end, date);
	check_say(c, subject, good && (end == 0 || end > now + SOON_SECS) ?
	    NULL : remedy, "%s %s%s expires: %s", what, fingerprint, good ?
	    "" : " is revoked, and", date);
	keyring_clear(&keys);
}

static void
say_members(struct check *c, const struct list_settings *list,
    struct keyset *keys)
{
	struct fault fault;
	char what[200];
	size_t i, k;

	if (!members_load(list->members, keys, &fault)) {
		check_say(c, list->name, "mend that line", "%s", fault.text);
		return;
	}
	check_say(c, list->name, NULL, "%zu lines of members",
	    keys->nmembers);
	for (i = 0; i < keys->nmembers; i++) {
		for (k = 0; k < i; k++)
			if (strcmp(keys->members[k].fingerprint,
			    keys->members[i].fingerprint) == 0)
				break;
		snprintf(what, sizeof(what), "the key of %s",
		    keys->members[i].address);
		if (k == i)
			say_key(c, list->name, what,
			    keys->members[i].fingerprint);
	}
	members_clear(keys);
}

/* Can the list's mail be decrypted, as it asks for? */
static void
say_secret(struct check *c, struct list_settings *list,
    const struct keyset *keys)
{
	struct ctl *ctl = c->ctl;
	struct canary *canary;
	struct fault fault;
	char remedy[CHECK_TEXT_SIZE];
	bool ok;

	ok = inside_new_canary(ctl->settings, list, keys, &canary, &fault);
	snprintf(remedy, sizeof(remedy), "gpg --homedir %s --import "
	    "SECRET-KEY-FILE, or decrypt = false",
	    ctl->settings->gnupg.home);
	check_say(c, list->name, ok ? NULL : remedy, "%s", ok ?
	    "its secret key decrypts" : fault.text);
	if (ok)
		inside_free_canary(&canary);
}

static void
look_at_list(struct check *c, struct list_settings *list)
{
	const struct gnupg_settings *gnupg = &c->ctl->settings->gnupg;
	char remedy[CHECK_TEXT_SIZE];
	struct keyset keys;
	struct fault fault;
	size_t i;

	if (!keyring_load(gnupg, list, &keys, &fault)) {
		snprintf(remedy, sizeof(remedy), "gpg (gpgsm) --homedir %s "
		    "--import FILE, with the list's public key", gnupg->home);
		check_say(c, list->name, remedy, "%s", fault.text);
		return;
	}
	keyring_sort(&keys, list);
	if (keys.n > 0)
		say_subkeys(c, list, &keys);
	for (i = 0; i < list->key.n; i++)
		say_key(c, list->name, "the list's key", list->key.v[i]);
	if (keys.ncertificates > 0)
		say_certificates(c, list, &keys);
	if (list->decrypt)
		say_secret(c, list, &keys);
	if (list->members != NULL)
		say_members(c, list, &keys);
	keyring_clear(&keys);
}

void
check_keys(struct check *c)
{
	struct settings *s = c->ctl->settings;
	size_t i;

	for (i = 0; i < s->nlists; i++)
		if (c->ctl->list == NULL ||
		    strcmp(c->ctl->list, s->lists[i].name) == 0)
			look_at_list(c, &s->lists[i]);
	for (i = 0; i < s->alerts.encrypt_to.n; i++)
		say_key(c, "alerts", "the operators' key",
		    s->alerts.encrypt_to.v[i]);
}
