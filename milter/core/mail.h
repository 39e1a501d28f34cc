/*
 * mail: what policy may know of one message.
 *
 * Facts only: the reader of the structure (classify) finds them, the session
 * adds what it knows of the envelope; nobody decides here.
 */
#ifndef CORE_MAIL_H
#define CORE_MAIL_H

#include "core/cms.h"
#include "core/crd.h"
#include "core/notice.h"
#include "core/openpgp.h"
#include "core/verdict.h"

/* One encrypted message found in the mail. */
struct mail_block {
	bool		is_smime;
	struct openpgp	message;	/* unless is_smime */
	struct cms	cms;		/* if is_smime */
	char		label[24];	/* of its part; "" for the body */
};

struct finding {
	enum reason	 reason;	/* REASON_PGP_MIME, _PGP_INLINE or
					 * _SMIME when every byte is
					 * accounted for */
	const char	*what;		/* fixed text; "" for those three */
	char		 label[24];	/* the part, "" for the whole body */
	size_t		 line;		/* 1-based in the part; 0: no line */
};

/* What is known of a signature; a later one is better. */
enum signed_state {
	SIGNED_NOT,
	SIGNED_BADLY,		/* does not match, or cannot be checked */
	SIGNED_BY_UNKNOWN,	/* a key that is not in the keyring */
	SIGNED_BY_REVOKED,
	SIGNED_BY_EXPIRED,
	SIGNED_EXPIRED,		/* the signature itself */
	SIGNED_WELL
};

#define SIGNER_SIZE 65		/* a fingerprint in hexadecimal digits */
#define SEAL_SIZE 64		/* what names one signature */

/* What stands inside the encryption, where a list is sighted. */
struct inside {
	enum {
		INSIDE_UNREAD,
		INSIDE_READ,
		INSIDE_UNDECRYPTABLE,
		INSIDE_TOO_BIG
	}			 result;
	enum signed_state	 signed_state;	/* of the weakest block */
	char			 signer[SIGNER_SIZE]; /* primary key; or "" */
	bool			 is_from_signer; /* From is an address of it */
	char			 seal[SEAL_SIZE]; /* of the signature; or "" */
	struct crd		 date;	/* default hour 00:00; for its reason
					 * see the next one */
	char			 date_reason[100];
	struct notice		 notice;	/* default hour 00:00 */
};

struct mail {
	struct finding		 finding;
	struct mail_block	*blocks;
	size_t			 nblocks;
	struct span		 subject;	/* as it stands, unfolded */
	bool			 is_too_big;
	bool			 is_copy;	/* what the list's manager sends
						 * out: to the members' keys */
	bool			 is_automatic;	/* null sender, Auto-Submitted,
						 * Precedence: bulk vacation */
	/* every address of envelope, To and Cc: for public_lists */
	struct span		*addresses;
	size_t			 naddresses;
	struct span		 from;		/* the first address of From */
	struct inside		 inside;
};

#endif
