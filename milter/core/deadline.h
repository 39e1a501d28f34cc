/*
 * deadline: which warnings an issue is due, and when to look at it next.
 *
 * Pure: told the time.  A look covers everything since the last one; of what
 * became due meanwhile only the strongest is told, so that an outage does not
 * end in a flood.
 */
#ifndef CORE_DEADLINE_H
#define CORE_DEADLINE_H

#include "core/issue.h"
#include "core/settings.h"

enum deadline_kind {
	DEADLINE_NONE,
	DEADLINE_APPROACHING,	/* one of alerts.before has passed */
	DEADLINE_REACHED,	/* the embargo date itself */
	DEADLINE_OVERDUE	/* reached, repeat has passed, still open */
};

struct deadline {
	enum deadline_kind	kind;
	int64_t			due_at;
	int64_t			next_at;	/* 0: no more looks */
};

/*
 * issue->looked_at is the last look, 0 when the date was set after it: then
 * the last of the moments already passed is told once.  Issues that are not
 * open, or have no date, are due nothing.
 */
void	deadline_find(const struct issue *issue,
	    const struct alert_settings *alerts, int64_t now,
	    struct deadline *out);

/* "approaching", "reached", "overdue" */
const char	*deadline_name(enum deadline_kind kind);

#endif
