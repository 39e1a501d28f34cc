/*
 * inside_job: decrypt, verify and read one message, in a process of its own.
 *
 * The plaintext and all that is made of it (parts, decoded text, the header
 * inside) exists here only and is gone with the process.
 */
#include <string.h>

#include "core/leaf.h"
#include "core/wire.h"
#include "edge/clock.h"
#include "edge/keyring.h"
#include "edge/mime.h"
#include "flow/inside.h"
#include "flow/inside_job.h"
#include "flow/inside_open.h"

/* Dates stand in the first part of a text; a longer one is no report. */
#define TEXT_MAX	((size_t)4 << 20)

struct request {
	char			 home[4096];
	size_t			 max_plain;
	struct limit_settings	 limits;
	struct strings		 keys;		/* of the list */
	struct keyset		 keyset;	/* subkeys, certificates */
	struct span		 from;
	bool			 wants_author;
	struct strings		 authors;	/* keys that From is of */
	struct fields		 header;
	struct span		 body;
};

struct reading {
	const struct request	*request;
	struct opener		 opener;
	size_t			 left;		/* bytes of plaintext */
	size_t			 nblocks;
	enum inside_answer	 answer;
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

static void
take_certificates(struct cursor *c, struct keyset *out)
{
	struct certificate one;
	uint64_t n;

	for (n = wire_u64(c); n > 0 && !c->failed; n--) {
		if (!certificate_parse(wire_span(c), &one)) {
			c->failed = true;
			return;
		}
		out->certificates = buf_realloc(out->certificates,
		    out->ncertificates + 1, sizeof(*out->certificates));
		out->certificates[out->ncertificates++] = one;
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
	take_subkeys(c, &r->keyset);
	take_certificates(c, &r->keyset);
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

/* In doubt the signature decides nothing: the message has to wait. */
static bool
is_author(struct reading *r, const struct gpg_signer *signer)
{
	const struct request *q = r->request;
	bool found = false;
	size_t i;

	if (!q->wants_author)
		return false;
	for (i = 0; i < q->authors.n; i++)
		if (text_is_nocase(text_span(signer->fingerprint),
		    q->authors.v[i]))
			return true;
	if (!inside_open_address(&r->opener, signer, q->from, &found))
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
	    is_author(r, signer);
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
	if (!inside_open_parts(&r->opener, entity_child(tree, tree->v, 0),
	    entity_child(tree, tree->v, 1), signer))
		r->answer = ANSWER_TROUBLE;
	return entity_child(tree, tree->v, 0);
}

/* A MIME entity, whose header we may not understand: then it has no fields. */
static void
parse_entity(const struct reading *r, struct span plain,
    struct fields *fields, struct entities *tree)
{
	const struct limit_settings *limits = &r->request->limits;
	struct span header, body;
	size_t line;

	field_split(plain, &header, &body);
	if (field_parse(header, limits->max_fields, fields, &line) !=
	    FIELD_OK)
		fields->n = 0;
	entity_parse(fields, body, limits, tree);
}

static bool
is_charset(const char *charset, const char *name)
{
	return charset == NULL || text_is_nocase(text_span(charset), name);
}

/*
 * Text as it stands, with nothing to decode, as Mutt and others write it: GMime
 * need not be asked, which is most of what reading a short one costs.
 */
static bool
is_bare_text(const struct entity *e)
{
	const char *charset = field_param(&e->type, "charset");

	return field_find(&e->fields, "Content-Type", 0) != NULL &&
	    strcmp(e->type.type, "text/plain") == 0 &&
	    !e->type.is_broken && !e->type.is_ambiguous &&
	    e->encoding == ENCODING_IDENTITY &&
	    e->disposition.type[0] == '\0' &&
	    field_param(&e->type, "format") == NULL &&
	    (is_charset(charset, "utf-8") || is_charset(charset, "us-ascii"));
}

/* The plaintext of PGP/MIME. */
static void
read_entity(struct reading *r, struct span plain, struct gpg_signer *signer)
{
	const struct entity *part = NULL;
	struct fields fields;
	struct entities tree;
	struct span words;
	struct buf text;

	buf_init(&text, TEXT_MAX);
	parse_entity(r, plain, &fields, &tree);
	if (signer->state == SIGNED_NOT && is_signed(&tree))
		part = read_signed(r, &tree, signer);
	if (part == NULL && !tree.too_complex && is_bare_text(&tree.v[0]))
		words = tree.v[0].body;
	else {
		if (!tree.too_complex)
			mime_new_text(part == NULL ? plain : part->raw, &text);
		words = buf_span(&text);
	}
	read_words(&r->inside, part == NULL ? &fields : &part->fields, words);
	entity_clear(&tree);
	field_clear(&fields);
	buf_clear(&text);
}

/* The plaintext of S/MIME, which may be an entity in signed data. */
static void
read_smime(struct reading *r, struct span plain, struct gpg_signer *signer)
{
	struct fields fields;
	struct entities tree;
	struct buf text;

	buf_init(&text, plain.len);
	parse_entity(r, plain, &fields, &tree);
	if (!tree.too_complex && !tree.v[0].is_multipart &&
	    !inside_open_signed(&r->opener, &tree.v[0], &text, signer))
		r->answer = ANSWER_TROUBLE;
	read_entity(r, text.len > 0 ? buf_span(&text) : plain, signer);
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

/* One encrypted block; false when the message is not to be read further. */
static bool
read_block(struct reading *r, const struct entities *tree,
    const struct entity *e, const struct leaf *leaf)
{
	struct gpg_signer signer;
	struct buf plain;

	buf_init(&plain, r->left);
	r->answer = inside_open(&r->opener, e, leaf, &plain, &signer);
	if (r->answer == ANSWER_READ) {
		r->nblocks++;
		r->left -= plain.len;
		if (leaf->kind == LEAF_SMIME)
			read_smime(r, buf_span(&plain), &signer);
		else
			read_plain(r, tree, e, buf_span(&plain), &signer);
		add_signer(r, &signer);
	}
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
		if (leaf.kind == LEAF_ENCRYPTED || leaf.kind == LEAF_SMIME)
			go_on = read_block(r, &tree, &tree.v[i], &leaf);
		leaf_clear(&leaf);
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
	    r->opener.fault.text : "")) &&
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
	gpgsm_prepare();	/* may be missing where no list wants it */
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
	r.opener.home = request.home;
	r.opener.keys = &request.keys;
	r.opener.keyset = &request.keyset;
	read_message(&r);
	inside_open_clear(&r.opener);
	if (!put_answer(&r, answer))
		buf_clear(answer);
}
