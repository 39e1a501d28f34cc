/*
 * events: the deadlines of issues, one after the other.
 */
#ifndef CTL_EVENTS_H
#define CTL_EVENTS_H

#include "ctl/issues.h"

struct event {
	const struct issues_row	*row;
	bool			 is_exploit;	/* else: the embargo's end */
	int64_t			 at;		/* 0: an open issue, no date */
};

struct events {
	struct issues	 issues;
	struct event	*v;	/* by time, those without one last */
	size_t		 n;
};

/*
 * Of open issues, and of exploits that are still to be published.  0, or the
 * exit code with the message printed.  Opens ctl.
 */
int	events_load(struct ctl *ctl, int64_t now, struct events *out);
void	events_clear(struct events *events);

/* "embargo", "exploit" */
const char	*events_kind(const struct event *event);

#endif
