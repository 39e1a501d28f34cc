/*
 * The leak guard's part of the store: who belongs to the circle of an issue,
 * what leaves it, and that other mail never waits.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "edge/clock.h"
#include "lib/rig_group.h"

#define HOLD_UP_MS	250	/* of store.h, and what scheduling takes */
#define MORE_MS		200

/* A message to lists, by an author; its lineage as rig_mail() has it. */
static void
record(const char *lineage, const char *author, const char *lists)
{
	struct store_answer answer;
	struct store_mail mail;

	rig_mail(&rig, lineage, &mail);
	mail.author = text_span(author);
	mail.lists = lists;
	rig_record(&rig, &mail, &answer);
}

/* The number of the issue that leaks, or 0; -1: the store is in trouble. */
static int
ask(const char *lineage, const char *recipient, const char *member_of,
    bool is_trial)
{
	struct store_stray stray = { .tracker = "distros", .now = RIG_NOW,
	    .is_trial = is_trial, .lists = "distros linux" };
	char issue[ISSUE_ID_SIZE];
	struct store_mail mail;
	struct fault fault;
	int64_t until;
	int number = 0;

	rig_mail(&rig, lineage, &mail);
	stray.message_id = mail.message_id;
	memcpy(stray.ancestors, mail.ancestors, sizeof(stray.ancestors));
	stray.nancestors = mail.nancestors;
	stray.sender = text_span("bob@example.org");
	buf_init(&stray.recipients, SIZE_MAX);
	store_add_recipient(&stray, text_span(recipient), member_of);
	if (!store_guard(rig.store, &stray, issue, &until, &fault))
		number = -1;
	else if (issue[0] != '\0') {
		assert_int_equal(until, RIG_NOW + 14 * RIG_DAY);
		assert_int_equal(sscanf(issue, "VS-2027-%d", &number), 1);
	}
	buf_clear(&stray.recipients);
	return number;
}

static int
leak(const char *lineage, const char *recipient)
{
	return ask(lineage, recipient, "00", false);
}

static void
set_state(const char *state)
{
	char words[100];
	struct kv_reply *reply;

	snprintf(words, sizeof(words), "HSET embargo:{distros}:issue:"
	    "VS-2027-0001 state %s", state);
	reply = rig_ask(&rig, words);
	kv_reply_free(&reply);
}

static void
test_circle(void **state)
{
	(void)state;
	record("a", "alice@example.org", "distros");
	record("b <- a", "Bea <BEA+x@example.org>", NULL);
	assert_int_equal(leak("x <- a", "Alice@Example.org"), 0);
	assert_int_equal(leak("x <- b", "bea@example.org"), 0);
	assert_int_equal(leak("x <- b", "carol@example.org"), 1);
	assert_int_equal(leak("x <- b", ""), 1);
	assert_int_equal(leak("x <- b", "alice"), 1);
	assert_int_equal(leak("x", "carol@example.org"), 0);
	assert_int_equal(leak("x <- y", "carol@example.org"), 0);
	assert_int_equal(leak("x <- y <- a", "carol@example.org"), 1);
	/* a copy, and a message that was only mentioned */
	assert_int_equal(leak("b <- a", "carol@example.org"), 0);
	record("c <- far", "alice@example.org", NULL);
	assert_int_equal(leak("x <- far", "carol@example.org"), 0);
	assert_int_equal(leak("far <- c", "carol@example.org"), 2);
}

static void
test_lists(void **state)
{
	(void)state;
	record("a", "alice@example.org", "linux");
	/* the issue's own list counts, even if nobody wrote that down */
	assert_int_equal(ask("x <- a", "carol@example.org", "10", false), 0);
	rig.list.name = (char *)(uintptr_t)"linux";
	record("b", "alice@example.org", "linux");
	assert_int_equal(ask("x <- b", "carol@example.org", "10", false), 2);
	assert_int_equal(ask("x <- b", "carol@example.org", "01", false), 0);
	record("b", "alice@example.org", "distros");	/* known already */
	assert_int_equal(ask("x <- b", "carol@example.org", "10", false), 0);
	record("d", "alice@example.org", "linux distros");
	assert_int_equal(ask("x <- d", "carol@example.org", "10", false), 0);
}

static void
test_states(void **state)
{
	static const struct {
		const char	*name;
		int		 issue;
	} rows[] = { { "embargoed", 1 }, { "semi-public", 1 },
	    { "public", 0 }, { "broken", 0 }, { "invalid", 0 } };
	size_t i;

	(void)state;
	record("a", "alice@example.org", NULL);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set_state(rows[i].name);
		assert_int_equal(leak("x <- a", "carol@example.org"),
		    rows[i].issue);
	}
}

static void
change(enum store_op op, const char *id, const char *text)
{
	struct store_change c = { .op = op, .who = "me", .now = RIG_NOW,
	    .text = text };
	struct fault fault;

	assert_true(store_change(rig.store, "distros", id, &c, &fault));
}

static void
test_merge(void **state)
{
	(void)state;
	record("a", "alice@example.org", "linux");
	record("b", "bea@example.org", "distros");
	assert_int_equal(leak("x <- b", "alice@example.org"), 2);
	change(STORE_MERGE, "VS-2027-0001", "VS-2027-0002");
	assert_int_equal(leak("x <- a", "alice@example.org"), 0);
	assert_int_equal(leak("x <- b", "alice@example.org"), 0);
	assert_int_equal(leak("x <- a", "bea@example.org"), 0);
	assert_int_equal(ask("x <- b", "carol@example.org", "01", false), 0);
	assert_int_equal(leak("x <- a", "carol@example.org"), 2);
}

/* Let in by an operator, and sent out again, however the address is spelled. */
static void
test_admit(void **state)
{
	(void)state;
	record("a", "alice@example.org", NULL);
	assert_int_equal(leak("x <- a", "carol@example.org"), 1);
	change(STORE_ADMIT, "VS-2027-0001", "Carol <CAROL+news@Example.org>");
	assert_int_equal(leak("x <- a", "carol@example.org"), 0);
	assert_int_equal(leak("x <- a", "dora@example.org"), 1);
	change(STORE_EXPEL, "VS-2027-0001", "carol@example.org");
	assert_int_equal(leak("x <- a", "carol@example.org"), 1);
}

static void
test_move(void **state)
{
	char issue[ISSUE_ID_SIZE];
	struct fault fault;

	(void)state;
	record("a", "alice@example.org", NULL);
	record("b <- a", "bea@example.org", NULL);
	assert_true(store_move(rig.store, &rig.list, text_span("b"), NULL,
	    "me", RIG_NOW, issue, &fault));
	assert_string_equal(issue, "VS-2027-0002");
	assert_int_equal(leak("x <- b", "bea@example.org"), 0);
	assert_int_equal(leak("x <- b", "carol@example.org"), 2);
}

static void
expect_alerts(const char *expected)
{
	char got[200];

	rig_alerts(&rig, got, sizeof(got));
	assert_string_equal(got, expected);
}

static void
test_alerts(void **state)
{
	(void)state;
	record("a", "alice@example.org", NULL);
	expect_alerts("no-date");
	assert_int_equal(ask("x <- a", "carol@example.org", "00", true), 1);
	assert_int_equal(leak("x <- a", "alice@example.org"), 0);
	expect_alerts("no-date");
	assert_int_equal(leak("x <- a", "carol@example.org"), 1);
	assert_int_equal(leak("x <- a", "carol@example.org"), 1);
	expect_alerts("no-date leak-blocked");
	assert_int_equal(leak("x <- a", "dave@example.org"), 1);
	expect_alerts("no-date leak-blocked leak-blocked");
}

static void
tell(const char *lineage)
{
	struct store_mail mail;

	rig_mail(&rig, lineage, &mail);
	store_tell_copy(rig.store, &mail, REASON_CLEARTEXT);
}

static void
test_copies(void **state)
{
	(void)state;
	tell("a");
	tell("a");
	expect_alerts("leak-blocked");
	tell("b <- a");
	expect_alerts("leak-blocked leak-blocked");
	assert_int_equal(rig_number(&rig, "XLEN embargo:{distros}:log:"), 0);
	record("c", "alice@example.org", NULL);
	tell("d <- e <- c");
	expect_alerts("leak-blocked leak-blocked no-date leak-blocked");
	assert_int_equal(rig_number(&rig,
	    "HLEN embargo:{distros}:leaks:VS-2027-0001"), 1);
}

/* A frozen server costs one of them a moment, and the others nothing. */
static void
test_frozen(void **state)
{
	int64_t begin;
	int i;

	(void)state;
	record("a", "alice@example.org", NULL);
	kill(rig.pid, SIGSTOP);
	begin = clock_monotonic_ms();
	assert_int_equal(leak("x <- a", "carol@example.org"), -1);
	assert_in_range(clock_monotonic_ms() - begin, HOLD_UP_MS / 2,
	    HOLD_UP_MS + MORE_MS);
	begin = clock_monotonic_ms();
	for (i = 0; i < 100; i++)
		assert_int_equal(leak("x <- a", "carol@example.org"), -1);
	tell("a");
	assert_in_range(clock_monotonic_ms() - begin, 0, MORE_MS);
	kill(rig.pid, SIGCONT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_circle, group_reset),
		cmocka_unit_test_setup(test_lists, group_reset),
		cmocka_unit_test_setup(test_states, group_reset),
		cmocka_unit_test_setup(test_admit, group_reset),
		cmocka_unit_test_setup(test_merge, group_reset),
		cmocka_unit_test_setup(test_move, group_reset),
		cmocka_unit_test_setup(test_alerts, group_reset),
		cmocka_unit_test_setup(test_copies, group_reset),
		cmocka_unit_test_setup(test_frozen, group_reset),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("the guard's store", tests,
	    group_start, group_stop);
}
