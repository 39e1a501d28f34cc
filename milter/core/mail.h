/*
 * mail: what policy may know of one message.
 *
 * Facts only: the reader of the structure (classify) finds them, the session
 * adds what it knows of the envelope; nobody decides here.
 */
#ifndef CORE_MAIL_H
#define CORE_MAIL_H

#include "core/openpgp.h"
#include "core/verdict.h"

/* One encrypted OpenPGP message found in the mail. */
struct mail_block {
	struct openpgp	message;
	char		label[24];	/* of its part; "" for the body */
};

struct finding {
	enum reason	 reason;	/* REASON_PGP_MIME or _PGP_INLINE when
					 * every byte is accounted for */
	const char	*what;		/* fixed text; "" for those two */
	char		 label[24];	/* the part, "" for the whole body */
	size_t		 line;		/* 1-based in the part; 0: no line */
};

struct mail {
	struct finding		 finding;
	struct mail_block	*blocks;
	size_t			 nblocks;
	struct span		 subject;	/* as it stands, unfolded */
	bool			 is_too_big;
	bool			 is_automatic;	/* null sender, Auto-Submitted,
						 * Precedence: bulk vacation */
	/* every address of envelope, To and Cc: for public_lists */
	struct span		*addresses;
	size_t			 naddresses;
};

#endif
