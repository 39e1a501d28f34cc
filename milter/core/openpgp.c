/*
 * openpgp: the packet walk; see openpgp.h for the grammar.
 *
 * One function per rule.  Each reads from a cursor with a sticky error and the
 * caller checks at the end of a packet that all of it was consumed.
 */
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/cursor.h"
#include "core/noise.h"
#include "core/openpgp.h"
#include "core/packet.h"

#define FIRST_PARTIAL_MIN 512	/* RFC 9580 4.2.1.4 */
#define SEIPD1_MIN	33	/* prefix of 10, MDC of 22, one byte */
#define SALT_BYTES 32		/* what SEIPD v2 begins with */
#define ESK_MAX		8192	/* no real session key packet comes near */
#define MODULUS_MIN	512	/* bits: less is no RSA or Elgamal */
#define POINT_MIN	250	/* bits: less is no elliptic curve */
#define WRAPPED_MIN	24	/* bytes: a key of 16 and RFC 3394's 8 */

enum algorithm {
	ALGORITHM_RSA = 1,
	ALGORITHM_RSA_ENCRYPT = 2,
	ALGORITHM_ELGAMAL = 16,
	ALGORITHM_ECDH = 18,
	ALGORITHM_X25519 = 25,
	ALGORITHM_X448 = 26
};

static bool
finish(struct openpgp *m, enum openpgp_shape shape, const char *what,
    size_t offset)
{
	m->shape = shape;
	m->what = what;
	m->offset = offset;
	return false;
}

/* Random by its nature: a whole field of text is seen by itself. */
static void
skip_noise(struct cursor *c, size_t len)
{
	if (noise_is_text(cursor_take(c, len)))
		c->failed = true;
}

/* A multiprecision integer, RFC 9580 3.2, too large to be anything else. */
static void
skip_mpi(struct cursor *c, size_t min_bits)
{
	size_t bits = cursor_u16(c);

	if (bits < min_bits)
		c->failed = true;
	skip_noise(c, (bits + 7) / 8);
}

/* A counted string of the kind "length, wrapped session key". */
static void
skip_wrapped_key(struct cursor *c)
{
	size_t len = cursor_u8(c);

	if (len < WRAPPED_MIN)
		c->failed = true;
	skip_noise(c, len);
}

/* The algorithm-specific fields of a PKESK, RFC 9580 5.1.3 to 5.1.7. */
static bool
is_session_key(struct cursor *c, uint8_t algorithm)
{
	switch (algorithm) {
	case ALGORITHM_RSA:
	case ALGORITHM_RSA_ENCRYPT:
		skip_mpi(c, MODULUS_MIN);
		break;
	case ALGORITHM_ELGAMAL:
		skip_mpi(c, MODULUS_MIN);
		skip_mpi(c, MODULUS_MIN);
		break;
	case ALGORITHM_ECDH:
		skip_mpi(c, POINT_MIN);
		skip_wrapped_key(c);
		break;
	case ALGORITHM_X25519:
		skip_noise(c, 32);
		skip_wrapped_key(c);
		break;
	case ALGORITHM_X448:
		skip_noise(c, 56);
		skip_wrapped_key(c);
		break;
	default:
		/* post-quantum and later ones: long, and noise by the check */
		if (c->rest.len < 64)
			c->failed = true;
		skip_noise(c, c->rest.len);
		break;
	}
	return cursor_is_done(c);
}

/* PKESK v6 names its key by version and fingerprint, RFC 9580 5.1.2. */
static void
read_fingerprint(struct cursor *c, struct openpgp_recipient *r)
{
	size_t len = cursor_u8(c);
	uint8_t version;
	struct span id;

	if (len == 0)
		return;
	version = cursor_u8(c);
	if (!(version == 4 && len == 21) && !(version == 6 && len == 33)) {
		c->failed = true;
		return;
	}
	id = cursor_take(c, len - 1);
	if (noise_is_text(id))
		c->failed = true;
	if (!c->failed) {
		memcpy(r->id, id.data, id.len);
		r->len = (uint8_t)id.len;
	}
}

static void
read_key_id(struct cursor *c, struct openpgp_recipient *r)
{
	static const uint8_t nobody[8];
	struct span id = cursor_take(c, 8);

	if (!c->failed && memcmp(id.data, nobody, 8) != 0) {
		memcpy(r->id, id.data, 8);
		r->len = 8;
	}
}

/* Public-Key Encrypted Session Key, RFC 9580 5.1. */
static bool
read_pkesk(struct openpgp *m, struct span body)
{
	struct openpgp_recipient r = { { 0 }, 0 };
	struct cursor c = cursor_init(body);
	uint8_t version = cursor_u8(&c), algorithm;
	struct span key;

	if (version == 3)
		read_key_id(&c, &r);
	else if (version == 6)
		read_fingerprint(&c, &r);
	else
		return false;
	/* who it is for counts as well, unless that is nobody: zeros */
	key = r.len > 0 ? body : c.rest;
	algorithm = cursor_u8(&c);
	if (body.len > ESK_MAX || !is_session_key(&c, algorithm) ||
	    noise_is_text(key))
		return false;
	m->recipients = buf_realloc(m->recipients, m->nrecipients + 1,
	    sizeof(*m->recipients));
	m->recipients[m->nrecipients++] = r;
	return true;
}

/* String-to-key specifier, RFC 9580 3.7.1. */
static void
skip_s2k(struct cursor *c)
{
	switch (cursor_u8(c)) {
	case 0:
		(void)cursor_take(c, 1);
		break;
	case 1:
		(void)cursor_take(c, 1 + 8);
		break;
	case 3:
		(void)cursor_take(c, 1 + 8 + 1);
		break;
	case 4:
		(void)cursor_take(c, 16 + 3);
		break;
	default:
		c->failed = true;
		break;
	}
}

/* Symmetric-Key Encrypted Session Key, RFC 9580 5.3. */
static bool
read_skesk(struct openpgp *m, struct span body)
{
	struct cursor c = cursor_init(body);
	uint8_t version = cursor_u8(&c);

	if (version == 6)
		(void)cursor_u8(&c);
	if (version < 4 || version > 6)
		return false;
	(void)cursor_u8(&c);
	if (version > 4)
		(void)cursor_u8(&c);
	if (version == 6)
		(void)cursor_u8(&c);
	skip_s2k(&c);
	m->nskesks++;
	return !c.failed && c.rest.len <= 96 && !noise_is_text(body);
}

/* The fixed fields before the ciphertext; false when they are not known. */
static bool
is_container_head(int tag, struct cursor *c)
{
	uint8_t version = cursor_u8(c), cipher, mode, chunk;

	if (tag == PACKET_SEIPD && version == 1)
		return c->rest.len >= SEIPD1_MIN;
	if (!(tag == PACKET_SEIPD && version == 2) &&
	    !(tag == PACKET_AEAD && version == 1))
		return false;
	cipher = cursor_u8(c);
	mode = cursor_u8(c);
	chunk = cursor_u8(c);
	if (cipher < 1 || cipher > 13 || mode < 1 || mode > 3)
		return false;
	if (tag == PACKET_SEIPD)	/* salt, one byte, two tags */
		return chunk <= 16 && c->rest.len >= 32 + 1 + 16 + 16;
	return chunk <= 56 && c->rest.len >= 12 + 1 + 16 + 16;
}

/* The rest of a container in its chunks; false when they do not add up. */
static bool
read_chunks(struct cursor *c, struct packet *p, struct noise *noise)
{
	while (p->is_partial) {
		if (!packet_next_chunk(c, p))
			return false;
		noise_add(noise, p->body);
	}
	return true;
}

/* SEIPD or AEAD: the encrypted data itself, which must end the message. */
static bool
read_container(struct openpgp *m, struct cursor *c, struct packet *p)
{
	struct cursor body = cursor_init(p->body);
	struct noise noise;

	if (p->is_partial && p->body.len < FIRST_PARTIAL_MIN)
		return finish(m, OPENPGP_BROKEN, "short first partial length",
		    p->offset);
	if (!is_container_head(p->tag, &body))
		return finish(m, OPENPGP_BROKEN,
		    "encrypted data of unknown form", p->offset);
	m->seal_len = body.rest.len < sizeof(m->seal) ? body.rest.len :
	    sizeof(m->seal);
	memcpy(m->seal, body.rest.data, m->seal_len);
	noise_init(&noise);
	noise_add(&noise, body.rest);
	if (!read_chunks(c, p, &noise))
		return finish(m, OPENPGP_BROKEN, "cut-off encrypted data",
		    p->offset);
	if (noise_has_text(&noise) ||
	    noise_is_text(text_sub(body.rest, 0, SALT_BYTES)))
		return finish(m, OPENPGP_READABLE,
		    "readable bytes where ciphertext should be", p->offset);
	if (c->rest.len > 0)
		return finish(m, OPENPGP_TRAILING,
		    "more data behind the encrypted data", c->pos);
	return finish(m, OPENPGP_ENCRYPTED, "encrypted data", p->offset);
}

/* Only the one that says "PGP", and only in front: another could say more. */
static bool
read_marker(struct openpgp *m, const struct packet *p)
{
	if (p->offset == 0 && text_is(p->body, "PGP"))
		return true;
	return finish(m, OPENPGP_NOT_ENCRYPTED, packet_name(p->tag),
	    p->offset);
}

/* A packet before the encrypted data; false ends the walk. */
static bool
read_session_key(struct openpgp *m, const struct packet *p, size_t max_pkesk)
{
	if (m->nrecipients + m->nskesks == max_pkesk)
		return finish(m, OPENPGP_TOO_MANY,
		    "too many session key packets", p->offset);
	if (p->tag == PACKET_PKESK && !read_pkesk(m, p->body))
		return finish(m, OPENPGP_BROKEN,
		    "broken session key packet", p->offset);
	if (p->tag == PACKET_SKESK && !read_skesk(m, p->body))
		return finish(m, OPENPGP_BROKEN,
		    "broken passphrase packet", p->offset);
	return true;
}

/* One packet; false ends the walk with m->shape set. */
static bool
read_packet(struct openpgp *m, struct cursor *c, size_t max_pkesk)
{
	struct packet p;

	if (!packet_next(c, &p))
		return finish(m, OPENPGP_BROKEN, "no well-formed packet",
		    p.offset);
	switch (p.tag) {
	case PACKET_MARKER:
	case PACKET_PKESK:
	case PACKET_SKESK:
		if (p.is_partial || p.is_indeterminate)
			return finish(m, OPENPGP_BROKEN,
			    "partial length on a short packet", p.offset);
		if (p.tag == PACKET_MARKER)
			return read_marker(m, &p);
		return read_session_key(m, &p, max_pkesk);
	case PACKET_SEIPD:
	case PACKET_AEAD:
		if (m->nrecipients + m->nskesks == 0)
			return finish(m, OPENPGP_NOT_ENCRYPTED,
			    "encrypted data without a session key", p.offset);
		return read_container(m, c, &p);
	case PACKET_SED:
		return finish(m, OPENPGP_NO_INTEGRITY,
		    "encrypted data without integrity protection", p.offset);
	default:
		return finish(m, OPENPGP_NOT_ENCRYPTED, packet_name(p.tag),
		    p.offset);
	}
}

void
openpgp_walk(struct span data, size_t max_pkesk, struct openpgp *out)
{
	struct cursor c = cursor_init(data);

	memset(out, 0, sizeof(*out));
	if (data.len == 0 || (data.data[0] & 0x80) == 0) {
		(void)finish(out, OPENPGP_BROKEN, "no OpenPGP data", 0);
		return;
	}
	(void)finish(out, OPENPGP_NOT_ENCRYPTED, "session keys only", 0);
	while (c.rest.len > 0 && read_packet(out, &c, max_pkesk))
		;
}

void
openpgp_clear(struct openpgp *message)
{
	free(message->recipients);
	memset(message, 0, sizeof(*message));
}

bool
openpgp_is_for(const struct openpgp_recipient *recipient,
    struct span fingerprint)
{
	const uint8_t *id = fingerprint.data;

	if (recipient->len == 0 || fingerprint.len < 20)
		return false;
	if (recipient->len == fingerprint.len)
		return memcmp(recipient->id, id, fingerprint.len) == 0;
	if (recipient->len != 8)
		return false;
	if (fingerprint.len == 20)
		id += 12;
	return memcmp(recipient->id, id, 8) == 0;
}
