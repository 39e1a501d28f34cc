/*
 * narrow: an encrypted OpenPGP message with fewer session keys.
 *
 * A keyring may hold the secret keys of several lists, and gpg takes the first
 * session key that it can open.  What is left here can be opened in the name of
 * one list only, or not at all.  It costs less, too: each session key is a
 * public-key operation.
 */
#ifndef CORE_NARROW_H
#define CORE_NARROW_H

#include "core/buf.h"
#include "core/keyset.h"
#include "core/openpgp.h"

/*
 * message is openpgp_walk()'s reading of data, OPENPGP_ENCRYPTED.  Each adds to
 * out the encrypted data behind some of its PKESK packets, and answers how many
 * those are; nothing is added for none.  SKESK and marker packets go.
 */

/* Those that name one of the keys. */
size_t	narrow_to_keys(struct span data, const struct openpgp *message,
	    const struct keyset *keys, struct buf *out);

/* All that name nobody; or, of those, the i-th (from 0). */
size_t	narrow_to_hidden(struct span data, const struct openpgp *message,
	    struct buf *out);
size_t	narrow_to_one_hidden(struct span data, const struct openpgp *message,
	    size_t i, struct buf *out);

#endif
