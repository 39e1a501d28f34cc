/*
 * signature: a detached signature without text; see signature.h.
 */
#include <string.h>

#include "core/noise.h"
#include "core/packet.h"
#include "core/signature.h"

#define PACKETS_MAX	8	/* several signers, not a letter in pieces */

enum subpacket {
	SUBPACKET_CREATED = 2,
	SUBPACKET_EXPIRES = 3,
	SUBPACKET_ISSUER = 16,
	SUBPACKET_NOTATION = 20,
	SUBPACKET_SIGNERS_ID = 28,
	SUBPACKET_ISSUER_FINGERPRINT = 33,
	SUBPACKET_RECIPIENT = 35
};

/* An address and no words: RFC 9580 5.2.3.30. */
static bool
is_address(struct span s)
{
	size_t i, ats = 0;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] <= ' ' || s.data[i] >= 0x7f)
			return false;
		if (s.data[i] == '@')
			ats++;
	}
	return ats == 1 && s.len <= 80;
}

/* "salt@notations.sequoia-pgp.org" with 32 random bytes and the like. */
static bool
is_salt(struct span body)
{
	struct cursor c = cursor_init(body);
	uint32_t flags = cursor_u32(&c);
	size_t name_len = cursor_u16(&c), value_len = cursor_u16(&c);
	struct span name = cursor_take(&c, name_len);
	struct span value = cursor_take(&c, value_len);
	size_t i, high = 0;

	if (!cursor_is_done(&c) || flags != 0 || value.len > 64 ||
	    (!text_is(name, "salt@notations.sequoia-pgp.org") &&
	    !text_is(name, "salt@notations.openpgpjs.org")))
		return false;
	for (i = 0; i < value.len; i++)
		if (value.data[i] < ' ' || value.data[i] > '~')
			high++;
	return high * 4 >= value.len;
}

/* A version and as much as its fingerprints have: RFC 9580 5.2.3.35. */
static bool
is_fingerprint(struct span body)
{
	return (body.len == 21 && body.data[0] == 4) ||
	    (body.len == 33 && (body.data[0] == 5 || body.data[0] == 6));
}

static bool
is_harmless(uint8_t type, struct span body)
{
	switch (type & 0x7f) {
	case SUBPACKET_CREATED:
	case SUBPACKET_EXPIRES:
		return body.len == 4;
	case SUBPACKET_ISSUER:
		return body.len == 8;
	case SUBPACKET_ISSUER_FINGERPRINT:
	case SUBPACKET_RECIPIENT:
		return is_fingerprint(body);
	case SUBPACKET_SIGNERS_ID:
		return is_address(body);
	case SUBPACKET_NOTATION:
		return is_salt(body);
	default:
		return false;
	}
}

/* The free bytes of a subpacket, which must look like what they are: noise. */
static struct span
free_bytes(uint8_t type, struct span body)
{
	switch (type & 0x7f) {
	case SUBPACKET_ISSUER:
		return body;
	case SUBPACKET_ISSUER_FINGERPRINT:
	case SUBPACKET_RECIPIENT:
		return text_sub(body, 1, body.len);
	default:
		return text_span("");
	}
}

/* Subpacket lengths are those of packets, without partial ones: 5.2.3.7. */
static struct span
take_subpacket(struct cursor *c, uint8_t *type_out)
{
	size_t len = cursor_u8(c);

	if (len == 255)
		len = cursor_u32(c);
	else if (len >= 192)
		len = ((len - 192) << 8) + cursor_u8(c) + 192;
	*type_out = cursor_u8(c);
	if (len == 0)
		c->failed = true;
	return cursor_take(c, len - 1);
}

/* Of each kind one, but recipients. */
static bool
is_harmless_area(struct span area, struct noise *noise)
{
	struct cursor c = cursor_init(area);
	bool seen[128] = { false };
	struct span body;
	uint8_t type;

	while (c.rest.len > 0 && !c.failed) {
		body = take_subpacket(&c, &type);
		if (c.failed || !is_harmless(type, body) ||
		    seen[type & 0x7f])
			return false;
		seen[type & 0x7f] = (type & 0x7f) != SUBPACKET_RECIPIENT;
		noise_add(noise, free_bytes(type, body));
	}
	return cursor_is_done(&c);
}

static bool
is_plain_body(struct span body, struct noise *noise)
{
	struct cursor c = cursor_init(body);
	uint8_t version = cursor_u8(&c);
	struct span area;
	int i;

	if (version != 4 && version != 6)
		return false;
	(void)cursor_take(&c, 3);
	for (i = 0; i < 2; i++) {
		area = cursor_take(&c, version == 6 ? cursor_u32(&c) :
		    cursor_u16(&c));
		if (c.failed || !is_harmless_area(area, noise))
			return false;
	}
	(void)cursor_take(&c, 2);
	noise_add(noise, c.rest);
	return !c.failed && c.rest.len <= 2048;
}

bool
signature_is_plain(struct span data)
{
	struct cursor c = cursor_init(data);
	struct noise noise;
	struct packet p;
	size_t n = 0;

	noise_init(&noise);
	while (c.rest.len > 0)
		if (++n > PACKETS_MAX || !packet_next(&c, &p) ||
		    p.tag != PACKET_SIGNATURE || p.is_indeterminate ||
		    !is_plain_body(p.body, &noise))
			return false;
	return n > 0 && !noise_has_text(&noise);
}
