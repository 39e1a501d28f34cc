/*
 * leaf: what one body part without parts of its own holds.
 *
 * Decodes the transfer encoding strictly, then looks for exactly one armour
 * block or, where the type says so, for binary OpenPGP data or S/MIME.
 */
#ifndef CORE_LEAF_H
#define CORE_LEAF_H

#include "core/entity.h"
#include "core/mail.h"

enum leaf_kind {
	LEAF_BLANK,		/* nothing but blanks and line ends */
	LEAF_VERSION,		/* "Version: 1" of PGP/MIME */
	LEAF_ENCRYPTED,		/* one encrypted OpenPGP message */
	LEAF_PLAIN_SIGNATURE,	/* a detached signature without text */
	LEAF_TEXT,		/* readable, or nothing we know */
	LEAF_PARTLY,		/* ciphertext and readable text */
	LEAF_SIGNED,		/* clear-signed, or a signature */
	LEAF_FAKE,		/* claims encryption, holds none */
	LEAF_NO_INTEGRITY,
	LEAF_SYMMETRIC,		/* a passphrase and no public key */
	LEAF_SMIME,		/* CMS enveloped data */
	LEAF_SMIME_SIGNED,	/* CMS signed data */
	LEAF_BROKEN,		/* claims encryption, cannot be parsed */
	LEAF_TOO_COMPLEX,
	LEAF_COUNT
};

struct leaf {
	enum leaf_kind	 kind;
	const char	*what;		/* fixed text */
	size_t		 line;		/* 1-based in the part; 0: none */
	struct openpgp	 message;	/* when LEAF_ENCRYPTED */
	struct cms	 cms;		/* when LEAF_SMIME */
};

/*
 * claims: the part stands where only ciphertext may (multipart/encrypted).
 * max_pkesk: recipients of an S/MIME message, too.  To be freed with
 * leaf_clear().
 */
void	leaf_read(const struct entity *e, bool claims, size_t max_pkesk,
	    struct leaf *out);
void	leaf_clear(struct leaf *leaf);

/* The packets of a leaf that is LEAF_ENCRYPTED, as bytes. */
bool	leaf_packets(const struct entity *e, struct buf *out)
	    __attribute__((warn_unused_result));

/* Any part, its transfer encoding taken off. */
bool	leaf_content(const struct entity *e, struct buf *out)
	    __attribute__((warn_unused_result));

#endif
