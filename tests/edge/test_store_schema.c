/*
 * What the store makes of a database of another version, of one that was wiped
 * in part, and how an upgrade will go.  Issues never disappear in silence.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "edge/store_key.h"
#include "lib/rig_group.h"

#include "milter/edge/list.lua.h"

#define FIRST	"VS-2027-0001"

static void
do_ask(const char *words)
{
	struct kv_reply *reply = rig_ask(&rig, words);

	kv_reply_free(&reply);
}

static bool
record(const char *lineage, struct store_answer *answer, struct fault *fault)
{
	struct store_mail mail;

	rig_mail(&rig, lineage, &mail);
	return store_record(rig.store, &mail, answer, fault);
}

/* Everything that touches issues is refused with this word. */
static void
expect_refusal(const char *row, const char *word)
{
	struct store_change change = { .op = STORE_NOTE, .who = "me",
	    .now = RIG_NOW, .text = "x" };
	struct issue seen = { .id = FIRST }, *issues, issue;
	struct fault faults[7];
	struct store_answer answer;
	char id[ISSUE_ID_SIZE];
	int64_t next;
	size_t n, i;
	bool won;

	memset(faults, 0, sizeof(faults));
	assert_false(record("new", &answer, &faults[0]));
	assert_false(store_list(rig.store, "distros", STORE_OPEN, &issues, &n,
	    &faults[1]));
	assert_false(store_load(rig.store, "distros", FIRST, &issue,
	    &faults[2]));
	assert_false(store_due(rig.store, "distros", RIG_NOW, &issues, &n,
	    &next, &faults[3]));
	assert_false(store_change(rig.store, "distros", FIRST, &change,
	    &faults[4]));
	assert_false(store_look(rig.store, "distros", &seen, RIG_NOW, NULL, 0,
	    0, &won, &faults[5]));
	assert_false(store_move(rig.store, &rig.list, text_span("a"), NULL,
	    "me", RIG_NOW, id, &faults[6]));
	for (i = 0; i < 7; i++) {
		assert_int_equal(faults[i].kind, FAULT_SITE);
		if (strstr(faults[i].text, word) == NULL)
			fail_msg("%s: %zu: \"%s\"", row, i, faults[i].text);
	}
}

static const struct row {
	const char	*name;
	const char	*words[3];	/* what happens after one message */
	const char	*fault;
} rows[] = {
	{ "a newer one", { "SET embargo:{distros}:schema 3" },
	    "EMBARGO schema 3 in the database, 2 expected: this program is "
	    "too old" },
	{ "a newer one without what we know", { "SET embargo:{distros}:schema "
	    "99", "DEL embargo:{distros}:issues" }, "EMBARGO schema 99" },
	{ "an older one that never was", { "SET embargo:{distros}:schema 0" },
	    "EMBARGO schema 0 in the database, 2 expected" },
	{ "nonsense", { "SET embargo:{distros}:schema one" },
	    "EMBARGO schema one" },
	{ "the schema is gone", { "DEL embargo:{distros}:schema" },
	    "EMBARGO issues without a schema" },
	{ "deadlines are left", { "DEL embargo:{distros}:schema "
	    "embargo:{distros}:issues embargo:{distros}:warn "
	    "embargo:{distros}:counters" }, "EMBARGO issues without" },
	{ "looks are left", { "DEL embargo:{distros}:schema "
	    "embargo:{distros}:issues embargo:{distros}:due "
	    "embargo:{distros}:counters" }, "EMBARGO issues without" },
	{ "counters are left", { "DEL embargo:{distros}:schema "
	    "embargo:{distros}:issues embargo:{distros}:due "
	    "embargo:{distros}:warn" }, "EMBARGO issues without" },
	{ "the list of issues is gone", { "DEL embargo:{distros}:issues" },
	    "EMBARGO the list of issues is gone" },
};

static void
test_rows(void **state)
{
	struct store_answer answer;
	struct fault fault;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		rig_reset(&rig);
		assert_true(record("a", &answer, &fault));
		for (k = 0; k < 3 && rows[i].words[k] != NULL; k++)
			do_ask(rows[i].words[k]);
		expect_refusal(rows[i].name, rows[i].fault);
	}
}

/* What a new installation writes before its first issue is no trouble. */
static void
test_new(void **state)
{
	struct store_answer answer;
	struct fault fault;
	struct issue *issues;
	size_t n;

	(void)state;
	rig_reset(&rig);
	store_count(rig.store, "distros", "refused:cleartext");
	assert_true(store_passed(rig.store, "distros", RIG_NOW, &fault));
	assert_int_equal(rig_number(&rig, "EXISTS embargo:{distros}:counters"),
	    1);
	assert_true(store_list(rig.store, "distros", STORE_ALL, &issues, &n,
	    &fault));
	assert_int_equal(n, 0);
	store_free_issues(&issues, n);
	assert_true(record("a", &answer, &fault));
	assert_int_equal(rig_number(&rig, "GET embargo:{distros}:schema"), 2);
}

/* The numbers begin anew, but no issue is overwritten. */
static void
test_lost_counters(void **state)
{
	struct store_answer answer;
	struct fault fault;

	(void)state;
	rig_reset(&rig);
	assert_true(record("a", &answer, &fault));
	assert_true(record("b", &answer, &fault));
	do_ask("DEL embargo:{distros}:counters");
	assert_true(record("c", &answer, &fault));
	assert_string_equal(answer.issue, "VS-2027-0003");
	assert_int_equal(rig_number(&rig, "HGET embargo:{distros}:issue:" FIRST
	    " messages"), 1);
}

static void
expect_listed(enum store_which which, const char *id, size_t expected)
{
	struct issue *issues;
	struct fault fault;
	size_t n, i = 0;

	assert_true(store_list(rig.store, "distros", which, &issues, &n,
	    &fault));
	assert_int_equal(n, expected);
	while (i < n && strcmp(issues[i].id, id) != 0)
		i++;
	assert_true(i < n);
	assert_true(issues[i].needs_human);
	store_free_issues(&issues, n);
}

/* An issue whose data is gone is still listed, and an alert is raised once. */
static void
test_lost_issue(void **state)
{
	struct store_answer answer;
	struct issue *issues, issue;
	char id[24], alerts[4000];
	struct fault fault;
	int64_t next;
	size_t n, i;

	(void)state;
	rig_reset(&rig);
	for (i = 0; i < 100; i++) {	/* more than one round trip's worth */
		snprintf(id, sizeof(id), "%zu", i);
		assert_true(record(id, &answer, &fault));
	}
	do_ask("DEL embargo:{distros}:issue:" FIRST
	    " embargo:{distros}:issue:VS-2027-0100 embargo:{distros}:alerts");
	expect_listed(STORE_OPEN, FIRST, 100);
	expect_listed(STORE_ALL, "VS-2027-0100", 100);
	assert_false(store_load(rig.store, "distros", FIRST, &issue, &fault));
	assert_int_equal(fault.kind, FAULT_MISSING);
	for (i = 0; i < 2; i++) {
		assert_true(store_due(rig.store, "distros", RIG_NOW, &issues,
		    &n, &next, &fault));
		store_free_issues(&issues, n);
	}
	rig_alerts(&rig, alerts, sizeof(alerts));
	assert_string_equal(alerts, "needs-human");
}

/* A copy of text with one word replaced; the caller's. */
static char *
replace(const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);
	char *out;

	assert_non_null(at);
	out = malloc(strlen(text) + strlen(new) + 1);
	assert_non_null(out);
	sprintf(out, "%.*s%s%s", (int)(at - text), text, new,
	    at + strlen(old));
	return out;
}

/* The scripts of a version 4 that can upgrade, tried on our database. */
static bool
run_upgrade(const char *upgrades, struct fault *fault)
{
	char *newer = replace(script_list, "local SCHEMA = 2",
	    "local SCHEMA = 4");
	char *script = replace(newer, "local UPGRADES = {}", upgrades);
	char sha1[KV_SCRIPT_NAME_SIZE];
	struct kv_reply *reply = NULL;
	struct kv_command command;
	bool ok;

	kv_begin(&command);
	kv_add(&command, "1");
	kv_add(&command, "embargo:{distros}:");
	kv_add(&command, "all");
	kv_script_name(script, sha1);
	ok = kv_eval(rig.kv, script, sha1, &command, true, &reply, fault);
	kv_reply_free(&reply);
	free(script);
	free(newer);
	return ok;
}

static void
test_upgrade(void **state)
{
	static const char one[] = "local UPGRADES = { [2] = "
	    "function() redis.call('INCR', base .. 'first') end }";
	static const char both[] = "local UPGRADES = { [2] = "
	    "function() redis.call('INCR', base .. 'first') end, [3] = "
	    "function() redis.call('INCR', base .. 'second') end }";
	struct store_answer answer;
	struct fault fault;

	(void)state;
	rig_reset(&rig);
	assert_true(record("a", &answer, &fault));
	assert_false(run_upgrade("local UPGRADES = {}", &fault));
	assert_non_null(strstr(fault.text, "schema 2 in the database, 4 "
	    "expected"));
	assert_true(run_upgrade(both, &fault));
	assert_true(run_upgrade(both, &fault));		/* each step once */
	assert_int_equal(rig_number(&rig, "GET embargo:{distros}:schema"), 4);
	assert_int_equal(rig_number(&rig, "GET embargo:{distros}:first"), 1);
	assert_int_equal(rig_number(&rig, "GET embargo:{distros}:second"), 1);
	expect_refusal("after the upgrade", "too old");

	do_ask("SET embargo:{distros}:schema 2");
	assert_false(run_upgrade(one, &fault));		/* a step is missing */
	assert_int_equal(rig_number(&rig, "GET embargo:{distros}:schema"), 3);
}

static void
expect_gone(const char *pattern)
{
	struct kv_reply *keys;
	char words[80];

	snprintf(words, sizeof(words), "KEYS embargo:{distros}:%s", pattern);
	keys = rig_ask(&rig, words);
	assert_int_equal(kv_count(keys), 0);
	kv_reply_free(&keys);
}

/* Version 1 had its messages and seals elsewhere, as text. */
static const char was_known[] = "HSET embargo:{distros}:m:%.3s %s "
    FIRST ":%.16s%s";

static void
make_old(const struct store_mail *mail, const char *kind)
{
	char own[DIGEST_HEX_SIZE], body[DIGEST_HEX_SIZE], words[200];

	store_message_digest(mail->message_id, own);
	store_message_digest(mail->body, body);
	snprintf(words, sizeof(words), was_known, own, own + 3,
	    kind[0] == '\0' ? "" : body, kind);
	do_ask(words);
}

static void
make_old_seal(struct span seal, const char *bearer)
{
	char hex[DIGEST_HEX_SIZE], words[200], key[80];

	store_message_digest(seal, hex);
	snprintf(key, sizeof(key), "embargo:{distros}:s:%d:%.3s",
	    (int)(time(NULL) / (30 * RIG_DAY)) - 1, hex);
	snprintf(words, sizeof(words), "HSET %s %s %s", key, hex + 3, bearer);
	do_ask(words);
	snprintf(words, sizeof(words), "EXPIRE %s 1000", key);
	do_ask(words);
}

/* What version 1 knew of "a <- b", "c" and the seal "s" is known. */
static void
test_version_1(void **state)
{
	struct store_answer answer;
	struct store_mail mail, reply;
	struct fault fault;

	(void)state;
	rig_reset(&rig);
	assert_true(record("first", &answer, &fault));
	do_ask("DEL embargo:{distros}:tables embargo:{distros}:msg:0");
	do_ask("SET embargo:{distros}:schema 1");
	rig_mail(&rig, "a", &mail);
	make_old(&mail, "n");
	make_old_seal(text_span("s"), "0123456789abcdef");
	rig_mail(&rig, "c", &reply);
	make_old(&reply, "");

	rig_record(&rig, &mail, &answer);
	assert_true(answer.is_retry);
	assert_string_equal(answer.status, "new");
	assert_int_equal(rig_number(&rig, "GET embargo:{distros}:schema"), 2);
	assert_int_equal(rig_number(&rig, "HGET embargo:{distros}:tables "
	    "n:msg"), 2);
	assert_true(record("b <- a", &answer, &fault));
	assert_string_equal(answer.issue, FIRST);
	rig_record(&rig, &reply, &answer);
	assert_false(answer.is_retry);
	assert_string_equal(answer.issue, FIRST);
	rig_mail(&rig, "d", &mail);
	mail.now = time(NULL);	/* the upgrade asks the server's clock */
	mail.seals[mail.nseals++] = text_span("s");
	rig_record(&rig, &mail, &answer);
	assert_int_equal(answer.refused, REASON_REPLAYED);
	expect_gone("m:*");
	expect_gone("s:*");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_lost_counters),
		cmocka_unit_test(test_lost_issue),
		cmocka_unit_test(test_upgrade),
		cmocka_unit_test(test_version_1),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("store schema", tests, group_start,
	    group_stop);
}
