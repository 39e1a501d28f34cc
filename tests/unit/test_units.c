/*
 * units: durations, sizes and times of day of the configuration.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/units.h"

#define REFUSED INT64_C(-1)
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct row {
	const char	*text;
	int64_t		 expected;
};

typedef bool parser(struct span, int64_t *);

static void
check(parser *parse, const struct row *rows, size_t n)
{
	int64_t got;
	size_t i, wrong = 0;

	for (i = 0; i < n; i++) {
		if (!parse(text_span(rows[i].text), &got))
			got = REFUSED;
		if (got == rows[i].expected)
			continue;
		print_error("%s ==> %lld, expected %lld\n", rows[i].text,
		    (long long)got, (long long)rows[i].expected);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void
test_duration(void **state)
{
	static const struct row rows[] = {
		{ "0s", 0 }, { "10s", 10 }, { "30m", 1800 },
		{ "36h", 129600 }, { "14d", 1209600 }, { "007d", 604800 },
		{ "3660d", 316224000 }, { "3661d", REFUSED },
		{ "87840h", 316224000 }, { "87841h", REFUSED },
		{ "316224001s", REFUSED }, { "", REFUSED }, { "d", REFUSED },
		{ "14", REFUSED }, { "14 d", REFUSED }, { "14d ", REFUSED },
		{ " 14d", REFUSED }, { "14D", REFUSED }, { "14dd", REFUSED },
		{ "14d3h", REFUSED }, { "-1d", REFUSED }, { "+1d", REFUSED },
		{ "1.5d", REFUSED }, { "1w", REFUSED }, { "0x1d", REFUSED },
		{ "999999999999d", REFUSED }, { "999999999999s", REFUSED },
		{ "9999999999999s", REFUSED },
		{ "18446744073709551616s", REFUSED },
	};

	(void)state;
	check(units_parse_duration, rows, COUNT(rows));
}

static void
test_size(void **state)
{
	static const struct row rows[] = {
		{ "0", 0 }, { "1000", 1000 }, { "512K", 524288 },
		{ "25M", 26214400 }, { "1G", 1073741824 },
		{ "4G", INT64_C(4294967296) }, { "5G", REFUSED },
		{ "4194304K", INT64_C(4294967296) }, { "4194305K", REFUSED },
		{ "4294967296", INT64_C(4294967296) },
		{ "4294967297", REFUSED }, { "", REFUSED }, { "K", REFUSED },
		{ "25m", REFUSED }, { "25MB", REFUSED }, { "25 M", REFUSED },
		{ "-1", REFUSED }, { "1T", REFUSED }, { "1.5G", REFUSED },
		/* products that do not fit into 64 bits */
		{ "9999999999G", REFUSED }, { "17179869184G", REFUSED },
		{ "34359738368G", REFUSED }, { "999999999999G", REFUSED },
		{ "9999999999999", REFUSED },
	};

	(void)state;
	check(units_parse_size, rows, COUNT(rows));
}

static bool
parse_clock(struct span s, int64_t *out)
{
	int secs;
	bool ok = units_parse_clock(s, &secs);

	*out = ok ? secs : 0;
	return ok;
}

static void
test_clock(void **state)
{
	static const struct row rows[] = {
		{ "00:00", 0 }, { "14:00", 50400 }, { "23:59", 86340 },
		{ "09:05", 32700 }, { "24:00", REFUSED },
		{ "12:60", REFUSED }, { "9:05", REFUSED },
		{ "09:5", REFUSED }, { "", REFUSED }, { "0900", REFUSED },
		{ "09.05", REFUSED }, { "09:05 ", REFUSED },
		{ "a9:05", REFUSED }, { "0b:05", REFUSED },
		{ "09:c5", REFUSED }, { "09:0d", REFUSED },
		{ "-1:00", REFUSED }, { "09:-1", REFUSED },
	};

	(void)state;
	check(parse_clock, rows, COUNT(rows));
}

static void
test_print(void **state)
{
	static const struct {
		int64_t		 secs;
		const char	*expected;
	} rows[] = {
		{ 0, "0 min" }, { 59, "0 min" }, { 60, "1 min" },
		{ 3599, "59 min" }, { 3600, "1 h 0 min" },
		{ 86399, "23 h 59 min" }, { 86400, "1 d 0 h" },
		{ 273600, "3 d 4 h" }, { -720, "12 min" },
		{ -90000, "1 d 1 h" },
		{ INT64_MAX, "106751991167300 d 15 h" },
		{ INT64_MIN, "106751991167300 d 15 h" },
	};
	char dst[32];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		units_print_duration(rows[i].secs, dst);
		assert_string_equal(dst, rows[i].expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_print),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
