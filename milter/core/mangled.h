/*
 * mangled: put a PGP/MIME message together again that a gateway took apart.
 *
 * Exchange and some others turn multipart/encrypted into multipart/mixed with
 * an empty text part in front.  The exact shape is known here, and nothing near
 * it: multipart/mixed of at most one blank text part, one
 * application/pgp-encrypted with "Version: 1" or nothing, and one encrypted
 * part, in this order.
 */
#ifndef CORE_MANGLED_H
#define CORE_MANGLED_H

#include "core/entity.h"

/* The Content-Type of what mangled_repair() and wrap.h make. */
#define PGP_MIME_BOUNDARY	"=_embargo-milter_pgp-mime"
#define PGP_MIME_TYPE		"multipart/encrypted; " \
	"protocol=\"application/pgp-encrypted\"; boundary=\"" \
	PGP_MIME_BOUNDARY "\""

/*
 * The body of a multipart/encrypted with the same ciphertext, for
 * PGP_MIME_TYPE.  False, and nothing added, when the message has another shape.
 */
bool	mangled_repair(const struct entities *tree, struct buf *body_out)
	    __attribute__((warn_unused_result));

/* The body for an encrypted part: encoding is its Content-Transfer-Encoding. */
bool	mangled_compose(struct span encoding, struct span part,
	    struct buf *body_out) __attribute__((warn_unused_result));

#endif
