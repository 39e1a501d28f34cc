/*
 * classify: is every byte of a message encrypted?  See classify.h.
 *
 * Every leaf and every multipart adds to a tally of what was seen, with the
 * first place of each kind; decide() then reads the tally from the worst down.
 * Only a tally with nothing in it but ciphertext and what belongs round it
 * becomes pgp-mime or pgp-inline.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/classify.h"
#include "core/harmless.h"
#include "core/leaf.h"
#include "core/mediatype.h"
#include "core/phrase.h"

struct place {
	size_t		 count;
	const char	*what;
	char		 label[24];
	size_t		 line;
};

struct tally {
	const struct entities	*tree;
	size_t			 max_pkesk;
	struct mail		*mail;
	struct place		 kinds[LEAF_COUNT];
	struct place		 readable;	/* preamble, part header, ... */
	struct place		 mangled;
	size_t			 in_mime;	/* encrypted in multipart/
						 * encrypted */
	bool			 has_claim;	/* a multipart/encrypted */
};

static void
add(struct place *place, const struct entity *e, const char *what,
    size_t line)
{
	assert(e != NULL);
	if (place->count++ > 0)
		return;
	place->what = what;
	place->line = line;
	memcpy(place->label, e->label, sizeof(place->label));
}

static void
add_kind(struct tally *t, enum leaf_kind kind, const struct entity *e,
    const char *what)
{
	add(&t->kinds[kind], e, what, 0);
}

/* Takes what the leaf holds. */
static void
add_block(struct tally *t, const struct entity *e, struct leaf *leaf)
{
	struct mail *mail = t->mail;
	struct mail_block *b;

	mail->blocks = buf_realloc(mail->blocks, mail->nblocks + 1,
	    sizeof(*mail->blocks));
	b = &mail->blocks[mail->nblocks++];
	b->is_smime = leaf->kind == LEAF_SMIME;
	b->message = leaf->message;
	b->cms = leaf->cms;
	memcpy(b->label, e->label, sizeof(b->label));
	memset(&leaf->message, 0, sizeof(leaf->message));
	memset(&leaf->cms, 0, sizeof(leaf->cms));
}

static bool
is_type(const struct entity *e, const char *type)
{
	return e != NULL && strcmp(e->type.type, type) == 0;
}

/* The part of a multipart/encrypted that must be the ciphertext. */
static bool
is_payload(const struct tally *t, const struct entity *e)
{
	const struct entity *parent;

	if (e->parent < 0)
		return false;
	parent = &t->tree->v[e->parent];
	return is_type(parent, "multipart/encrypted") &&
	    entity_child(t->tree, parent, 1) == e;
}

/* RFC 3156 5: the second of two parts. */
static bool
is_signature_place(const struct tally *t, const struct entity *e)
{
	const struct entity *parent;

	if (e->parent < 0 || !is_type(e, "application/pgp-signature"))
		return false;
	parent = &t->tree->v[e->parent];
	return is_type(parent, "multipart/signed") &&
	    entity_child(t->tree, parent, 1) == e;
}

static enum leaf_kind
count_leaf(struct tally *t, const struct entity *e)
{
	bool payload = is_payload(t, e);
	struct leaf leaf;
	enum leaf_kind kind;

	leaf_read(e, payload, t->max_pkesk, &leaf);
	kind = leaf.kind;
	if (kind == LEAF_BLANK && payload)
		kind = LEAF_FAKE;
	if (kind == LEAF_ENCRYPTED || kind == LEAF_SMIME)
		add_block(t, e, &leaf);
	if (kind == LEAF_ENCRYPTED && payload)
		t->in_mime++;
	if (kind == LEAF_PLAIN_SIGNATURE && !is_signature_place(t, e))
		kind = LEAF_SIGNED;
	add(&t->kinds[kind], e, leaf.what, leaf.line);
	leaf_clear(&leaf);
	return kind;
}

/* RFC 3156 4: two parts, in order, of these types. */
static void
count_encrypted(struct tally *t, const struct entity *e)
{
	const struct entity *version = entity_child(t->tree, e, 0);
	const struct entity *payload = entity_child(t->tree, e, 1);
	const char *protocol = field_param(&e->type, "protocol");

	t->has_claim = true;
	if (protocol == NULL ||
	    !text_is_nocase(text_span(protocol), "application/pgp-encrypted"))
		add_kind(t, LEAF_BROKEN, e,
		    "a multipart/encrypted of another protocol");
	if (e->nchildren < 2)
		add_kind(t, LEAF_BROKEN, e,
		    "a multipart/encrypted of one part");
	if (e->nchildren > 2)
		add(&t->readable, entity_child(t->tree, e, 2),
		    "a third part in multipart/encrypted", 0);
	if (version != NULL && !is_type(version, "application/pgp-encrypted"))
		add_kind(t, LEAF_BROKEN, version,
		    "no application/pgp-encrypted as the first part");
	if (payload != NULL && !is_type(payload, "application/octet-stream"))
		add_kind(t, LEAF_BROKEN, payload,
		    "no application/octet-stream as the second part");
}

static void
count_multipart(struct tally *t, const struct entity *e)
{
	if (!text_is_blank(e->preamble) && !phrase_is_preamble(e->preamble))
		add(&t->readable, e, "text before the first boundary", 0);
	if (!text_is_blank(e->epilogue))
		add(&t->readable, e, "text behind the last boundary", 0);
	if (e->nchildren == 0)
		add_kind(t, LEAF_TEXT, e, "a multipart without parts");
	if (is_type(e, "multipart/encrypted"))
		count_encrypted(t, e);
	if (!is_type(e, "multipart/signed"))
		return;
	add_kind(t, LEAF_PLAIN_SIGNATURE, e, "a signed message");
	if (e->nchildren != 2)
		add_kind(t, LEAF_BROKEN, e, "a multipart/signed of more or "
		    "less than two parts");
}

/* "Version: 1" has its place in multipart/encrypted only; elsewhere a gateway
 * has taken a PGP/MIME message apart. */
static void
count_version(struct tally *t, const struct entity *e, enum leaf_kind kind)
{
	const struct entity *parent;

	if (!is_type(e, "application/pgp-encrypted"))
		return;
	parent = e->parent < 0 ? NULL : &t->tree->v[e->parent];
	if (parent == NULL || !is_type(parent, "multipart/encrypted")) {
		if (kind == LEAF_VERSION || kind == LEAF_BLANK)
			add(&t->mangled, e,
			    "a PGP/MIME message that a gateway took apart", 0);
	} else if (entity_child(t->tree, parent, 0) == e &&
	    kind != LEAF_VERSION)
		add_kind(t, kind == LEAF_BLANK ? LEAF_BROKEN : LEAF_TEXT, e,
		    "something else than Version: 1");
}

static void
count_all(struct tally *t)
{
	const struct entity *e;
	const char *what;
	size_t i;

	for (i = 0; i < t->tree->n; i++) {
		e = &t->tree->v[i];
		what = harmless_check(e);
		if (what != NULL)
			add(&t->readable, e, what, 0);
		if (!mediatype_is_known(e->type.type))
			add(&t->readable, e, "an unknown content type", 0);
		if (e->is_multipart)
			count_multipart(t, e);
		else
			count_version(t, e, count_leaf(t, e));
	}
}

static void
find(struct tally *t, enum reason reason, const struct place *place)
{
	struct finding *f = &t->mail->finding;

	f->reason = reason;
	f->what = place->what;
	f->line = place->line;
	memcpy(f->label, place->label, sizeof(f->label));
}

/* The first of these kinds that was seen gives the reason. */
struct rule {
	enum leaf_kind	kind;
	enum reason	reason;
};

static bool
apply(struct tally *t, const struct rule *rules, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (t->kinds[rules[i].kind].count > 0) {
			find(t, rules[i].reason, &t->kinds[rules[i].kind]);
			return true;
		}
	return false;
}
#define APPLY(t, rules) apply(t, rules, sizeof(rules) / sizeof((rules)[0]))

/* Something in the message is encrypted; is everything? */
static void
decide_encrypted(struct tally *t)
{
	static const struct rule beside[] = {
		{ LEAF_TEXT,		REASON_PARTLY_CLEARTEXT },
		{ LEAF_SIGNED,		REASON_PARTLY_CLEARTEXT },
		{ LEAF_FAKE,		REASON_PARTLY_CLEARTEXT },
		{ LEAF_SMIME_SIGNED,	REASON_PARTLY_CLEARTEXT },
		{ LEAF_BROKEN,		REASON_MALFORMED },
		{ LEAF_NO_INTEGRITY,	REASON_NO_INTEGRITY },
		{ LEAF_SYMMETRIC,	REASON_SYMMETRIC_ONLY },
	};
	const struct place nothing = { 0, "", "", 0 };
	struct place smime = t->kinds[LEAF_SMIME];

	if (APPLY(t, beside))
		return;
	if (smime.count > 0 && smime.count < t->mail->nblocks) {
		smime.what = "S/MIME and OpenPGP in one message";
		find(t, REASON_MALFORMED, &smime);
	} else if (t->mangled.count > 0)
		find(t, REASON_MANGLED, &t->mangled);
	else if (t->readable.count > 0)
		find(t, REASON_PARTLY_CLEARTEXT, &t->readable);
	else if (smime.count > 0)
		find(t, REASON_SMIME, &nothing);
	else if (t->in_mime == t->mail->nblocks)
		find(t, REASON_PGP_MIME, &nothing);
	else
		find(t, REASON_PGP_INLINE, &nothing);
}

static void
decide_unencrypted(struct tally *t)
{
	static const struct rule claimed[] = {
		{ LEAF_BROKEN,		REASON_MALFORMED },
		{ LEAF_FAKE,		REASON_NOT_ENCRYPTED_INSIDE },
	};
	static const struct rule open[] = {
		{ LEAF_SIGNED,		REASON_SIGNED_ONLY },
		{ LEAF_SMIME_SIGNED,	REASON_SIGNED_ONLY },
		{ LEAF_PLAIN_SIGNATURE,	REASON_SIGNED_ONLY },
		{ LEAF_TEXT,		REASON_CLEARTEXT },
		{ LEAF_FAKE,		REASON_CLEARTEXT },
		{ LEAF_BLANK,		REASON_CLEARTEXT },
	};
	static const struct place empty = { 1, "no encrypted block", "", 0 };
	bool only_fake = t->kinds[LEAF_TEXT].count == 0;

	if ((t->has_claim || only_fake) && APPLY(t, claimed))
		return;
	if (!APPLY(t, open))
		find(t, REASON_CLEARTEXT, &empty);
}

bool
classify_is_encrypted(const struct mail *mail)
{
	return mail->finding.reason == REASON_PGP_MIME ||
	    mail->finding.reason == REASON_PGP_INLINE ||
	    mail->finding.reason == REASON_SMIME;
}

static void
decide_tree(struct tally *t, enum reason reason, const char *what)
{
	struct finding *f = &t->mail->finding;

	f->reason = reason;
	f->what = what;
	f->line = 0;
	memcpy(f->label, t->tree->problem_label, sizeof(f->label));
}

/*
 * Broken MIME is worth a word of its own where anything speaks of encryption
 * or the very type of the message is in doubt; else the sender had better hear
 * that the message is cleartext.
 */
static bool
is_about_encryption(const struct tally *t)
{
	int kind;

	for (kind = 0; kind < LEAF_COUNT; kind++)
		if (kind != LEAF_BLANK && kind != LEAF_TEXT &&
		    t->kinds[kind].count > 0)
			return true;
	return t->has_claim || t->mangled.count > 0 ||
	    field_count(&t->tree->v[0].fields, "Content-Type") > 1;
}

static void
decide(struct tally *t)
{
	static const struct rule first[] = {
		{ LEAF_TOO_COMPLEX,	REASON_TOO_COMPLEX },
		{ LEAF_PARTLY,		REASON_PARTLY_CLEARTEXT },
	};
	bool encrypted = t->mail->nblocks > 0 ||
	    t->kinds[LEAF_NO_INTEGRITY].count > 0 ||
	    t->kinds[LEAF_SYMMETRIC].count > 0;

	if (t->tree->problem != NULL && is_about_encryption(t))
		decide_tree(t, REASON_MALFORMED, t->tree->problem);
	else if (APPLY(t, first))
		return;
	else if (encrypted)
		decide_encrypted(t);
	else
		decide_unencrypted(t);
	if (t->tree->doubt != NULL && classify_is_encrypted(t->mail))
		decide_tree(t, REASON_MALFORMED, t->tree->doubt);
}

void
classify_tree(const struct entities *tree,
    const struct limit_settings *limits, struct mail *mail)
{
	struct tally t = { .tree = tree, .max_pkesk = limits->max_pkesk,
	    .mail = mail };

	mail->finding.reason = REASON_MALFORMED;
	if (tree->too_complex) {
		decide_tree(&t, REASON_TOO_COMPLEX,
		    "too many parts, levels or header fields");
		return;
	}
	count_all(&t);
	decide(&t);
}

void
classify(const struct fields *header, struct span body,
    const struct limit_settings *limits, struct mail *mail)
{
	struct entities tree;

	entity_parse(header, body, limits, &tree);
	classify_tree(&tree, limits, mail);
	entity_clear(&tree);
}

void
classify_clear(struct mail *mail)
{
	size_t i;

	for (i = 0; i < mail->nblocks; i++) {
		openpgp_clear(&mail->blocks[i].message);
		cms_clear(&mail->blocks[i].cms);
	}
	free(mail->blocks);
	mail->blocks = NULL;
	mail->nblocks = 0;
}
