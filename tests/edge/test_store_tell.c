/*
 * The alerts that no issue has: keys that come to their end, and what was
 * refused.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/rig_group.h"

#define HOUR	INT64_C(3600)

/* ---- keys ---- */

static void
tell_key(const char *name, int stage, bool is_replaced)
{
	struct store_ending e = { .stage = stage, .is_replaced = is_replaced,
	    .due_at = 5 };
	struct fault fault;

	snprintf(e.name, sizeof(e.name), "%s", name);
	snprintf(e.text, sizeof(e.text), "stage %d of %s", stage, name);
	if (!store_tell_keys(rig.store, "distros", RIG_NOW, &e, 1, &fault))
		fail_msg("%s", fault.text);
}

static void
expect_alerts(size_t n, const char *last_text)
{
	struct store_entry *entries;
	struct fault fault;
	size_t got;

	assert_true(store_alerts(rig.store, "distros", "0", 100, 0, &entries,
	    &got, &fault));
	assert_int_equal(got, n);
	if (n > 0) {
		assert_string_equal(store_entry_value(&entries[n - 1],
		    "text"), last_text);
		assert_string_equal(store_entry_value(&entries[n - 1],
		    "issue"), "");
	}
	store_free_entries(&entries, got);
}

static void
test_stages(void **state)
{
	(void)state;
	tell_key("AA:1", 0, false);
	tell_key("AA:1", 1, false);
	tell_key("AA:1", 1, false);
	expect_alerts(1, "stage 1 of AA:1");
	tell_key("AA:1", 4, false);	/* after a pause */
	tell_key("AA:1", 3, false);	/* the clock was set back */
	expect_alerts(2, "stage 4 of AA:1");
	tell_key("AA:1", 6, true);
	expect_alerts(3, "stage 6 of AA:1");
	tell_key("AA:2", 0, false);	/* extended */
	tell_key("AA:1", 6, false);	/* another host has the old one */
	tell_key("AA:2", 1, false);
	expect_alerts(4, "stage 1 of AA:2");
}

/* What ended before anybody looked and has a successor is no news. */
static void
test_replaced(void **state)
{
	(void)state;
	tell_key("AA:1", 6, true);
	expect_alerts(0, "");
	tell_key("BB:1", 6, false);
	expect_alerts(1, "stage 6 of BB:1");
	tell_key("CC:1", 0, true);
	tell_key("CC:1", 6, true);	/* revoked while we watched */
	expect_alerts(2, "stage 6 of CC:1");
}

static void
test_many_keys(void **state)
{
	struct store_ending *e = calloc(50, sizeof(*e));
	struct fault fault;
	size_t i;

	(void)state;
	assert_non_null(e);
	for (i = 0; i < 50; i++) {
		snprintf(e[i].name, sizeof(e[i].name), "%zu:1", i);
		memset(e[i].text, 'x', sizeof(e[i].text) - 1);
		e[i].stage = 2;
	}
	assert_true(store_tell_keys(rig.store, "distros", RIG_NOW, e, 50,
	    &fault));
	assert_true(store_tell_keys(rig.store, "distros", RIG_NOW, e, 50,
	    &fault));
	assert_int_equal(rig_number(&rig, "XLEN embargo:{distros}:alerts"),
	    50);
	free(e);
}

/* ---- refusals ---- */

static void
refuse(enum reason reason, const char *sender, int64_t at)
{
	const struct store_refusal r = { &rig.list, at, reason,
	    text_span(sender), true };

	store_refuse(rig.store, &r);
}

static int64_t
gather(int64_t now)
{
	struct fault fault;
	int64_t n = -1;

	if (!store_gather(rig.store, "distros", now, &n, &fault))
		fail_msg("%s", fault.text);
	return n;
}

#define LAST_WORDS ".  A report may be among them: the mail log has their " \
	"senders."

static void
test_gathered(void **state)
{
	int64_t hour = RIG_NOW - RIG_NOW % HOUR;

	(void)state;
	refuse(REASON_CLEARTEXT, "a@example.org", hour);
	refuse(REASON_WRONG_KEY, "c@example.net", hour + 10);
	refuse(REASON_CLEARTEXT, "B@Example.ORG", hour + HOUR - 1);
	assert_int_equal(gather(hour + HOUR - 1), 0);
	expect_alerts(0, "");
	assert_int_equal(gather(hour + HOUR), 3);
	assert_int_equal(gather(hour + HOUR), 0);
	expect_alerts(1, "3 messages refused from 08:00 to 09:00 UTC: "
	    "cleartext to distros from example.org (2), "
	    "wrong-key to distros from example.net (1)" LAST_WORDS);
	assert_int_equal(rig_number(&rig,
	    "HGET embargo:{distros}:counters refused:cleartext"), 2);
	/* a filter whose clock is late */
	refuse(REASON_CLEARTEXT, "a@example.org", hour + 20);
	assert_int_equal(gather(hour + HOUR + 1), 1);
	expect_alerts(2, "1 message refused from 08:00 to 09:00 UTC: "
	    "cleartext to distros from example.org (1)" LAST_WORDS);
}

/* After a pause it is one alert, not one for each hour. */
static void
test_gathered_late(void **state)
{
	(void)state;
	refuse(REASON_CLEARTEXT, "a@example.org", 1800000000);
	refuse(REASON_CLEARTEXT, "a@example.org", 1800000000 + 30 * HOUR);
	refuse(REASON_CLEARTEXT, "a@example.org", 1800000000 + 60 * HOUR);
	assert_int_equal(gather(1800000000 + 60 * HOUR), 2);
	expect_alerts(1, "2 messages refused from 2027-01-15 08:00 to "
	    "2027-01-16 15:00 UTC: cleartext to distros from example.org (2)"
	    LAST_WORDS);
}

static void
expect_day(int64_t at, const char *day)
{
	struct store_entry *entries;
	struct fault fault;
	size_t n;

	rig_reset(&rig);
	refuse(REASON_CLEARTEXT, "a@example.org", at);
	assert_int_equal(gather(at + 10 * HOUR), 1);
	assert_true(store_alerts(rig.store, "distros", "0", 100, 0, &entries,
	    &n, &fault));
	if (strstr(store_entry_value(&entries[0], "text"), day) == NULL)
		fail_msg("%s", store_entry_value(&entries[0], "text"));
	store_free_entries(&entries, n);
}

static void
test_days(void **state)
{
	(void)state;
	expect_day(0, "1970-01-01 00:00 to 1970-01-01 01:00");
	expect_day(951782400, "2000-02-29 00:00 to");
	expect_day(951868799, "2000-02-29 23:00 to 2000-03-01 00:00");
	expect_day(4107542399, "2100-02-28 23:00 to 2100-03-01 00:00");
	expect_day(1798761599, "2026-12-31 23:00 to 2027-01-01 00:00");
}

/* The sender chooses its domain: it must not choose our words. */
static void
test_hostile_domains(void **state)
{
	char longest[300] = "x@";

	(void)state;
	memset(longest + 2, 'd', sizeof(longest) - 3);
	refuse(REASON_CLEARTEXT, "x@a b\n(5), %s\x80", 1800000000);
	refuse(REASON_CLEARTEXT, "", 1800000000);
	refuse(REASON_CLEARTEXT, "nobody", 1800000000);
	refuse(REASON_CLEARTEXT, "x@", 1800000000);
	refuse(REASON_CLEARTEXT, "x@y@z.test", 1800000000);
	refuse(REASON_CLEARTEXT, longest, 1800000000);
	assert_int_equal(gather(1800000000 + HOUR), 6);
	expect_alerts(1, "6 messages refused from 08:00 to 09:00 UTC: "
	    "cleartext to distros from ? (2), "
	    "cleartext to distros from <> (1), "
	    "cleartext to distros from a?b??5????s? (1), "
	    "cleartext to distros from dddddddddddddddddddddddddddddddddddd"
	    "dddddddddddddddddddddddd (1), "
	    "cleartext to distros from z.test (1)" LAST_WORDS);
}

static void
test_flood(void **state)
{
	struct store_entry *entries;
	struct fault fault;
	char sender[40];
	const char *text;
	size_t n;
	int i;

	(void)state;
	for (i = 0; i < 1200; i++) {
		snprintf(sender, sizeof(sender), "x@%04d.example.org", i);
		refuse(REASON_CLEARTEXT, sender, 1800000000);
	}
	assert_in_range(rig_number(&rig, "HLEN embargo:{distros}:refused"),
	    1000, 1001);
	assert_int_equal(gather(1800000000 + HOUR), 1200);
	assert_true(store_alerts(rig.store, "distros", "0", 100, 0, &entries,
	    &n, &fault));
	text = store_entry_value(&entries[0], "text");
	assert_in_range(strlen(text), 500, 2000);
	/* those beyond the room come first, for they are the most */
	assert_non_null(strstr(text, "cleartext to distros from ... (200), "
	    "cleartext to distros from 0000.example.org (1), "));
	assert_non_null(strstr(text, ", and 981 more."));
	store_free_entries(&entries, n);
	assert_int_equal(rig_number(&rig, "EXISTS embargo:{distros}:refused"),
	    0);
}

static void
test_counted_only(void **state)
{
	const struct store_refusal r = { &rig.list, 1800000000,
	    REASON_EMBARGO_LEAK, text_span("a@example.org"), false };

	(void)state;
	store_refuse(rig.store, &r);
	assert_int_equal(gather(1800000000 + HOUR), 0);
	assert_int_equal(rig_number(&rig,
	    "HGET embargo:{distros}:counters refused:embargo-leak"), 1);
}

#define TEST(name) cmocka_unit_test_setup(name, group_reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_stages),
		TEST(test_replaced),
		TEST(test_many_keys),
		TEST(test_gathered),
		TEST(test_gathered_late),
		TEST(test_days),
		TEST(test_hostile_domains),
		TEST(test_flood),
		TEST(test_counted_only),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, group_start, group_stop);
}
