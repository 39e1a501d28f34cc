/*
 * inside_open: decrypt and verify one block; see inside_open.h.
 */
#include <string.h>

#include "core/base64.h"
#include "core/narrow.h"
#include "core/quoted.h"
#include "flow/inside_open.h"

static bool
use_gpg(struct opener *o)
{
	return o->gpg != NULL || gpg_open(o->home, &o->gpg, &o->fault);
}

static bool
use_gpgsm(struct opener *o)
{
	return o->gpgsm != NULL || gpgsm_open(o->home, &o->gpgsm, &o->fault);
}

void
inside_open_clear(struct opener *o)
{
	gpg_close(&o->gpg);
	gpgsm_close(&o->gpgsm);
}

static enum inside_answer
answer_of(enum gpg_result result)
{
	switch (result) {
	case GPG_DONE:
		return ANSWER_READ;
	case GPG_TOO_LONG:
		return ANSWER_TOO_BIG;
	case GPG_REFUSED:
		return ANSWER_REFUSED;
	case GPG_FAILED:
		break;
	}
	return ANSWER_TROUBLE;
}

/* ---- OpenPGP ---- */

static bool
is_list_key(const struct strings *keys, const char *fingerprint)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (text_is_nocase(text_span(fingerprint), keys->v[i]))
			return true;
	return false;
}

/* Other lists may have their secret keys in the same keyring. */
static enum inside_answer
decrypt_narrowed(struct opener *o, const struct buf *packets,
    struct buf *plain_out, struct gpg_signer *signer_out)
{
	enum inside_answer answer = answer_of(gpg_decrypt(o->gpg,
	    buf_span(packets), plain_out, signer_out, &o->fault));

	if (answer == ANSWER_READ && !is_list_key(o->keys,
	    gpg_key_used(o->gpg)))
		return ANSWER_REFUSED;
	return answer;
}

/*
 * All hidden recipients at once; when somebody else's key came first, one after
 * the other.
 */
static enum inside_answer
decrypt_hidden(struct opener *o, const struct openpgp *m, struct span data,
    struct buf *plain_out, struct gpg_signer *signer_out)
{
	struct buf narrowed;
	enum inside_answer answer = ANSWER_REFUSED;
	size_t n, i;

	buf_init(&narrowed, data.len);
	n = narrow_to_hidden(data, m, &narrowed);
	if (n > 0)
		answer = decrypt_narrowed(o, &narrowed, plain_out,
		    signer_out);
	for (i = 0; n > 1 && i < n && answer == ANSWER_REFUSED; i++) {
		buf_clear(&narrowed);
		buf_clear(plain_out);
		(void)narrow_to_one_hidden(data, m, i, &narrowed);
		answer = decrypt_narrowed(o, &narrowed, plain_out,
		    signer_out);
	}
	buf_clear(&narrowed);
	return answer;
}

static enum inside_answer
open_openpgp(struct opener *o, const struct openpgp *m, struct span data,
    struct buf *plain_out, struct gpg_signer *signer_out)
{
	struct buf narrowed;
	enum inside_answer answer;

	if (!use_gpg(o))
		return ANSWER_TROUBLE;
	buf_init(&narrowed, data.len);
	if (narrow_to_keys(data, m, o->keyset, &narrowed) > 0)
		answer = decrypt_narrowed(o, &narrowed, plain_out,
		    signer_out);
	else
		answer = decrypt_hidden(o, m, data, plain_out, signer_out);
	buf_clear(&narrowed);
	return answer;
}

/* ---- S/MIME ---- */

static enum inside_answer
open_smime(struct opener *o, struct span data, struct buf *plain_out)
{
	struct buf narrowed;
	enum inside_answer answer = ANSWER_REFUSED;

	if (!use_gpgsm(o))
		return ANSWER_TROUBLE;
	buf_init(&narrowed, data.len + 64);
	if (cms_narrow(data, o->keyset->certificates,
	    o->keyset->ncertificates, &narrowed) > 0)
		answer = answer_of(gpgsm_decrypt(o->gpgsm,
		    buf_span(&narrowed), plain_out, &o->fault));
	buf_clear(&narrowed);
	return answer;
}

enum inside_answer
inside_open(struct opener *o, const struct entity *e, const struct leaf *leaf,
    struct buf *plain_out, struct gpg_signer *signer_out)
{
	struct buf data;
	enum inside_answer answer = ANSWER_REFUSED;

	memset(signer_out, 0, sizeof(*signer_out));
	buf_init(&data, e->body.len + 1);
	if (leaf->kind == LEAF_SMIME && leaf_content(e, &data))
		answer = open_smime(o, buf_span(&data), plain_out);
	else if (leaf->kind == LEAF_ENCRYPTED && leaf_packets(e, &data))
		answer = open_openpgp(o, &leaf->message, buf_span(&data),
		    plain_out, signer_out);
	buf_clear(&data);
	return answer;
}

/* ---- signatures ---- */

/* Mail servers may have encoded the armour. */
static bool
decode_signature(const struct entity *e, struct buf *out)
{
	switch (e->encoding) {
	case ENCODING_BASE64:
		return base64_decode(e->body, out);
	case ENCODING_QUOTED:
		return quoted_decode(e->body, out);
	case ENCODING_IDENTITY:
	case ENCODING_UNKNOWN:
		break;
	}
	return buf_add(out, e->body.data, e->body.len);
}

static bool
is_smime_signature(const struct entity *e)
{
	return strcmp(e->type.type, "application/pkcs7-signature") == 0 ||
	    strcmp(e->type.type, "application/x-pkcs7-signature") == 0;
}

/* Without the certificates that it brings: see edge/gpgsm.h. */
static enum gpg_result
verify_smime(struct opener *o, struct span signature, struct span text,
    struct buf *text_out, struct gpg_signer *signer_out)
{
	enum gpg_result result = GPG_REFUSED;
	char seal[CMS_SEAL_SIZE];
	struct buf stripped;

	buf_init(&stripped, signature.len + 64);
	if (cms_strip(signature, &stripped, seal))
		result = use_gpgsm(o) ? gpgsm_verify(o->gpgsm,
		    buf_span(&stripped), text, text_out, signer_out,
		    &o->fault) : GPG_FAILED;
	if (result == GPG_DONE)
		memcpy(signer_out->seal, seal, sizeof(seal));
	buf_clear(&stripped);
	return result;
}

/* What was signed and is signed by nobody is signed badly. */
static bool
settle(enum gpg_result result, struct gpg_signer *signer)
{
	if (result != GPG_DONE || signer->state == SIGNED_NOT)
		signer->state = SIGNED_BADLY;
	return result != GPG_FAILED;
}

/* What was signed has CRLF line ends: RFC 3156 5, RFC 8551 3.1.1. */
bool
inside_open_parts(struct opener *o, const struct entity *text,
    const struct entity *signature, struct gpg_signer *signer_out)
{
	struct buf canonical, data;
	enum gpg_result result = GPG_REFUSED;

	buf_init(&canonical, 2 * text->raw.len + 2);
	buf_init(&data, signature->body.len + 1);
	if (!decode_signature(signature, &data) ||
	    !buf_add_crlf(&canonical, text->raw))
		result = GPG_REFUSED;
	else if (is_smime_signature(signature))
		result = verify_smime(o, buf_span(&data),
		    buf_span(&canonical), NULL, signer_out);
	else
		result = use_gpg(o) ? gpg_verify(o->gpg, buf_span(&data),
		    buf_span(&canonical), signer_out, &o->fault) :
		    GPG_FAILED;
	buf_clear(&canonical);
	buf_clear(&data);
	return settle(result, signer_out);
}

static bool
is_signed_data(const struct entity *e, struct span data)
{
	struct cms m;
	bool is;

	if (strcmp(e->type.type, "application/pkcs7-mime") != 0 &&
	    strcmp(e->type.type, "application/x-pkcs7-mime") != 0)
		return false;
	cms_walk(data, 1, &m);
	is = m.shape == CMS_SIGNED;
	cms_clear(&m);
	return is;
}

bool
inside_open_signed(struct opener *o, const struct entity *e,
    struct buf *text_out, struct gpg_signer *signer_out)
{
	struct buf data;
	bool ok = true;

	buf_init(&data, e->body.len + 1);
	if (leaf_content(e, &data) && is_signed_data(e, buf_span(&data)))
		ok = settle(verify_smime(o, buf_span(&data), text_span(""),
		    text_out, signer_out), signer_out);
	buf_clear(&data);
	return ok;
}

bool
inside_open_address(struct opener *o, const struct gpg_signer *signer,
    struct span address, bool *found_out)
{
	if (signer->is_smime)
		return use_gpgsm(o) && gpgsm_find_address(o->gpgsm,
		    signer->fingerprint, address, found_out, &o->fault);
	return use_gpg(o) && gpg_find_address(o->gpg, signer->fingerprint,
	    address, found_out, &o->fault);
}
