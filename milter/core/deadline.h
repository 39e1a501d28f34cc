/*
 * deadline: which warnings an issue is due, and when to look at it next.
 *
 * Pure: told the time.  The warnings come in families: the embargo date, what
 * a person has to settle, silence, the public posting, the exploit.  A look
 * covers everything since the last one; of what became due meanwhile only the
 * strongest of each family is told, so that an outage does not end in a flood.
 * Those that repeat do so until they are acknowledged or their cause is gone.
 */
#ifndef CORE_DEADLINE_H
#define CORE_DEADLINE_H

#include "core/issue.h"
#include "core/settings.h"

/* One of them, to be told now. */
struct deadline_told {
	enum issue_alert	kind;
	int64_t			due_at;		/* what it is about; or 0 */
};

#define DEADLINE_FAMILIES 5

struct deadline {
	struct deadline_told	told[DEADLINE_FAMILIES];
	size_t			n;
	int64_t			next_at;	/* 0: no more looks */
};

/*
 * issue->looked_at is the last look, 0 when the embargo date was set after it:
 * then the last of that family's moments already passed is told once.
 * issue->exploit_looked_at is the same for the exploit's date,
 * issue->watched_at the last look for the other families.  exploit_max_secs:
 * the list's embargo.exploit_max.
 */
void	deadline_find(const struct issue *issue,
	    const struct alert_settings *alerts, int64_t exploit_max_secs,
	    int64_t now, struct deadline *out);

/* When the exploit is to be published; 0: there is none, or no date yet. */
int64_t	deadline_of_exploit(const struct issue *issue,
	    int64_t exploit_max_secs);

#endif
