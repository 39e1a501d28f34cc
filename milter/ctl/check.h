/*
 * check: what the parts of `embargoctl check` share.
 *
 * A line per finding; what is wrong comes with the command that mends it.
 * Nothing is changed by looking.
 */
#ifndef CTL_CHECK_H
#define CTL_CHECK_H

#include "ctl/ctl.h"
#include "ctl/json.h"

struct check {
	struct ctl	*ctl;
	json_t		*array;		/* of the findings, for --json */
	int		 problems;
	bool		 is_away;	/* Redis does not answer */
};

#define CHECK_TEXT_SIZE 400

/* remedy: the command, or NULL when all is well. */
void	check_say(struct check *c, const char *subject, const char *remedy,
	    const char *format, ...) __attribute__((format(printf, 4, 5)));

void	check_keys(struct check *c);
void	check_redis(struct check *c);
void	check_socket(struct check *c);
void	check_postfix(struct check *c);

#endif
