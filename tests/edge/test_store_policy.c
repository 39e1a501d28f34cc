/*
 * The date policy of the store, against a real redis-server: a first message,
 * then perhaps a reply; the issue and the alerts after it.
 *
 * Dates are days after the first message; 0 is no date, HUMAN a date that must
 * not be taken.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "lib/rig_group.h"

#define HUMAN	1000
#define PAST	(-1)

#define ASSUME	MISSING_ASSUME
#define REJECT	MISSING_REJECT
#define LEAVE	MISSING_LEAVE
#define FLAG	OVER_MAX_FLAG
#define CAP	OVER_MAX_CAP
#define REFUSE	OVER_MAX_REJECT
#define MEMBERS	CHANGES_MEMBERS
#define ANYONE	CHANGES_ANYONE
#define OPERATE	CHANGES_OPERATORS

static const struct row {
	const char		*name;
	enum settings_missing	 missing;
	enum settings_over_max	 over_max;
	enum settings_changes	 changes;
	int			 first;
	int			 reply;		/* 0: none is sent */
	bool			 is_member;	/* who replies */
	/* ==> */
	int			 due;
	const char		*flags;
	const char		*status;	/* or the refusal */
	const char		*alerts;
} rows[] = {
	/* the first message */
	{ "stated", ASSUME, FLAG, MEMBERS, 5, 0, false,
	    5, "", "new", "" },
	{ "the last day", ASSUME, FLAG, MEMBERS, 14, 0, false,
	    14, "", "new", "" },
	{ "none, assumed", ASSUME, FLAG, MEMBERS, 0, 0, false,
	    14, "assumed", "new", "no-date" },
	{ "none, left", LEAVE, FLAG, MEMBERS, 0, 0, false,
	    0, "", "new", "no-date" },
	{ "none, refused", REJECT, FLAG, MEMBERS, 0, 0, false,
	    0, "", "refused missing-date", "" },
	{ "stated where it must be", REJECT, FLAG, MEMBERS, 5, 0, false,
	    5, "", "new", "" },
	{ "over, flagged", ASSUME, FLAG, MEMBERS, 20, 0, false,
	    20, "over-max", "new", "over-max" },
	{ "over, capped", ASSUME, CAP, MEMBERS, 20, 0, false,
	    14, "capped", "new", "over-max" },
	{ "over, refused", ASSUME, REFUSE, MEMBERS, 20, 0, false,
	    0, "", "refused over-max", "" },
	{ "past", ASSUME, FLAG, MEMBERS, PAST, 0, false,
	    14, "assumed needs-human", "new", "needs-human" },
	{ "past, left", LEAVE, FLAG, MEMBERS, PAST, 0, false,
	    0, "needs-human", "new", "needs-human" },
	{ "past where one must be", REJECT, FLAG, MEMBERS, PAST, 0, false,
	    0, "", "refused missing-date", "" },
	{ "unclear", ASSUME, FLAG, MEMBERS, HUMAN, 0, false,
	    14, "assumed needs-human", "new", "needs-human" },
	{ "unclear where one must be", REJECT, FLAG, MEMBERS, HUMAN, 0, false,
	    0, "", "refused missing-date", "" },
	/* an assumed date gives way */
	{ "assumed, then stated", ASSUME, FLAG, MEMBERS, 0, 6, false,
	    6, "", "moved", "no-date moved" },
	{ "assumed, then the same", ASSUME, FLAG, MEMBERS, 0, 14, false,
	    14, "", "reply", "no-date" },
	{ "assumed, operators only", ASSUME, FLAG, OPERATE, 0, 6, false,
	    6, "", "moved", "no-date moved" },
	{ "assumed, then over", ASSUME, FLAG, MEMBERS, 0, 20, false,
	    14, "assumed", "reply", "no-date proposed" },
	{ "assumed, then over by a member", ASSUME, FLAG, MEMBERS, 0, 20, true,
	    20, "over-max", "moved", "no-date over-max moved" },
	{ "left, then stated", LEAVE, FLAG, OPERATE, 0, 6, false,
	    6, "", "moved", "no-date moved" },
	{ "unclear, then stated", ASSUME, FLAG, MEMBERS, HUMAN, 6, false,
	    6, "", "moved", "needs-human moved" },
	{ "assumed, then unclear", ASSUME, FLAG, MEMBERS, 0, HUMAN, false,
	    14, "assumed needs-human", "reply", "no-date needs-human" },
	{ "assumed, then past", ASSUME, FLAG, ANYONE, 0, PAST, true,
	    14, "assumed needs-human", "reply", "no-date needs-human" },
	/* a stated date: changes */
	{ "anyone, members", ASSUME, FLAG, MEMBERS, 5, 6, false,
	    5, "", "reply", "proposed" },
	{ "member, members", ASSUME, FLAG, MEMBERS, 5, 6, true,
	    6, "", "moved", "moved" },
	{ "anyone, anyone", ASSUME, FLAG, ANYONE, 5, 6, false,
	    6, "", "moved", "moved" },
	{ "member, operators", ASSUME, FLAG, OPERATE, 5, 6, true,
	    5, "", "reply", "proposed" },
	{ "the same again", ASSUME, FLAG, MEMBERS, 5, 5, false,
	    5, "", "reply", "" },
	{ "member, over, flagged", ASSUME, FLAG, MEMBERS, 5, 20, true,
	    20, "over-max", "moved", "over-max moved" },
	{ "member, over, capped", ASSUME, CAP, MEMBERS, 5, 20, true,
	    14, "capped", "moved", "over-max moved" },
	{ "member, over, refused", ASSUME, REFUSE, MEMBERS, 5, 20, true,
	    5, "", "refused over-max", "" },
	{ "over, then within", ASSUME, FLAG, MEMBERS, 20, 6, true,
	    6, "", "moved", "over-max moved" },
};

static void
set_date(struct store_mail *mail, int days)
{
	if (days == 0)
		return;
	mail->date.kind = days == HUMAN ? CRD_HUMAN : CRD_DATE;
	mail->date.reason = days == HUMAN ? "two different dates" : NULL;
	mail->date.at = RIG_NOW + days * RIG_DAY;
}

static void
print_flags(const struct store_answer *a, char *dst, size_t size)
{
	int n = snprintf(dst, size, "%s%s%s%s",
	    a->is_assumed ? " assumed" : "", a->is_capped ? " capped" : "",
	    a->is_over_max ? " over-max" : "",
	    a->needs_human ? " needs-human" : "");

	memmove(dst, dst + (n > 0), strlen(dst) + (n == 0));
}

static void
expect(const struct row *row, const char *what, const char *got,
    const char *expected)
{
	if (strcmp(got, expected) != 0)
		fail_msg("%s: %s \"%s\", expected \"%s\"", row->name, what,
		    got, expected);
}

/* The messages of a row; the last answer. */
static void
send_mails(const struct row *row, struct store_answer *answer)
{
	struct store_mail mail;

	rig_reset(&rig);
	rig.list.embargo.missing = row->missing;
	rig.list.embargo.over_max = row->over_max;
	rig.list.embargo.changes = row->changes;
	rig_mail(&rig, "a", &mail);
	set_date(&mail, row->first);
	rig_record(&rig, &mail, answer);
	if (row->reply == 0)
		return;
	rig_mail(&rig, "b <- a", &mail);
	set_date(&mail, row->reply);
	mail.now = RIG_NOW + 60;
	mail.sender = text_span("other@example.org");
	mail.is_from_member = row->is_member;
	rig_record(&rig, &mail, answer);
}

static void
check_issue(const struct row *row, int64_t messages)
{
	struct fault fault;
	struct issue issue;
	int64_t due = row->due == 0 ? 0 : RIG_NOW + row->due * RIG_DAY;

	assert_true(store_load(rig.store, "distros", "VS-2027-0001", &issue,
	    &fault));
	if (issue.due_at != due)
		fail_msg("%s: due %ld, expected %ld", row->name,
		    (long)issue.due_at, (long)due);
	assert_int_equal(issue.opened_at, RIG_NOW);
	assert_int_equal(issue.messages, messages);
	assert_int_equal(issue.state, ISSUE_EMBARGOED);
	issue_clear(&issue);
}

static void
test_rows(void **state)
{
	const struct row *row;
	struct store_answer answer;
	char flags[80], status[80], alerts[200];
	bool refused;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		row = &rows[i];
		send_mails(row, &answer);
		refused = answer.refused != REASON_LATER;
		snprintf(status, sizeof(status), "%s%s", refused ? "refused " :
		    "", refused ? verdict_row(answer.refused)->name :
		    answer.status);
		expect(row, "status", status, row->status);
		print_flags(&answer, flags, sizeof(flags));
		expect(row, "flags", flags, row->flags);
		rig_alerts(&rig, alerts, sizeof(alerts));
		expect(row, "alerts", alerts, row->alerts);
		if (refused && row->reply == 0)
			assert_int_equal(rig_number(&rig, "DBSIZE"), 0);
		else
			check_issue(row, row->reply == 0 || refused ? 1 : 2);
	}
}

/* A refused reply is not remembered: sent again it is judged again. */
static void
test_refused_is_forgotten(void **state)
{
	struct store_answer answer;
	struct store_mail mail;
	int64_t keys;

	(void)state;
	rig_reset(&rig);
	rig.list.embargo.over_max = OVER_MAX_REJECT;
	rig_mail(&rig, "a", &mail);
	set_date(&mail, 5);
	rig_record(&rig, &mail, &answer);
	keys = rig_number(&rig, "DBSIZE");
	rig_mail(&rig, "b <- a <- x <- y <- z", &mail);
	set_date(&mail, 20);
	mail.is_from_member = true;
	rig_record(&rig, &mail, &answer);
	assert_int_equal(answer.refused, REASON_OVER_MAX);
	assert_int_equal(rig_number(&rig, "DBSIZE"), keys);
	set_date(&mail, 6);
	rig_record(&rig, &mail, &answer);
	assert_int_equal(answer.refused, REASON_LATER);
	assert_string_equal(answer.status, "moved");
}

/* The clock starts at the first post, whatever comes later. */
static void
test_clock_starts_once(void **state)
{
	struct store_answer answer;
	struct store_mail mail;

	(void)state;
	rig_reset(&rig);
	rig_mail(&rig, "a", &mail);
	rig_record(&rig, &mail, &answer);
	rig_mail(&rig, "b <- a", &mail);
	mail.now = RIG_NOW + 10 * RIG_DAY;
	set_date(&mail, 15);
	rig_record(&rig, &mail, &answer);
	assert_true(answer.is_assumed);
	assert_int_equal(answer.until, RIG_NOW + 14 * RIG_DAY);
}

/* A reply by another sender; the answer's status. */
static const char *
reply(const char *lineage, int days, int64_t at, bool is_member,
    struct store_answer *answer)
{
	struct store_mail mail;

	rig_mail(&rig, lineage, &mail);
	set_date(&mail, days);
	mail.now = RIG_NOW + at;
	mail.sender = text_span("other@example.org");
	mail.is_from_member = is_member;
	rig_record(&rig, &mail, answer);
	return answer->status;
}

static void
expect_alerts(const char *expected)
{
	char alerts[200];

	rig_alerts(&rig, alerts, sizeof(alerts));
	assert_string_equal(alerts, expected);
}

/* "Re: [CRD ...]": replies go on with a date that is no longer the date. */
static void
test_old_dates_come_again(void **state)
{
	struct store_change c = { .op = STORE_SET_DATE, .who = "me",
	    .now = RIG_NOW + 60, .due_at = RIG_NOW + 8 * RIG_DAY };
	struct store_answer answer;
	struct fault fault;

	(void)state;
	rig_reset(&rig);
	rig.list.embargo.changes = CHANGES_ANYONE;
	reply("a", 5, 0, false, &answer);
	assert_string_equal(reply("b <- a", 5, 60, false, &answer), "reply");
	assert_true(store_change(rig.store, "distros", "VS-2027-0001", &c,
	    &fault));
	expect_alerts("moved");
	assert_string_equal(reply("c <- a", 5, 70, false, &answer), "reply");
	assert_int_equal(answer.until, RIG_NOW + 8 * RIG_DAY);
	expect_alerts("moved proposed");
	assert_string_equal(reply("d <- a", 5, 80, false, &answer), "reply");
	expect_alerts("moved proposed");
	/* and when it has passed */
	reply("e <- a", 5, 6 * RIG_DAY, false, &answer);
	assert_false(answer.needs_human);
	reply("f <- a", 8, 9 * RIG_DAY, false, &answer);
	assert_false(answer.needs_human);
	expect_alerts("moved proposed");
	reply("g <- a", 2, 9 * RIG_DAY, false, &answer);
	assert_true(answer.needs_human);
}

static void
test_proposal_is_taken_up(void **state)
{
	struct store_answer answer;

	(void)state;
	rig_reset(&rig);
	reply("a", 5, 0, false, &answer);
	assert_string_equal(reply("b <- a", 6, 60, false, &answer), "reply");
	assert_string_equal(reply("c <- a", 6, 60, false, &answer), "reply");
	expect_alerts("proposed");
	assert_string_equal(reply("d <- a", 6, 60, true, &answer), "moved");
	assert_int_equal(answer.until, RIG_NOW + 6 * RIG_DAY);
	expect_alerts("proposed moved");
	assert_string_equal(reply("e <- a", 5, 60, true, &answer), "reply");
	assert_int_equal(answer.until, RIG_NOW + 6 * RIG_DAY);
	expect_alerts("proposed moved proposed");
}

/* A date that was cut stands in each Subject that follows. */
static void
test_capped_again(void **state)
{
	struct store_answer answer;

	(void)state;
	rig_reset(&rig);
	rig.list.embargo.over_max = OVER_MAX_CAP;
	rig.list.embargo.changes = CHANGES_ANYONE;
	reply("a", 20, 0, false, &answer);
	assert_true(answer.is_capped);
	expect_alerts("over-max");
	reply("b <- a", 20, 60, false, &answer);
	reply("c <- a", 20, 60, false, &answer);
	assert_string_equal(answer.status, "reply");
	assert_true(answer.is_capped);
	assert_int_equal(answer.until, RIG_NOW + 14 * RIG_DAY);
	expect_alerts("over-max");
}

/* A reply without a date came first: what the report says still counts. */
static void
test_report_comes_late(void **state)
{
	struct store_answer answer;

	(void)state;
	rig_reset(&rig);
	reply("b <- a", 0, 0, false, &answer);
	reply("a", 20, 60, false, &answer);
	assert_string_equal(answer.status, "moved");
	assert_int_equal(answer.until, RIG_NOW + 20 * RIG_DAY);
	assert_true(answer.is_over_max);
	expect_alerts("no-date over-max moved");
	reply("c <- a", 21, 60, false, &answer);
	assert_int_equal(answer.until, RIG_NOW + 20 * RIG_DAY);

	rig_reset(&rig);
	rig.list.embargo.over_max = OVER_MAX_CAP;
	reply("b <- a", 0, 0, false, &answer);
	assert_true(answer.is_assumed);
	reply("a", 20, 0, false, &answer);
	assert_string_equal(answer.status, "reply");
	assert_int_equal(answer.until, RIG_NOW + 14 * RIG_DAY);
	assert_true(answer.is_capped);
	assert_false(answer.is_assumed);
	expect_alerts("no-date over-max");
}

/* A mail whose date has no hour: the caller has put the default hour there. */
static const char *
reply_day(const char *lineage, int64_t at, bool hour_assumed,
    struct store_answer *answer)
{
	struct store_mail mail;

	rig_mail(&rig, lineage, &mail);
	mail.date.kind = CRD_DATE;
	mail.date.at = at;
	mail.date.hour_assumed = hour_assumed;
	rig_record(&rig, &mail, answer);
	return answer->status;
}

static void
test_assumed_hour(void **state)
{
	int64_t day = (RIG_NOW / RIG_DAY + 5) * RIG_DAY;
	struct store_answer answer;

	(void)state;
	rig_reset(&rig);
	reply_day("a", day + 14 * 3600, true, &answer);
	assert_true(answer.is_hour_assumed);
	assert_false(answer.is_assumed);
	/* the day again, and then the hour: from anyone, on that day */
	assert_string_equal(reply_day("b <- a", day + 14 * 3600, true,
	    &answer), "reply");
	assert_true(answer.is_hour_assumed);
	assert_string_equal(reply_day("c <- a", day + 10 * 3600, false,
	    &answer), "moved");
	assert_int_equal(answer.until, day + 10 * 3600);
	assert_false(answer.is_hour_assumed);
	/* once stated it stands; the bare day is no other date */
	assert_string_equal(reply_day("d <- a", day + 14 * 3600, true,
	    &answer), "reply");
	assert_string_equal(reply_day("e <- a", day + 9 * 3600, false,
	    &answer), "reply");
	assert_int_equal(answer.until, day + 10 * 3600);
	expect_alerts("moved proposed");
	/* stated to be the default hour */
	rig_reset(&rig);
	reply_day("a", day + 14 * 3600, true, &answer);
	reply_day("b <- a", day + 14 * 3600, false, &answer);
	assert_false(answer.is_hour_assumed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_refused_is_forgotten),
		cmocka_unit_test(test_clock_starts_once),
		cmocka_unit_test(test_old_dates_come_again),
		cmocka_unit_test(test_proposal_is_taken_up),
		cmocka_unit_test(test_capped_again),
		cmocka_unit_test(test_report_comes_late),
		cmocka_unit_test(test_assumed_hour),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("store policy", tests, group_start,
	    group_stop);
}
