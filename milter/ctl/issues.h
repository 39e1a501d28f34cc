/*
 * issues: those of all trackers asked for, and how urgent they are.
 */
#ifndef CTL_ISSUES_H
#define CTL_ISSUES_H

#include "ctl/ctl.h"
#include "ctl/term.h"

struct issues_row {
	const struct issue		*issue;
	const char			*tracker;
	const struct list_settings	*list;		/* ctl_list_of() */
};

struct issues {
	struct issues_row	*rows;		/* by deadline, those without
						 * one last */
	size_t			 n;
	struct issue		**loaded;	/* by tracker */
	size_t			*counts;
	size_t			 ntrackers;
};

/*
 * Loads them, with progress on standard error; 0, or the exit code with the
 * message printed.  Opens ctl.
 */
int	issues_load(struct ctl *ctl, enum store_which which,
	    struct issues *out);
void	issues_clear(struct issues *issues);

/* Keeps the rows for which keep() is true. */
void	issues_filter(struct issues *issues,
	    bool (*keep)(const struct issues_row *row, const void *context),
	    const void *context);

/*
 * When its exploit is to be published; 0: never, not known, or past and seen
 * to.
 */
int64_t	issues_exploit_at(const struct issues_row *row, int64_t now);

/* Red for overdue, yellow for soon or for what needs a person, dim for what
 * is over. */
enum term_colour	issues_alarm(const struct issue *issue, int64_t now);
enum term_colour	issues_state_colour(enum issue_state state);

/* "assumed, over-max", "" for none; dst holds ISSUES_MARKS_SIZE bytes. */
#define ISSUES_MARKS_SIZE 80
void	issues_print_marks(const struct issue *issue, char *dst);

#endif
