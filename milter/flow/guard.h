/*
 * guard: the leak guard: other mail must not carry an embargoed issue out of
 * its circle (SPEC section 7).
 *
 * Reads the header only, and only where the mail answers something.  The mail
 * is none of ours: whatever troubles the store, it passes, and soon.
 */
#ifndef FLOW_GUARD_H
#define FLOW_GUARD_H

#include "core/policy.h"
#include "flow/message.h"
#include "flow/service.h"

/* Of mail for no list only these fields have to be kept. */
bool	guard_reads(const char *name);

/*
 * Would the mail, which is for no list, carry an issue out of its circle?  Then
 * j_out is the refusal, or the trial run's remark, and answer_out has the issue
 * and its date.
 */
bool	guard_judge(struct snapshot *snapshot, const struct message *m,
	    struct judgement *j_out, struct store_answer *answer_out);

#endif
