/*
 * gpg: GnuPG's OpenPGP by way of gpgme; S/MIME is in gpgsm.h.
 *
 * To be called in a job's process only (edge/job.h), which bounds its time: a
 * gpg that hangs is ended with the job.  gpg is told never to reach the network
 * and never to ask for a passphrase.  Keys are named by full fingerprints only.
 */
#ifndef EDGE_GPG_H
#define EDGE_GPG_H

#include "core/buf.h"
#include "core/fault.h"
#include "core/keyset.h"
#include "core/mail.h"
#include "core/settings.h"

struct gpg;

/*
 * Look for gpg once, which costs ten processes, and remember: processes forked
 * afterwards need not.  False when gpg is not there.
 */
bool	gpg_prepare(void);

bool	gpg_open(const char *home, struct gpg **gpg_out, struct fault *fault)
	    __attribute__((warn_unused_result));
void	gpg_close(struct gpg **gpg);

/*
 * Adds the subkeys of a primary key that can encrypt, ended ones included and
 * marked; with_primary: itself first, whatever it can.  FAULT_MISSING when the
 * keyring does not hold it.
 */
bool	gpg_add_subkeys(struct gpg *gpg, const char *fingerprint,
	    bool with_primary, struct keyset *out, struct fault *fault)
	    __attribute__((warn_unused_result));

enum gpg_result {
	GPG_DONE,
	GPG_TOO_LONG,		/* the result would pass max_bytes */
	GPG_REFUSED,		/* gpg read it and ended by itself: the data
				 * may be at fault, or the keyring: gpgme's
				 * codes do not tell */
	GPG_FAILED		/* trouble of ours: gpg did not get so far */
};

struct gpg_signer {
	enum signed_state	state;		/* of the best signature */
	char			fingerprint[SIGNER_SIZE]; /* primary key,
						 * upper case; or "" */
	char			seal[SEAL_SIZE]; /* names this very signature;
						 * or "" */
	bool			is_smime;	/* gpgsm.h found it, and knows
						 * the signer */
};

/*
 * Decrypt and verify.  plain_out is the caller's, with its limit in max_bytes;
 * it is empty unless GPG_DONE, because text whose integrity failed must not be
 * looked at.
 */
enum gpg_result	gpg_decrypt(struct gpg *gpg, struct span ciphertext,
		    struct buf *plain_out, struct gpg_signer *signer_out,
		    struct fault *fault) __attribute__((warn_unused_result));

/* A detached signature over text. */
enum gpg_result	gpg_verify(struct gpg *gpg, struct span signature,
		    struct span text, struct gpg_signer *signer_out,
		    struct fault *fault) __attribute__((warn_unused_result));

/*
 * Armoured, to the keys of all lists: every key that can be used, and of each
 * list one at least.
 */
enum gpg_result	gpg_encrypt(struct gpg *gpg, const struct strings *lists,
		    size_t nlists, struct span plain, struct buf *out,
		    struct fault *fault) __attribute__((warn_unused_result));

/*
 * The primary key whose subkey opened the message of the last gpg_decrypt(); ""
 * when gpg did not tell.
 */
const char	*gpg_key_used(const struct gpg *gpg);

/*
 * Is the address in a user id of the key that is not revoked?  A key that
 * cannot be found is a fault.
 */
bool	gpg_find_address(struct gpg *gpg, const char *fingerprint,
	    struct span address, bool *found_out, struct fault *fault)
	    __attribute__((warn_unused_result));

#endif
