/*
 * record: an accepted message becomes part of an issue, and gets its tags.
 */
#ifndef FLOW_RECORD_H
#define FLOW_RECORD_H

#include "edge/store.h"
#include "flow/examine.h"
#include "flow/outcome.h"

/*
 * Write the message into the store for one list; is_clear: it is let through as
 * it is.  False with a fault when the
 * store is in trouble.
 */
bool	record_message(struct store *store, const struct message *m,
	    const struct facts *facts, const struct list_settings *list,
	    const struct keyset *keys, bool is_clear,
	    struct store_answer *out, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * Forged X-Embargo-* fields go, from the last to the first (deleting one shifts
 * the index of those behind it).
 */
void	record_remove_forged(const struct facts *facts,
	    struct outcome *outcome);

/*
 * X-Embargo-Issue, -Until and -Status, and the Subject of hide_subject, which
 * says "[vs-plain]" of a message that came in clear and was wrapped.
 */
void	record_tag(const struct facts *facts, const struct store_answer *answer,
	    const struct list_settings *list, bool is_wrapped,
	    struct outcome *outcome);

/* "accept", "would-reject", "encrypt", ...: for the tag and the log. */
const char	*record_verdict_name(const struct judgement *j);

/* X-Embargo-Verdict: "accept pgp-mime", "would-reject cleartext", ... */
void	record_tag_verdict(const struct judgement *j, struct outcome *outcome);

#endif
