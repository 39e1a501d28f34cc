/*
 * reminder: one look at the calendar: load what is due, decide, record.
 */
#ifndef FLOW_REMINDER_H
#define FLOW_REMINDER_H

#include "core/fault.h"
#include "core/settings.h"
#include "edge/store.h"

/*
 * Look at every tracker of the configuration.  next_at_out: when something will
 * be due, at most an hour from now.  Any number of instances may look at the
 * same time; each alert is recorded once.
 */
bool	reminder_pass(struct store *store, const struct settings *settings,
	    int64_t now, int64_t *next_at_out, struct fault *fault)
	    __attribute__((warn_unused_result));

#endif
