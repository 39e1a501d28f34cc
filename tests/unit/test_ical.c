/*
 * ical: a content line ==> folded; seconds ==> a duration.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/ical.h"

#define TEN "0123456789"
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN
#define EURO "\xe2\x82\xac"

static const struct row {
	const char	*line, *expected;
} rows[] = {
	{ "", "\r\n" },
	{ "SUMMARY:x", "SUMMARY:x\r\n" },
	{ SEVENTY "12345", SEVENTY "12345\r\n" },
	{ SEVENTY "123456", SEVENTY "12345\r\n 6\r\n" },
	{ SEVENTY "12345" SEVENTY "1234",
	    SEVENTY "12345\r\n " SEVENTY "1234\r\n" },
	{ SEVENTY "12345" SEVENTY "12345",
	    SEVENTY "12345\r\n " SEVENTY "1234\r\n 5\r\n" },
	/* never within a character */
	{ SEVENTY "12" EURO, SEVENTY "12" EURO "\r\n" },
	{ SEVENTY "123" EURO, SEVENTY "123\r\n " EURO "\r\n" },
	{ SEVENTY "1234" EURO "x", SEVENTY "1234\r\n " EURO "x\r\n" },
};

static void
test_fold(void **state)
{
	struct buf out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_init(&out, 1000);
		assert_true(ical_put_line(text_span(rows[i].line), &out));
		if (!text_is(buf_span(&out), rows[i].expected))
			fail_msg("%s ==> %.*s", rows[i].line, (int)out.len,
			    (const char *)out.data);
		buf_clear(&out);
	}
	buf_init(&out, 76);
	assert_false(ical_put_line(text_span(SEVENTY "12345"), &out));
	buf_clear(&out);
}

static void
test_before(void **state)
{
	static const struct {
		int64_t		 secs;
		const char	*expected;
	} durations[] = {
		{ 0, "PT0S" }, { 604800, "-P7D" }, { 7200, "-PT2H" },
		{ 88200, "-P1DT30M" }, { 90000, "-P1DT1H" }, { 45, "-PT45S" },
		{ 3601, "-PT1H0M1S" }, { 5400, "-PT1H30M" },
		{ 86401, "-P1DT1S" },
	};
	char got[ICAL_DURATION_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		ical_print_before(durations[i].secs, got);
		assert_string_equal(got, durations[i].expected);
	}
}

static void
test_time(void **state)
{
	char got[ICAL_TIME_SIZE];

	(void)state;
	ical_print_time(1796133600, got);
	assert_string_equal(got, "20261201T140000Z");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_before),
		cmocka_unit_test(test_time),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
