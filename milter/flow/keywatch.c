/*
 * keywatch: which keys come to their end?  See keywatch.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/crd.h"
#include "core/units.h"
#include "edge/clock.h"
#include "edge/keyring.h"
#include "edge/log.h"
#include "edge/members.h"
#include "flow/keywatch.h"

#define LOOK_MS		3600000
#define LOOK_AGAIN_MS	300000
#define DAY_SECS	86400
#define HEX_SIZE	65

enum role {
	ROLE_LIST,
	ROLE_MEMBER,
	ROLE_OPERATOR
};

/* What is found for one tracker. */
struct look {
	const struct settings	*settings;
	int64_t			 now;
	const char		*list;
	struct store_ending	*v;
	size_t			 n;
};

/* A key, or a subkey of it. */
struct key {
	enum role	 role;
	const char	*fingerprint;	/* the primary key's */
	const char	*kind;		/* "key", "certificate" */
	const char	*subkey;	/* or NULL */
	int64_t		 expires_at;
	bool		 is_revoked;
	bool		 is_replaced;
	bool		 is_shadowed;	/* it ends with the primary key */
};

static bool
has_ended(int64_t expires_at, bool is_revoked, int64_t now)
{
	return is_revoked || (expires_at != 0 && expires_at <= now);
}

static int
stage_of(const struct key *k, int64_t now)
{
	static const int days[] = { 30, 14, 7, 3, 1 };
	int stage = 0;
	size_t i;

	if (has_ended(k->expires_at, k->is_revoked, now))
		return 6;
	for (i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		if (k->expires_at != 0 &&
		    k->expires_at - now <= (int64_t)days[i] * DAY_SECS)
			stage = (int)i + 1;
	return stage;
}

static const char *
remedy_of(enum role role)
{
	switch (role) {
	case ROLE_LIST:
		return "extend it (gpg --quick-set-expire) or add another, "
		    "tell everybody who writes to the list, then send SIGUSR1 "
		    "to embargo-milter.";
	case ROLE_MEMBER:
		return "ask its owner for the extended key or a new one and "
		    "import it into gnupg.home.";
	case ROLE_OPERATOR:
		return "extend it, or name another, and import it into "
		    "gnupg.home; else alerts are mailed without details.";
	}
	return "";
}

/* "of list distros" */
static void
print_owner(const struct look *look, enum role role, char *dst, size_t size)
{
	if (role == ROLE_OPERATOR)
		snprintf(dst, size, "in alerts.encrypt_to");
	else
		snprintf(dst, size, "of %slist %s",
		    role == ROLE_MEMBER ? "a member of " : "", look->list);
}

static void
print_state(const struct key *k, int64_t now, char *dst, size_t size)
{
	char date[CRD_PRINT_SIZE], span[32];

	crd_print(k->expires_at, date);
	units_print_duration(k->expires_at - now, span);
	if (k->is_revoked)
		snprintf(dst, size, "is revoked");
	else if (k->expires_at <= now)
		snprintf(dst, size, "has expired at %s", date);
	else
		snprintf(dst, size, "expires at %s, in %s", date, span);
}

static struct store_ending *
new_ending(struct look *look)
{
	struct store_ending *e;

	look->v = buf_realloc(look->v, look->n + 1, sizeof(*look->v));
	e = &look->v[look->n++];
	memset(e, 0, sizeof(*e));
	return e;
}

static void
add(struct look *look, const struct key *k)
{
	struct store_ending *e = new_ending(look);
	char owner[120], state[100], subkey[HEX_SIZE + 40] = "";

	snprintf(e->name, sizeof(e->name), "%s:%" PRId64,
	    k->subkey != NULL ? k->subkey : k->fingerprint, k->expires_at);
	e->stage = k->is_shadowed ? 0 : stage_of(k, look->now);
	e->is_replaced = k->is_replaced;
	e->due_at = k->is_revoked ? 0 : k->expires_at;
	print_owner(look, k->role, owner, sizeof(owner));
	print_state(k, look->now, state, sizeof(state));
	if (k->subkey != NULL)
		snprintf(subkey, sizeof(subkey), "encryption subkey %s of the ",
		    k->subkey);
	snprintf(e->text, sizeof(e->text), "The %s%s %s %s %s: %s", subkey,
	    k->kind, k->fingerprint, owner, state, remedy_of(k->role));
}

/*
 * Without it alerts go out without details; told again each month, and when it
 * was there meanwhile.
 */
static void
add_missing(struct look *look, const char *fingerprint)
{
	struct store_ending *e = new_ending(look);

	snprintf(e->name, sizeof(e->name), "%s:missing:%" PRId64, fingerprint,
	    look->now / (30 * DAY_SECS));
	e->stage = 6;
	snprintf(e->text, sizeof(e->text), "The key %s in alerts.encrypt_to "
	    "cannot be found, so alerts are mailed without details: import it "
	    "into gnupg.home.", fingerprint);
}

static void
print_hex(const struct subkey *s, char *dst)
{
	size_t i;

	for (i = 0; i < s->len; i++)
		snprintf(dst + 2 * i, 3, "%02X", s->fingerprint[i]);
	dst[2 * s->len] = '\0';
}

/* Can anything but subkey i be used to encrypt? */
static bool
is_replaced(const struct keyset *keys, size_t i, int64_t now)
{
	size_t k;

	for (k = 1; k < keys->n; k++)
		if (k != i && !has_ended(keys->v[k].expires_at,
		    keys->v[k].is_revoked, now))
			return true;
	return false;
}

/*
 * The first of keys is the primary key.  What ends with it goes without saying,
 * but is known from now on: it may be revoked.
 */
static void
add_key(struct look *look, enum role role, const char *fingerprint,
    const struct keyset *keys)
{
	struct key k = { .role = role, .fingerprint = fingerprint,
	    .kind = "key" };
	const struct subkey *primary = keys->v, *s;
	char hex[HEX_SIZE];
	size_t i;

	k.expires_at = primary->expires_at;
	k.is_revoked = primary->is_revoked;
	add(look, &k);
	for (i = 1; i < keys->n && !primary->is_revoked; i++) {
		s = &keys->v[i];
		print_hex(s, hex);
		k.is_shadowed = !s->is_revoked &&
		    s->expires_at == primary->expires_at;
		k.subkey = hex;
		k.expires_at = s->expires_at;
		k.is_revoked = s->is_revoked;
		k.is_replaced = is_replaced(keys, i, look->now);
		add(look, &k);
	}
}

static void
add_certificate(struct look *look, enum role role, const char *fingerprint,
    const struct certificate *c)
{
	const struct key k = { .role = role, .fingerprint = fingerprint,
	    .kind = "certificate", .expires_at = c->expires_at,
	    .is_revoked = c->is_revoked };

	add(look, &k);
}

/* False when gpg is in trouble. */
static bool
look_at(struct look *look, enum role role, const char *fingerprint,
    struct fault *fault)
{
	struct keyset keys;

	if (!keyring_look(&look->settings->gnupg, fingerprint, &keys,
	    fault)) {
		if (fault->kind != FAULT_CONFIG || (role == ROLE_OPERATOR &&
		    look->n == 0))
			return false;	/* it seems to miss all keys */
		if (role == ROLE_OPERATOR)
			add_missing(look, fingerprint);
		return true;	/* the filter says so of a list's key */
	}
	if (keys.n > 0)
		add_key(look, role, fingerprint, &keys);
	if (keys.ncertificates > 0)
		add_certificate(look, role, fingerprint,
		    &keys.certificates[0]);
	keyring_clear(&keys);
	return true;
}

static bool
look_at_all(struct look *look, enum role role, const struct strings *keys,
    struct fault *fault)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (!look_at(look, role, keys->v[i], fault))
			return false;
	return true;
}

/* A member may have several addresses. */
static bool
is_repeated(const struct keyset *keys, size_t member)
{
	size_t i;

	for (i = 0; i < member; i++)
		if (strcmp(keys->members[i].fingerprint,
		    keys->members[member].fingerprint) == 0)
			return true;
	return false;
}

static bool
look_at_members(struct look *look, const char *path, struct fault *fault)
{
	struct keyset keys;
	bool ok;
	size_t i;

	memset(&keys, 0, sizeof(keys));
	ok = members_load(path, &keys, fault);
	for (i = 0; ok && i < keys.nmembers; i++)
		ok = is_repeated(&keys, i) || look_at(look, ROLE_MEMBER,
		    keys.members[i].fingerprint, fault);
	members_clear(&keys);
	return ok;
}

/* The list's keys, its members', and with the first list the operators'. */
static bool
look_at_list(struct look *look, size_t i, struct fault *fault)
{
	const struct settings *s = look->settings;
	const struct list_settings *list = &s->lists[i];

	look->list = list->name;
	return look_at_all(look, ROLE_LIST, &list->key, fault) &&
	    (list->members == NULL ||
	    look_at_members(look, list->members, fault)) &&
	    (i > 0 || look_at_all(look, ROLE_OPERATOR,
	    &s->alerts.encrypt_to, fault));
}

/* Once for each change. */
static void
note_sight(struct keywatch *w, bool is_blind, const struct fault *fault)
{
	if (is_blind && !w->is_blind)
		log_error("keys are not watched: %s; trying again",
		    fault->text);
	else if (!is_blind && w->is_blind)
		log_notice("keys are watched again");
	w->is_blind = is_blind;
}

bool
keywatch_pass(struct keywatch *w, struct store *store,
    const struct settings *settings, int64_t now, struct fault *fault)
{
	bool sees = true, ok = true;
	struct fault trouble;
	struct look look;
	size_t i;

	if (clock_monotonic_ms() < w->next_ms)
		return true;
	for (i = 0; ok && i < settings->nlists; i++) {
		memset(&look, 0, sizeof(look));
		look.settings = settings;
		look.now = now;
		/* what was seen is told, whatever the rest */
		sees = look_at_list(&look, i, &trouble) && sees;
		ok = store_tell_keys(store, settings->lists[i].tracker, now,
		    look.v, look.n, fault);
		free(look.v);
	}
	if (!ok)
		return false;
	note_sight(w, !sees, &trouble);
	w->next_ms = clock_monotonic_ms() + (sees ? LOOK_MS : LOOK_AGAIN_MS);
	return true;
}
