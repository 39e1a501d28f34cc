/*
 * record: an accepted message becomes part of an issue, and gets its tags.
 */
#ifndef FLOW_RECORD_H
#define FLOW_RECORD_H

#include "edge/store.h"
#include "flow/examine.h"
#include "flow/outcome.h"
#include "flow/service.h"

/* All zero: an ordinary message that comes now. */
struct record_way {
	bool	is_clear;	/* it is let through as it is */
	bool	is_rehearsal;	/* would it be refused?  Nothing is written */
	int64_t	past_at;	/* when it came, if not now */
};

/*
 * Write the message into the store for one list.  False with a fault when the
 * store is in trouble.
 */
bool	record_message(const struct snapshot *snapshot, size_t list,
	    const struct message *m, const struct facts *facts,
	    const struct record_way *way, struct store_answer *out,
	    struct fault *fault) __attribute__((warn_unused_result));

/*
 * A copy from the list's manager was refused: an alert.  Trouble is ignored.
 */
void	record_refused_copy(const struct snapshot *snapshot,
	    const struct facts *facts, const struct judgement *j);

/*
 * The names of a tracker's lists, divided by blanks: those of which is_for is
 * true, or all (NULL).  To be cleared by the caller.
 */
void	record_list_names(const struct settings *settings,
	    const char *tracker, const bool *is_for, struct buf *out);

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
