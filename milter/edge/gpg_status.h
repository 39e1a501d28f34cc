/*
 * gpg_status: what gpg tells of an operation, line by line.
 *
 * gpgme digests most of it; what it leaves out is kept here: which key opened a
 * message, the primary key of a signature, and whether gpg has looked at the
 * data at all.  The lines are those of doc/DETAILS of GnuPG.
 */
#ifndef EDGE_GPG_STATUS_H
#define EDGE_GPG_STATUS_H

#include <stdbool.h>

#include "core/mail.h"

#define GPG_STATUS_SIGNATURES 16

/* Begins as zeros. */
struct gpg_status {
	bool	has_read;		/* gpg has begun with the data */
	bool	has_bad_signature;	/* or one that has expired */
	char	key_used[SIGNER_SIZE];	/* primary key that decrypted, or "" */
	char	sig_id[SEAL_SIZE];	/* of the first good signature */
	char	made[GPG_STATUS_SIGNATURES][SIGNER_SIZE];
	char	primary[GPG_STATUS_SIGNATURES][SIGNER_SIZE];
	size_t	nvalid;
};

/* A line without "[GNUPG:] ": its keyword and what is behind it. */
void		 gpg_status_note(struct gpg_status *status,
		    const char *keyword, const char *args);

/*
 * The signature names the subkey that made it; people name the primary key,
 * which is the result, or "".
 */
const char	*gpg_status_primary(const struct gpg_status *status,
		    const char *made);

#endif
