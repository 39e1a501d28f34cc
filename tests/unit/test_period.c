/*
 * period: a year, a month, a day ==> its first second, and the one after it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/period.h"

static const struct row {
	const char	*text;
	int64_t		 from, until;	/* 0: refused */
} rows[] = {
	{ "2026", 1767225600, 1798761600 },
	{ "2024", 1704067200, 1735689600 },
	{ "2026-01", 1767225600, 1769904000 },
	{ "2026-12", 1796083200, 1798761600 },
	{ "2024-02", 1706745600, 1709251200 },
	{ "2026-11-25", 1795564800, 1795651200 },
	{ "2026-12-31", 1798675200, 1798761600 },
	{ "2024-02-29", 1709164800, 1709251200 },
	{ "", 0, 0 }, { "26", 0, 0 }, { "20266", 0, 0 }, { "2026-", 0, 0 },
	{ "2026-1", 0, 0 }, { "2026-13", 0, 0 }, { "2026-00", 0, 0 },
	{ "2026-02-29", 0, 0 }, { "2026-11-25 ", 0, 0 }, { " 2026", 0, 0 },
	{ "2026-11-2", 0, 0 }, { "2026/11", 0, 0 }, { "0000", 0, 0 },
	{ "9999", 0, 0 }, { "2026-11-25-", 0, 0 }, { "2026-11-00", 0, 0 },
	{ "+3d", 0, 0 }, { "-026", 0, 0 },
};

static void
test_rows(void **state)
{
	int64_t from, until;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!period_parse(text_span(rows[i].text), &from, &until))
			from = until = 0;
		if (from != rows[i].from || until != rows[i].until)
			fail_msg("%s ==> %lld, %lld", rows[i].text,
			    (long long)from, (long long)until);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
