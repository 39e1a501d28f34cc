/*
 * What is mailed: each entry for one instance at a time, and again when that
 * does not see to it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "edge/clock.h"
#include "lib/rig_group.h"

#define LONG_MS	60000
#define HOUR	INT64_C(3600)

/* ---- helpers ---- */

static void
ask(const char *words)
{
	struct kv_reply *reply = rig_ask(&rig, words);

	kv_reply_free(&reply);
}

static void
add_alert(const char *id, const char *kind)
{
	char words[200];

	snprintf(words, sizeof(words), "XADD embargo:{distros}:alerts %s kind "
	    "%s issue VS-2027-0001 at 1 due_at 2", id, kind);
	ask(words);
}

/* Let so much time pass for every entry that somebody has. */
static void
let_pass(int64_t ms)
{
	struct kv_reply *reply = rig_ask(&rig, "XPENDING "
	    "embargo:{distros}:alerts mail - + 10");
	char words[200], id[40];
	size_t i;

	for (i = 0; i < kv_count(reply); i++) {
		text_print(kv_text(kv_at(kv_at(reply, i), 0)), id, sizeof(id));
		snprintf(words, sizeof(words), "XCLAIM embargo:{distros}:"
		    "alerts mail x 0 %s IDLE %lld JUSTID", id, (long long)ms);
		ask(words);
	}
	kv_reply_free(&reply);
}

static void
take(enum store_queue queue, int64_t lease_ms, struct store_parcel *out)
{
	struct fault fault;

	if (!store_take(rig.store, "distros", queue, lease_ms, out, &fault))
		fail_msg("%s", fault.text);
}

/* What is taken next, and for the how manieth time. */
static void
expect_taken(int64_t lease_ms, const char *kind, int64_t times)
{
	struct store_parcel p;

	take(STORE_ALERTS, lease_ms, &p);
	assert_non_null(p.entry);
	assert_string_equal(store_entry_value(p.entry, "kind"), kind);
	assert_int_equal(p.times, times);
	store_free_parcel(&p);
}

static void
expect_nothing(int64_t lease_ms)
{
	struct store_parcel p;

	take(STORE_ALERTS, lease_ms, &p);
	assert_null(p.entry);
}

static void
done(enum store_queue queue, const struct store_parcel *p)
{
	struct fault fault;

	if (!store_done(rig.store, "distros", queue, p, &fault))
		fail_msg("%s", fault.text);
}

static bool
holds(const struct store_parcel *p)
{
	struct fault fault;
	bool held = false;

	if (!store_holds(rig.store, "distros", STORE_ALERTS, p, &held, &fault))
		fail_msg("%s", fault.text);
	return held;
}

static int64_t
backlog(void)
{
	struct fault fault;
	int64_t secs = -2;

	if (!store_backlog(rig.store, "distros", &secs, &fault))
		fail_msg("%s", fault.text);
	return secs;
}

/* ---- taking ---- */

static void
test_in_order_and_once(void **state)
{
	struct store_parcel p;

	(void)state;
	expect_nothing(LONG_MS);
	add_alert("*", "a");
	add_alert("*", "b");
	take(STORE_ALERTS, LONG_MS, &p);
	assert_string_equal(store_entry_value(p.entry, "kind"), "a");
	assert_string_equal(store_entry_value(p.entry, "issue"),
	    "VS-2027-0001");
	assert_int_equal(p.times, 1);
	expect_taken(LONG_MS, "b", 1);
	expect_nothing(LONG_MS);
	assert_true(holds(&p));
	done(STORE_ALERTS, &p);
	assert_false(holds(&p));
	store_free_parcel(&p);
	/* the stream itself keeps everything */
	assert_int_equal(rig_number(&rig, "XLEN embargo:{distros}:alerts"), 2);
}

/* Who begins to mail does not mail an archive. */
static void
test_only_the_last_day(void **state)
{
	char id[32];
	int64_t ms;

	(void)state;
	ms = (clock_now() - 25 * HOUR) * 1000;
	snprintf(id, sizeof(id), "%lld-0", (long long)ms);
	add_alert(id, "old");
	snprintf(id, sizeof(id), "%lld-0", (long long)(ms + 7200000));
	add_alert(id, "yesterday");
	add_alert("*", "new");
	expect_taken(LONG_MS, "yesterday", 1);
	expect_taken(LONG_MS, "new", 1);
	expect_nothing(LONG_MS);
}

/* A dead instance's entry is another's when the lease is over. */
static void
test_taken_over(void **state)
{
	struct store_parcel paused;

	(void)state;
	add_alert("*", "a");
	take(STORE_ALERTS, LONG_MS, &paused);
	let_pass(LONG_MS - 5000);
	expect_nothing(LONG_MS);
	let_pass(LONG_MS);
	assert_true(holds(&paused));
	expect_taken(LONG_MS, "a", 2);
	/* the one that only slept sees that it is no longer its own */
	assert_false(holds(&paused));
	store_free_parcel(&paused);
}

/* New entries come before those that failed. */
static void
test_new_first(void **state)
{
	(void)state;
	add_alert("*", "a");
	expect_taken(LONG_MS, "a", 1);
	let_pass(LONG_MS);
	add_alert("*", "b");
	expect_taken(LONG_MS, "b", 1);
	expect_taken(LONG_MS, "a", 2);
}

/* Each pause is twice the one before. */
static void
test_pauses_grow(void **state)
{
	int64_t pause = LONG_MS, times;

	(void)state;
	add_alert("*", "a");
	expect_taken(LONG_MS, "a", 1);
	for (times = 2; times < 5; times++, pause *= 2) {
		let_pass(pause - 5000);
		expect_nothing(LONG_MS);
		let_pass(pause);
		expect_taken(LONG_MS, "a", times);
	}
}

/* But none is longer than a quarter of an hour, or than the lease. */
static void
test_longest_pause(void **state)
{
	int times;

	(void)state;
	add_alert("*", "a");
	expect_taken(LONG_MS, "a", 1);
	for (times = 2; times < 50; times++) {
		let_pass(900000);
		expect_taken(LONG_MS, "a", times);
	}
	let_pass(890000);
	expect_nothing(LONG_MS);
	let_pass(950000);
	expect_nothing(1000000);
	let_pass(1000000);
	expect_taken(1000000, "a", 50);
}

static void
test_wiped(void **state)
{
	(void)state;
	add_alert("*", "a");
	expect_taken(LONG_MS, "a", 1);
	ask("FLUSHALL");
	expect_nothing(LONG_MS);
	add_alert("*", "b");
	expect_taken(LONG_MS, "b", 1);
}

/* The stream is cut while an entry waits. */
static void
test_cut_off(void **state)
{
	(void)state;
	add_alert("*", "a");
	add_alert("*", "b");
	expect_taken(LONG_MS, "a", 1);
	expect_taken(LONG_MS, "b", 1);
	let_pass(LONG_MS);
	ask("XTRIM embargo:{distros}:alerts MAXLEN 1");
	expect_taken(LONG_MS, "b", 2);
	expect_nothing(LONG_MS);
	assert_in_range(backlog(), 0, 10);
}

static void
test_foreign_data(void **state)
{
	struct store_parcel p;
	struct fault fault;

	(void)state;
	ask("SET embargo:{distros}:schema 99");
	assert_false(store_take(rig.store, "distros", STORE_ALERTS, LONG_MS,
	    &p, &fault));
	assert_int_equal(fault.kind, FAULT_SITE);
	assert_null(p.entry);
}

static void
test_backlog(void **state)
{
	struct store_parcel p;
	char id[32];

	(void)state;
	assert_int_equal(backlog(), -1);
	add_alert("0-1", "before anybody mailed");
	assert_int_equal(backlog(), -1);
	expect_nothing(LONG_MS);
	assert_int_equal(backlog(), -1);
	snprintf(id, sizeof(id), "%lld-0", (long long)(clock_now() - HOUR) *
	    1000);
	add_alert(id, "a");
	add_alert("*", "b");
	assert_in_range(backlog(), 3600, 3610);
	take(STORE_ALERTS, LONG_MS, &p);
	assert_in_range(backlog(), 3600, 3610);
	done(STORE_ALERTS, &p);
	store_free_parcel(&p);
	assert_in_range(backlog(), 0, 10);
	take(STORE_ALERTS, LONG_MS, &p);
	done(STORE_ALERTS, &p);
	store_free_parcel(&p);
	assert_int_equal(backlog(), -1);
}

/* ---- replies ---- */

static int64_t
count_replies(void)
{
	return rig_number(&rig, "XLEN embargo:{distros}:replies");
}

static void
record(const char *lineage, const char *reply_to)
{
	struct store_answer answer;
	struct store_mail mail;

	rig_mail(&rig, lineage, &mail);
	mail.reply_to = reply_to;
	rig_record(&rig, &mail, &answer);
}

static void
test_replies(void **state)
{
	struct store_parcel p;

	(void)state;
	record("a", "alice@example.org");
	record("a", "alice@example.org");	/* the MTA again */
	record("b <- a", "bob@example.org");
	record("c", NULL);
	assert_int_equal(count_replies(), 1);
	take(STORE_REPLIES, LONG_MS, &p);
	assert_string_equal(store_entry_value(p.entry, "to"),
	    "alice@example.org");
	assert_string_equal(store_entry_value(p.entry, "issue"),
	    "VS-2027-0001");
	assert_string_equal(store_entry_value(p.entry, "at"), "1800000000");
	assert_string_equal(store_entry_value(p.entry, "due_at"),
	    "1801209600");
	assert_string_equal(store_entry_value(p.entry, "assumed"), "1");
	done(STORE_REPLIES, &p);
	store_free_parcel(&p);
	assert_int_equal(count_replies(), 0);
	assert_int_equal(rig_number(&rig, "EXISTS embargo:{distros}:replies"),
	    1);
}

#define TEST(name) cmocka_unit_test_setup(name, group_reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_in_order_and_once),
		TEST(test_only_the_last_day),
		TEST(test_taken_over),
		TEST(test_new_first),
		TEST(test_pauses_grow),
		TEST(test_longest_pause),
		TEST(test_wiped),
		TEST(test_cut_off),
		TEST(test_foreign_data),
		TEST(test_backlog),
		TEST(test_replies),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, group_start, group_stop);
}
