/*
 * What operators and embargo-warnd do with the store, against a real
 * redis-server.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "lib/rig_group.h"

#define FIRST	"VS-2027-0001"

/* A report of its own, due in so many days; 0: no date (missing = leave). */
static void
report(const char *id, int days)
{
	struct store_answer answer;
	struct store_mail mail;

	rig.list.embargo.missing = MISSING_LEAVE;
	rig_mail(&rig, id, &mail);
	if (days != 0) {
		mail.date.kind = CRD_DATE;
		mail.date.at = RIG_NOW + days * RIG_DAY;
	}
	rig_record(&rig, &mail, &answer);
}

static void
load(struct issue *issue_out)
{
	struct fault fault;

	assert_true(store_load(rig.store, "distros", FIRST, issue_out,
	    &fault));
}

static void
change(enum store_op op, int64_t due_at, enum issue_state state,
    const char *text)
{
	struct store_change c = { op, "operator", RIG_NOW + 60, due_at, state,
	    text, ALERT_NONE };
	struct fault fault;

	assert_true(store_change(rig.store, "distros", FIRST, &c, &fault));
}

/* The log of the first issue: "what:text what:text ..." */
static void
print_log(char *dst, size_t size)
{
	struct store_entry *log;
	struct fault fault;
	size_t n, i, used = 0;

	assert_true(store_log(rig.store, "distros", FIRST, &log, &n, &fault));
	for (i = 0; i < n && used < size; i++)
		used += (size_t)snprintf(dst + used, size - used, "%s%s:%s",
		    i == 0 ? "" : " ", store_entry_value(&log[i], "what"),
		    store_entry_value(&log[i], "text"));
	store_free_entries(&log, n);
}

static void
test_set_date(void **state)
{
	struct issue issue;
	char text[200];

	(void)state;
	rig.list.embargo.missing = MISSING_ASSUME;
	report("a", 0);
	change(STORE_SET_DATE, RIG_NOW + 3 * RIG_DAY, 0, NULL);
	load(&issue);
	assert_int_equal(issue.due_at, RIG_NOW + 3 * RIG_DAY);
	assert_int_equal(issue.looked_at, 0);
	assert_false(issue.is_assumed);
	issue_clear(&issue);
	assert_int_equal(rig_number(&rig, "ZSCORE embargo:{distros}:due "
	    FIRST), RIG_NOW + 3 * RIG_DAY);
	rig_alerts(&rig, text, sizeof(text));
	assert_string_equal(text, "no-date moved");
	print_log(text, sizeof(text));
	assert_string_equal(text, "opened:distros moved:0 1800259200");
}

static void
test_states(void **state)
{
	struct issue issue;
	char text[300];

	(void)state;
	report("a", 5);
	change(STORE_SET_STATE, 0, ISSUE_SEMI_PUBLIC, "https://a.test");
	assert_int_equal(rig_number(&rig, "ZCARD embargo:{distros}:due"), 1);
	change(STORE_SET_STATE, 0, ISSUE_PUBLIC, "https://b.test");
	load(&issue);
	assert_int_equal(issue.state, ISSUE_PUBLIC);
	assert_int_equal(issue.public_at, RIG_NOW + 60);
	assert_string_equal(issue.url, "https://b.test");
	issue_clear(&issue);
	assert_int_equal(rig_number(&rig, "ZCARD embargo:{distros}:due"), 0);
	/* looked at once more: is there a posting, an exploit? */
	assert_int_equal(rig_number(&rig, "ZCARD embargo:{distros}:warn"), 1);
	change(STORE_REOPEN, 0, 0, NULL);
	load(&issue);
	assert_int_equal(issue.state, ISSUE_EMBARGOED);
	assert_int_equal(issue.public_at, 0);
	assert_string_equal(issue.url, "");
	issue_clear(&issue);
	assert_int_equal(rig_number(&rig, "ZCARD embargo:{distros}:due"), 1);
	assert_int_equal(rig_number(&rig, "ZCARD embargo:{distros}:warn"), 1);
	change(STORE_NOTE, 0, 0, "asked upstream");
	change(STORE_SET_STATE, 0, ISSUE_BROKEN, NULL);
	change(STORE_SET_STATE, 0, ISSUE_INVALID, NULL);
	print_log(text, sizeof(text));
	assert_string_equal(text, "opened:distros date:1800432000 "
	    "semi-public:https://a.test public:https://b.test "
	    "reopened:public note:asked upstream broken: invalid:");
	rig_alerts(&rig, text, sizeof(text));
	assert_string_equal(text, "broken");
}

/*
 * Two issues become one: each is due in so many days, stated or assumed (14
 * days, later by the hour between the two posts), and what stands then.
 */
static const struct merge_row {
	const char	*name;
	int		 days, into_days;	/* 0: assumed, -1: none */
	const char	*due_at, *marks;
} merge_rows[] = {
	{ "both stated, the nearer one", 3, 5, "1800259200", "" },
	{ "both stated, the nearer one stays", 5, 3, "1800259200", "" },
	{ "both assumed, the earlier one stays", 0, 0, "1801209600",
	    "assumed" },
	{ "stated before assumed", 13, 0, "1801123200", "" },
	{ "stated before assumed, though it is later", 20, 0, "1801728000",
	    "over_max" },
	{ "assumed not before stated", 0, 20, "1801728000", "over_max" },
	{ "stated before none", 3, -1, "1800259200", "" },
	{ "assumed before none", 0, -1, "1801213200", "assumed" },
	{ "none changes nothing", -1, 3, "1800259200", "" },
};

/* The rows' days, as a message. */
static void
report_row(const char *id, int days, int64_t now)
{
	struct store_answer answer;
	struct store_mail mail;

	rig.list.embargo.missing = days < 0 ? MISSING_LEAVE : MISSING_ASSUME;
	rig_mail(&rig, id, &mail);
	mail.now = now;
	if (days > 0) {
		mail.date.kind = CRD_DATE;
		mail.date.at = RIG_NOW + days * RIG_DAY;
	}
	rig_record(&rig, &mail, &answer);
}

static void
check_merge(const struct merge_row *row)
{
	static const char *const marks[] = { "assumed", "hour_assumed",
	    "capped", "over_max" };
	struct store_change c = { .op = STORE_MERGE, .who = "operator",
	    .now = RIG_NOW + 7200, .text = FIRST };
	char text[100], found[100] = "", words[100];
	struct fault fault;
	size_t i;

	rig_reset(&rig);
	report_row("into", row->into_days, RIG_NOW);
	report_row("other", row->days, RIG_NOW + 3600);
	assert_true(store_change(rig.store, "distros", "VS-2027-0002", &c,
	    &fault));
	rig_text(&rig, "HGET embargo:{distros}:issue:" FIRST " due_at", text,
	    sizeof(text));
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		snprintf(words, sizeof(words),
		    "HEXISTS embargo:{distros}:issue:" FIRST " %s", marks[i]);
		if (rig_number(&rig, words) == 1)
			strcat(found, marks[i]);
	}
	if (strcmp(text, row->due_at) != 0 || strcmp(found, row->marks) != 0)
		fail_msg("%s: %s %s", row->name, text, found);
}

static void
test_merge_dates(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(merge_rows) / sizeof(merge_rows[0]); i++)
		check_merge(&merge_rows[i]);
}

static void
test_missing(void **state)
{
	struct store_change c = { .op = STORE_NOTE, .who = "me",
	    .text = "x" };
	struct store_entry *log;
	struct fault fault;
	struct issue issue;
	size_t n;

	(void)state;
	assert_false(store_load(rig.store, "distros", FIRST, &issue, &fault));
	assert_int_equal(fault.kind, FAULT_MISSING);
	assert_false(store_change(rig.store, "distros", FIRST, &c, &fault));
	assert_int_equal(fault.kind, FAULT_MISSING);
	assert_true(store_log(rig.store, "distros", FIRST, &log, &n, &fault));
	assert_int_equal(n, 0);
	store_free_entries(&log, n);
	assert_int_equal(rig_number(&rig, "DBSIZE"), 0);
}

static void
expect_list(enum store_which which, const char *expected)
{
	struct issue *issues;
	struct fault fault;
	char text[100] = "";
	size_t n, i;

	assert_true(store_list(rig.store, "distros", which, &issues, &n,
	    &fault));
	for (i = 0; i < n; i++)
		strcat(text, issues[i].id + 11);
	store_free_issues(&issues, n);
	assert_string_equal(text, expected);
}

static void
test_list(void **state)
{
	(void)state;
	expect_list(STORE_OPEN, "");
	report("a", 9);
	report("b", 0);
	report("c", 2);
	report("d", 5);
	expect_list(STORE_OPEN, "3412");
	expect_list(STORE_ALL, "1234");
	change(STORE_SET_STATE, 0, ISSUE_PUBLIC, NULL);
	expect_list(STORE_OPEN, "342");
	expect_list(STORE_ALL, "1234");
}

/* More than one round trip brings: all, once, in order. */
static void
test_long_list(void **state)
{
	struct issue *issues;
	struct fault fault;
	char id[20];
	size_t n, i;

	(void)state;
	for (i = 0; i < 500; i++) {
		snprintf(id, sizeof(id), "%zu", i);
		report(id, 1 + (int)(i * 7 % 13));
	}
	assert_true(store_list(rig.store, "distros", STORE_OPEN, &issues, &n,
	    &fault));
	assert_int_equal(n, 500);
	for (i = 1; i < n; i++) {
		assert_true(issues[i].due_at >= issues[i - 1].due_at);
		assert_string_not_equal(issues[i].id, issues[i - 1].id);
	}
	store_free_issues(&issues, n);
}

/* Two look at the same time: one of them records. */
static void
test_look(void **state)
{
	struct store_alert alert = { "reached", RIG_NOW, "text" };
	struct issue *issues;
	struct fault fault;
	int64_t next;
	char text[100];
	bool won;
	size_t n;

	(void)state;
	report("a", 5);
	assert_true(store_due(rig.store, "distros", RIG_NOW, &issues, &n,
	    &next, &fault));
	assert_int_equal(n, 1);
	assert_int_equal(next, 0);
	assert_true(store_look(rig.store, "distros", &issues[0], RIG_NOW,
	    &alert, 1, RIG_NOW + 100, &won, &fault));
	assert_true(won);
	assert_true(store_look(rig.store, "distros", &issues[0], RIG_NOW,
	    &alert, 1, RIG_NOW + 100, &won, &fault));
	assert_false(won);
	store_free_issues(&issues, n);
	rig_alerts(&rig, text, sizeof(text));
	assert_string_equal(text, "reached");
	assert_true(store_due(rig.store, "distros", RIG_NOW, &issues, &n,
	    &next, &fault));
	assert_int_equal(n, 0);
	assert_int_equal(next, RIG_NOW + 100);
	store_free_issues(&issues, n);
}

/* A message comes between reading and recording: look again. */
static void
test_look_too_late(void **state)
{
	struct store_alert alert = { "reached", RIG_NOW, "text" };
	struct issue *issues;
	struct fault fault;
	int64_t next;
	bool won;
	size_t n;

	(void)state;
	report("a", 5);
	assert_true(store_due(rig.store, "distros", RIG_NOW, &issues, &n,
	    &next, &fault));
	report("b <- a", 0);
	assert_true(store_look(rig.store, "distros", &issues[0], RIG_NOW,
	    &alert, 1, 0, &won, &fault));
	assert_false(won);
	store_free_issues(&issues, n);
	assert_int_equal(rig_number(&rig, "ZCARD embargo:{distros}:warn"), 1);
	assert_int_equal(rig_number(&rig, "XLEN embargo:{distros}:alerts"),
	    0);
}

static void *
report_later(void *arg)
{
	(void)arg;
	usleep(200000);
	report("b", 0);
	return NULL;
}

static void
test_follow(void **state)
{
	struct store_entry *entries;
	struct fault fault;
	pthread_t thread;
	char *after;
	size_t n;

	(void)state;
	report("a", 0);
	assert_true(store_alerts(rig.store, "distros", "0", 10, 0, &entries,
	    &n, &fault));
	assert_int_equal(n, 1);
	after = buf_strdup(entries[0].id);
	store_free_entries(&entries, n);
	assert_true(store_alerts(rig.store, "distros", after, 10, 50,
	    &entries, &n, &fault));
	assert_int_equal(n, 0);
	store_free_entries(&entries, n);
	assert_int_equal(pthread_create(&thread, NULL, report_later, NULL),
	    0);
	assert_true(store_alerts(rig.store, "distros", after, 10, 5000,
	    &entries, &n, &fault));
	pthread_join(thread, NULL);
	assert_int_equal(n, 1);
	assert_string_equal(store_entry_value(&entries[0], "kind"),
	    "no-date");
	assert_string_equal(store_entry_value(&entries[0], "nothing"), "");
	store_free_entries(&entries, n);
	free(after);
}

static void
test_counters(void **state)
{
	struct store_entry *entries;
	struct fault fault;
	size_t n;

	(void)state;
	/* hints pause after the trouble of other tests, not here */
	store_count(rig.store, "distros", "refused:cleartext");
	store_count(rig.store, "distros", "refused:cleartext");
	report("a", 3);
	assert_true(store_counters(rig.store, "distros", &entries, &n,
	    &fault));
	assert_int_equal(n, 1);
	assert_string_equal(store_entry_value(entries, "refused:cleartext"),
	    "2");
	assert_string_equal(store_entry_value(entries, "accepted"), "1");
	store_free_entries(&entries, n);
}

static void
test_health(void **state)
{
	struct store_health health;
	struct fault fault;

	(void)state;
	assert_true(store_health(rig.store, "distros", RIG_NOW, &health,
	    &fault));
	assert_int_equal(health.schema, 0);
	assert_int_equal(health.last_pass_at, 0);
	report("a", 3);
	report("b", 9);
	report("c", 0);
	assert_true(store_passed(rig.store, "distros", RIG_NOW, &fault));
	assert_true(store_health(rig.store, "distros", RIG_NOW + 4 * RIG_DAY,
	    &health, &fault));
	assert_int_equal(health.schema, 2);
	assert_int_equal(health.last_pass_at, RIG_NOW);
	assert_int_equal(health.open, 3);
	assert_int_equal(health.overdue, 1);
	assert_int_equal(health.dateless, 1);
	assert_true(health.is_master);
	assert_false(health.has_aof);
	assert_false(health.is_evicting);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_set_date, group_reset),
		cmocka_unit_test_setup(test_states, group_reset),
		cmocka_unit_test_setup(test_merge_dates, group_reset),
		cmocka_unit_test_setup(test_missing, group_reset),
		cmocka_unit_test_setup(test_list, group_reset),
		cmocka_unit_test_setup(test_long_list, group_reset),
		cmocka_unit_test_setup(test_look, group_reset),
		cmocka_unit_test_setup(test_look_too_late, group_reset),
		cmocka_unit_test_setup(test_follow, group_reset),
		cmocka_unit_test_setup(test_counters, group_reset),
		cmocka_unit_test_setup(test_health, group_reset),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("store operations", tests,
	    group_start, group_stop);
}
