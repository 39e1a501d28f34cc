/*
 * examine: the facts of a message and what each list says to them.
 *
 * The same code for the daemon and for `embargoctl classify`.
 */
#ifndef FLOW_EXAMINE_H
#define FLOW_EXAMINE_H

#include "core/policy.h"
#include "flow/message.h"

/* Facts and what they borrow from; examine_clear() frees. */
struct facts {
	struct fields	 fields;
	struct mail	 mail;
	char		*subject;	/* decoded */
};

/*
 * Read a complete message.  GMime's second opinion is asked for what would be
 * accepted as encrypted.
 */
void	examine_read(const struct message *m,
	    const struct limit_settings *limits, struct facts *out);
void	examine_clear(struct facts *facts);

/*
 * Judge for one list.  A wrong key is not final before the keyring was read
 * afresh: an operator may have added a key.  keys NULL: any key.
 */
void	examine_judge(const struct facts *facts,
	    const struct settings *settings, const struct list_settings *list,
	    const struct keyset *keys, struct judgement *out);

#endif
