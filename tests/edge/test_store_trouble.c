/*
 * The store when Redis is in trouble: every failure is a fault of the site
 * within the time-out, nothing is half done, and it ends when Redis is back.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/clock.h"
#include "lib/rig_all.h"
#include "lib/rig_group.h"

static bool
record(const char *lineage, struct fault *fault)
{
	struct store_answer answer;
	struct store_mail mail;

	rig_mail(&rig, lineage, &mail);
	return store_record(rig.store, &mail, &answer, fault);
}

static void
do_ask(const char *words)
{
	struct kv_reply *reply = rig_ask(&rig, words);

	kv_reply_free(&reply);
}

static void
expect_fault(const char *lineage, const char *word)
{
	struct fault fault;

	assert_false(record(lineage, &fault));
	assert_int_equal(fault.kind, FAULT_SITE);
	if (strstr(fault.text, word) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", fault.text, word);
}

/* Redis is back: it takes a second at most to notice. */
static void
expect_recovery(const char *lineage)
{
	int64_t until = clock_monotonic_ms() + 3000;
	struct fault fault = { FAULT_SITE, "" };

	while (!record(lineage, &fault)) {
		if (clock_monotonic_ms() > until)
			fail_msg("no recovery: %s", fault.text);
		usleep(20000);
	}
}

static void
test_script_flush(void **state)
{
	struct fault fault;

	(void)state;
	assert_true(record("a", &fault));
	do_ask("SCRIPT FLUSH");
	assert_true(record("b <- a", &fault));
	assert_int_equal(rig_number(&rig, "ZCARD embargo:{distros}:issues"),
	    1);
}

static void
test_killed_and_back(void **state)
{
	struct fault fault;
	int64_t began;
	int i;

	(void)state;
	assert_true(record("a", &fault));
	rig_kill_server(&rig);
	expect_fault("b <- a", "redis");
	began = clock_monotonic_ms();
	for (i = 0; i < 1000; i++)
		store_count(rig.store, "distros", "refused:cleartext");
	assert_true(clock_monotonic_ms() - began < 1000);
	expect_fault("b <- a", "redis");
	rig_start_server(&rig);
	expect_recovery("c");
	assert_int_equal(rig_number(&rig, "ZCARD embargo:{distros}:issues"),
	    1);
}

/* The pool holds dead connections: nobody may notice. */
static void
test_restarted(void **state)
{
	struct fault fault;

	(void)state;
	assert_true(record("a", &fault));
	rig_kill_server(&rig);
	rig_start_server(&rig);
	assert_true(record("a", &fault));
}

static void
test_client_killed(void **state)
{
	struct fault fault;

	(void)state;
	assert_true(record("a", &fault));
	do_ask("CLIENT KILL TYPE normal SKIPME yes");
	assert_true(record("b <- a", &fault));
}

static void
test_hung(void **state)
{
	int64_t began;

	(void)state;
	rig.redis.timeout_ms = 300;
	kill(rig.pid, SIGSTOP);
	began = clock_monotonic_ms();
	expect_fault("a", "in time");
	assert_in_range(clock_monotonic_ms() - began, 250, 1500);
	began = clock_monotonic_ms();
	store_count(rig.store, "distros", "refused:cleartext");
	assert_true(clock_monotonic_ms() - began < 100);
	kill(rig.pid, SIGCONT);
	expect_recovery("a");
}

static void
test_read_only(void **state)
{
	(void)state;
	do_ask("REPLICAOF 127.0.0.1 1");
	expect_fault("a", "READONLY");
	do_ask("CONFIG SET replica-serve-stale-data no");
	expect_fault("a", "MASTERDOWN");
	do_ask("CONFIG SET replica-serve-stale-data yes");
	do_ask("REPLICAOF NO ONE");
	expect_recovery("a");
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	do_ask("CONFIG SET maxmemory 1");
	expect_fault("a", "OOM");
	do_ask("CONFIG SET maxmemory 0");
	expect_recovery("a");
	assert_int_equal(rig_number(&rig, "ZCARD embargo:{distros}:issues"),
	    1);
}

static void
test_too_few_replicas(void **state)
{
	(void)state;
	do_ask("CONFIG SET min-replicas-to-write 1");
	expect_fault("a", "NOREPLICAS");
	do_ask("CONFIG SET min-replicas-to-write 0");
	rig.redis.replicas = 1;
	rig.redis.timeout_ms = 200;
	expect_fault("b", "only 0 of 1 replicas");
	/* it was written, but does not count until a replica has it */
	expect_fault("b", "only 0 of 1 replicas");
	rig.redis.replicas = 0;
	expect_recovery("b");
	assert_int_equal(rig_number(&rig, "HGET "
	    "embargo:{distros}:issue:VS-2027-0001 messages"), 1);
}

/* The keys of a database that is in use, each replaced by a set; the log of an
 * issue that is not there yet. */
static void
test_wrong_type(void **state)
{
	static const char *const keys[] = {
		"schema", "issues", "due", "warn", "alerts", "counters",
		"issue:VS-2027-0001", "log:VS-2027-0002"
	};
	struct fault fault;
	char words[100];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		rig_reset(&rig);
		assert_true(record("a", &fault));
		snprintf(words, sizeof(words), "DEL embargo:{distros}:%s",
		    keys[i]);
		do_ask(words);
		snprintf(words, sizeof(words), "SADD embargo:{distros}:%s x",
		    keys[i]);
		do_ask(words);
		fault.text[0] = '\0';
		if (record("b <- a", &fault))
			assert_false(record("c", &fault));
		if (strstr(fault.text, "WRONGTYPE") == NULL)
			fail_msg("%s: \"%s\"", keys[i], fault.text);
	}
}

static void
write_password(const char *path, const char *password)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "%s\n", password);
	fclose(file);
}

/* The rules that conf/redis.acl has for user, as ACL SETUSER takes them. */
static void
set_user(const char *user)
{
	const char *top = getenv("top_srcdir");
	char path[4096], line[2000], words[2100];
	size_t len = strlen(user);
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "%s/conf/redis.acl",
	    top == NULL ? "." : top);
	file = fopen(path, "r");
	assert_non_null(file);
	while (!found && fgets(line, sizeof(line), file) != NULL)
		found = strncmp(line, "user ", 5) == 0 &&
		    strncmp(line + 5, user, len) == 0 && line[5 + len] == ' ';
	fclose(file);
	assert_true(found);
	line[strcspn(line, "\n")] = '\0';
	snprintf(words, sizeof(words), "ACL SETUSER %s >right", line + 5);
	do_ask(words);
}

static void
expect_denied(const char *word, const char *key)
{
	struct kv_command command;
	struct kv_reply *reply;
	struct fault fault;

	kv_begin(&command);
	kv_add(&command, word);
	if (key != NULL)
		kv_add(&command, key);
	if (kv_call(rig.kv, &command, 0, &reply, &fault))
		fail_msg("%s is allowed", word);
	if (strstr(fault.text, "NOPERM") == NULL)
		fail_msg("%s: %s", word, fault.text);
}

static void
test_least_privilege(void **state)
{
	char path[100];

	(void)state;
	snprintf(path, sizeof(path), "%s/password", rig.folder);
	write_password(path, "right");
	set_user("embargo-milter");
	set_user("embargo-reader");
	rig.redis.username = (char *)(uintptr_t)"embargo-milter";
	rig.redis.password_file = path;
	rig_reopen(&rig);
	rig_all(&rig);
	rig.redis.replicas = 1;
	expect_fault("x", "only 0 of 1");
	rig.redis.replicas = 0;
	expect_denied("FLUSHALL", NULL);
	expect_denied("PERSIST", "embargo:{distros}:issues");
	expect_denied("KEYS", "*");
	expect_denied("DEL", "other:issues");
	expect_denied("HGETALL", "other:issues");
	rig.redis.username = (char *)(uintptr_t)"embargo-reader";
	rig_reopen(&rig);
	assert_int_equal(rig_number(&rig, "ZCARD embargo:{distros}:issues"),
	    3);
	expect_denied("DEL", "embargo:{distros}:issues");
	expect_denied("FLUSHALL", NULL);
	unlink(path);
	rig.redis.username = rig.redis.password_file = NULL;
	rig_reopen(&rig);
}

static void
test_log_in(void **state)
{
	char path[100];
	struct fault fault;

	(void)state;
	snprintf(path, sizeof(path), "%s/password", rig.folder);
	do_ask("ACL SETUSER milter on >right ~* &* +@all");
	do_ask("ACL SETUSER default off");
	write_password(path, "wrong");
	rig.redis.username = (char *)(uintptr_t)"milter";
	rig.redis.password_file = path;
	store_free(&rig.store);
	assert_true(store_new(&rig.redis, &rig.store, &fault));
	expect_fault("a", "WRONGPASS");
	write_password(path, "right");
	rig.redis.database = 3;
	rig_reopen(&rig);
	assert_true(record("a", &fault));
	assert_int_equal(rig_number(&rig, "DBSIZE") > 5, 1);
	do_ask("ACL SETUSER default on");
	do_ask("SELECT 0");
	assert_int_equal(rig_number(&rig, "DBSIZE"), 0);
	rig.redis.username = rig.redis.password_file = NULL;
	rig.redis.database = 0;
	rig_reopen(&rig);
	unlink(path);
	rig.redis.password_file = path;
	store_free(&rig.store);
	assert_false(store_new(&rig.redis, &rig.store, &fault));
	assert_int_equal(fault.kind, FAULT_CONFIG);
	rig.redis.password_file = NULL;
	rig_reopen(&rig);
}

static int
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

static void
test_descriptors(void **state)
{
	struct fault fault;
	int before, i;

	(void)state;
	assert_true(record("a", &fault));
	before = count_descriptors();
	for (i = 0; i < 200; i++) {
		do_ask("CLIENT KILL TYPE normal SKIPME yes");
		assert_true(record("a", &fault));
		do_ask("CONFIG SET maxmemory 1");
		expect_fault("b", "OOM");
		do_ask("CONFIG SET maxmemory 0");
	}
	assert_in_range(count_descriptors(), before - 2, before + 2);
}

static int
start(void **state)
{
	(void)state;
	/* who writes to a dead server without care ends here */
	signal(SIGPIPE, SIG_DFL);
	rig_start(&rig);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_script_flush, group_reset),
		cmocka_unit_test_setup(test_killed_and_back, group_reset),
		cmocka_unit_test_setup(test_restarted, group_reset),
		cmocka_unit_test_setup(test_client_killed, group_reset),
		cmocka_unit_test_setup(test_hung, group_reset),
		cmocka_unit_test_setup(test_read_only, group_reset),
		cmocka_unit_test_setup(test_out_of_memory, group_reset),
		cmocka_unit_test_setup(test_too_few_replicas, group_reset),
		cmocka_unit_test_setup(test_wrong_type, group_reset),
		cmocka_unit_test_setup(test_least_privilege, group_reset),
		cmocka_unit_test_setup(test_log_in, group_reset),
		cmocka_unit_test_setup(test_descriptors, group_reset),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("store trouble", tests, start,
	    group_stop);
}
