/*
 * store: what messages say beside the date, and issues that are put in order.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lib/rig_group.h"

#define KEY "embargo:{distros}:"

/* A message that says something in its text, from a member or not. */
static void
send(const char *lineage, const char *says, bool is_member,
    struct store_answer *answer)
{
	struct store_mail mail;

	rig_mail(&rig, lineage, &mail);
	mail.is_from_member = is_member;
	notice_add_text(text_span(says), RIG_NOW, 14 * 3600, &mail.notice);
	rig_record(&rig, &mail, answer);
}

static void
expect(const char *words, const char *expected)
{
	char got[400];

	rig_text(&rig, words, got, sizeof(got));
	assert_string_equal(got, expected);
}

static void
expect_alerts(const char *expected)
{
	char got[300];

	rig_alerts(&rig, got, sizeof(got));
	assert_string_equal(got, expected);
}

static void
test_state(void **state)
{
	struct store_answer answer;

	(void)state;
	rig_reset(&rig);
	send("a", "", false, &answer);
	send("b <- a", "Embargo-Status: public https://x/1", false, &answer);
	assert_string_equal(answer.status, "reply");
	expect("HGET " KEY "issue:VS-2027-0001 state", "embargoed");
	expect_alerts("no-date proposed");
	/* the same again is not told again */
	send("c <- a", "Embargo-Status: public https://x/1", false, &answer);
	expect_alerts("no-date proposed");
	send("d <- a", "Embargo-Status: public https://x/1", true, &answer);
	assert_string_equal(answer.status, "public");
	expect("HGET " KEY "issue:VS-2027-0001 url", "https://x/1");
	assert_int_equal(rig_number(&rig, "ZCARD " KEY "due"), 0);
	assert_int_equal(rig_number(&rig, "ZCARD " KEY "warn"), 1);
	expect_alerts("no-date proposed");
}

static void
test_broken(void **state)
{
	struct store_answer answer;

	(void)state;
	rig_reset(&rig);
	rig.list.embargo.changes = CHANGES_ANYONE;
	send("a", "", false, &answer);
	send("b <- a", "Embargo-Status: broken", false, &answer);
	assert_string_equal(answer.status, "broken");
	expect_alerts("no-date broken");
	rig_reset(&rig);
	rig.list.embargo.changes = CHANGES_OPERATORS;
	send("a", "", false, &answer);
	send("b <- a", "Embargo-Status: broken", true, &answer);
	assert_string_equal(answer.status, "reply");
	expect_alerts("no-date proposed");
}

static void
test_cve_and_exploit(void **state)
{
	struct store_answer answer;

	(void)state;
	rig_reset(&rig);
	send("a", "Embargo-CVE: CVE-2027-1001\nEmbargo-Exploit: yes", false,
	    &answer);
	expect("HGET " KEY "issue:VS-2027-0001 cve", "CVE-2027-1001");
	expect("HGET " KEY "issue:VS-2027-0001 exploit_at", "0");
	send("b <- a", "Embargo-CVE: CVE-2027-1002", false, &answer);
	expect("HGET " KEY "issue:VS-2027-0001 cve", "CVE-2027-1001");
	send("c <- a", "Embargo-CVE: CVE-2027-1001 CVE-2027-1003\n"
	    "Embargo-Exploit: 2027-02-01 14:00 UTC", true, &answer);
	expect("HGET " KEY "issue:VS-2027-0001 cve",
	    "CVE-2027-1001 CVE-2027-1003");
	expect("HGET " KEY "issue:VS-2027-0001 exploit_at", "1801490400");
	expect_alerts("no-date proposed");
	/* more than exploit_max behind the date: taken, and told */
	send("d <- a", "Embargo-Exploit: 2027-03-01 14:00 UTC", true,
	    &answer);
	expect_alerts("no-date proposed over-max");
}

static void
test_unclear(void **state)
{
	struct store_answer answer;

	(void)state;
	rig_reset(&rig);
	send("a", "Embargo-Status: maybe", false, &answer);
	assert_true(answer.needs_human);
	expect_alerts("no-date needs-human");
}

/* 9 */
static void
test_named_issue(void **state)
{
	struct store_answer answer;

	(void)state;
	rig_reset(&rig);
	send("a", "", false, &answer);
	send("b", "", false, &answer);
	assert_string_equal(answer.issue, "VS-2027-0002");
	send("c", "Embargo-Issue: VS-2027-0001", true, &answer);
	assert_string_equal(answer.issue, "VS-2027-0001");
	/* wins over the ancestor, which is noted */
	send("d <- b", "Embargo-Issue: VS-2027-0001", true, &answer);
	assert_string_equal(answer.issue, "VS-2027-0001");
	send("e <- b", "Embargo-Issue: VS-2027-0001", false, &answer);
	assert_string_equal(answer.issue, "VS-2027-0002");
	send("f", "Embargo-Issue: VS-2027-0099", true, &answer);
	assert_string_equal(answer.issue, "VS-2027-0003");
}

static bool
merge(const char *id, const char *into, struct fault *fault)
{
	struct store_change c = { .op = STORE_MERGE, .who = "me",
	    .now = RIG_NOW + 100, .text = into };

	return store_change(rig.store, "distros", id, &c, fault);
}

static void
test_merge(void **state)
{
	struct store_answer answer;
	struct fault fault;

	(void)state;
	rig_reset(&rig);
	send("a", "", false, &answer);
	send("b", "", false, &answer);
	send("c <- b", "", false, &answer);
	assert_true(merge("VS-2027-0002", "VS-2027-0001", &fault));
	expect("HGET " KEY "issue:VS-2027-0001 messages", "3");
	expect("HGET " KEY "issue:VS-2027-0002 state", "invalid");
	assert_int_equal(rig_number(&rig, "ZCARD " KEY "due"), 1);
	/* what answers a message of the merged one joins the other */
	send("d <- c", "", false, &answer);
	assert_string_equal(answer.issue, "VS-2027-0001");
	/* so does a retry */
	send("c <- b", "", false, &answer);
	assert_string_equal(answer.issue, "VS-2027-0001");
	assert_true(answer.is_retry);
	assert_false(merge("VS-2027-0001", "VS-2027-0002", &fault));
	assert_int_equal(fault.kind, FAULT_USAGE);
	assert_false(merge("VS-2027-0001", "VS-2027-0009", &fault));
	assert_int_equal(fault.kind, FAULT_MISSING);
	/* what is merged into a merged one joins the last of them */
	send("e", "", false, &answer);
	assert_string_equal(answer.issue, "VS-2027-0003");
	assert_true(merge("VS-2027-0003", "VS-2027-0002", &fault));
	expect("HGET " KEY "issue:VS-2027-0001 messages", "5");
	expect("HGET " KEY "issue:VS-2027-0002 messages", "0");
}

/* 11, but nothing disappears in an issue that is closed */
static void
test_lost_stays(void **state)
{
	struct store_answer answer;

	(void)state;
	rig_reset(&rig);
	send("a", "Embargo-Status: public https://x/1", true, &answer);
	assert_string_equal(answer.status, "public");
	send("c <- b", "", false, &answer);
	send("b <- a", "", false, &answer);
	assert_string_equal(answer.issue, "VS-2027-0001");
	expect("HGET " KEY "issue:VS-2027-0002 state", "embargoed");
	assert_int_equal(rig_number(&rig, "ZCARD " KEY "due"), 1);
}

/* 11, and what it said beside the date is proposed there */
static void
test_lost_speaks(void **state)
{
	struct store_answer answer;

	(void)state;
	rig_reset(&rig);
	send("c <- b", "Embargo-CVE: CVE-2027-1234\nEmbargo-Exploit: yes", true,
	    &answer);
	send("a", "", false, &answer);
	send("b <- a", "", false, &answer);
	assert_string_equal(answer.issue, "VS-2027-0002");
	expect("HGET " KEY "issue:VS-2027-0001 merged_into", "VS-2027-0002");
	expect("HGET " KEY "issue:VS-2027-0002 messages", "3");
	expect("HGET " KEY "issue:VS-2027-0002 proposed_changes",
	    "|CVE-2027-1234||exploit 0|");
	assert_int_equal(rig_number(&rig, "ZCARD " KEY "due"), 1);
}

/* 8 */
static void
test_move(void **state)
{
	struct store_answer answer;
	char issue[ISSUE_ID_SIZE];
	struct fault fault;

	(void)state;
	rig_reset(&rig);
	send("a", "", false, &answer);
	send("b <- a", "", false, &answer);
	/* a new report in an old thread */
	assert_true(store_move(rig.store, &rig.list, text_span("b"), NULL,
	    "me", RIG_NOW + 60, issue, &fault));
	assert_string_equal(issue, "VS-2027-0002");
	expect("HGET " KEY "issue:VS-2027-0001 messages", "1");
	expect("HGET " KEY "issue:VS-2027-0002 messages", "1");
	expect("HGET " KEY "issue:VS-2027-0002 assumed", "1");
	send("c <- b", "", false, &answer);
	assert_string_equal(answer.issue, "VS-2027-0002");
	/* and back */
	assert_true(store_move(rig.store, &rig.list, text_span("b"),
	    "VS-2027-0001", "me", RIG_NOW + 60, issue, &fault));
	assert_string_equal(issue, "VS-2027-0001");
	assert_false(store_move(rig.store, &rig.list, text_span("z"), NULL,
	    "me", RIG_NOW, issue, &fault));
	assert_int_equal(fault.kind, FAULT_MISSING);
	assert_false(store_move(rig.store, &rig.list, text_span("b"),
	    "VS-2027-0099", "me", RIG_NOW, issue, &fault));
	assert_int_equal(fault.kind, FAULT_MISSING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_cve_and_exploit),
		cmocka_unit_test(test_unclear),
		cmocka_unit_test(test_named_issue),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_lost_stays),
		cmocka_unit_test(test_lost_speaks),
		cmocka_unit_test(test_move),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, group_start, group_stop);
}
