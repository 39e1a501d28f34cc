/*
 * packet: cuts OpenPGP data into packets; see packet.h.
 */
#include "core/packet.h"

/* A new-format length, RFC 9580 4.2.1. */
static size_t
new_length(struct cursor *c, bool *partial_out)
{
	size_t first = cursor_u8(c);

	*partial_out = false;
	if (first < 192)
		return first;
	if (first < 224)
		return ((first - 192) << 8) + cursor_u8(c) + 192;
	if (first == 255)
		return cursor_u32(c);
	*partial_out = true;
	return (size_t)1 << (first & 0x1f);
}

/* An old-format length, RFC 9580 4.2.2. */
static size_t
old_length(struct cursor *c, int type, bool *indeterminate_out)
{
	*indeterminate_out = false;
	switch (type) {
	case 0:
		return cursor_u8(c);
	case 1:
		return cursor_u16(c);
	case 2:
		return cursor_u32(c);
	default:
		*indeterminate_out = true;
		return c->rest.len;
	}
}

static bool
may_be_partial(int tag)
{
	return tag == PACKET_COMPRESSED || tag == PACKET_SED ||
	    tag == PACKET_LITERAL || tag == PACKET_SEIPD || tag == PACKET_AEAD;
}

bool
packet_next(struct cursor *c, struct packet *p_out)
{
	uint8_t first;
	size_t len;

	p_out->offset = c->pos;
	p_out->is_partial = p_out->is_indeterminate = false;
	first = cursor_u8(c);
	if ((first & 0x80) == 0)
		return false;
	if ((first & 0x40) != 0) {
		p_out->tag = first & 0x3f;
		len = new_length(c, &p_out->is_partial);
	} else {
		p_out->tag = first >> 2 & 0x0f;
		len = old_length(c, first & 3, &p_out->is_indeterminate);
	}
	p_out->body = cursor_take(c, len);
	return !c->failed && p_out->tag != 0 &&
	    (!p_out->is_partial || may_be_partial(p_out->tag));
}

bool
packet_next_chunk(struct cursor *c, struct packet *p)
{
	size_t len = new_length(c, &p->is_partial);

	p->body = cursor_take(c, len);
	return !c->failed;
}

const char *
packet_name(int tag)
{
	switch (tag) {
	case PACKET_PKESK:
	case PACKET_SKESK:
		return "a session key without data";
	case PACKET_SIGNATURE:
	case PACKET_ONE_PASS:
		return "a signed message";
	case PACKET_SECRET_KEY:
	case PACKET_SECRET_SUBKEY:
		return "a secret key";
	case PACKET_PUBLIC_KEY:
	case PACKET_PUBLIC_SUBKEY:
		return "a public key";
	case PACKET_COMPRESSED:
		return "compressed data";
	case PACKET_MARKER:
		return "a marker packet";
	case PACKET_LITERAL:
		return "literal data";
	case PACKET_PADDING:
		return "a padding packet";
	default:
		return "an unknown packet";
	}
}
