/*
 * axis: a stretch of time ==> its marks; a number ==> the step below it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/axis.h"
#include "core/period.h"

static const struct row {
	const char	*from, *until;	/* days; until is included */
	size_t		 max;
	const char	*expected;	/* * marks a major one */
} rows[] = {
	{ "2026-11-25", "2026-11-28", 6, "25 Nov|26 Nov|27 Nov|28 Nov" },
	{ "2026-11-29", "2026-12-02", 6, "29 Nov|30 Nov|1 Dec*|2 Dec" },
	{ "2026-11-25", "2026-12-22", 6, "30 Nov|7 Dec*|14 Dec|21 Dec" },
	{ "2026-11-30", "2026-12-10", 6, "30 Nov|7 Dec*" },
	{ "2026-11-25", "2027-01-20", 6,
	    "7 Dec*|21 Dec|4 Jan*|18 Jan" },
	{ "2026-01-01", "2026-05-31", 6, "2026*|Feb|Mar|Apr|May" },
	{ "2025-06-15", "2026-05-31", 6, "Jul|Oct|2026*|Apr" },
	{ "2022-06-15", "2026-05-31", 6, "2023*|2024*|2025*|2026*" },
	{ "2016-06-15", "2026-05-31", 6, "2018*|2020*|2022*|2024*|2026*" },
	{ "1999-12-31", "2026-05-31", 6,
	    "2000*|2005*|2010*|2015*|2020*|2025*" },
	{ "1970-01-01", "1970-01-08", 3, "5 Jan*" },
};

static void
join(const struct axis_tick *ticks, size_t n, char *dst, size_t size)
{
	size_t i, len = 0;

	dst[0] = '\0';
	for (i = 0; i < n; i++)
		len += (size_t)snprintf(dst + len, size - len, "%s%s%s",
		    i == 0 ? "" : "|", ticks[i].label,
		    ticks[i].is_major ? "*" : "");
}

static void
test_times(void **state)
{
	struct axis_tick ticks[AXIS_MAX_TICKS];
	int64_t from, until, ignored;
	char got[200];
	size_t i, k, n;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(period_parse(text_span(rows[i].from), &from,
		    &ignored));
		assert_true(period_parse(text_span(rows[i].until), &ignored,
		    &until));
		n = axis_times(from, until, rows[i].max, ticks);
		join(ticks, n, got, sizeof(got));
		assert_string_equal(got, rows[i].expected);
		for (k = 0; k < n; k++)
			assert_true(ticks[k].at >= from &&
			    ticks[k].at < until);
	}
	assert_int_equal(axis_times(5, 5, 6, ticks), 0);
	assert_int_equal(axis_times(5, 60, 6, ticks), 0);
}

static void
test_step(void **state)
{
	(void)state;
	assert_int_equal(axis_step(0, 5), 1);
	assert_int_equal(axis_step(5, 5), 1);
	assert_int_equal(axis_step(6, 5), 2);
	assert_int_equal(axis_step(14, 5), 5);
	assert_int_equal(axis_step(40, 5), 10);
	assert_int_equal(axis_step(101, 5), 50);
	assert_int_equal(axis_step(12345, 5), 5000);
}

static void
test_weeks(void **state)
{
	const int64_t day = 86400;

	(void)state;
	assert_int_equal(axis_weeks(0, -day, 26), 2);
	assert_int_equal(axis_weeks(0, 14 * day, 26), 2);
	assert_int_equal(axis_weeks(0, 14 * day + 1, 26), 3);
	assert_int_equal(axis_weeks(0, 30 * day, 26), 6);
	assert_int_equal(axis_weeks(0, 3000 * day, 26), 26);
	assert_int_equal(axis_weeks(0, 3000 * day, 5), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_step),
		cmocka_unit_test(test_weeks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
