/*
 * date: dates as operators enter them; see date.h.
 */
#include <stdio.h>
#include <sysexits.h>

#include "core/buf.h"
#include "core/civil.h"
#include "core/crd.h"
#include "ctl/date.h"
#include "edge/clock.h"

#define MAX_BYTES 200

static int
fail(const struct ctl *ctl, const char *reason)
{
	fprintf(stderr, "embargoctl %s: no date: %s; accepted: " DATE_FORMS
	    "\n", ctl->command, reason);
	return EX_USAGE;
}

int
date_parse(const struct ctl *ctl, int argc, char **argv,
    const struct list_settings *list, struct date *date_out)
{
	struct buf text;
	struct crd crd;
	bool fits = true;
	int i;

	buf_init(&text, MAX_BYTES);
	for (i = 0; fits && i < argc; i++)
		fits = buf_print(&text, "%s%s", i == 0 ? "" : " ", argv[i]);
	crd_parse_operator(buf_span(&text), clock_now(),
	    list->embargo.default_hour_secs, &crd);
	buf_clear(&text);
	if (!fits)
		return fail(ctl, "too long");
	if (crd.kind != CRD_DATE)
		return fail(ctl, crd.kind == CRD_HUMAN ? crd.reason :
		    "nothing is stated");
	date_out->at = crd.at;
	date_out->is_hour_assumed = crd.hour_assumed;
	return EX_OK;
}

void
date_print(const struct date *date, char *dst)
{
	static const char *const days[] = { "Sunday", "Monday", "Tuesday",
	    "Wednesday", "Thursday", "Friday", "Saturday" };
	char time[CRD_PRINT_SIZE], relative[48];
	struct civil civil;

	civil_of(date->at, &civil);
	crd_print(date->at, time);
	ctl_print_relative(date->at, clock_now(), relative);
	snprintf(dst, DATE_SIZE, "%s (%s %02d:%02d UTC, %s%s)", time,
	    days[civil.weekday], civil.hour % 100, civil.minute % 100,
	    relative, date->is_hour_assumed ?
	    ", the hour is the list's default" : "");
}
