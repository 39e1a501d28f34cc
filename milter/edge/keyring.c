/*
 * keyring: the keys of the configuration; see keyring.h.
 *
 * Above: the side of the program that asks.  Below: the side of the job.
 */
#include <stdlib.h>
#include <string.h>

#include "core/wire.h"
#include "edge/gpg.h"
#include "edge/keyring.h"

#define REQUEST_MAX	((size_t)1 << 20)
#define KEYS_MAX	65536

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
	fault->kind = cursor_u8(c) == FAULT_MISSING ? FAULT_CONFIG :
	    FAULT_SITE;
	wire_string(c, fault->text, sizeof(fault->text));
	if (c->failed)
		fault_set(fault, FAULT_SITE, "gpg: a broken answer");
	return false;
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
	return cursor_is_done(c);
}

bool
keyring_load(const struct gnupg_settings *gnupg,
    const struct strings *fingerprints, struct keyset *out,
    struct fault *fault)
{
	struct cursor c;
	struct buf answer;
	bool ok;

	memset(out, 0, sizeof(*out));
	ok = ask(gnupg, KEYRING_LOAD, fingerprints, 1, text_span(""), KEYS_MAX,
	    &answer, fault);
	if (ok) {
		c = cursor_init(buf_span(&answer));
		ok = read_head(&c, fault);
		if (ok && !read_keys(&c, out)) {
			fault_set(fault, FAULT_SITE, "gpg: a broken answer");
			ok = false;
		}
	}
	buf_clear(&answer);
	if (ok && out->n == 0) {
		fault_set(fault, FAULT_CONFIG,
		    "none of the list's keys can encrypt");
		ok = false;
	}
	if (!ok)
		keyring_clear(out);
	return ok;
}

void
keyring_clear(struct keyset *keys)
{
	free(keys->v);
	memset(keys, 0, sizeof(*keys));
}

bool
keyring_encrypt(const struct gnupg_settings *gnupg,
    const struct strings *lists, size_t nlists, struct span plain,
    struct buf *out, struct fault *fault)
{
	struct cursor c;
	struct buf answer;
	bool ok;

	ok = ask(gnupg, KEYRING_ENCRYPT, lists, nlists, plain,
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
	return true;
}

static void
serve_load(struct gpg *gpg, const struct strings *fingerprints,
    struct buf *answer)
{
	struct keyset keys;
	struct fault fault;
	size_t i;

	memset(&keys, 0, sizeof(keys));
	for (i = 0; i < fingerprints->n; i++)
		if (!gpg_add_subkeys(gpg, fingerprints->v[i], &keys, &fault)) {
			refuse(answer, &fault);
			return;
		}
	if (!put_keys(&keys, answer))
		buf_clear(answer);
}

static void
serve_encrypt(struct gpg *gpg, const struct strings *lists, size_t nlists,
    struct span plain, struct buf *answer)
{
	struct fault fault;

	if (!wire_put_u8(answer, 1) || gpg_encrypt(gpg, lists, nlists, plain,
	    answer, &fault) != GPG_DONE)
		refuse(answer, &fault);
}

static void
serve(struct gpg *gpg, enum keyring_op op, const struct strings *lists,
    size_t nlists, struct span plain, struct buf *answer)
{
	switch (op) {
	case KEYRING_LOAD:
		if (nlists == 1)
			serve_load(gpg, lists, answer);
		break;
	case KEYRING_ENCRYPT:
		serve_encrypt(gpg, lists, nlists, plain, answer);
		break;
	case KEYRING_OPS:
		break;
	}
}

/* Frees nothing that ends with the job. */
void
keyring_serve(enum keyring_op op, struct cursor *request, struct buf *answer)
{
	char home[4096];
	struct strings *lists = NULL;
	struct span plain;
	struct fault fault;
	struct gpg *gpg;
	uint64_t n, i;

	wire_string(request, home, sizeof(home));
	n = wire_u64(request);
	for (i = 0; i < n && !request->failed; i++) {
		lists = buf_realloc(lists, (size_t)i + 1, sizeof(*lists));
		wire_strings(request, &lists[i]);
	}
	plain = wire_span(request);
	if (!cursor_is_done(request))
		return;
	if (!gpg_open(home, GPG_OPENPGP, &gpg, &fault)) {
		refuse(answer, &fault);
		return;
	}
	serve(gpg, op, lists, (size_t)n, plain, answer);
	gpg_close(&gpg);
}
