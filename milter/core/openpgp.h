/*
 * openpgp: walks the packets of one OpenPGP message and says what it is.
 *
 * Source: RFC 9580 (sections 4.2, 5.1, 5.3, 5.7, 5.8, 5.13, 10.3), RFC 4880,
 * and the AEAD packet (tag 20) that GnuPG writes.  Accepted as encrypted is
 *
 *	[marker] (PKESK | SKESK)+ (SEIPD v1 | SEIPD v2 | AEAD)
 *
 * with every length adding up, nothing after it, and a body that does not look
 * like text.  The marker ("PGP", which PGP Desktop writes) has a fixed body, so
 * nothing can hide in it.  Old and new packet headers; partial lengths where
 * RFC 9580 4.2.1.4 allows them.  Padding, private and unknown packets are not
 * accepted: they can hold text.  No packet is decrypted, and no key is needed.
 *
 * Limits: max_pkesk session key packets.  Time is linear in the data.
 */
#ifndef CORE_OPENPGP_H
#define CORE_OPENPGP_H

#include "core/text.h"

enum openpgp_shape {
	OPENPGP_ENCRYPTED,	/* the sequence above; see skesks, recipients */
	OPENPGP_NO_INTEGRITY,	/* Symmetrically Encrypted Data, tag 9 */
	OPENPGP_NOT_ENCRYPTED,	/* a literal, signature, key, ... instead */
	OPENPGP_READABLE,	/* the encrypted packet's body is text */
	OPENPGP_TRAILING,	/* an encrypted message and then more */
	OPENPGP_TOO_MANY,	/* more than max_pkesk session key packets */
	OPENPGP_BROKEN		/* no OpenPGP, or lengths do not add up */
};

/* Whom a PKESK names: 0 bytes for nobody, 8 for a key id, 20 or 32 for a
 * fingerprint (PKESK v6). */
struct openpgp_recipient {
	uint8_t	id[32];
	uint8_t	len;
};

struct openpgp {
	enum openpgp_shape		 shape;
	const char			*what;	/* fixed text: the packet's name
						 * or what is broken */
	size_t				 offset; /* of the packet, in bytes */
	struct openpgp_recipient	*recipients;
	size_t				 nrecipients;
	size_t				 nskesks;
	/* the beginning of the ciphertext, which no two messages share */
	uint8_t				 seal[64];
	size_t				 seal_len;
};

/* Result in *out, to be freed with openpgp_clear(), whatever the shape. */
void	openpgp_walk(struct span data, size_t max_pkesk, struct openpgp *out);
void	openpgp_clear(struct openpgp *message);

/*
 * Does the recipient name the key with this fingerprint (20 bytes: v4; 32:
 * v6)?  The key id of a v4 key is the end of its fingerprint, that of a v6 key
 * the beginning (RFC 9580 5.5.4).
 */
bool	openpgp_is_for(const struct openpgp_recipient *recipient,
	    struct span fingerprint);

#endif
