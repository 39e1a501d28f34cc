/*
 * verdict: the table of reasons; see verdict.h.
 *
 * %K in a remedy stands for the fingerprint of the list's key.
 */
#include <assert.h>

#include "core/verdict.h"

#define POLICY	550, "5.7.1"
#define MEDIA	550, "5.6.0"

#define ENCRYPT	"Encrypt the whole message to the list's key %K and send it " \
	"again."

static const struct reason_row rows[] = {
	{ REASON_LATER, "later", VERDICT_LATER, 451, "4.3.0",
	    "The list's mail filter has a passing problem of its own.",
	    "Your mail server will try again by itself." },
	{ REASON_PGP_MIME, "pgp-mime", VERDICT_ACCEPT, POLICY,
	    "This list does not take PGP/MIME.", "" },
	{ REASON_PGP_INLINE, "pgp-inline", VERDICT_ACCEPT, POLICY,
	    "This list takes PGP/MIME only, not inline PGP.",
	    "Switch your mail program to PGP/MIME and send it again." },
	{ REASON_CLEARTEXT, "cleartext", VERDICT_REJECT, POLICY,
	    "This list takes only encrypted mail, and yours is not encrypted.",
	    ENCRYPT },
	{ REASON_PARTLY_CLEARTEXT, "partly-cleartext", VERDICT_REJECT, POLICY,
	    "Only a part of your message is encrypted; the rest can be read.",
	    "Send nothing beside the encrypted part: no text, footer, file "
	    "name or comment. The list's key is %K." },
	{ REASON_SIGNED_ONLY, "signed-only", VERDICT_REJECT, POLICY,
	    "Your message is signed but not encrypted.", ENCRYPT },
	{ REASON_NOT_ENCRYPTED_INSIDE, "not-encrypted-inside",
	    VERDICT_REJECT, POLICY,
	    "Your message looks encrypted but holds no encrypted data.",
	    ENCRYPT },
	{ REASON_SYMMETRIC_ONLY, "symmetric-only", VERDICT_REJECT, POLICY,
	    "Your message is encrypted with a passphrase, not to a key.",
	    ENCRYPT },
	{ REASON_PASSPHRASE_TOO, "passphrase-too", VERDICT_REJECT, POLICY,
	    "Your message can also be opened with a passphrase.",
	    "Encrypt it to keys only; the list's key is %K." },
	{ REASON_NO_INTEGRITY, "no-integrity", VERDICT_REJECT, POLICY,
	    "Your message is encrypted without integrity protection.",
	    "Use a current OpenPGP program; the list's key is %K." },
	{ REASON_WRONG_KEY, "wrong-key", VERDICT_REJECT, POLICY,
	    "Your message is not encrypted to the list's current key.",
	    "Encrypt it to %K and send it again." },
	{ REASON_HIDDEN_RECIPIENT, "hidden-recipient", VERDICT_REJECT, POLICY,
	    "Your message hides for whom it is encrypted.",
	    "Encrypt it to %K without hiding the recipients "
	    "(gpg: no --hidden-recipient, no --throw-keyids)." },
	{ REASON_SMIME, "smime", VERDICT_REJECT, POLICY,
	    "Your message is encrypted with S/MIME; this list takes OpenPGP.",
	    "Encrypt it with OpenPGP to %K and send it again." },
	{ REASON_MALFORMED, "malformed", VERDICT_REJECT, MEDIA,
	    "Your message is damaged or can be read in more than one way.",
	    "Send it again from another program, all of it encrypted (with "
	    "OpenPGP: PGP/MIME or one armoured block); the list's key is %K."
	    },
	{ REASON_MANGLED, "mangled", VERDICT_REJECT, POLICY,
	    "A mail server on the way took your PGP/MIME message apart "
	    "(Exchange is known to do so).",
	    "Send it as one armoured block in a plain text message, or "
	    "through another server." },
	{ REASON_UNDECRYPTABLE, "undecryptable", VERDICT_REJECT, POLICY,
	    "Your message cannot be decrypted with the list's key.",
	    "It may be damaged, or made for another key: encrypt it to %K "
	    "and send it again." },
	{ REASON_BAD_SIGNATURE, "bad-signature", VERDICT_REJECT, POLICY,
	    "The signature inside your message does not hold.",
	    "Sign it with a valid key that the list knows, encrypt it to %K "
	    "and send it again." },
	{ REASON_UNSIGNED, "unsigned", VERDICT_REJECT, POLICY,
	    "Your message is encrypted but not signed.",
	    "Sign it with your own key, encrypt it to %K and send it again." },
	{ REASON_NOT_A_MEMBER, "not-a-member", VERDICT_REJECT, POLICY,
	    "The key that signed your message is no member's.",
	    "Sign with the key that the list knows as yours, or ask its "
	    "operators to add this one." },
	{ REASON_NOT_THE_SIGNER, "not-the-signer", VERDICT_REJECT, POLICY,
	    "The From address is not one of the key that signed.",
	    "Send from an address of your key, or sign with the key of this "
	    "address." },
	{ REASON_REPLAYED, "replayed", VERDICT_REJECT, POLICY,
	    "The same encrypted text was sent before, by another sender or "
	    "as another message.",
	    "If it is yours, encrypt it anew and send it again." },
	{ REASON_MISSING_SUBJECT_TAG, "missing-subject-tag", VERDICT_REJECT,
	    POLICY, "The Subject does not hold a tag of this list.",
	    "Add one of these to the Subject: %T" },
	{ REASON_PUBLIC_COPY, "public-copy", VERDICT_REJECT, POLICY,
	    "Your message also goes to a public list.",
	    "Remove the public list from To, Cc and Bcc and send it again." },
	{ REASON_AUTOMATIC, "automatic", VERDICT_REJECT, POLICY,
	    "This list takes no automatic mail (bounces, vacation notices).",
	    "" },
	{ REASON_TOO_BIG, "too-big", VERDICT_REJECT, 552, "5.3.4",
	    "Your message is larger than this list takes.",
	    "Send less, or a link to an encrypted file." },
	{ REASON_TOO_COMPLEX, "too-complex", VERDICT_REJECT, MEDIA,
	    "Your message has too many parts, levels, header fields or "
	    "recipient keys to be examined.",
	    "Send it as one encrypted message to %K." },
	{ REASON_MISSING_DATE, "missing-date", VERDICT_REJECT, POLICY,
	    "The first message on an issue must propose an embargo date.",
	    "Add a header field such as "
	    "\"Embargo-Until: 2026-12-01 14:00 UTC\", or "
	    "\"[embargo 2026-12-01 14:00 UTC]\" to the Subject." },
	{ REASON_OVER_MAX, "over-max", VERDICT_REJECT, POLICY,
	    "The embargo date is later than this list allows.",
	    "Propose an earlier date and send it again." },
	{ REASON_EMBARGO_LEAK, "embargo-leak", VERDICT_REJECT, POLICY,
	    "Your message answers an issue that is under embargo, and goes to "
	    "somebody who takes no part in it.",
	    "Remove the recipients who are neither members of the list nor "
	    "wrote to it on this issue, or wait until the embargo has "
	    "ended." },
};

const struct reason_row *
verdict_row(enum reason reason)
{
	assert(reason >= 0 && reason < REASON_COUNT);
	assert(rows[reason].reason == reason);
	return &rows[reason];
}

const char *
verdict_name(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ACCEPT:
		return "accept";
	case VERDICT_QUARANTINE:
		return "quarantine";
	case VERDICT_LATER:
		return "later";
	case VERDICT_REJECT:
		return "reject";
	}
	return "later";
}
