/*
 * keyring: the keys of the configuration, from its GnuPG home.
 *
 * Each call is a job of its own (edge/job.h): a gpg that hangs is ended within
 * gnupg.timeout and leaves no process.
 */
#ifndef EDGE_KEYRING_H
#define EDGE_KEYRING_H

#include "core/cursor.h"
#include "core/fault.h"
#include "core/keyset.h"
#include "core/settings.h"
#include "edge/job.h"

/*
 * The encryption subkeys of the keys with these full fingerprints, ended ones
 * included and marked.  A key that is not in the keyring, or none that can
 * encrypt, is FAULT_CONFIG; trouble with gpg is FAULT_SITE.  To be freed with
 * keyring_clear().
 */
bool	keyring_load(const struct gnupg_settings *gnupg,
	    const struct strings *fingerprints, struct keyset *out,
	    struct fault *fault) __attribute__((warn_unused_result));
void	keyring_clear(struct keyset *keys);

/*
 * Encrypt to the keys of all lists, armoured, into out (which has its limit):
 * to every key that can be used, and of each list to one at least.
 */
bool	keyring_encrypt(const struct gnupg_settings *gnupg,
	    const struct strings *lists, size_t nlists, struct span plain,
	    struct buf *out, struct fault *fault)
	    __attribute__((warn_unused_result));

/* The first byte of a request says which job it is. */
enum keyring_op {
	KEYRING_LOAD = 1,
	KEYRING_ENCRYPT = 2,
	KEYRING_OPS
};

/* In the job's process; the operation was taken from the cursor. */
void	keyring_serve(enum keyring_op op, struct cursor *request,
	    struct buf *answer);

#endif
