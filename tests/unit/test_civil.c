/* civil: every day of 1970 to 2200, the edges of years 1 and 9999. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/civil.h"

#define DAY_SECS 86400

static void
test_every_day(void **state)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31 };
	int64_t count = 0;
	int year, month, day, last;
	struct civil c;

	(void)state;
	for (year = 1970; year <= 2200; year++)
		for (month = 1; month <= 12; month++) {
			last = days[month - 1];
			if (month == 2 && (year % 400 == 0 ||
			    (year % 4 == 0 && year % 100 != 0)))
				last = 29;
			assert_false(civil_is_date(year, month, last + 1));
			for (day = 1; day <= last; day++, count++) {
				assert_true(civil_is_date(year, month, day));
				assert_int_equal(civil_days(year, month, day),
				    count);
				civil_of(count * DAY_SECS, &c);
				assert_int_equal(c.year, year);
				assert_int_equal(c.month, month);
				assert_int_equal(c.day, day);
				assert_int_equal(c.weekday, (count + 4) % 7);
				assert_int_equal(civil_seconds(&c),
				    count * DAY_SECS);
			}
		}
}

static void
test_known_times(void **state)
{
	/* time ==> year month day hour minute second weekday */
	static const struct {
		int64_t		at;
		struct civil	civil;
	} rows[] = {
		{ 0, { 1970, 1, 1, 0, 0, 0, 4 } },
		{ -1, { 1969, 12, 31, 23, 59, 59, 3 } },
		{ 951782400, { 2000, 2, 29, 0, 0, 0, 2 } },
		{ 1796133600, { 2026, 12, 1, 14, 0, 0, 2 } },
		{ 2147483648, { 2038, 1, 19, 3, 14, 8, 2 } },
		{ 253402300799, { 9999, 12, 31, 23, 59, 59, 5 } },
		{ -62135596800, { 1, 1, 1, 0, 0, 0, 1 } },
	};
	struct civil c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		civil_of(rows[i].at, &c);
		assert_memory_equal(&c, &rows[i].civil, sizeof(c));
		assert_int_equal(civil_seconds(&c), rows[i].at);
	}
}

static void
test_no_such_day(void **state)
{
	static const int rows[][3] = {
		{ 2026, 2, 30 }, { 2027, 2, 29 }, { 1900, 2, 29 },
		{ 2026, 4, 31 }, { 2026, 0, 1 }, { 2026, 13, 1 },
		{ 2026, 1, 0 }, { 2026, 1, 32 }, { 2026, 1, -1 }, { 0, 1, 1 },
		{ 10000, 1, 1 }, { -2026, 1, 1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_false(civil_is_date(rows[i][0], rows[i][1],
		    rows[i][2]));
	assert_true(civil_is_date(2000, 2, 29));
	assert_true(civil_is_date(2028, 2, 29));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_known_times),
		cmocka_unit_test(test_no_such_day),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
