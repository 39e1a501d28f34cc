/*
 * date: dates as operators enter them, and as they are told what was
 * understood.
 */
#ifndef CTL_DATE_H
#define CTL_DATE_H

#include "ctl/ctl.h"

/* What was understood. */
struct date {
	int64_t	at;
	bool	is_hour_assumed;	/* the list's default hour stands */
};

/* What may stand in an error message behind "accepted: ". */
#define DATE_FORMS "\"2026-12-01 14:00 UTC\", \"1 Dec 2026 14:00 +0000\", " \
	"\"2026-12-01T14:00Z\", \"tomorrow 14:00\", \"+3d\", \"+36h\""

/*
 * The words of a date; without a zone it is UTC, without an hour the default
 * one of the list.  EX_OK, or EX_USAGE with the message printed.
 */
int	date_parse(const struct ctl *ctl, int argc, char **argv,
	    const struct list_settings *list, struct date *date_out);

/*
 * "2026-12-01T14:00:00Z (Tuesday 14:00 UTC, in 5 d 20 h)"; dst holds DATE_SIZE
 * bytes.
 */
#define DATE_SIZE 140
void	date_print(const struct date *date, char *dst);

#endif
