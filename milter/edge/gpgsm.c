/*
 * gpgsm: S/MIME by way of gpgme; see gpgsm.h.
 */
#include <gpgme.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/gpg_home.h"
#include "edge/gpg_sink.h"
#include "edge/gpgsm.h"

#define CERTIFICATE_MAX 65536

struct gpgsm {
	gpgme_ctx_t	ctx;
	/* what gpgsm told of the last operation */
	bool		has_failed;	/* it cannot decrypt */
	bool		is_misused;	/* a certificate not for signatures */
};

void
gpgsm_prepare(void)
{
	(void)gpgme_check_version(NULL);
	(void)gpgme_engine_check_version(GPGME_PROTOCOL_CMS);
}

static gpgme_error_t
note_status(void *handle, const char *keyword, const char *args)
{
	static const char usage[] = "verify.keyusage";
	struct gpgsm *sm = handle;

	if (strcmp(keyword, "DECRYPTION_FAILED") == 0)
		sm->has_failed = true;
	if (strcmp(keyword, "ERROR") == 0 &&
	    strncmp(args, usage, strlen(usage)) == 0)
		sm->is_misused = true;
	return 0;
}

static bool
trouble(struct fault *fault, const char *what, gpgme_error_t error)
{
	fault_set(fault, FAULT_SITE, "gpgsm: %s: %s", what,
	    gpgme_strerror(error));
	return false;
}

bool
gpgsm_open(const char *home, struct gpgsm **gpgsm_out, struct fault *fault)
{
	struct gpgsm *sm;
	gpgme_error_t error;

	if (!gpg_enter_home(home, fault))
		return false;
	sm = buf_alloc_zero(1, sizeof(*sm));
	(void)gpgme_check_version(NULL);
	error = gpgme_engine_check_version(GPGME_PROTOCOL_CMS);
	if (error == 0)
		error = gpgme_new(&sm->ctx);
	if (error == 0)
		error = gpgme_set_protocol(sm->ctx, GPGME_PROTOCOL_CMS);
	if (error == 0)
		error = gpgme_set_ctx_flag(sm->ctx, "full-status", "1");
	if (error == 0)
		error = gpgme_set_keylist_mode(sm->ctx,
		    GPGME_KEYLIST_MODE_LOCAL);
	if (error != 0) {
		gpgsm_close(&sm);
		return trouble(fault, "cannot be used", error);
	}
	gpgme_set_offline(sm->ctx, 1);
	gpgme_set_armor(sm->ctx, 0);
	gpgme_set_status_cb(sm->ctx, note_status, sm);
	*gpgsm_out = sm;
	return true;
}

void
gpgsm_close(struct gpgsm **gpgsm)
{
	struct gpgsm *sm = *gpgsm;

	*gpgsm = NULL;
	if (sm == NULL)
		return;
	if (sm->ctx != NULL)
		gpgme_release(sm->ctx);
	free(sm);
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

/* ---- certificates ---- */

/* The certificate with this fingerprint; FAULT_MISSING without one. */
static gpgme_key_t
get_key(struct gpgsm *sm, const char *fingerprint, struct fault *fault)
{
	gpgme_key_t key = NULL;
	gpgme_error_t error = gpgme_get_key(sm->ctx, fingerprint, &key, 0);

	if (error != 0 && gpgme_err_code(error) != GPG_ERR_EOF) {
		(void)trouble(fault, fingerprint, error);
		return NULL;
	}
	if (error == 0 && key->subkeys != NULL && key->subkeys->fpr != NULL &&
	    text_is_nocase(text_span(key->subkeys->fpr), fingerprint))
		return key;
	fault_set(fault, FAULT_MISSING,
	    "gpgsm does not know the certificate %s", fingerprint);
	gpgme_key_unref(key);
	return NULL;
}

/* Its own bytes, without its chain. */
static bool
export(struct gpgsm *sm, gpgme_key_t key, struct buf *out,
    struct fault *fault)
{
	gpgme_key_t keys[2] = { key, NULL };
	struct gpg_sink sink = { out, false };
	gpgme_data_t data = NULL;
	gpgme_error_t error;

	error = data_into(&sink, &data);
	if (error == 0)
		error = gpgme_op_export_keys(sm->ctx, keys, 0, data);
	gpgme_data_release(data);
	return error == 0 || trouble(fault, key->subkeys->fpr, error);
}

static bool
read_certificate(struct gpgsm *sm, gpgme_key_t key, struct certificate *c,
    struct fault *fault)
{
	struct buf der;
	bool ok;

	buf_init(&der, CERTIFICATE_MAX);
	ok = export(sm, key, &der, fault);
	if (!certificate_parse(buf_span(&der), c) && ok) {
		fault_set(fault, FAULT_CONFIG,
		    "the certificate %s cannot be read", key->subkeys->fpr);
		ok = false;
	}
	buf_clear(&der);
	snprintf(c->fingerprint, sizeof(c->fingerprint), "%s",
	    key->subkeys->fpr);
	c->is_revoked = key->revoked || key->disabled || key->invalid;
	return ok;
}

bool
gpgsm_add_certificate(struct gpgsm *sm, const char *fingerprint,
    struct keyset *out, struct fault *fault)
{
	gpgme_key_t key = get_key(sm, fingerprint, fault);
	bool ok = false;

	if (key == NULL)
		return false;
	if (!key->can_encrypt)
		fault_set(fault, FAULT_CONFIG,
		    "the certificate %s is not for encryption", fingerprint);
	else {
		out->certificates = buf_realloc(out->certificates,
		    out->ncertificates + 1, sizeof(*out->certificates));
		ok = read_certificate(sm, key,
		    &out->certificates[out->ncertificates++], fault);
	}
	gpgme_key_unref(key);
	return ok;
}

bool
gpgsm_find_address(struct gpgsm *sm, const char *fingerprint,
    struct span address, bool *found_out, struct fault *fault)
{
	gpgme_key_t key = get_key(sm, fingerprint, fault);
	gpgme_user_id_t uid;

	if (key == NULL)
		return false;
	*found_out = false;
	for (uid = key->uids; uid != NULL; uid = uid->next)
		if (uid->address != NULL &&
		    text_is_nocase(address, uid->address))
			*found_out = true;
	gpgme_key_unref(key);
	return true;
}

/* ---- results ---- */

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

/* is_its_word: gpgsm has looked at the data and does not like it. */
static enum gpg_result
finish(gpgme_error_t error, const struct gpg_sink *sink, const char *what,
    bool is_its_word, struct fault *fault)
{
	if (error == 0)
		return GPG_DONE;
	if (sink->out != NULL)
		buf_clear(sink->out);
	if (sink->is_full) {
		fault_set(fault, FAULT_SITE, "gpgsm: %s: more than allowed",
		    what);
		return GPG_TOO_LONG;
	}
	(void)trouble(fault, what, error);
	return is_its_word && !is_shortage(error) ? GPG_REFUSED : GPG_FAILED;
}

/*
 * gpgsm calls a signature good when it matches; whether the certificate is
 * trusted is the validity.
 */
static enum signed_state
signature_of(gpgme_signature_t s)
{
	switch (gpgme_err_code(s->status)) {
	case GPG_ERR_NO_ERROR:
		break;
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
	if (s->validity >= GPGME_VALIDITY_FULL)
		return SIGNED_WELL;
	return gpgme_err_code(s->validity_reason) == GPG_ERR_CERT_REVOKED ?
	    SIGNED_BY_REVOKED : SIGNED_BY_UNKNOWN;
}

/* Of several signers the best one speaks, as in gpg.c. */
static void
find_signer(struct gpgsm *sm, struct gpg_signer *out)
{
	gpgme_verify_result_t result = gpgme_op_verify_result(sm->ctx);
	gpgme_signature_t s = result == NULL ? NULL : result->signatures;
	enum signed_state state;

	for (; s != NULL; s = s->next) {
		state = signature_of(s);
		if (state == SIGNED_WELL && sm->is_misused)
			state = SIGNED_BADLY;
		if (state <= out->state)
			continue;
		out->state = state;
		snprintf(out->fingerprint, sizeof(out->fingerprint), "%s",
		    s->fpr == NULL ? "" : s->fpr);
	}
}

/* ---- operations ---- */

enum gpg_result
gpgsm_decrypt(struct gpgsm *sm, struct span ciphertext,
    struct buf *plain_out, struct fault *fault)
{
	struct gpg_sink sink = { plain_out, false };
	gpgme_data_t in = NULL, out = NULL;
	gpgme_error_t error;

	sm->has_failed = false;
	error = data_of(ciphertext, &in);
	if (error == 0)
		error = data_into(&sink, &out);
	if (error == 0)
		error = gpgme_op_decrypt(sm->ctx, in, out);
	gpgme_data_release(in);
	gpgme_data_release(out);
	return finish(error, &sink, "decrypt", sm->has_failed, fault);
}

enum gpg_result
gpgsm_verify(struct gpgsm *sm, struct span signature, struct span text,
    struct buf *text_out, struct gpg_signer *signer_out, struct fault *fault)
{
	struct gpg_sink sink = { text_out, false };
	gpgme_data_t in = NULL, data = NULL;
	gpgme_error_t error;

	memset(signer_out, 0, sizeof(*signer_out));
	signer_out->is_smime = true;
	sm->is_misused = false;
	error = data_of(signature, &in);
	if (error == 0)
		error = text_out == NULL ? data_of(text, &data) :
		    data_into(&sink, &data);
	if (error == 0)
		error = gpgme_op_verify(sm->ctx, in,
		    text_out == NULL ? data : NULL,
		    text_out == NULL ? NULL : data);
	if (error == 0)
		find_signer(sm, signer_out);
	gpgme_data_release(in);
	gpgme_data_release(data);
	/* what the parser of gpgsm says is about the data */
	return finish(error, &sink, "verify",
	    gpgme_err_source(error) == GPG_ERR_SOURCE_KSBA, fault);
}

static bool
is_usable(gpgme_key_t key)
{
	return key->can_encrypt && !key->revoked && !key->expired &&
	    !key->disabled && !key->invalid;
}

/* Those that can be used; at least one. */
static bool
add_keys(struct gpgsm *sm, const struct strings *fingerprints,
    gpgme_key_t *keys, struct fault *fault)
{
	gpgme_key_t key;
	size_t n = 0, i;

	for (i = 0; i < fingerprints->n; i++) {
		key = get_key(sm, fingerprints->v[i], fault);
		if (key == NULL)
			return false;
		if (is_usable(key))
			keys[n++] = key;
		else
			gpgme_key_unref(key);
	}
	if (n == 0)
		fault_set(fault, FAULT_MISSING,
		    "none of the list's certificates is valid");
	return n > 0;
}

enum gpg_result
gpgsm_encrypt(struct gpgsm *sm, const struct strings *fingerprints,
    struct span plain, struct buf *out, struct fault *fault)
{
	gpgme_key_t *keys = buf_alloc_zero(fingerprints->n + 1, sizeof(*keys));
	struct gpg_sink sink = { out, false };
	gpgme_data_t in = NULL, result = NULL;
	enum gpg_result done = GPG_FAILED;
	gpgme_error_t error;
	size_t i;

	if (!add_keys(sm, fingerprints, keys, fault))
		goto out;
	error = data_of(plain, &in);
	if (error == 0)
		error = data_into(&sink, &result);
	if (error == 0)
		error = gpgme_op_encrypt(sm->ctx, keys,
		    GPGME_ENCRYPT_ALWAYS_TRUST | GPGME_ENCRYPT_NO_ENCRYPT_TO,
		    in, result);
	done = finish(error, &sink, "encrypt", false, fault);
	if (gpgme_err_code(error) == GPG_ERR_NOT_TRUSTED)
		fault_set(fault, FAULT_CONFIG, "gpgsm does not trust the "
		    "list's certificate: is its root in trustlist.txt?");
out:
	gpgme_data_release(in);
	gpgme_data_release(result);
	for (i = 0; i < fingerprints->n && keys[i] != NULL; i++)
		gpgme_key_unref(keys[i]);
	free(keys);
	return done;
}
