/*
 * gpg: GnuPG by way of gpgme; see gpg.h.
 */
#include <gpgme.h>

#include <sys/wait.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/gpg.h"
#include "edge/gpg_home.h"
#include "edge/gpg_sink.h"
#include "edge/gpg_status.h"

struct gpg {
	gpgme_ctx_t		ctx;
	struct gpg_status	status;		/* of the last operation */
	int			nrunning;	/* gpgs not waited for */
};

static gpgme_error_t
make_context(gpgme_ctx_t *ctx_out)
{
	gpgme_error_t error;

	(void)gpgme_check_version(NULL);
	error = gpgme_engine_check_version(GPGME_PROTOCOL_OpenPGP);
	if (error == 0)
		error = gpgme_new(ctx_out);
	if (error == 0)
		error = gpgme_set_protocol(*ctx_out, GPGME_PROTOCOL_OpenPGP);
	if (error == 0)
		error = gpgme_set_ctx_flag(*ctx_out, "full-status", "1");
	if (error == 0)
		error = gpgme_set_keylist_mode(*ctx_out,
		    GPGME_KEYLIST_MODE_LOCAL);
	if (error == 0)
		error = gpgme_set_pinentry_mode(*ctx_out,
		    GPGME_PINENTRY_MODE_CANCEL);
	if (error == 0)
		gpgme_set_offline(*ctx_out, 1);
	return error;
}

bool
gpg_prepare(void)
{
	gpgme_ctx_t ctx = NULL;
	gpgme_error_t error = make_context(&ctx);

	if (ctx != NULL)
		gpgme_release(ctx);
	return error == 0;
}

static gpgme_error_t
note_status(void *handle, const char *keyword, const char *args)
{
	struct gpg *gpg = handle;

	gpg_status_note(&gpg->status, keyword, args);
	return 0;
}

/* Before each operation. */
static void
forget(struct gpg *gpg)
{
	memset(&gpg->status, 0, sizeof(gpg->status));
	gpg->nrunning++;
}

/*
 * gpgme makes gpg an orphan, which a job adopts (edge/job.h).  One that was
 * killed, by whomever, says nothing about the data.
 */
static bool
was_killed(struct gpg *gpg)
{
	bool killed = false;
	int status;
	pid_t pid;

	while (gpg->nrunning > 0) {
		pid = waitpid(-1, &status, 0);
		if (pid < 0 && errno == EINTR)
			continue;
		gpg->nrunning--;
		killed = pid > 0 && WIFSIGNALED(status);
	}
	return killed;
}

static bool
trouble(struct fault *fault, const char *what, gpgme_error_t error)
{
	fault_set(fault, FAULT_SITE, "gpg: %s: %s", what,
	    gpgme_strerror(error));
	return false;
}

bool
gpg_open(const char *home, struct gpg **gpg_out, struct fault *fault)
{
	struct gpg *gpg;
	gpgme_error_t error;

	/* gpgme_ctx_set_engine_info() would start gpg --version each time */
	if (!gpg_enter_home(home, fault))
		return false;
	gpg = buf_alloc_zero(1, sizeof(*gpg));
	error = make_context(&gpg->ctx);
	if (error != 0) {
		gpg_close(&gpg);
		return trouble(fault, "cannot be used", error);
	}
	gpgme_set_status_cb(gpg->ctx, note_status, gpg);
	*gpg_out = gpg;
	return true;
}

void
gpg_close(struct gpg **gpg)
{
	struct gpg *g = *gpg;

	*gpg = NULL;
	if (g == NULL)
		return;
	if (g->ctx != NULL)
		gpgme_release(g->ctx);
	free(g);
}

/* ---- keys ---- */

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

/* The primary key with this fingerprint; FAULT_MISSING without one. */
static gpgme_key_t
get_key(struct gpg *gpg, const char *fingerprint, struct fault *fault)
{
	gpgme_key_t key = NULL;
	gpgme_error_t error;

	forget(gpg);
	error = gpgme_get_key(gpg->ctx, fingerprint, &key, 0);
	if (gpgme_err_code(error) == GPG_ERR_EOF) {
		fault_set(fault, FAULT_MISSING,
		    "the keyring does not hold the key %s", fingerprint);
		return NULL;
	}
	if (error != 0) {
		(void)trouble(fault, fingerprint, error);
		return NULL;
	}
	if (is_fingerprint_of(key, fingerprint))
		return key;
	fault_set(fault, FAULT_MISSING,
	    "%s is not the fingerprint of a primary key", fingerprint);
	gpgme_key_unref(key);
	return NULL;
}

bool
gpg_add_subkeys(struct gpg *gpg, const char *fingerprint, bool with_primary,
    struct keyset *out, struct fault *fault)
{
	gpgme_key_t key = get_key(gpg, fingerprint, fault);
	gpgme_subkey_t subkey;

	if (key == NULL)
		return false;
	for (subkey = key->subkeys; subkey != NULL; subkey = subkey->next)
		if (subkey->can_encrypt ||
		    (with_primary && subkey == key->subkeys))
			add_subkey(out, key, subkey);
	gpgme_key_unref(key);
	return true;
}

bool
gpg_find_address(struct gpg *gpg, const char *fingerprint,
    struct span address, bool *found_out, struct fault *fault)
{
	gpgme_key_t key = get_key(gpg, fingerprint, fault);
	gpgme_user_id_t uid;

	if (key == NULL)
		return false;
	*found_out = false;
	for (uid = key->uids; uid != NULL; uid = uid->next)
		if (!uid->revoked && !uid->invalid && uid->address != NULL &&
		    text_is_nocase(address, uid->address))
			*found_out = true;
	gpgme_key_unref(key);
	return true;
}

/* ---- data ---- */

static struct gpgme_data_cbs sink_callbacks = {
	.write = gpg_sink_write
};

static gpgme_error_t
data_of(struct span s, gpgme_data_t *out)
{
	return gpgme_data_new_from_mem(out, s.len == 0 ? "" :
	    (const char *)s.data, s.len, 0);
}

static gpgme_error_t
data_into(struct gpg_sink *sink, gpgme_data_t *out)
{
	return gpgme_data_new_from_cbs(out, &sink_callbacks, sink);
}

/* Are we short of something, whatever the data is? */
static bool
is_shortage(gpgme_error_t error)
{
	switch (gpgme_err_code(error)) {
	case GPG_ERR_ENOMEM:
	case GPG_ERR_ENOSPC:
	case GPG_ERR_EMFILE:
	case GPG_ERR_ENFILE:
	case GPG_ERR_EAGAIN:
		return true;
	default:
		return false;
	}
}

static enum gpg_result
finish(struct gpg *gpg, gpgme_error_t error, const struct gpg_sink *sink,
    const char *what, struct fault *fault)
{
	if (error == 0)
		return GPG_DONE;
	if (sink != NULL)
		buf_clear(sink->out);
	if (sink != NULL && sink->is_full && gpg->status.has_read) {
		fault_set(fault, FAULT_SITE, "gpg: %s: more than allowed",
		    what);
		return GPG_TOO_LONG;
	}
	(void)trouble(fault, what, error);
	if (!gpg->status.has_read || is_shortage(error) || was_killed(gpg))
		return GPG_FAILED;
	return GPG_REFUSED;
}

/* ---- signatures ---- */

static enum signed_state
signature_of(gpgme_signature_t s)
{
	switch (gpgme_err_code(s->status)) {
	case GPG_ERR_NO_ERROR:
		return SIGNED_WELL;
	case GPG_ERR_SIG_EXPIRED:
		return SIGNED_EXPIRED;
	case GPG_ERR_KEY_EXPIRED:
		return SIGNED_BY_EXPIRED;
	case GPG_ERR_CERT_REVOKED:
		return SIGNED_BY_REVOKED;
	case GPG_ERR_NO_PUBKEY:
		return SIGNED_BY_UNKNOWN;
	default:
		return SIGNED_BADLY;
	}
}

static void
find_signer(struct gpg *gpg, struct gpg_signer *out)
{
	gpgme_verify_result_t result = gpgme_op_verify_result(gpg->ctx);
	gpgme_signature_t s = result == NULL ? NULL : result->signatures;
	const char *primary;
	enum signed_state state;

	for (; s != NULL; s = s->next) {
		state = signature_of(s);
		primary = gpg_status_primary(&gpg->status, s->fpr);
		if (state == SIGNED_WELL && primary[0] == '\0')
			state = SIGNED_BADLY;
		if (state <= out->state)
			continue;
		out->state = state;
		memcpy(out->fingerprint, primary, strlen(primary) + 1);
	}
	memcpy(out->seal, gpg->status.sig_id, SEAL_SIZE);
}

/* ---- operations ---- */

static gpgme_error_t
decrypt_once(struct gpg *gpg, struct span ciphertext, struct gpg_sink *sink)
{
	gpgme_data_t in = NULL, out = NULL;
	gpgme_error_t error;

	forget(gpg);
	error = data_of(ciphertext, &in);
	if (error == 0)
		error = data_into(sink, &out);
	if (error == 0)
		error = gpgme_op_decrypt_verify(gpg->ctx, in, out);
	gpgme_data_release(in);
	gpgme_data_release(out);
	return error;
}

static gpgme_error_t
give_no_passphrase(void *handle, const char *hint, const char *info,
    int was_bad, int fd)
{
	(void)handle;
	(void)hint;
	(void)info;
	(void)was_bad;
	(void)fd;
	return gpgme_error(GPG_ERR_CANCELED);
}

enum gpg_result
gpg_decrypt(struct gpg *gpg, struct span ciphertext, struct buf *plain_out,
    struct gpg_signer *signer_out, struct fault *fault)
{
	struct gpg_sink sink = { plain_out, false };
	gpgme_error_t error;

	memset(signer_out, 0, sizeof(*signer_out));
	error = decrypt_once(gpg, ciphertext, &sink);
	if (error != 0 && !sink.is_full && gpg->status.has_bad_signature) {
		/*
		 * With --batch gpg ends at such a signature, before it has
		 * seen the end of the data; with a callback for passphrases
		 * gpgme calls it without.
		 */
		buf_clear(plain_out);
		gpgme_set_passphrase_cb(gpg->ctx, give_no_passphrase, NULL);
		error = decrypt_once(gpg, ciphertext, &sink);
		gpgme_set_passphrase_cb(gpg->ctx, NULL, NULL);
	}
	/* with signatures that do not verify the text is there all the same */
	if (error == 0)
		find_signer(gpg, signer_out);
	return finish(gpg, error, &sink, "decrypt", fault);
}

enum gpg_result
gpg_verify(struct gpg *gpg, struct span signature, struct span text,
    struct gpg_signer *signer_out, struct fault *fault)
{
	gpgme_data_t in = NULL, signed_text = NULL;
	gpgme_error_t error;

	memset(signer_out, 0, sizeof(*signer_out));
	forget(gpg);
	error = data_of(signature, &in);
	if (error == 0)
		error = data_of(text, &signed_text);
	if (error == 0)
		error = gpgme_op_verify(gpg->ctx, in, signed_text, NULL);
	if (error == 0)
		find_signer(gpg, signer_out);
	gpgme_data_release(in);
	gpgme_data_release(signed_text);
	/* a gpg that says nothing has seen nothing */
	if (error == 0 && signer_out->state == SIGNED_NOT)
		error = gpgme_error(GPG_ERR_NO_DATA);
	return finish(gpg, error, NULL, "verify", fault);
}

const char *
gpg_key_used(const struct gpg *gpg)
{
	return gpg->status.key_used;
}

static bool
is_usable(gpgme_key_t key)
{
	return key->can_encrypt && !key->revoked && !key->expired &&
	    !key->disabled && !key->invalid;
}

/* The keys of one list that can be used; at least one. */
static bool
add_keys(struct gpg *gpg, const struct strings *fingerprints,
    gpgme_key_t *keys, size_t *n, struct fault *fault)
{
	size_t before = *n, i;
	gpgme_key_t key;

	for (i = 0; i < fingerprints->n; i++) {
		key = get_key(gpg, fingerprints->v[i], fault);
		if (key == NULL)
			return false;
		if (is_usable(key))
			keys[(*n)++] = key;
		else
			gpgme_key_unref(key);
	}
	if (*n > before)
		return true;
	fault_set(fault, FAULT_MISSING,
	    "none of the list's keys can encrypt (%s)",
	    fingerprints->n > 0 ? fingerprints->v[0] : "no key");
	return false;
}

static enum gpg_result
encrypt_to(struct gpg *gpg, gpgme_key_t *keys, struct span plain,
    struct buf *out, struct fault *fault)
{
	struct gpg_sink sink = { out, false };
	gpgme_data_t in = NULL, result = NULL;
	gpgme_error_t error;

	gpgme_set_armor(gpg->ctx, 1);
	forget(gpg);
	error = data_of(plain, &in);
	if (error == 0)
		error = data_into(&sink, &result);
	if (error == 0)
		error = gpgme_op_encrypt(gpg->ctx, keys,
		    GPGME_ENCRYPT_ALWAYS_TRUST | GPGME_ENCRYPT_NO_ENCRYPT_TO |
		    GPGME_ENCRYPT_NO_COMPRESS, in, result);
	gpgme_data_release(in);
	gpgme_data_release(result);
	return finish(gpg, error, &sink, "encrypt", fault);
}

enum gpg_result
gpg_encrypt(struct gpg *gpg, const struct strings *lists, size_t nlists,
    struct span plain, struct buf *out, struct fault *fault)
{
	enum gpg_result result = GPG_FAILED;
	gpgme_key_t *keys;
	size_t n = 0, i;
	bool ok = true;

	for (i = 0; i < nlists; i++)
		n += lists[i].n;
	keys = buf_alloc_zero(n + 1, sizeof(*keys));
	for (i = n = 0; ok && i < nlists; i++)
		ok = add_keys(gpg, &lists[i], keys, &n, fault);
	if (ok && n > 0)
		result = encrypt_to(gpg, keys, plain, out, fault);
	for (i = 0; i < n; i++)
		gpgme_key_unref(keys[i]);
	free(keys);
	return result;
}
