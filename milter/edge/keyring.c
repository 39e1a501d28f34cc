/*
 * keyring: the keys of the configuration; see keyring.h.
 *
 * Above: the side of the program that asks.  Below: the side of the job.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/wire.h"
#include "edge/gpg.h"
#include "edge/gpgsm.h"
#include "edge/keyring.h"

#define REQUEST_MAX	((size_t)1 << 20)
#define KEYS_MAX	((size_t)1 << 20)

static bool
ask(const struct gnupg_settings *gnupg, enum keyring_op op,
    const struct strings *lists, size_t nlists, struct span plain,
    size_t max_answer, struct buf *answer_out, struct fault *fault)
{
	struct buf head;
	size_t i;
	bool ok;

	buf_init(&head, REQUEST_MAX);
	ok = wire_put_u8(&head, (uint8_t)op) &&
	    wire_put_span(&head, text_span(gnupg->home)) &&
	    wire_put_u64(&head, nlists);
	for (i = 0; ok && i < nlists; i++)
		ok = wire_put_strings(&head, &lists[i]);
	ok = ok && wire_put_u64(&head, plain.len);
	if (!ok)
		abort();	/* the configuration is far shorter */
	ok = job_run(buf_span(&head), plain, gnupg->jobs, gnupg->timeout_ms,
	    max_answer, answer_out, fault);
	buf_clear(&head);
	return ok;
}

/* The head of an answer: 1, or 0 and what went wrong. */
static bool
read_head(struct cursor *c, struct fault *fault)
{
	uint8_t good = cursor_u8(c);

	if (good == 1)
		return true;
	fault->kind = cursor_u8(c);
	if (fault->kind == FAULT_MISSING)
		fault->kind = FAULT_CONFIG;
	if (fault->kind != FAULT_CONFIG)
		fault->kind = FAULT_SITE;
	wire_string(c, fault->text, sizeof(fault->text));
	if (c->failed)
		fault_set(fault, FAULT_SITE, "gpg: a broken answer");
	return false;
}

static bool
read_certificates(struct cursor *c, struct keyset *out)
{
	uint64_t n = wire_u64(c), i;
	struct certificate *one;
	char fingerprint[CERTIFICATE_FINGERPRINT_SIZE];
	bool is_revoked;

	for (i = 0; i < n && !c->failed; i++) {
		wire_string(c, fingerprint, sizeof(fingerprint));
		is_revoked = cursor_u8(c) != 0;
		out->certificates = buf_realloc(out->certificates,
		    out->ncertificates + 1, sizeof(*out->certificates));
		one = &out->certificates[out->ncertificates++];
		if (!certificate_parse(wire_span(c), one))
			return false;
		memcpy(one->fingerprint, fingerprint, sizeof(fingerprint));
		one->is_revoked = is_revoked;
	}
	return cursor_is_done(c);
}

static bool
read_keys(struct cursor *c, struct keyset *out)
{
	uint64_t n = wire_u64(c), i;
	struct subkey *s;
	struct span id;

	for (i = 0; i < n && !c->failed; i++) {
		out->v = buf_realloc(out->v, out->n + 1, sizeof(*out->v));
		s = &out->v[out->n++];
		memset(s, 0, sizeof(*s));
		id = wire_span(c);
		if (id.len > sizeof(s->fingerprint))
			return false;
		memcpy(s->fingerprint, id.data, id.len);
		s->len = id.len;
		s->expires_at = (int64_t)wire_u64(c);
		s->is_revoked = cursor_u8(c) != 0;
	}
	return read_certificates(c, out);
}

/* Does the list have a key for each kind of mail that it accepts? */
static bool
check_kinds(const struct list_settings *list, const struct keyset *keys,
    struct fault *fault)
{
	bool needs_pgp = list->accept_pgp_mime || list->accept_pgp_inline ||
	    list->cleartext == CLEARTEXT_ENCRYPT;

	if (needs_pgp && keys->n == 0)
		fault_set(fault, FAULT_CONFIG,
		    "none of the list's keys can encrypt%s",
		    keys->ncertificates == 0 ? "" : " with OpenPGP");
	else if (list->accept_smime && keys->ncertificates == 0)
		fault_set(fault, FAULT_CONFIG, "accept has \"smime\", but no "
		    "key of the list is a certificate that gpgsm knows");
	else if (!list->accept_smime && keys->ncertificates > 0)
		fault_set(fault, FAULT_CONFIG, "%s is an X.509 certificate, "
		    "but accept has no \"smime\"",
		    keys->certificates[0].fingerprint);
	else
		return true;
	return false;
}

static bool
ask_keys(const struct gnupg_settings *gnupg, enum keyring_op op,
    const struct strings *lists, size_t nlists, struct keyset *out,
    struct fault *fault)
{
	struct cursor c;
	struct buf answer;
	bool ok;

	memset(out, 0, sizeof(*out));
	ok = ask(gnupg, op, lists, nlists, text_span(""), KEYS_MAX, &answer,
	    fault);
	if (ok) {
		c = cursor_init(buf_span(&answer));
		ok = read_head(&c, fault);
		if (ok && !read_keys(&c, out)) {
			fault_set(fault, FAULT_SITE, "gpg: a broken answer");
			ok = false;
		}
	}
	buf_clear(&answer);
	if (!ok)
		keyring_clear(out);
	return ok;
}

bool
keyring_load(const struct gnupg_settings *gnupg,
    const struct list_settings *list, struct keyset *out,
    struct fault *fault)
{
	const struct strings fingerprints[] = { list->key, list->certificate };

	if (!ask_keys(gnupg, KEYRING_LOAD, fingerprints, 2, out, fault))
		return false;
	if (check_kinds(list, out, fault))
		return true;
	keyring_clear(out);
	return false;
}

bool
keyring_look(const struct gnupg_settings *gnupg, const char *fingerprint,
    struct keyset *out, struct fault *fault)
{
	char *one = (char *)(uintptr_t)fingerprint;	/* not written to */
	const struct strings list = { &one, 1 };

	return ask_keys(gnupg, KEYRING_LOOK, &list, 1, out, fault);
}

static bool
is_certificate(const struct keyset *keys, const char *fingerprint)
{
	size_t i;

	for (i = 0; i < keys->ncertificates; i++)
		if (strcmp(keys->certificates[i].fingerprint,
		    fingerprint) == 0)
			return true;
	return false;
}

void
keyring_sort(const struct keyset *keys, struct list_settings *list)
{
	struct strings *to = &list->certificate;
	size_t i, kept = 0;

	for (i = 0; i < list->key.n; i++) {
		if (!is_certificate(keys, list->key.v[i])) {
			list->key.v[kept++] = list->key.v[i];
			continue;
		}
		to->v = buf_realloc(to->v, to->n + 1, sizeof(*to->v));
		to->v[to->n++] = list->key.v[i];
	}
	list->key.n = kept;
}

void
keyring_clear(struct keyset *keys)
{
	size_t i;

	for (i = 0; i < keys->ncertificates; i++)
		certificate_clear(&keys->certificates[i]);
	free(keys->certificates);
	free(keys->v);
	memset(keys, 0, sizeof(*keys));
}

static bool
encrypt(const struct gnupg_settings *gnupg, enum keyring_op op,
    const struct strings *lists, size_t nlists, struct span plain,
    struct buf *out, struct fault *fault)
{
	struct cursor c;
	struct buf answer;
	bool ok;

	ok = ask(gnupg, op, lists, nlists, plain,
	    out->max_bytes + 64, &answer, fault);
	if (ok) {
		c = cursor_init(buf_span(&answer));
		ok = read_head(&c, fault);
		if (ok && !buf_add(out, c.rest.data, c.rest.len)) {
			fault_set(fault, FAULT_SITE, "gpg: a broken answer");
			ok = false;
		}
	}
	buf_clear(&answer);
	return ok;
}

bool
keyring_encrypt(const struct gnupg_settings *gnupg,
    const struct strings *lists, size_t nlists, struct span plain,
    struct buf *out, struct fault *fault)
{
	return encrypt(gnupg, KEYRING_ENCRYPT, lists, nlists, plain, out,
	    fault);
}

bool
keyring_envelop(const struct gnupg_settings *gnupg,
    const struct strings *certificates, struct span plain, struct buf *out,
    struct fault *fault)
{
	return encrypt(gnupg, KEYRING_ENVELOP, certificates, 1, plain, out,
	    fault);
}

/* ---- in the job ---- */

/* An answer that does not fit is none: the program sees a broken one. */
static void
refuse(struct buf *answer, const struct fault *fault)
{
	buf_clear(answer);
	if (!wire_put_u8(answer, 0) ||
	    !wire_put_u8(answer, (uint8_t)fault->kind) ||
	    !wire_put_span(answer, text_span(fault->text)))
		buf_clear(answer);
}

static bool
put_certificates(const struct keyset *keys, struct buf *answer)
{
	const struct certificate *c;
	size_t i;

	if (!wire_put_u64(answer, keys->ncertificates))
		return false;
	for (i = 0; i < keys->ncertificates; i++) {
		c = &keys->certificates[i];
		if (!wire_put_span(answer, text_span(c->fingerprint)) ||
		    !wire_put_u8(answer, c->is_revoked) ||
		    !wire_put_span(answer, c->der))
			return false;
	}
	return true;
}

static bool
put_keys(const struct keyset *keys, struct buf *answer)
{
	const struct subkey *s;
	struct span id;
	size_t i;

	if (!wire_put_u8(answer, 1) || !wire_put_u64(answer, keys->n))
		return false;
	for (i = 0; i < keys->n; i++) {
		s = &keys->v[i];
		id.data = s->fingerprint;
		id.len = s->len;
		if (!wire_put_span(answer, id) ||
		    !wire_put_u64(answer, (uint64_t)s->expires_at) ||
		    !wire_put_u8(answer, s->is_revoked))
			return false;
	}
	return put_certificates(keys, answer);
}

/* Each side has its own gpg, started when it is wanted. */
struct job {
	char		 home[4096];
	struct gpg	*gpg;
	struct gpgsm	*gpgsm;
	struct keyset	 keys;
	struct fault	 fault;
};

static bool
use_gpg(struct job *job)
{
	return job->gpg != NULL ||
	    gpg_open(job->home, &job->gpg, &job->fault);
}

static bool
use_gpgsm(struct job *job)
{
	return job->gpgsm != NULL ||
	    gpgsm_open(job->home, &job->gpgsm, &job->fault);
}

static bool
add_certificate(struct job *job, const char *fingerprint)
{
	return use_gpgsm(job) && gpgsm_add_certificate(job->gpgsm,
	    fingerprint, &job->keys, &job->fault);
}

/* What gpg does not know may be a certificate that gpgsm knows. */
static bool
add_key(struct job *job, const char *fingerprint, bool with_primary)
{
	struct fault first;

	if (!use_gpg(job))
		return false;
	if (gpg_add_subkeys(job->gpg, fingerprint, with_primary, &job->keys,
	    &job->fault))
		return true;
	first = job->fault;
	if (first.kind != FAULT_MISSING ||
	    strlen(fingerprint) + 1 != CERTIFICATE_FINGERPRINT_SIZE)
		return false;
	if (add_certificate(job, fingerprint))
		return true;
	if (job->fault.kind != FAULT_CONFIG)
		job->fault = first;
	return false;
}

static bool
serve_load(struct job *job, const struct strings *keys,
    const struct strings *certificates, struct buf *answer)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (!add_key(job, keys->v[i], false))
			return false;
	for (i = 0; i < certificates->n; i++)
		if (!add_certificate(job, certificates->v[i]))
			return false;
	if (!put_keys(&job->keys, answer))
		buf_clear(answer);
	return true;
}

static bool
serve_look(struct job *job, const struct strings *keys, struct buf *answer)
{
	if (keys->n != 1)
		return true;
	if (!add_key(job, keys->v[0], true))
		return false;
	if (!put_keys(&job->keys, answer))
		buf_clear(answer);
	return true;
}

/* False with job->fault. */
static bool
serve(struct job *job, enum keyring_op op, const struct strings *lists,
    size_t nlists, struct span plain, struct buf *answer)
{
	assert(lists != NULL || nlists == 0);
	switch (op) {
	case KEYRING_LOAD:
		return nlists != 2 ||
		    serve_load(job, &lists[0], &lists[1], answer);
	case KEYRING_ENCRYPT:
		return use_gpg(job) && wire_put_u8(answer, 1) &&
		    gpg_encrypt(job->gpg, lists, nlists, plain, answer,
		    &job->fault) == GPG_DONE;
	case KEYRING_ENVELOP:
		return nlists != 1 || (use_gpgsm(job) &&
		    wire_put_u8(answer, 1) && gpgsm_encrypt(job->gpgsm,
		    lists, plain, answer, &job->fault) == GPG_DONE);
	case KEYRING_LOOK:
		return nlists != 1 || serve_look(job, lists, answer);
	case KEYRING_OPS:
		break;
	}
	return true;
}

/* Frees nothing that ends with the job. */
void
keyring_serve(enum keyring_op op, struct cursor *request, struct buf *answer)
{
	struct strings *lists = NULL;
	struct job job = { .gpg = NULL };
	struct span plain;
	uint64_t n, i;

	wire_string(request, job.home, sizeof(job.home));
	n = wire_u64(request);
	for (i = 0; i < n && !request->failed; i++) {
		lists = buf_realloc(lists, (size_t)i + 1, sizeof(*lists));
		wire_strings(request, &lists[i]);
	}
	plain = wire_span(request);
	if (!cursor_is_done(request))
		return;
	if (!serve(&job, op, lists, (size_t)n, plain, answer))
		refuse(answer, &job.fault);
	gpg_close(&job.gpg);
	gpgsm_close(&job.gpgsm);
}
