/*
 * verdict: the reasons we give, as one table.
 *
 * SPEC.md section 4 names them; scripts and dashboards rely on the names.
 */
#ifndef CORE_VERDICT_H
#define CORE_VERDICT_H

#include "core/text.h"

/* What to do; a later one is stricter (verdict_worse()). */
enum verdict {
	VERDICT_ACCEPT,
	VERDICT_QUARANTINE,
	VERDICT_LATER,
	VERDICT_REJECT
};

enum reason {
	REASON_LATER,		/* where every verdict begins */
	REASON_PGP_MIME,
	REASON_PGP_INLINE,
	REASON_CLEARTEXT,
	REASON_PARTLY_CLEARTEXT,
	REASON_SIGNED_ONLY,
	REASON_NOT_ENCRYPTED_INSIDE,
	REASON_SYMMETRIC_ONLY,
	REASON_PASSPHRASE_TOO,
	REASON_NO_INTEGRITY,
	REASON_WRONG_KEY,
	REASON_HIDDEN_RECIPIENT,
	REASON_SMIME,
	REASON_MALFORMED,
	REASON_MANGLED,
	REASON_UNDECRYPTABLE,
	REASON_BAD_SIGNATURE,
	REASON_UNSIGNED,
	REASON_NOT_A_MEMBER,
	REASON_NOT_THE_SIGNER,
	REASON_REPLAYED,
	REASON_MISSING_SUBJECT_TAG,
	REASON_PUBLIC_COPY,
	REASON_AUTOMATIC,
	REASON_TOO_BIG,
	REASON_TOO_COMPLEX,
	REASON_MISSING_DATE,	/* embargo.missing = "reject" */
	REASON_OVER_MAX,	/* embargo.over_max = "reject" */
	REASON_EMBARGO_LEAK,	/* other mail, by the leak guard */
	REASON_COUNT
};

struct reason_row {
	enum reason	 reason;
	const char	*name;		/* "partly-cleartext" */
	enum verdict	 verdict;	/* unless the list says otherwise */
	int		 code;		/* SMTP reply code, RFC 5321 4.2 */
	const char	*enhanced;	/* RFC 3463 */
	const char	*text;		/* for the sender: what was wrong */
	const char	*remedy;	/* for the sender: what to do, or "" */
};

/* Never NULL. */
const struct reason_row	*verdict_row(enum reason reason);

const char	*verdict_name(enum verdict verdict);	/* "accept", ... */

#endif
