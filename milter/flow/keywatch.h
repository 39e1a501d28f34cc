/*
 * keywatch: which keys come to their end?
 *
 * Looks at the keys of the lists, of their members and of the operators, and at
 * their encryption subkeys, at the start and every hour.  Each stage (30, 14,
 * 7, 3 days and one day before the end, and the end or a revocation) is an
 * alert, once.
 */
#ifndef FLOW_KEYWATCH_H
#define FLOW_KEYWATCH_H

#include "core/fault.h"
#include "core/settings.h"
#include "edge/store.h"

/* All zero: nothing has been looked at. */
struct keywatch {
	int64_t	next_ms;	/* monotonic; 0: now */
	bool	is_blind;	/* the last look failed, and was logged */
};

/*
 * Look when it is time.  False when the store is in trouble; trouble with gpg
 * is logged, and the next look comes sooner.
 */
bool	keywatch_pass(struct keywatch *w, struct store *store,
	    const struct settings *settings, int64_t now, struct fault *fault)
	    __attribute__((warn_unused_result));

#endif
