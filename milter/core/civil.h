/*
 * civil: the proleptic Gregorian calendar in UTC, by arithmetic alone.
 *
 * Years 1 to 9999.  No leap seconds: a day has 86,400 seconds (POSIX).
 */
#ifndef CORE_CIVIL_H
#define CORE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

struct civil {
	int	year;
	int	month;		/* 1 to 12 */
	int	day;		/* 1 to 31 */
	int	hour;
	int	minute;
	int	second;
	int	weekday;	/* 0 is Sunday; filled by civil_of() */
};

/* Days since 1970-01-01 of a valid date. */
int64_t	civil_days(int year, int month, int day);

/* Is there such a day?  2026-02-30 is not. */
bool	civil_is_date(int year, int month, int day);

/* 0 is Sunday. */
int	civil_weekday(int year, int month, int day);

/* UTC seconds since 1970-01-01T00:00Z -> civil time, and back. */
void	civil_of(int64_t at, struct civil *out);
int64_t	civil_seconds(const struct civil *civil);

/* "Jan" for 1, "Sun" for 0, as in RFC 5322 section 3.3. */
const char	*civil_month_name(int month);
const char	*civil_day_name(int weekday);

#endif
