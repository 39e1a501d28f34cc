/*
 * keyring: the list's keys; see keyring.h.
 *
 * gpgme has no time-out of its own: a watch thread cancels the operation.
 */
#include <gpgme.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/buf.h"
#include "edge/keyring.h"

struct watch {
	gpgme_ctx_t	ctx;
	int		timeout_ms;
	pthread_t	thread;
	pthread_mutex_t	mutex;
	pthread_cond_t	cond;
	bool		is_done;
	bool		has_fired;
};

static void *
watch_main(void *arg)
{
	struct watch *w = arg;
	struct timespec until;
	int error = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += w->timeout_ms / 1000;
	until.tv_nsec += (long)(w->timeout_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&w->mutex);
	while (!w->is_done && error != ETIMEDOUT)
		error = pthread_cond_timedwait(&w->cond, &w->mutex, &until);
	w->has_fired = !w->is_done;
	pthread_mutex_unlock(&w->mutex);
	if (w->has_fired)
		(void)gpgme_cancel_async(w->ctx);
	return NULL;
}

static bool
watch_begin(struct watch *w, gpgme_ctx_t ctx, int timeout_ms)
{
	pthread_condattr_t attr;

	memset(w, 0, sizeof(*w));
	w->ctx = ctx;
	w->timeout_ms = timeout_ms;
	pthread_mutex_init(&w->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->cond, &attr);
	pthread_condattr_destroy(&attr);
	return pthread_create(&w->thread, NULL, watch_main, w) == 0;
}

/* True when the operation ran into the time-out. */
static bool
watch_end(struct watch *w)
{
	pthread_mutex_lock(&w->mutex);
	w->is_done = true;
	pthread_cond_signal(&w->cond);
	pthread_mutex_unlock(&w->mutex);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->cond);
	pthread_mutex_destroy(&w->mutex);
	return w->has_fired;
}

bool
keyring_init(const struct gnupg_settings *gnupg, struct fault *fault)
{
	gpgme_error_t error;

	(void)gpgme_check_version(NULL);
	error = gpgme_engine_check_version(GPGME_PROTOCOL_OpenPGP);
	if (error != 0) {
		fault_set(fault, FAULT_SITE, "gpg cannot be used: %s",
		    gpgme_strerror(error));
		return false;
	}
	(void)gnupg;
	return true;
}

static int
hex_value(int c)
{
	return text_is_digit(c) ? c - '0' : text_lower(c) - 'a' + 10;
}

static void
add_subkey(struct keyset *out, gpgme_key_t key, gpgme_subkey_t subkey)
{
	size_t len = strlen(subkey->fpr), i;
	struct subkey *s;

	if (len != 40 && len != 64)
		return;
	out->v = buf_realloc(out->v, out->n + 1, sizeof(*out->v));
	s = &out->v[out->n++];
	memset(s, 0, sizeof(*s));
	s->len = len / 2;
	for (i = 0; i < s->len; i++)
		s->fingerprint[i] = (uint8_t)(
		    hex_value(subkey->fpr[2 * i]) << 4 |
		    hex_value(subkey->fpr[2 * i + 1]));
	s->expires_at = subkey->expires;
	if (key->subkeys->expires != 0 && (s->expires_at == 0 ||
	    key->subkeys->expires < s->expires_at))
		s->expires_at = key->subkeys->expires;
	s->is_revoked = key->revoked || key->disabled || key->invalid ||
	    subkey->revoked || subkey->disabled || subkey->invalid;
}

static bool
is_fingerprint_of(gpgme_key_t key, const char *fingerprint)
{
	return key->subkeys != NULL && key->subkeys->fpr != NULL &&
	    text_is_nocase(text_span(key->subkeys->fpr), fingerprint);
}

static bool
load_key(gpgme_ctx_t ctx, const char *fingerprint, struct keyset *out,
    struct fault *fault)
{
	gpgme_key_t key = NULL;
	gpgme_subkey_t subkey;
	gpgme_error_t error = gpgme_get_key(ctx, fingerprint, &key, 0);

	if (gpgme_err_code(error) == GPG_ERR_EOF) {
		fault_set(fault, FAULT_CONFIG,
		    "the keyring does not hold the key %s", fingerprint);
		return false;
	}
	if (error != 0) {
		fault_set(fault, FAULT_SITE, "gpg: %s", gpgme_strerror(error));
		return false;
	}
	if (!is_fingerprint_of(key, fingerprint)) {
		fault_set(fault, FAULT_CONFIG,
		    "%s is not the fingerprint of a primary key", fingerprint);
		gpgme_key_unref(key);
		return false;
	}
	for (subkey = key->subkeys; subkey != NULL; subkey = subkey->next)
		if (subkey->can_encrypt)
			add_subkey(out, key, subkey);
	gpgme_key_unref(key);
	return true;
}

static bool
open_context(const struct gnupg_settings *gnupg, gpgme_ctx_t *ctx_out,
    struct fault *fault)
{
	gpgme_error_t error = gpgme_new(ctx_out);

	if (error == 0)
		error = gpgme_ctx_set_engine_info(*ctx_out,
		    GPGME_PROTOCOL_OpenPGP, NULL, gnupg->home);
	if (error == 0)
		error = gpgme_set_keylist_mode(*ctx_out,
		    GPGME_KEYLIST_MODE_LOCAL);
	if (error == 0) {
		gpgme_set_offline(*ctx_out, 1);
		return true;
	}
	fault_set(fault, FAULT_SITE, "gpgme: %s", gpgme_strerror(error));
	return false;
}

bool
keyring_load(const struct gnupg_settings *gnupg,
    const struct strings *fingerprints, struct keyset *out,
    struct fault *fault)
{
	gpgme_ctx_t ctx = NULL;
	struct watch watch;
	bool ok = false;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (!open_context(gnupg, &ctx, fault))
		goto out;
	if (!watch_begin(&watch, ctx, gnupg->timeout_ms)) {
		fault_set(fault, FAULT_SITE, "no thread to watch gpg");
		goto out;
	}
	ok = true;
	for (i = 0; ok && i < fingerprints->n; i++)
		ok = load_key(ctx, fingerprints->v[i], out, fault);
	if (watch_end(&watch) && !ok)
		fault_set(fault, FAULT_SITE, "gpg did not answer in %d ms",
		    gnupg->timeout_ms);
	if (ok && out->n == 0) {
		fault_set(fault, FAULT_CONFIG,
		    "none of the list's keys can encrypt");
		ok = false;
	}
out:
	if (!ok)
		keyring_clear(out);
	if (ctx != NULL)
		gpgme_release(ctx);
	return ok;
}

void
keyring_clear(struct keyset *keys)
{
	free(keys->v);
	memset(keys, 0, sizeof(*keys));
}
