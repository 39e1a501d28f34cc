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

#define DUE	INT64_C(1800057600)	/* 00:00 UTC: no "today" */
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
	/* the other families are quiet; they have tests of their own */
	issue->url = (char *)(uintptr_t)"https://x";
	issue->answered_at = 1;
	issue->is_acked[ALERT_NO_PROGRESS] = true;
	issue->is_acked[ALERT_NO_DATE] = true;
}

/* The first warning told: of these tests, the date's. */
static enum issue_alert
first(const struct deadline *d)
{
	return d->n == 0 ? ALERT_NONE : d->told[0].kind;
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
		deadline_find(&issue, &alerts, 0, DUE + row->now * HOUR, &d);
		next = d.next_at == 0 ? NONE : (d.next_at - DUE) / HOUR;
		if (strcmp(issue_alert_name(first(&d)), row->kind) != 0 ||
		    next != row->next)
			fail_msg("%s: %s next %ld, expected %s next %ld",
			    row->name, issue_alert_name(first(&d)), (long)next,
			    row->kind, (long)row->next);
		assert_true(d.n == 0 || d.told[0].due_at == DUE);
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
		deadline_find(&issue, &alerts, 0, DUE + HOUR, &d);
		assert_int_equal(d.n, 0);
		assert_int_equal(d.next_at, 0);
	}
	issue.state = ISSUE_SEMI_PUBLIC;
	deadline_find(&issue, &alerts, 0, DUE + HOUR, &d);
	assert_int_equal(first(&d), ALERT_REACHED);
	issue.due_at = 0;
	deadline_find(&issue, &alerts, 0, DUE + HOUR, &d);
	assert_int_equal(d.n, 0);
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
		deadline_find(&issue, &alerts, 0, now, &d);
		if (d.n > 0)
			assert_string_equal(issue_alert_name(first(&d)),
			    told[n++]);
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
		deadline_find(&issue, &alerts, 0, now, &d);
		told += d.n > 0;
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
	deadline_find(&issue, &alerts, 0, DUE - HOUR, &d);
	assert_int_equal(d.n, 0);
	assert_int_equal(d.next_at, DUE);
	deadline_find(&issue, &alerts, 0, DUE + 100 * HOUR, &d);
	assert_int_equal(first(&d), ALERT_REACHED);
	assert_int_equal(d.next_at, 0);
}

/*
 * The other families: an issue opened at 0 h, looked at until `looked`, told
 * at `now`; times are hours after its opening.  quiet_after is 24,
 * no_progress_after 96, posting_within 24, exploit_max 168.
 */
struct story {
	const char	*name;
	int64_t		 due, answered, last, public;	/* 0: not */
	int64_t		 exploit;	/* 0: none, -1: no date */
	bool		 has_url, needs_human;
	enum issue_alert acked;
	int64_t		 looked, now;
	const char	*told;		/* "kind kind" */
	int64_t		 next;		/* 0: never */
};

static const struct story stories[] = {
	{ "a new report", 336, 0, 0, 0, 0, false, false, ALERT_NONE, 0, 1,
	    "", 24 },
	{ "no answer in a day", 336, 0, 0, 0, 0, false, false, ALERT_NONE,
	    1, 24, "quiet", 48 },
	{ "again", 336, 0, 0, 0, 0, false, false, ALERT_NONE, 24, 48,
	    "quiet", 72 },
	{ "seen to", 336, 0, 0, 0, 0, false, false, ALERT_QUIET, 24, 48,
	    "", 168 },
	{ "answered", 336, 5, 5, 0, 0, false, false, ALERT_NONE, 1, 24,
	    "", 101 },
	{ "and then nothing", 336, 5, 5, 0, 0, false, false, ALERT_NONE,
	    24, 101, "no-progress", 125 },
	{ "nothing, a pause of three days", 336, 5, 5, 0, 0, false, false,
	    ALERT_NONE, 24, 180, "approaching no-progress", 197 },
	{ "a date that a person has to settle", 336, 5, 5, 0, 0, false, true,
	    ALERT_NONE, 5, 24, "needs-human", 48 },
	{ "settled", 336, 5, 5, 0, 0, false, true, ALERT_NEEDS_HUMAN, 5, 24,
	    "", 101 },
	{ "no date", 0, 5, 5, 0, 0, false, false, ALERT_NONE, 5, 24,
	    "no-date", 48 },
	{ "the day", 332, 300, 300, 0, 0, false, false, ALERT_NONE, 310, 316,
	    "today", 330 },
	{ "reached, nothing posted", 336, 300, 300, 0, 0, false, false,
	    ALERT_NONE, 337, 360, "overdue posting-missing", 384 },
	{ "overdue is seen to", 336, 300, 300, 0, 0, false, false,
	    ALERT_OVERDUE, 361, 384, "", 396 },
	{ "public, no URL", 336, 300, 336, 336, 0, false, false, ALERT_NONE,
	    337, 360, "posting-missing", 384 },
	{ "public, with URL", 336, 300, 336, 336, 0, true, false, ALERT_NONE,
	    337, 360, "", 0 },
	{ "an exploit will follow", 336, 300, 336, 336, -1, true, false,
	    ALERT_NONE, 335, 340, "exploit-approaching", 432 },
	{ "its date comes", 336, 300, 336, 336, -1, true, false, ALERT_NONE,
	    503, 504, "exploit-overdue", 528 },
	{ "an exploit with a date", 336, 300, 336, 336, 400, true, false,
	    ALERT_NONE, 397, 398, "exploit-approaching", 400 },
	{ "published", 336, 300, 336, 336, 400, true, false,
	    ALERT_EXPLOIT_OVERDUE, 400, 500, "", 0 },
};

#define OPENED	(DUE - 336 * HOUR)

static int64_t
at(int64_t hours)
{
	return hours == 0 ? 0 : OPENED + hours * HOUR;
}

static void
tell(const struct story *s, char *told, int64_t *next_out)
{
	struct alert_settings alerts;
	struct issue issue;
	struct deadline d;
	size_t i;

	fill(&issue, &alerts);
	memset(issue.is_acked, 0, sizeof(issue.is_acked));
	issue.is_acked[s->acked] = s->acked != ALERT_NONE;
	alerts.quiet_after_secs = alerts.posting_within_secs = 24 * HOUR;
	alerts.no_progress_after_secs = 96 * HOUR;
	issue.opened_at = OPENED;
	issue.due_at = at(s->due);
	issue.answered_at = at(s->answered);
	issue.last_at = s->last == 0 ? OPENED : at(s->last);
	issue.public_at = at(s->public);
	issue.state = s->public != 0 ? ISSUE_PUBLIC : ISSUE_EMBARGOED;
	issue.has_exploit = s->exploit != 0;
	issue.exploit_at = s->exploit > 0 ? at(s->exploit) : 0;
	issue.needs_human = s->needs_human;
	issue.url = (char *)(uintptr_t)(s->has_url ? "https://x" : "");
	issue.looked_at = issue.watched_at = issue.exploit_looked_at =
	    OPENED + s->looked * HOUR;
	deadline_find(&issue, &alerts, 168 * HOUR, OPENED + s->now * HOUR,
	    &d);
	told[0] = '\0';
	for (i = 0; i < d.n; i++) {
		strcat(told, i == 0 ? "" : " ");
		strcat(told, issue_alert_name(d.told[i].kind));
	}
	*next_out = d.next_at == 0 ? 0 : (d.next_at - OPENED) / HOUR;
}

static void
test_stories(void **state)
{
	char told[200];
	int64_t next;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		tell(&stories[i], told, &next);
		if (strcmp(told, stories[i].told) != 0 ||
		    next != stories[i].next)
			fail_msg("%s: \"%s\" next %ld", stories[i].name, told,
			    (long)next);
	}
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
		cmocka_unit_test(test_stories),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
