/*
 * stats: issues ==> what of them is told, and the figures.
 *
 * Times are in hours since DAY0 (2026-01-01).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/stats.h"

#define DAY0	INT64_C(1767225600)
#define HOUR	INT64_C(3600)
#define MAX	(14 * 24 * HOUR)
#define NEVER	INT64_MIN
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct given {
	enum issue_state state;
	int64_t		 opened, due, public;	/* hours, or NEVER */
	bool		 is_assumed;
	const char	*merged, *url;
};

static int64_t
time_of(int64_t hours)
{
	return hours == NEVER ? 0 : DAY0 + hours * HOUR;
}

static void
add(struct stats *stats, const struct given *given)
{
	struct issue issue;

	memset(&issue, 0, sizeof(issue));
	issue.state = given->state;
	issue.opened_at = time_of(given->opened);
	issue.due_at = time_of(given->due);
	issue.public_at = time_of(given->public);
	issue.is_assumed = given->is_assumed;
	issue.merged_into = (char *)(uintptr_t)(given->merged == NULL ? "" :
	    given->merged);
	issue.url = (char *)(uintptr_t)(given->url == NULL ? "" : given->url);
	stats_add(stats, &issue, MAX);
}

/* Year 2026, cut off at the end of its tenth day. */
static void
begin(struct stats *stats)
{
	stats_init(stats, DAY0, DAY0 + 240 * HOUR);
}

/* ---- what is told */

static const struct told {
	const char	*name;
	struct given	 given;
	bool		 is_told;
} told[] = {
	{ "public", { ISSUE_PUBLIC, 0, 24, 24, 0, 0, 0 }, true },
	{ "embargoed", { ISSUE_EMBARGOED, 0, 24, NEVER, 0, 0, 0 }, false },
	{ "embargoed, public once before",
	    { ISSUE_EMBARGOED, 0, 24, 24, 0, 0, "https://x" }, false },
	{ "semi-public", { ISSUE_SEMI_PUBLIC, 0, 24, 24, 0, 0, 0 }, false },
	{ "broken", { ISSUE_BROKEN, 0, 24, 24, 0, 0, 0 }, false },
	{ "invalid", { ISSUE_INVALID, 0, 24, 24, 0, 0, 0 }, false },
	{ "merged", { ISSUE_PUBLIC, 0, 24, 24, 0, "VS-2026-0001", 0 },
	    false },
	{ "the last second before the cut-off",
	    { ISSUE_PUBLIC, 0, 24, 239, 0, 0, 0 }, true },
	{ "public at the cut-off", { ISSUE_PUBLIC, 0, 24, 240, 0, 0, 0 },
	    false },
	{ "public from the first second on",
	    { ISSUE_PUBLIC, -99, 24, 0, 0, 0, 0 }, true },
	{ "public before", { ISSUE_PUBLIC, -99, 24, -1, 0, 0, 0 }, false },
	{ "unknown when, opened then",
	    { ISSUE_PUBLIC, 5, 24, NEVER, 0, 0, 0 }, true },
	{ "unknown when, opened before",
	    { ISSUE_PUBLIC, -5, 24, NEVER, 0, 0, 0 }, false },
	{ "nothing known", { ISSUE_PUBLIC, NEVER, NEVER, NEVER, 0, 0, 0 },
	    false },
};

static void
test_told(void **state)
{
	struct stats stats;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(told); i++) {
		begin(&stats);
		add(&stats, &told[i].given);
		stats_finish(&stats);
		if (stats.nrows != told[i].is_told ||
		    stats.total.issues != stats.nrows)
			fail_msg("%s", told[i].name);
		stats_clear(&stats);
	}
}

/* What must not be told changes no byte of the result but the rows' order. */
static void
test_no_trace(void **state)
{
	struct stats with, without;
	size_t i;

	(void)state;
	begin(&with);
	begin(&without);
	for (i = 0; i < COUNT(told); i++) {
		add(&with, &told[i].given);
		if (told[i].is_told)
			add(&without, &told[i].given);
	}
	stats_finish(&with);
	stats_finish(&without);
	assert_int_equal(with.nrows, without.nrows);
	assert_int_equal(with.nmonths, without.nmonths);
	assert_memory_equal(&with.total, &without.total, sizeof(with.total));
	assert_memory_equal(with.months, without.months,
	    with.nmonths * sizeof(*with.months));
	assert_memory_equal(with.bins, without.bins, sizeof(with.bins));
	assert_memory_equal(with.answers, without.answers,
	    sizeof(with.answers));
	assert_true(with.max_secs == without.max_secs);
	stats_clear(&with);
	stats_clear(&without);
}

/* ---- rows */

static const struct marked {
	const char	*name;
	struct given	 given;
	int64_t		 agreed, length;	/* hours, or NEVER */
	bool		 is_late, is_long;
} marked[] = {
	{ "on time", { ISSUE_PUBLIC, 0, 24, 24, 0, 0, 0 }, 24, 24, 0, 0 },
	{ "early", { ISSUE_PUBLIC, 0, 24, 20, 0, 0, 0 }, 24, 20, 0, 0 },
	{ "within the hour", { ISSUE_PUBLIC, 0, 24, 25, 0, 0, 0 }, 24, 25, 0,
	    0 },
	{ "late", { ISSUE_PUBLIC, 0, 24, 26, 0, 0, 0 }, 24, 26, 1, 0 },
	{ "nobody agreed", { ISSUE_PUBLIC, 0, 24, 26, 1, 0, 0 }, NEVER, 26, 0,
	    0 },
	{ "no date", { ISSUE_PUBLIC, 0, NEVER, 26, 0, 0, 0 }, NEVER, 26, 0,
	    0 },
	{ "14 days", { ISSUE_PUBLIC, -300, 36, 36, 0, 0, 0 }, 36, 336, 0, 0 },
	{ "14 days and two hours", { ISSUE_PUBLIC, -300, 38, 38, 0, 0, 0 },
	    38, 338, 0, 1 },
	{ "late and long", { ISSUE_PUBLIC, -300, 20, 50, 0, 0, 0 }, 20, 350,
	    1, 1 },
	{ "unknown opening", { ISSUE_PUBLIC, NEVER, 24, 24, 0, 0, 0 }, 24,
	    NEVER, 0, 0 },
	{ "public before it was opened",
	    { ISSUE_PUBLIC, 30, 24, 24, 0, 0, 0 }, 24, NEVER, 0, 0 },
	{ "unknown publication", { ISSUE_PUBLIC, 1, 24, NEVER, 0, 0, 0 }, 24,
	    NEVER, 0, 0 },
};

static void
test_rows(void **state)
{
	const struct marked *m;
	const struct stats_row *row;
	struct stats stats;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(marked); i++) {
		m = &marked[i];
		begin(&stats);
		add(&stats, &m->given);
		stats_finish(&stats);
		assert_int_equal(stats.nrows, 1);
		row = &stats.rows[0];
		if (row->agreed_at != time_of(m->agreed) ||
		    row->length_secs != (m->length == NEVER ? STATS_UNKNOWN :
		    m->length * HOUR) || row->is_late != m->is_late ||
		    row->is_long != m->is_long)
			fail_msg("%s", m->name);
		stats_clear(&stats);
	}
}

/* ---- figures */

static const struct figures {
	const char	*name;
	size_t		 n;
	int64_t		 hours[6];	/* lengths */
	const char	*mean, *median;
} figures[] = {
	{ "none", 0, { 0 }, "", "" },
	{ "one", 1, { 36 }, "1.50", "1.50" },
	{ "none at all", 1, { 0 }, "0.00", "0.00" },
	{ "two", 2, { 24, 48 }, "1.50", "1.50" },
	{ "three", 3, { 48, 24, 240 }, "4.33", "2.00" },
	{ "four", 4, { 1, 2, 3, 4 }, "0.10", "0.10" },
	{ "a third of a day", 1, { 8 }, "0.33", "0.33" },
	{ "half up", 1, { 3 }, "0.13", "0.13" },	/* 0.125 */
	{ "six", 6, { 300, 1, 100, 2, 200, 3 }, "4.21", "2.15" },
};

static void
test_figures(void **state)
{
	char mean[STATS_DAYS_SIZE], median[STATS_DAYS_SIZE];
	struct given given = { ISSUE_PUBLIC, 0, NEVER, 239, 0, 0, 0 };
	struct stats stats;
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(figures); i++) {
		begin(&stats);
		for (k = 0; k < figures[i].n; k++) {
			given.opened = 239 - figures[i].hours[k];
			add(&stats, &given);
		}
		stats_finish(&stats);
		stats_print_days(stats.total.mean, mean);
		stats_print_days(stats.total.median, median);
		if (strcmp(mean, figures[i].mean) != 0 ||
		    strcmp(median, figures[i].median) != 0)
			fail_msg("%s: %s %s", figures[i].name, mean, median);
		stats_clear(&stats);
	}
}

static void
test_periods(void **state)
{
	static const struct given givens[] = {
		{ ISSUE_PUBLIC, 700, 800, 800, 0, 0, "https://feb/2" },
		{ ISSUE_PUBLIC, 0, 24, 743, 0, 0, "https://jan" },
		{ ISSUE_PUBLIC, 700, NEVER, NEVER, 0, 0, "https://when" },
		{ ISSUE_PUBLIC, 700, 744, 744, 0, 0, "https://feb/1" },
		{ ISSUE_PUBLIC, -48, -24, -24, 0, 0, "https://2025" },
	};
	static const char *const urls[] = { "https://2025", "https://jan",
	    "https://feb/1", "https://feb/2", "https://when" };
	static const struct stats_figures months[] = {
		{ 2025, 12, 1, 1, 0, 100, 100 },
		{ 2026, 1, 1, 1, 1, 3096, 3096 },
		{ 2026, 2, 2, 2, 0, 300, 300 },
	};
	struct stats stats;
	size_t i;

	(void)state;
	stats_init(&stats, 0, DAY0 + 9000 * HOUR);
	for (i = 0; i < COUNT(givens); i++)
		add(&stats, &givens[i]);
	stats_finish(&stats);
	assert_int_equal(stats.nrows, COUNT(urls));
	for (i = 0; i < COUNT(urls); i++)
		assert_string_equal(stats.rows[i].url, urls[i]);
	assert_int_equal(stats.nmonths, COUNT(months));
	for (i = 0; i < COUNT(months); i++)
		assert_memory_equal(&stats.months[i], &months[i],
		    sizeof(months[0]));
	assert_int_equal(stats.nyears, 2);
	assert_int_equal(stats.years[1].issues, 3);
	assert_int_equal(stats.years[1].month, 0);
	assert_int_equal(stats.total.issues, 5);
	assert_int_equal(stats.total.known, 4);
	stats_clear(&stats);
}

static void
test_bins(void **state)
{
	static const int64_t hours[] = { 0, 23, 24, 335, 336, 359, 360, 5000 };
	struct given given = { ISSUE_PUBLIC, 0, NEVER, 6000, 0, 0, 0 };
	struct stats stats;
	size_t i;

	(void)state;
	stats_init(&stats, 0, DAY0 + 9000 * HOUR);
	for (i = 0; i < COUNT(hours); i++) {
		given.opened = 6000 - hours[i];
		add(&stats, &given);
	}
	stats_finish(&stats);
	assert_int_equal(stats.bin_days, 1);
	assert_int_equal(stats.bins[0], 2);
	assert_int_equal(stats.bins[1], 1);
	assert_int_equal(stats.bins[13], 1);
	assert_int_equal(stats.bins[14], 2);
	assert_int_equal(stats.bins[15], 2);
	stats_clear(&stats);
}

static void
test_answers(void **state)
{
	static const int64_t secs[] = { 0, 3600, 3601, 86400, 345601, -1 };
	static const size_t expected[STATS_ANSWERS] = { 2, 1, 0, 1, 0, 0, 1,
	    1 };
	struct issue issue;
	struct stats stats;
	size_t i;

	(void)state;
	memset(&issue, 0, sizeof(issue));
	issue.state = ISSUE_PUBLIC;
	issue.merged_into = issue.url = (char *)(uintptr_t)"";
	begin(&stats);
	issue.opened_at = issue.public_at = DAY0;
	for (i = 0; i < COUNT(secs); i++) {
		issue.answered_at = secs[i] < 0 ? 0 : DAY0 + secs[i];
		stats_add(&stats, &issue, MAX);
	}
	stats_finish(&stats);
	assert_memory_equal(stats.answers, expected, sizeof(expected));
	assert_int_equal(stats.answer_median, 4);	/* 3,601 s */
	stats_clear(&stats);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_no_trace),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_periods),
		cmocka_unit_test(test_bins),
		cmocka_unit_test(test_answers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
