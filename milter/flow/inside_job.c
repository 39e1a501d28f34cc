/*
 * inside_job: decrypt, verify and read one message, in a process of its own.
 *
 * The plaintext and all that is made of it (parts, decoded text, the header
 * inside) exists here only and is gone with the process.
 */
#include <string.h>

#include "core/base64.h"
#include "core/leaf.h"
#include "core/narrow.h"
#include "core/quoted.h"
#include "core/wire.h"
#include "edge/clock.h"
#include "edge/gpg.h"
#include "edge/keyring.h"
#include "edge/mime.h"
#include "flow/inside.h"
#include "flow/inside_job.h"

/* Dates stand in the first part of a text; a longer one is no report. */
#define TEXT_MAX	((size_t)4 << 20)

struct request {
	char			 home[4096];
	size_t			 max_plain;
	struct limit_settings	 limits;
	struct strings		 keys;		/* of the list */
	struct keyset		 subkeys;
	struct span		 from;
	bool			 wants_author;
	struct strings		 authors;	/* keys that From is of */
	struct fields		 header;
	struct span		 body;
};

struct reading {
	const struct request	*request;
	struct gpg		*gpg;
	size_t			 left;		/* bytes of plaintext */
	size_t			 nblocks;
	enum inside_answer	 answer;
	struct fault		 fault;
	struct inside		 inside;
};

static void
take_subkeys(struct cursor *c, struct keyset *out)
{
	uint64_t n;
	struct span id;
	struct subkey *s;

	for (n = wire_u64(c); n > 0 && !c->failed; n--) {
		id = wire_span(c);
		if (id.len > sizeof(s->fingerprint))
			continue;
		out->v = buf_realloc(out->v, out->n + 1, sizeof(*out->v));
		s = &out->v[out->n++];
		memset(s, 0, sizeof(*s));
		s->len = id.len;
		if (id.len > 0)
			memcpy(s->fingerprint, id.data, id.len);
	}
}

static bool
take_request(struct cursor *c, struct request *r)
{
	struct span name;
	uint64_t n;

	memset(r, 0, sizeof(*r));
	wire_string(c, r->home, sizeof(r->home));
	r->max_plain = (size_t)wire_u64(c);
	r->limits.max_pkesk = (size_t)wire_u64(c);
	r->limits.max_depth = (size_t)wire_u64(c);
	r->limits.max_parts = (size_t)wire_u64(c);
	r->limits.max_fields = (size_t)wire_u64(c);
	r->limits.max_header_bytes = (size_t)wire_u64(c);
	wire_strings(c, &r->keys);
	take_subkeys(c, &r->subkeys);
	r->from = wire_span(c);
	r->wants_author = cursor_u8(c) != 0;
	wire_strings(c, &r->authors);
	for (n = wire_u64(c); n > 0 && !c->failed; n--) {
		name = wire_span(c);
		field_add(&r->header, name, wire_span(c));
	}
	r->body = wire_span(c);
	return cursor_is_done(c);
}

/* ---- dates ---- */

/* Two places that state different dates leave it to a human. */
static void
add_date(struct inside *in, const struct crd *crd)
{
	if (crd->kind == CRD_NONE || in->date.kind == CRD_HUMAN)
		return;
	if (in->date.kind == CRD_DATE && crd->kind == CRD_DATE &&
	    in->date.at == crd->at)
		return;
	if (in->date.kind == CRD_DATE && crd->kind == CRD_DATE) {
		in->date.kind = CRD_HUMAN;
		in->date.reason = "two different dates";
		return;
	}
	in->date = *crd;
}

/* A field of the protected header is the best place, text comes after it. */
static void
read_dates(struct inside *in, const struct fields *fields, struct span text)
{
	const struct field *f;
	struct crd crd;
	size_t i;

	for (i = 0; (f = field_find(fields, "Embargo-Until", i)) != NULL;
	    i++) {
		crd_parse_field(text_trim(f->value), clock_now(), 0, &crd);
		add_date(in, &crd);
	}
	if (i > 0)
		return;
	crd_parse_text(text, clock_now(), 0, &crd);
	add_date(in, &crd);
}

static void
read_words(struct inside *in, const struct fields *fields, struct span text)
{
	text = text_sub(text, 0, TEXT_MAX);
	read_dates(in, fields, text);
	notice_add_fields(fields, clock_now(), 0, &in->notice);
	notice_add_text(text, clock_now(), 0, &in->notice);
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

/*
 * multipart/signed inside: the first part, raw, and its signature.  What was
 * signed has CRLF line ends: RFC 3156 5.
 */
static void
verify_parts(struct reading *r, const struct entity *text,
    const struct entity *signature, struct gpg_signer *signer)
{
	struct buf canonical, armor;
	enum gpg_result result = GPG_REFUSED;

	buf_init(&canonical, 2 * text->raw.len + 2);
	buf_init(&armor, signature->body.len + 1);
	if (decode_signature(signature, &armor) &&
	    buf_add_crlf(&canonical, text->raw))
		result = gpg_verify(r->gpg, buf_span(&armor),
		    buf_span(&canonical), signer, &r->fault);
	buf_clear(&canonical);
	buf_clear(&armor);
	if (result == GPG_FAILED)
		r->answer = ANSWER_TROUBLE;
	else if (result != GPG_DONE)
		signer->state = SIGNED_BADLY;
}

/* In doubt the signature decides nothing: the message has to wait. */
static bool
is_author(struct reading *r, const char *fingerprint)
{
	const struct request *q = r->request;
	bool found = false;
	size_t i;

	if (!q->wants_author)
		return false;
	for (i = 0; i < q->authors.n; i++)
		if (text_is_nocase(text_span(fingerprint), q->authors.v[i]))
			return true;
	if (!gpg_find_address(r->gpg, fingerprint, q->from, &found,
	    &r->fault))
		r->answer = ANSWER_TROUBLE;
	return found;
}

/* The weakest block speaks for the message. */
static void
add_signer(struct reading *r, const struct gpg_signer *signer)
{
	struct inside *in = &r->inside;
	bool same = strcmp(in->signer, signer->fingerprint) == 0;

	if (r->nblocks > 1 && signer->state >= in->signed_state &&
	    (same || signer->state > in->signed_state))
		return;
	if (r->nblocks > 1 && !same && signer->state == SIGNED_WELL) {
		in->signed_state = SIGNED_BADLY;	/* by two people */
		return;
	}
	in->signed_state = signer->state;
	memcpy(in->signer, signer->fingerprint, sizeof(in->signer));
	memcpy(in->seal, signer->seal, sizeof(in->seal));
	in->is_from_signer = signer->state == SIGNED_WELL &&
	    is_author(r, signer->fingerprint);
}

/* ---- the plaintext ---- */

static bool
is_signed(const struct entities *tree)
{
	return !tree->too_complex &&
	    strcmp(tree->v[0].type.type, "multipart/signed") == 0;
}

/*
 * The part of a multipart/signed that its signature speaks of, verified: what
 * stands beside it is not the signer's.  NULL when it has another shape.
 */
static const struct entity *
read_signed(struct reading *r, const struct entities *tree,
    struct gpg_signer *signer)
{
	signer->state = SIGNED_BADLY;
	if (tree->v[0].nchildren != 2)
		return NULL;
	verify_parts(r, entity_child(tree, tree->v, 0),
	    entity_child(tree, tree->v, 1), signer);
	return entity_child(tree, tree->v, 0);
}

/* A MIME entity: the plaintext of PGP/MIME. */
static void
read_entity(struct reading *r, struct span plain, struct gpg_signer *signer)
{
	const struct request *q = r->request;
	const struct entity *part = NULL;
	struct span header, body;
	struct fields fields;
	struct entities tree;
	struct buf text;
	size_t line;

	buf_init(&text, TEXT_MAX);
	field_split(plain, &header, &body);
	if (field_parse(header, q->limits.max_fields, &fields, &line) !=
	    FIELD_OK)
		fields.n = 0;	/* no header we understand: no facts */
	entity_parse(&fields, body, &q->limits, &tree);
	if (signer->state == SIGNED_NOT && is_signed(&tree))
		part = read_signed(r, &tree, signer);
	if (!tree.too_complex)
		mime_new_text(part == NULL ? plain : part->raw, &text);
	read_words(&r->inside, part == NULL ? &fields : &part->fields,
	    buf_span(&text));
	entity_clear(&tree);
	field_clear(&fields);
	buf_clear(&text);
}

static bool
is_pgp_mime(const struct entities *tree, const struct entity *e)
{
	return e->parent >= 0 && strcmp(tree->v[e->parent].type.type,
	    "multipart/encrypted") == 0;
}

/* Attachments are not the message's own text. */
static void
read_plain(struct reading *r, const struct entities *tree,
    const struct entity *e, struct span plain, struct gpg_signer *signer)
{
	static const struct fields none;

	if (is_pgp_mime(tree, e))
		read_entity(r, plain, signer);
	else if (strcmp(e->type.type, "text/plain") == 0 &&
	    strcmp(e->disposition.type, "attachment") != 0)
		read_words(&r->inside, &none, plain);
}

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
decrypt_narrowed(struct reading *r, const struct buf *packets,
    struct buf *plain_out, struct gpg_signer *signer_out)
{
	switch (gpg_decrypt(r->gpg, buf_span(packets), plain_out, signer_out,
	    &r->fault)) {
	case GPG_DONE:
		return is_list_key(&r->request->keys,
		    gpg_key_used(r->gpg)) ? ANSWER_READ : ANSWER_REFUSED;
	case GPG_TOO_LONG:
		return ANSWER_TOO_BIG;
	case GPG_REFUSED:
		return ANSWER_REFUSED;
	case GPG_FAILED:
		break;
	}
	return ANSWER_TROUBLE;
}

/*
 * All hidden recipients at once; when somebody else's key came first, one after
 * the other.
 */
static enum inside_answer
decrypt_hidden(struct reading *r, const struct openpgp *m, struct span data,
    struct buf *plain_out, struct gpg_signer *signer_out)
{
	struct buf narrowed;
	enum inside_answer answer = ANSWER_REFUSED;
	size_t n, i;

	buf_init(&narrowed, data.len);
	n = narrow_to_hidden(data, m, &narrowed);
	if (n > 0)
		answer = decrypt_narrowed(r, &narrowed, plain_out,
		    signer_out);
	for (i = 0; n > 1 && i < n && answer == ANSWER_REFUSED; i++) {
		buf_clear(&narrowed);
		buf_clear(plain_out);
		(void)narrow_to_one_hidden(data, m, i, &narrowed);
		answer = decrypt_narrowed(r, &narrowed, plain_out,
		    signer_out);
	}
	buf_clear(&narrowed);
	return answer;
}

static enum inside_answer
decrypt(struct reading *r, const struct openpgp *m, struct span data,
    struct buf *plain_out, struct gpg_signer *signer_out)
{
	struct buf narrowed;
	enum inside_answer answer;

	buf_init(&narrowed, data.len);
	if (narrow_to_keys(data, m, &r->request->subkeys, &narrowed) > 0)
		answer = decrypt_narrowed(r, &narrowed, plain_out,
		    signer_out);
	else
		answer = decrypt_hidden(r, m, data, plain_out, signer_out);
	buf_clear(&narrowed);
	return answer;
}

/* One encrypted block; false when the message is not to be read further. */
static bool
read_block(struct reading *r, const struct entities *tree,
    const struct entity *e, const struct openpgp *m)
{
	struct buf packets, plain;
	struct gpg_signer signer;

	buf_init(&packets, e->body.len + 1);
	buf_init(&plain, r->left);
	r->answer = leaf_packets(e, &packets) ? decrypt(r, m,
	    buf_span(&packets), &plain, &signer) : ANSWER_REFUSED;
	if (r->answer == ANSWER_READ) {
		r->nblocks++;
		r->left -= plain.len;
		read_plain(r, tree, e, buf_span(&plain), &signer);
		add_signer(r, &signer);
	}
	buf_clear(&packets);
	buf_clear(&plain);
	return r->answer == ANSWER_READ;
}

static void
read_message(struct reading *r)
{
	const struct request *q = r->request;
	struct entities tree;
	struct leaf leaf;
	bool go_on = true;
	size_t i;

	entity_parse(&q->header, q->body, &q->limits, &tree);
	for (i = 0; go_on && i < tree.n; i++) {
		if (tree.v[i].is_multipart)
			continue;
		leaf_read(&tree.v[i], false, q->limits.max_pkesk, &leaf);
		if (leaf.kind == LEAF_ENCRYPTED)
			go_on = read_block(r, &tree, &tree.v[i],
			    &leaf.message);
		openpgp_clear(&leaf.message);
	}
	entity_clear(&tree);
	if (r->nblocks == 0 && r->answer == ANSWER_READ)
		r->answer = ANSWER_REFUSED;
}

static bool
put_notice(const struct notice *n, struct buf *out)
{
	return wire_put_u8(out, n->has_state) &&
	    wire_put_u8(out, (uint8_t)n->state) &&
	    wire_put_span(out, text_span(n->url)) &&
	    wire_put_span(out, text_span(n->cve)) &&
	    wire_put_u8(out, n->has_exploit) &&
	    wire_put_u64(out, (uint64_t)n->exploit_at) &&
	    wire_put_u8(out, n->exploit_hour_assumed) &&
	    wire_put_span(out, text_span(n->issue)) &&
	    wire_put_u8(out, (uint8_t)n->problem);
}

static bool
put_answer(const struct reading *r, struct buf *out)
{
	const struct inside *in = &r->inside;

	return wire_put_u8(out, (uint8_t)r->answer) &&
	    wire_put_span(out, text_span(r->answer == ANSWER_TROUBLE ?
	    r->fault.text : "")) &&
	    wire_put_u8(out, (uint8_t)in->signed_state) &&
	    wire_put_span(out, text_span(in->signer)) &&
	    wire_put_span(out, text_span(in->seal)) &&
	    wire_put_u8(out, in->is_from_signer) &&
	    wire_put_u8(out, (uint8_t)in->date.kind) &&
	    wire_put_u64(out, (uint64_t)in->date.at) &&
	    wire_put_u8(out, in->date.hour_assumed) &&
	    wire_put_span(out, text_span(in->date.reason)) &&
	    put_notice(&in->notice, out);
}

bool
inside_prepare(void)
{
	return gpg_prepare();
}

void
inside_serve(struct span bytes, struct buf *answer)
{
	struct cursor c = cursor_init(bytes);
	uint8_t op = cursor_u8(&c);
	struct request request;
	struct reading r;

	if (op < KEYRING_OPS) {
		keyring_serve(op, &c, answer);
		return;
	}
	if (op != INSIDE_OP || !take_request(&c, &request))
		return;
	memset(&r, 0, sizeof(r));
	r.request = &request;
	r.left = request.max_plain;
	if (gpg_open(request.home, GPG_OPENPGP, &r.gpg, &r.fault))
		read_message(&r);
	else
		r.answer = ANSWER_TROUBLE;
	gpg_close(&r.gpg);
	if (!put_answer(&r, answer))
		buf_clear(answer);
}
