/*
 * Deadlines: an issue, its last look, now ==> the alert and the next look.
 *
 * Times are hours before (-) or after (+) the embargo date; before is 7d, 3d,
 * 1d, 2h; repeat is 1d.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/deadline.h"

#define DUE	INT64_C(1800000000)
#define HOUR	INT64_C(3600)
#define NEVER	INT64_MIN	/* looked: no look since the date was set */
#define NONE	INT64_MAX	/* next: no more looks */

static const struct row {
	const char	*name;
	int64_t		 looked, now;
	const char	*kind;
	int64_t		 next;
} rows[] = {
	{ "long before", NEVER, -300, "none", -168 },
	{ "just before the first", -300, -169, "none", -168 },
	{ "7 days", -300, -168, "approaching", -72 },
	{ "7 days, told", -168, -168, "none", -72 },
	{ "7 days, told, later", -168, -100, "none", -72 },
	{ "3 days", -168, -72, "approaching", -24 },
	{ "1 day", -72, -24, "approaching", -2 },
	{ "2 hours", -24, -2, "approaching", 0 },
	{ "2 hours, a bit late", -24, -1, "approaching", 0 },
	{ "2 hours, told", -2, -1, "none", 0 },
	{ "reached", -2, 0, "reached", 24 },
	{ "reached, a bit late", -2, 3, "reached", 24 },
	{ "reached, told", 0, 3, "none", 24 },
	{ "overdue", 0, 24, "overdue", 48 },
	{ "overdue, told", 24, 25, "none", 48 },
	{ "overdue again", 25, 48, "overdue", 72 },
	{ "overdue, a year", 8760, 8784, "overdue", 8808 },
	/* a date set late: what has passed is told once */
	{ "set with 5 days left", NEVER, -120, "approaching", -72 },
	{ "set with an hour left", NEVER, -1, "approaching", 0 },
	{ "set to now", NEVER, 0, "reached", 24 },
	{ "set to the past", NEVER, 30, "overdue", 48 },
	/* after an outage: the strongest, once */
	{ "outage over 7d and 3d", -300, -50, "approaching", -24 },
	{ "outage over all before", -300, -1, "approaching", 0 },
	{ "outage over the date", -300, 5, "reached", 24 },
	{ "outage over a repetition", -300, 30, "overdue", 48 },
	{ "outage over ten", -1, 250, "overdue", 264 },
	/* the clock went back: nothing twice */
	{ "back before 3 days", -71, -80, "none", -72 },
	{ "back before the date", 1, -1, "none", 0 },
};

static int64_t before_secs[] = { 168 * HOUR, 72 * HOUR, 24 * HOUR, 2 * HOUR };

static void
fill(struct issue *issue, struct alert_settings *alerts)
{
	memset(issue, 0, sizeof(*issue));
	memset(alerts, 0, sizeof(*alerts));
	issue->due_at = DUE;
	alerts->before_secs = before_secs;
	alerts->nbefore = 4;
	alerts->repeat_secs = 24 * HOUR;
}

static void
test_rows(void **state)
{
	const struct row *row;
	struct alert_settings alerts;
	struct issue issue;
	struct deadline d;
	int64_t next;
	size_t i;

	(void)state;
	fill(&issue, &alerts);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		row = &rows[i];
		issue.looked_at = row->looked == NEVER ? 0 :
		    DUE + row->looked * HOUR;
		deadline_find(&issue, &alerts, DUE + row->now * HOUR, &d);
		next = d.next_at == 0 ? NONE : (d.next_at - DUE) / HOUR;
		if (strcmp(deadline_name(d.kind), row->kind) != 0 ||
		    next != row->next)
			fail_msg("%s: %s next %ld, expected %s next %ld",
			    row->name, deadline_name(d.kind), (long)next,
			    row->kind, (long)row->next);
		assert_int_equal(d.due_at, DUE);
	}
}

static void
test_not_open(void **state)
{
	static const enum issue_state closed[] = {
		ISSUE_PUBLIC, ISSUE_BROKEN, ISSUE_INVALID
	};
	struct alert_settings alerts;
	struct issue issue;
	struct deadline d;
	size_t i;

	(void)state;
	fill(&issue, &alerts);
	for (i = 0; i < 3; i++) {
		issue.state = closed[i];
		deadline_find(&issue, &alerts, DUE + HOUR, &d);
		assert_int_equal(d.kind, DEADLINE_NONE);
		assert_int_equal(d.next_at, 0);
	}
	issue.state = ISSUE_SEMI_PUBLIC;
	deadline_find(&issue, &alerts, DUE + HOUR, &d);
	assert_int_equal(d.kind, DEADLINE_REACHED);
	issue.due_at = 0;
	deadline_find(&issue, &alerts, DUE + HOUR, &d);
	assert_int_equal(d.kind, DEADLINE_NONE);
	assert_int_equal(d.next_at, 0);
}

/* Look whenever asked, from the opening on: each warning once, in order. */
static void
test_life(void **state)
{
	static const char *const told[] = { "approaching", "approaching",
	    "approaching", "approaching", "reached", "overdue", "overdue",
	    "overdue" };
	struct alert_settings alerts;
	struct issue issue;
	struct deadline d;
	int64_t now = DUE - 300 * HOUR;
	size_t n = 0;
	int looks;

	(void)state;
	fill(&issue, &alerts);
	for (looks = 0; n < 8; looks++) {
		deadline_find(&issue, &alerts, now, &d);
		if (d.kind != DEADLINE_NONE)
			assert_string_equal(deadline_name(d.kind), told[n++]);
		issue.looked_at = now;
		assert_true(d.next_at > now);
		now = d.next_at;
	}
	assert_int_equal(looks, 9);
}

/* One look a second late after another minute by minute: the same. */
static void
test_every_minute(void **state)
{
	struct alert_settings alerts;
	struct issue issue;
	struct deadline d;
	int64_t now;
	int told = 0;

	(void)state;
	fill(&issue, &alerts);
	for (now = DUE - 200 * HOUR + 1; now < DUE + 50 * HOUR; now += 60) {
		deadline_find(&issue, &alerts, now, &d);
		told += d.kind != DEADLINE_NONE;
		issue.looked_at = now;
	}
	assert_int_equal(told, 7);
}

static void
test_no_settings(void **state)
{
	struct alert_settings alerts;
	struct issue issue;
	struct deadline d;

	(void)state;
	fill(&issue, &alerts);
	alerts.nbefore = 0;
	alerts.repeat_secs = 0;
	deadline_find(&issue, &alerts, DUE - HOUR, &d);
	assert_int_equal(d.kind, DEADLINE_NONE);
	assert_int_equal(d.next_at, DUE);
	deadline_find(&issue, &alerts, DUE + 100 * HOUR, &d);
	assert_int_equal(d.kind, DEADLINE_REACHED);
	assert_int_equal(d.next_at, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_not_open),
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_every_minute),
		cmocka_unit_test(test_no_settings),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
