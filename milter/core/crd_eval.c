/*
 * crd_eval: fields -> a time; see crd_eval.h.
 *
 * A year that was not written is the one that puts the date within YEARLESS
 * days behind the reference; a year further ahead than AHEAD_YEARS is taken for
 * a slip of the pen.  Seconds end at 59: a leap second is no time to meet at.
 */
#include <stddef.h>

#include "core/civil.h"
#include "core/crd_eval.h"

#define DAY_SECS	86400
#define YEARLESS_DAYS	180
#define AHEAD_YEARS	10
#define FIRST_YEAR	1990

const char crd_reason_duration[] = "duration without a date";
const char crd_reason_relative[] = "relative date";
const char crd_reason_other[] = "refers to another issue";
const char crd_reason_two[] = "two different dates";
const char crd_reason_unreadable[] = "cannot be read as a date";

void
crd_eval_human(const char *reason, struct crd *crd_out)
{
	crd_out->kind = CRD_HUMAN;
	crd_out->at = 0;
	crd_out->hour_assumed = false;
	crd_out->reason = reason;
}

bool
crd_eval_is_soft(const struct crd *crd)
{
	return crd->kind == CRD_HUMAN && (crd->reason == crd_reason_duration ||
	    crd->reason == crd_reason_relative ||
	    crd->reason == crd_reason_other);
}

/* The last Sunday of a month of 31 days, as days since 1970. */
static int64_t
find_last_sunday(int year, int month)
{
	return civil_days(year, month, 31) - civil_weekday(year, month, 31);
}

/* Central European and sister zones change at 01:00 UTC. */
static bool
is_eu_summer(int64_t at)
{
	struct civil civil;

	civil_of(at, &civil);
	return at >= find_last_sunday(civil.year, 3) * DAY_SECS + 3600 &&
	    at < find_last_sunday(civil.year, 10) * DAY_SECS + 3600;
}

/* Is it summer time nowhere in Australia and New Zealand? */
static bool
is_south_winter(int64_t at)
{
	struct civil civil;

	civil_of(at, &civil);
	return (civil.month > 4 && civil.month < 9) ||
	    (civil.month == 4 && civil.day > 7) ||
	    (civil.month == 9 && civil.day < 24);
}

static bool
is_wrong_season(enum crd_season season, int64_t at)
{
	if (season == CRD_ALL_YEAR)
		return false;
	if (season == CRD_SOUTH_SUMMER)
		return is_south_winter(at);
	return (season == CRD_EU_SUMMER) != is_eu_summer(at);
}

/* NULL when all is well, else the reason.  mins_out counts from midnight. */
static const char *
eval_clock(const struct crd_clock *c, int *secs_out)
{
	int hour = c->hour;

	if (c->is_midnight)
		return "midnight could be either end of the day";
	if (c->meridiem >= 0) {
		if (hour < 1 || hour > 12)
			return "no such time";
		hour = hour % 12 + c->meridiem;
	}
	if (hour > 23 || c->minute > 59 || c->second > 59)
		return "no such time";
	*secs_out = hour * 3600 + c->minute * 60 + c->second;
	return NULL;
}

/* Does zone allow for that offset? */
static bool
has_reading(const struct crd_zone *zone, int offset_mins)
{
	int i;

	for (i = 0; i < zone->noffsets; i++)
		if (zone->offset_mins[i] == offset_mins)
			return true;
	return false;
}

/* local: the time as written, as if it were UTC; *at_out with a reason. */
static const char *
eval_zone(const struct crd_clock *c, const struct crd_context *context,
    int64_t local, int64_t *at_out)
{
	const struct crd_zone *zone = crd_word_zone(c->zone);

	if (c->has_offset) {
		*at_out = local - (int64_t)c->offset_mins * 60;
		if (c->is_bad)
			return "no such zone";
		if (zone != NULL && !has_reading(zone, c->offset_mins))
			return "zone contradicts its offset";
		return NULL;
	}
	*at_out = local;
	if (c->is_bad)
		return "unknown zone";
	if (zone == NULL)
		return context->zone_is_utc ? NULL : "time without a zone";
	if (zone->noffsets > 1)
		return "zone could be either";
	if (is_wrong_season(zone->season, local -
	    (int64_t)zone->offset_mins[0] * 60))
		return "zone contradicts the time of year";
	*at_out -= (int64_t)zone->offset_mins[0] * 60;
	return NULL;
}

/*
 * A second clock says the same in another zone, so one of them may have a zone
 * that is not clear, if one of its readings fits.
 */
static const char *
eval_clocks(const struct crd_fields *f, const struct crd_context *context,
    int64_t day, int64_t *at_out)
{
	const char *reasons[2] = { NULL, NULL }, *reason;
	int64_t at[2] = { 0, 0 };
	int i, secs, sure;
	int64_t mins;

	for (i = 0; i < f->nclocks; i++) {
		if ((reason = eval_clock(&f->clock[i], &secs)) != NULL)
			return reason;
		reasons[i] = eval_zone(&f->clock[i], context,
		    day * DAY_SECS + secs, &at[i]);
	}
	*at_out = at[0];
	if (f->nclocks < 2)
		return reasons[0];
	sure = reasons[0] == NULL ? 0 : 1;
	if (reasons[sure] != NULL)
		return reasons[0];
	if (reasons[1 - sure] == NULL)
		return (at[0] - at[1]) % DAY_SECS == 0 ? NULL :
		    "two different times";
	mins = (at[1 - sure] - at[sure]) / 60;
	mins += mins > 840 ? -1440 : mins < -720 ? 1440 : 0;
	if (sure == 1)		/* the day was written for the other one */
		*at_out = at[0] - mins * 60;
	if (f->clock[1 - sure].zone >= 0 && !f->clock[1 - sure].has_offset &&
	    has_reading(crd_word_zone(f->clock[1 - sure].zone), (int)mins))
		return NULL;
	return "two different times";
}

/* The year that was not written, or 0. */
static int
find_year(const struct crd_fields *f, const struct crd_context *context)
{
	struct civil now;
	int64_t today, day;
	int year;

	civil_of(context->reference, &now);
	today = civil_days(now.year, now.month, now.day);
	for (year = now.year; year <= now.year + 1; year++) {
		if (!civil_is_date(year, f->month, f->day))
			continue;
		day = civil_days(year, f->month, f->day);
		if (day >= today && day <= today + YEARLESS_DAYS)
			return year;
	}
	return 0;
}

/* NULL and the day, or the reason. */
static const char *
eval_day(const struct crd_fields *f, const struct crd_context *context,
    int64_t *day_out)
{
	struct civil now;
	int year = f->year;

	civil_of(context->reference, &now);
	if (f->short_year)
		return "year of two digits";
	if (f->month < 1 || f->month > 12 || f->day < 1 || f->day > 31)
		return "no such date";
	if (year == 0 && (year = find_year(f, context)) == 0)
		return civil_is_date(2000, f->month, f->day) ?
		    "year is missing" : "no such date";
	if (!civil_is_date(year, f->month, f->day))
		return "no such date";
	if (year < FIRST_YEAR || year > now.year + AHEAD_YEARS)
		return "year is out of range";
	if (f->either_way)
		return "day and month could be either";
	if (f->weekday >= 0 &&
	    f->weekday != civil_weekday(year, f->month, f->day))
		return "weekday contradicts the date";
	if (f->is_vague)
		return "date is not exact";
	if (f->lost_time)
		return "time cannot be read";
	*day_out = civil_days(year, f->month, f->day);
	return NULL;
}

void
crd_eval(const struct crd_fields *fields, const struct crd_context *context,
    struct crd *crd_out, int64_t *day_out)
{
	const char *reason;
	int64_t day = 0, at = 0;

	if (day_out != NULL)
		*day_out = 0;
	if (fields->kind == CRD_ITEM_DURATION)
		reason = crd_reason_duration;
	else if (fields->kind != CRD_ITEM_DATE)
		reason = crd_reason_relative;
	else
		reason = eval_day(fields, context, &day);
	if (reason == NULL && fields->nclocks > 0)
		reason = eval_clocks(fields, context, day, &at);
	else if (reason == NULL)
		at = day * DAY_SECS + context->default_hour_secs;
	if (reason != NULL) {
		crd_eval_human(reason, crd_out);
		return;
	}
	crd_out->kind = CRD_DATE;
	crd_out->at = at;
	crd_out->hour_assumed = fields->nclocks == 0;
	crd_out->reason = NULL;
	if (day_out != NULL)
		*day_out = day;
}
