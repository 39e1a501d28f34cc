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
 * The encryption subkeys of the list's keys and its X.509 certificates, ended
 * ones included and marked.  A key that is not in the keyring, or none for a
 * kind of mail that the list accepts, is FAULT_CONFIG; trouble with gpg is
 * FAULT_SITE.  To be freed with keyring_clear().
 */
bool	keyring_load(const struct gnupg_settings *gnupg,
	    const struct list_settings *list, struct keyset *out,
	    struct fault *fault) __attribute__((warn_unused_result));
void	keyring_clear(struct keyset *keys);

/*
 * The configuration does not say what kind of key a fingerprint is of, the
 * keyring does: once, before anybody else reads the settings, move those of
 * certificates from list->key to list->certificate.
 */
void	keyring_sort(const struct keyset *keys, struct list_settings *list);

/*
 * Encrypt to the keys of all lists, armoured, into out (which has its limit):
 * to every key that can be used, and of each list to one at least.
 */
bool	keyring_encrypt(const struct gnupg_settings *gnupg,
	    const struct strings *lists, size_t nlists, struct span plain,
	    struct buf *out, struct fault *fault)
	    __attribute__((warn_unused_result));

/* The same to the valid certificates of one list: S/MIME, in BER. */
bool	keyring_envelop(const struct gnupg_settings *gnupg,
	    const struct strings *certificates, struct span plain,
	    struct buf *out, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * One key as it is: the primary key, whatever it can, then its encryption
 * subkeys, ended ones included and marked; or a certificate.  FAULT_CONFIG when
 * the keyring does not hold it.
 */
bool	keyring_look(const struct gnupg_settings *gnupg,
	    const char *fingerprint, struct keyset *out, struct fault *fault)
	    __attribute__((warn_unused_result));

/* The first byte of a request says which job it is. */
enum keyring_op {
	KEYRING_LOAD = 1,
	KEYRING_ENCRYPT = 2,
	KEYRING_ENVELOP = 3,
	KEYRING_LOOK = 4,
	KEYRING_OPS
};

/* In the job's process; the operation was taken from the cursor. */
void	keyring_serve(enum keyring_op op, struct cursor *request,
	    struct buf *answer);

#endif
