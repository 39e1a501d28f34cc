/*
 * examine: the facts of a message and what each list says to them.
 *
 * The same code for the daemon and for `embargoctl classify`.
 */
#ifndef FLOW_EXAMINE_H
#define FLOW_EXAMINE_H

#include "core/policy.h"
#include "flow/inside.h"
#include "flow/message.h"

/* Facts and what they borrow from; examine_clear() frees. */
struct facts {
	struct fields	 fields;
	struct span	 body;		/* the message's */
	struct mail	 mail;
	char		*subject;	/* decoded */
	const struct list_settings *read_for;	/* what is inside was read
						 * with the key of this list */
	/* a mangled message put together again; without one has_repaired is
	 * false.  Its blocks and addresses are mail's or its own. */
	bool		 has_repaired;
	struct fields	 repaired_fields;
	struct buf	 repaired_body;
	struct mail	 repaired;
};

/*
 * Read a complete message.  GMime's second opinion is asked for what would be
 * accepted as encrypted.
 */
void	examine_read(const struct message *m,
	    const struct limit_settings *limits, struct facts *out);
void	examine_clear(struct facts *facts);

/* A list and what is known for it. */
struct examiner {
	const struct settings		*settings;
	const struct list_settings	*list;
	const struct keyset		*keys;		/* NULL: any key */
	const struct canary		*canary;	/* sighted lists */
	int64_t				 until_ms; /* for gpg, on
						    * clock_monotonic_ms() */
};

/*
 * Judge for one list.  A wrong key is not final before the keyring was read
 * afresh: an operator may have added a key.  For a sighted list the message is
 * decrypted unless it was for another one with its key; trouble with gpg, or no
 * time left for it, gives "later".
 */
void	examine_judge(struct facts *facts, const struct examiner *examiner,
	    struct judgement *out);

#endif
