/*
 * packet: cuts OpenPGP data into packets.
 *
 * Source: RFC 9580 section 4.2 (both header formats).  Partial body lengths
 * come as chunks: packet_next() gives the first, packet_next_chunk() the rest.
 */
#ifndef CORE_PACKET_H
#define CORE_PACKET_H

#include "core/cursor.h"

enum packet_tag {
	PACKET_PKESK = 1,
	PACKET_SIGNATURE = 2,
	PACKET_SKESK = 3,
	PACKET_ONE_PASS = 4,
	PACKET_SECRET_KEY = 5,
	PACKET_PUBLIC_KEY = 6,
	PACKET_SECRET_SUBKEY = 7,
	PACKET_COMPRESSED = 8,
	PACKET_SED = 9,
	PACKET_MARKER = 10,
	PACKET_LITERAL = 11,
	PACKET_TRUST = 12,
	PACKET_USER_ID = 13,
	PACKET_PUBLIC_SUBKEY = 14,
	PACKET_USER_ATTRIBUTE = 17,
	PACKET_SEIPD = 18,
	PACKET_AEAD = 20,
	PACKET_PADDING = 21
};

struct packet {
	int		tag;
	size_t		offset;		/* of the header in the data */
	struct span	body;		/* or the first chunk of it */
	bool		is_partial;	/* more chunks follow */
	bool		is_indeterminate; /* old format, to the end of data */
};

/* False when there is no well-formed packet; p_out->offset is set anyway. */
bool	packet_next(struct cursor *c, struct packet *p_out)
	    __attribute__((warn_unused_result));

/* The next chunk of p, in p->body; clears p->is_partial on the last one. */
bool	packet_next_chunk(struct cursor *c, struct packet *p)
	    __attribute__((warn_unused_result));

/* "literal data", "compressed data", ...; fixed text for any tag. */
const char	*packet_name(int tag);

#endif
