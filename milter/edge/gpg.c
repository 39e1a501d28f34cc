/*
 * gpg: GnuPG by way of gpgme; see gpg.h.
 */
#include <gpgme.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/gpg.h"

#define VALID_MAX 16

struct gpg {
	gpgme_ctx_t	ctx;
	/* from VALIDSIG lines: who made a signature, and its primary key */
	char		made[VALID_MAX][SIGNER_SIZE];
	char		primary[VALID_MAX][SIGNER_SIZE];
	size_t		nvalid;
	char		sig_id[SEAL_SIZE];	/* of the first good one */
};

bool
gpg_prepare(void)
{
	(void)gpgme_check_version(NULL);
	return gpgme_engine_check_version(GPGME_PROTOCOL_OpenPGP) == 0;
}

/*
 * VALIDSIG: "<fingerprint> ... <fingerprint of the primary key>": doc/DETAILS
 * of GnuPG.  gpgme tells the first one only, and a look into the keyring costs
 * a process.
 */
static gpgme_error_t
note_status(void *handle, const char *keyword, const char *args)
{
	struct gpg *gpg = handle;
	const char *last = strrchr(args, ' ');

	if (strcmp(keyword, "SIG_ID") == 0 && gpg->sig_id[0] == '\0')
		snprintf(gpg->sig_id, SEAL_SIZE, "%s", args);
	if (strcmp(keyword, "VALIDSIG") != 0 || gpg->nvalid == VALID_MAX ||
	    last == NULL)
		return 0;
	snprintf(gpg->made[gpg->nvalid], SIGNER_SIZE, "%.*s",
	    (int)strcspn(args, " "), args);
	snprintf(gpg->primary[gpg->nvalid++], SIGNER_SIZE, "%s", last + 1);
	return 0;
}

static bool
trouble(struct fault *fault, const char *what, gpgme_error_t error)
{
	fault_set(fault, FAULT_SITE, "gpg: %s: %s", what,
	    gpgme_strerror(error));
	return false;
}

bool
gpg_open(const char *home, enum gpg_protocol protocol, struct gpg **gpg_out,
    struct fault *fault)
{
	gpgme_protocol_t p = protocol == GPG_CMS ? GPGME_PROTOCOL_CMS :
	    GPGME_PROTOCOL_OpenPGP;
	struct gpg *gpg = buf_alloc_zero(1, sizeof(*gpg));
	gpgme_error_t error;

	(void)gpgme_check_version(NULL);
	error = gpgme_engine_check_version(p);
	if (error == 0)
		error = gpgme_new(&gpg->ctx);
	if (error == 0)
		error = gpgme_set_protocol(gpg->ctx, p);
	/* gpgme_ctx_set_engine_info() would start gpg --version each time */
	if (error == 0 && setenv("GNUPGHOME", home, 1) != 0)
		error = gpgme_error_from_errno(errno);
	if (error == 0)
		error = gpgme_set_ctx_flag(gpg->ctx, "full-status", "1");
	if (error == 0)
		error = gpgme_set_keylist_mode(gpg->ctx,
		    GPGME_KEYLIST_MODE_LOCAL);
	if (error == 0 && protocol == GPG_OPENPGP)
		error = gpgme_set_pinentry_mode(gpg->ctx,
		    GPGME_PINENTRY_MODE_CANCEL);
	if (error != 0) {
		gpg_close(&gpg);
		return trouble(fault, "cannot be used", error);
	}
	gpgme_set_offline(gpg->ctx, 1);
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
	gpgme_error_t error = gpgme_get_key(gpg->ctx, fingerprint, &key, 0);

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
gpg_add_subkeys(struct gpg *gpg, const char *fingerprint, struct keyset *out,
    struct fault *fault)
{
	gpgme_key_t key = get_key(gpg, fingerprint, fault);
	gpgme_subkey_t subkey;

	if (key == NULL)
		return false;
	for (subkey = key->subkeys; subkey != NULL; subkey = subkey->next)
		if (subkey->can_encrypt)
			add_subkey(out, key, subkey);
	gpgme_key_unref(key);
	return true;
}

bool
gpg_has_address(struct gpg *gpg, const char *fingerprint,
    struct span address)
{
	struct fault fault;
	gpgme_key_t key = get_key(gpg, fingerprint, &fault);
	gpgme_user_id_t uid;
	bool found = false;

	if (key == NULL)
		return false;
	for (uid = key->uids; uid != NULL && !found; uid = uid->next)
		found = !uid->revoked && !uid->invalid &&
		    uid->address != NULL &&
		    text_is_nocase(address, uid->address);
	gpgme_key_unref(key);
	return found;
}

/* ---- data ---- */

struct sink {
	struct buf	*out;
	bool		 is_full;
};

/* gpgme ends the operation when this fails. */
static ssize_t
sink_write(void *handle, const void *data, size_t len)
{
	struct sink *sink = handle;

	if (buf_add(sink->out, data, len))
		return (ssize_t)len;
	sink->is_full = true;
	errno = EFBIG;
	return -1;
}

static struct gpgme_data_cbs sink_callbacks = { NULL, sink_write, NULL, NULL };

static gpgme_error_t
data_of(struct span s, gpgme_data_t *out)
{
	return gpgme_data_new_from_mem(out, s.len == 0 ? "" :
	    (const char *)s.data, s.len, 0);
}

static gpgme_error_t
data_into(struct sink *sink, gpgme_data_t *out)
{
	return gpgme_data_new_from_cbs(out, &sink_callbacks, sink);
}

static enum gpg_result
finish(gpgme_error_t error, const struct sink *sink, const char *what,
    struct fault *fault)
{
	if (error == 0)
		return GPG_DONE;
	if (sink != NULL) {
		buf_clear(sink->out);
		if (sink->is_full) {
			fault_set(fault, FAULT_SITE,
			    "gpg: %s: more than allowed", what);
			return GPG_TOO_LONG;
		}
	}
	(void)trouble(fault, what, error);
	switch (gpgme_err_code(error)) {
	case GPG_ERR_NO_SECKEY:
	case GPG_ERR_DECRYPT_FAILED:
	case GPG_ERR_BAD_DATA:
	case GPG_ERR_NO_DATA:
	case GPG_ERR_CHECKSUM:
	case GPG_ERR_BAD_KEY:
	case GPG_ERR_UNSUPPORTED_ALGORITHM:
	case GPG_ERR_CIPHER_ALGO:
	case GPG_ERR_PUBKEY_ALGO:
		return GPG_REFUSED;
	default:
		return GPG_FAILED;
	}
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

/* The signature names the subkey that made it; people name the primary key. */
static void
find_primary(const struct gpg *gpg, const char *made, char *dst)
{
	size_t i;

	dst[0] = '\0';
	for (i = 0; made != NULL && i < gpg->nvalid; i++)
		if (strcmp(gpg->made[i], made) == 0)
			memcpy(dst, gpg->primary[i], SIGNER_SIZE);
}

static void
find_signer(struct gpg *gpg, struct gpg_signer *out)
{
	gpgme_verify_result_t result = gpgme_op_verify_result(gpg->ctx);
	gpgme_signature_t s = result == NULL ? NULL : result->signatures;

	for (; s != NULL; s = s->next) {
		if (signature_of(s) <= out->state)
			continue;
		out->state = signature_of(s);
		find_primary(gpg, s->fpr, out->fingerprint);
	}
	memcpy(out->seal, gpg->sig_id, SEAL_SIZE);
}

/* ---- operations ---- */

enum gpg_result
gpg_decrypt(struct gpg *gpg, struct span ciphertext, struct buf *plain_out,
    struct gpg_signer *signer_out, struct fault *fault)
{
	struct sink sink = { plain_out, false };
	gpgme_data_t in = NULL, out = NULL;
	gpgme_error_t error;

	memset(signer_out, 0, sizeof(*signer_out));
	gpg->nvalid = 0;
	gpg->sig_id[0] = '\0';
	error = data_of(ciphertext, &in);
	if (error == 0)
		error = data_into(&sink, &out);
	if (error == 0)
		error = gpgme_op_decrypt_verify(gpg->ctx, in, out);
	/* with signatures that do not verify the text is there all the same */
	if (error == 0)
		find_signer(gpg, signer_out);
	gpgme_data_release(in);
	gpgme_data_release(out);
	return finish(error, &sink, "decrypt", fault);
}

enum gpg_result
gpg_verify(struct gpg *gpg, struct span signature, struct span text,
    struct gpg_signer *signer_out, struct fault *fault)
{
	gpgme_data_t in = NULL, signed_text = NULL;
	gpgme_error_t error;

	memset(signer_out, 0, sizeof(*signer_out));
	gpg->nvalid = 0;
	gpg->sig_id[0] = '\0';
	error = data_of(signature, &in);
	if (error == 0)
		error = data_of(text, &signed_text);
	if (error == 0)
		error = gpgme_op_verify(gpg->ctx, in, signed_text, NULL);
	if (error == 0)
		find_signer(gpg, signer_out);
	gpgme_data_release(in);
	gpgme_data_release(signed_text);
	return finish(error, NULL, "verify", fault);
}

enum gpg_result
gpg_encrypt(struct gpg *gpg, const struct strings *fingerprints,
    struct span plain, struct buf *out, struct fault *fault)
{
	struct sink sink = { out, false };
	gpgme_key_t *keys = buf_alloc_zero(fingerprints->n + 1, sizeof(*keys));
	gpgme_data_t in = NULL, result = NULL;
	enum gpg_result done = GPG_FAILED;
	gpgme_error_t error;
	size_t i;

	for (i = 0; i < fingerprints->n; i++) {
		keys[i] = get_key(gpg, fingerprints->v[i], fault);
		if (keys[i] == NULL)
			goto out;
	}
	gpgme_set_armor(gpg->ctx, 1);
	error = data_of(plain, &in);
	if (error == 0)
		error = data_into(&sink, &result);
	if (error == 0)
		error = gpgme_op_encrypt(gpg->ctx, keys,
		    GPGME_ENCRYPT_ALWAYS_TRUST | GPGME_ENCRYPT_NO_ENCRYPT_TO |
		    GPGME_ENCRYPT_NO_COMPRESS, in, result);
	done = finish(error, &sink, "encrypt", fault);
out:
	gpgme_data_release(in);
	gpgme_data_release(result);
	for (i = 0; i < fingerprints->n && keys[i] != NULL; i++)
		gpgme_key_unref(keys[i]);
	free(keys);
	return done;
}
