/*
 * inside_open: decrypt and verify for inside_job.c; its only.
 *
 * Knows OpenPGP and S/MIME; gpg and gpgsm are started when they are wanted.
 * A message is opened in the name of one list: with keys of that list only.
 */
#ifndef FLOW_INSIDE_OPEN_H
#define FLOW_INSIDE_OPEN_H

#include "core/entity.h"
#include "core/keyset.h"
#include "core/leaf.h"
#include "edge/gpg.h"
#include "edge/gpgsm.h"
#include "flow/inside_job.h"

struct opener {
	const char		*home;
	const struct strings	*keys;		/* primary keys of the list */
	const struct keyset	*keyset;	/* subkeys and certificates */
	struct gpg		*gpg;
	struct gpgsm		*gpgsm;
	struct fault		 fault;		/* of ANSWER_TROUBLE */
};

void	inside_open_clear(struct opener *opener);

/*
 * The message in e, which leaf_read() found encrypted.  plain_out has its
 * limit; what is in it when the answer is not ANSWER_READ means nothing.  The
 * signer of S/MIME is unknown yet: what is inside tells.
 */
enum inside_answer	inside_open(struct opener *opener,
			    const struct entity *e, const struct leaf *leaf,
			    struct buf *plain_out,
			    struct gpg_signer *signer_out);

/*
 * The two parts of a multipart/signed.  False in trouble of ours; a signature
 * that cannot be read is SIGNED_BADLY.
 */
bool	inside_open_parts(struct opener *opener, const struct entity *text,
	    const struct entity *signature, struct gpg_signer *signer_out)
	    __attribute__((warn_unused_result));

/*
 * S/MIME signed data with its text in it, which is added to text_out.  When e
 * holds no such thing, signer_out and text_out stay as they are.
 */
bool	inside_open_signed(struct opener *opener, const struct entity *e,
	    struct buf *text_out, struct gpg_signer *signer_out)
	    __attribute__((warn_unused_result));

/* Is the address one of the signer's?  False in trouble of ours. */
bool	inside_open_address(struct opener *opener,
	    const struct gpg_signer *signer, struct span address,
	    bool *found_out) __attribute__((warn_unused_result));

#endif
