/*
 * issue: a tracked conversation: its id, its state, what Redis keeps of it.
 *
 * embargo-redis(5) describes the same as keys and fields.
 */
#ifndef CORE_ISSUE_H
#define CORE_ISSUE_H

#include "core/text.h"

#define ISSUE_ID_SIZE 48	/* "VS-2026-0007" and its NUL */

enum issue_state {
	ISSUE_EMBARGOED,
	ISSUE_SEMI_PUBLIC,
	ISSUE_PUBLIC,
	ISSUE_BROKEN,		/* leaked */
	ISSUE_INVALID,
	ISSUE_STATE_COUNT
};

/* The kinds of alerts about an issue that are repeated or come of time. */
enum issue_alert {
	ALERT_NONE,
	ALERT_APPROACHING,	/* one of alerts.before has passed */
	ALERT_TODAY,		/* the day of the embargo date, UTC */
	ALERT_REACHED,		/* the embargo date itself */
	ALERT_OVERDUE,		/* reached, repeat has passed, still open */
	ALERT_NO_DATE,
	ALERT_NEEDS_HUMAN,
	ALERT_QUIET,		/* a report without an answer */
	ALERT_NO_PROGRESS,	/* nobody has written for long */
	ALERT_POSTING_MISSING,	/* reached, no public URL */
	ALERT_EXPLOIT_APPROACHING,
	ALERT_EXPLOIT_OVERDUE,
	ALERT_COUNT
};

/* Times are UTC seconds, 0 for none.  Strings are owned, never NULL. */
struct issue {
	char			 id[ISSUE_ID_SIZE];
	enum issue_state	 state;
	int64_t			 opened_at;
	int64_t			 due_at;	/* the embargo date */
	int64_t			 last_at;	/* the newest message */
	int64_t			 public_at;
	int64_t			 answered_at;	/* first by another sender */
	int64_t			 looked_at;	/* by embargo-warnd, since the
						 * date was set */
	int64_t			 watched_at;	/* by embargo-warnd, at all */
	int64_t			 exploit_looked_at; /* since its date was set */
	int64_t			 messages;
	int64_t			 revision;	/* rises with each change */
	bool			 is_assumed;
	bool			 is_hour_assumed; /* the day was stated */
	bool			 is_capped;
	bool			 is_over_max;
	bool			 needs_human;
	bool			 has_exploit;	/* one will be published */
	int64_t			 exploit_at;	/* 0: date not known */
	bool			 is_acked[ALERT_COUNT];	/* [ALERT_NONE]: all */
	char			*list;
	char			*url;
	char			*cve;		/* ids, blanks between */
	char			*merged_into;	/* an issue, or "" */
	char			*subject;	/* "" unless store_subject */
};

/* "embargoed", "semi-public", ... */
const char	*issue_state_name(enum issue_state state);

/* False when name is none of the states. */
bool		 issue_state_parse(struct span name,
		    enum issue_state *state_out)
		    __attribute__((warn_unused_result));

/* "approaching", "no-date", ...; "none" */
const char	*issue_alert_name(enum issue_alert alert);
bool		 issue_alert_parse(struct span name,
		    enum issue_alert *alert_out)
		    __attribute__((warn_unused_result));

/* Has somebody said that this need not be repeated? */
bool		 issue_is_acked(const struct issue *issue,
		    enum issue_alert alert);

/* Embargoed or semi-public: its deadline counts. */
bool		 issue_is_open(const struct issue *issue);

/* "VS-2026-0007": prefix, year, number of at least four digits. */
bool		 issue_id_is_valid(struct span id);

void		 issue_clear(struct issue *issue);

#endif
