/*
 * civil: the Gregorian calendar by arithmetic; see civil.h.
 *
 * Years are counted from March, so that the leap day is the last of its year;
 * 400 years have 146,097 days.
 */
#include "core/civil.h"

#define DAYS_400_YEARS	146097
#define DAYS_TO_1970	719468	/* from 0000-03-01 */
#define DAY_SECS	86400

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool
civil_is_date(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31 };

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

int64_t
civil_days(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t m = (month + 9) % 12;	/* March is 0 */

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 +
	    day - 1 - DAYS_TO_1970;
}

int
civil_weekday(int year, int month, int day)
{
	/* 1970-01-01 was a Thursday */
	return (int)(((civil_days(year, month, day) + 4) % 7 + 7) % 7);
}

void
civil_of(int64_t at, struct civil *out)
{
	int64_t days = at / DAY_SECS, secs = at % DAY_SECS;
	int64_t era, doe, yoe, doy, m;

	if (secs < 0) {
		secs += DAY_SECS;
		days--;
	}
	days += DAYS_TO_1970;
	era = (days >= 0 ? days : days - DAYS_400_YEARS + 1) / DAYS_400_YEARS;
	doe = days - era * DAYS_400_YEARS;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	m = (5 * doy + 2) / 153;
	out->day = (int)(doy - (153 * m + 2) / 5 + 1);
	out->month = (int)(m < 10 ? m + 3 : m - 9);
	out->year = (int)(yoe + era * 400 + (out->month <= 2 ? 1 : 0));
	out->hour = (int)(secs / 3600);
	out->minute = (int)(secs / 60 % 60);
	out->second = (int)(secs % 60);
	out->weekday = civil_weekday(out->year, out->month, out->day);
}

int64_t
civil_seconds(const struct civil *civil)
{
	return civil_days(civil->year, civil->month, civil->day) * DAY_SECS +
	    civil->hour * 3600 + civil->minute * 60 + civil->second;
}

const char *
civil_month_name(int month)
{
	static const char *const names[] = { "Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

	return names[month - 1];
}

const char *
civil_day_name(int weekday)
{
	static const char *const names[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
	    "Fri", "Sat" };

	return names[weekday];
}
