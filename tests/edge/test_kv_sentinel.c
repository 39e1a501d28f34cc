/*
 * kv with sentinels and masters that are played by threads: silent, lying,
 * stale, demoted.  Which server answers, or the fault; always in time.  The
 * real ones are met in test_sentinel.py.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/clock.h"
#include "edge/kv.h"
#include "lib/fake_redis.h"

#define TIMEOUT_MS	1000
#define SENTINELS	3
#define SERVERS		2	/* A and B */
#define PLAYERS		(SENTINELS + SERVERS)

static struct fake_redis players[PLAYERS];
static struct fake_redis *const server = players + SENTINELS;
static char named[SERVERS][64];		/* "it is A", as a sentinel says it */
static struct redis_settings settings;
static char sentinel_texts[SENTINELS][32];
static char *sentinel_list[SENTINELS];

#define OK		"+OK\r\n"
#define NIL		"*-1\r\n"
#define MASTER		"*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n"
#define REPLICA		"*1\r\n$5\r\nslave\r\n"
#define READONLY	"-READONLY You can't write against a replica.\r\n"

static int
start(void **state)
{
	char port[8];
	int i;

	(void)state;
	memset(&settings, 0, sizeof(settings));
	for (i = 0; i < PLAYERS; i++)
		fake_redis_start(&players[i]);
	for (i = 0; i < SERVERS; i++) {
		snprintf(port, sizeof(port), "%d", server[i].port);
		snprintf(named[i], sizeof(named[i]), "*2\r\n$9\r\n127.0.0.1\r\n"
		    "$%zu\r\n%s\r\n", strlen(port), port);
		server[i].role = MASTER;
		server[i].other = i == 0 ? "+A\r\n" : "+B\r\n";
	}
	for (i = 0; i < SENTINELS; i++) {
		snprintf(sentinel_texts[i], sizeof(sentinel_texts[i]),
		    "127.0.0.1:%d", players[i].port);
		sentinel_list[i] = sentinel_texts[i];
		players[i].sentinel = named[0];
	}
	settings.sentinels = (struct strings){ sentinel_list, SENTINELS };
	settings.master = (char *)(uintptr_t)"embargo";
	settings.timeout_ms = TIMEOUT_MS;
	return 0;
}

static int
stop(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < PLAYERS; i++)
		fake_redis_stop(&players[i]);
	return 0;
}

/* Who answered: "A" or "B"; else the fault. */
static const char *
ask(struct kv *kv, struct fault *fault)
{
	static char name[8];
	struct kv_command command;
	struct kv_reply *reply;
	int64_t began = clock_monotonic_ms();
	bool ok;

	kv_begin(&command);
	kv_add(&command, "HELLO");
	ok = kv_call(kv, &command, 0, &reply, fault);
	if (clock_monotonic_ms() - began > TIMEOUT_MS + 300)
		fail_msg("too late");
	if (!ok) {
		assert_int_equal(fault->kind, FAULT_SITE);
		return fault->text;
	}
	text_print(kv_text(reply), name, sizeof(name));
	kv_reply_free(&reply);
	return name;
}

static void
expect(struct kv *kv, const char *row, const char *expected)
{
	struct fault fault;
	const char *got = ask(kv, &fault);

	if (strstr(got, expected) == NULL)
		fail_msg("%s: \"%s\" lacks \"%s\"", row, got, expected);
}

/* "A", "B" name a server, "dead" does not listen, else it is the reply. */
static const struct row {
	const char	*name;
	const char	*sentinels[SENTINELS];
	const char	*roles[SERVERS];	/* NULL: dead */
	const char	*expected;
} rows[] = {
	{ "all agree", { "A", "A", "A" }, { MASTER, REPLICA }, "A" },
	{ "dead sentinel", { "dead", "B", "B" }, { REPLICA, MASTER }, "B" },
	{ "two dead ones", { "dead", "dead", "B" }, { MASTER, MASTER }, "B" },
	{ "silent sentinel", { "", "A", "A" }, { MASTER, REPLICA }, "A" },
	{ "all silent but one", { "", "", "A" }, { MASTER, REPLICA }, "A" },
	{ "knows no such master", { NIL, "A", "A" }, { MASTER, REPLICA },
	    "A" },
	{ "wants a password", { "-NOAUTH Authentication required.\r\n", "A",
	    "A" }, { MASTER, REPLICA }, "A" },
	{ "talks nonsense", { "HTTP/1.1 200 OK\r\n", "*2\r\n$1\r\nx\r\n"
	    "$5\r\n99999\r\n", "A" }, { MASTER, REPLICA }, "A" },
	{ "names itself", { "*1\r\n$1\r\nx\r\n", ":1\r\n", "A" },
	    { MASTER, REPLICA }, "A" },
	{ "names a replica", { "B", NIL, "A" }, { MASTER, REPLICA }, "A" },
	{ "the only one that is right", { "B", "B", "A" },
	    { MASTER, REPLICA }, "A" },
	{ "names who is dead", { "B", "B", "A" }, { MASTER, NULL }, "A" },
	{ "names who is silent", { "B", "B", "A" }, { MASTER, "" }, "A" },
	{ "two masters: the votes count", { "B", "A", "A" },
	    { MASTER, MASTER }, "A" },
	{ "master of yesterday", { "A", "B", "A" }, { REPLICA, MASTER },
	    "B" },
	{ "replicas only", { "A", "A", "B" }, { REPLICA, REPLICA },
	    "slave, not the master" },
	{ "sentinels name a sentinel", { "A", "A", "A" },
	    { "*1\r\n$8\r\nsentinel\r\n", MASTER }, "is sentinel, not" },
	{ "none knows", { NIL, NIL, NIL }, { MASTER, MASTER },
	    "knows no master \"embargo\"" },
	{ "all dead", { "dead", "dead", "dead" }, { MASTER, MASTER },
	    "sentinel tcp:127.0.0.1:" },
	{ "all silent", { "", "", "" }, { MASTER, MASTER }, "in time" },
	{ "the master is dead", { "A", "A", "A" }, { NULL, REPLICA },
	    "refused" },
	{ "the master is silent", { "A", "A", "A" }, { "", REPLICA },
	    "in time" },
	{ "the master is loading", { "A", "A", "A" },
	    { "-LOADING Redis is loading\r\n", REPLICA }, "LOADING" },
};

static void
prepare(const struct row *row)
{
	const char *s;
	int i;

	for (i = 0; i < SENTINELS; i++) {
		s = row->sentinels[i];
		if (strcmp(s, "dead") == 0)
			fake_redis_stop(&players[i]);
		else
			players[i].sentinel = strcmp(s, "A") == 0 ? named[0] :
			    strcmp(s, "B") == 0 ? named[1] : s;
	}
	for (i = 0; i < SERVERS; i++) {
		if (row->roles[i] == NULL)
			fake_redis_stop(&server[i]);
		else
			server[i].role = row->roles[i];
	}
}

static void
test_rows(void **state)
{
	struct fault fault;
	struct kv *kv;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		start(state);
		prepare(&rows[i]);
		assert_true(kv_new(&settings, &kv, &fault));
		expect(kv, rows[i].name, rows[i].expected);
		kv_free(&kv);
		stop(state);
	}
}

/* Sentinels are asked once, while all is well, and no more than must be. */
static void
test_asked_once(void **state)
{
	struct fault fault;
	struct kv *kv;
	int i;

	(void)state;
	assert_true(kv_new(&settings, &kv, &fault));
	for (i = 0; i < 20; i++)
		expect(kv, "asked once", "A");
	for (i = 0; i < SENTINELS; i++)
		assert_int_equal(players[i].nconnections, i < 2 ? 1 : 0);
	assert_int_equal(server[0].nconnections, 1);
	kv_free(&kv);
}

/* A silent sentinel is waited for once, then asked after the others. */
static void
test_silent_goes_last(void **state)
{
	struct fault fault;
	struct kv *kv;
	int64_t began;
	int i;

	(void)state;
	players[0].sentinel = "";
	assert_true(kv_new(&settings, &kv, &fault));
	began = clock_monotonic_ms();
	expect(kv, "first", "A");
	assert_true(clock_monotonic_ms() - began >= TIMEOUT_MS / 5);
	for (i = 1; i < SENTINELS; i++)
		players[i].sentinel = named[1];
	server[0].other = READONLY;
	began = clock_monotonic_ms();
	expect(kv, "again", "B");
	assert_true(clock_monotonic_ms() - began < TIMEOUT_MS / 5);
	assert_int_equal(players[0].nconnections, 1);
	kv_free(&kv);
}

/* Without a failure of the connection: the server says so itself. */
static void
test_demoted(void **state)
{
	static const char *const refusals[] = { READONLY,
	    "-MASTERDOWN Link with MASTER is down\r\n",
	    "-ERR Error running script: -READONLY no writes here\r\n" };
	struct fault fault;
	struct kv *kv;
	size_t i;
	int k;

	for (i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		start(state);
		assert_true(kv_new(&settings, &kv, &fault));
		expect(kv, "before", "A");
		for (k = 0; k < SENTINELS; k++)
			players[k].sentinel = named[1];
		server[0].role = REPLICA;
		server[0].other = refusals[i];
		expect(kv, refusals[i], "B");
		expect(kv, "after", "B");
		assert_int_equal(server[1].nconnections, 1);
		kv_free(&kv);
		stop(state);
	}
}

/* The same while the sentinels have not noticed yet. */
static void
test_demoted_unnoticed(void **state)
{
	struct fault fault;
	struct kv *kv;
	int64_t until;

	(void)state;
	assert_true(kv_new(&settings, &kv, &fault));
	expect(kv, "before", "A");
	server[0].role = REPLICA;
	server[0].other = READONLY;
	expect(kv, "unnoticed", "is slave");
	players[1].sentinel = named[1];
	until = clock_monotonic_ms() + 2000;
	while (strcmp(ask(kv, &fault), "B") != 0) {
		if (clock_monotonic_ms() > until)
			fail_msg("no recovery: %s", fault.text);
		usleep(20000);
	}
	kv_free(&kv);
}

/* Nothing fails: the old master lives, the sentinels have another one. */
static void
test_replaced(void **state)
{
	int64_t until = clock_monotonic_ms() + 3000;
	struct fault fault;
	struct kv *kv;
	int i;

	(void)state;
	assert_true(kv_new(&settings, &kv, &fault));
	expect(kv, "before", "A");
	players[0].sentinel = named[1];		/* one alone does not count */
	usleep(1100000);
	expect(kv, "one of three", "A");
	assert_int_equal(server[0].nconnections, 1);
	for (i = 0; i < SENTINELS; i++)
		players[i].sentinel = named[1];
	while (strcmp(ask(kv, &fault), "B") != 0) {
		if (clock_monotonic_ms() > until)
			fail_msg("still with the old one");
		usleep(20000);
	}
	for (i = 0; i < SENTINELS; i++)
		players[i].sentinel = "";	/* no reason to leave B */
	usleep(1100000);
	expect(kv, "silent sentinels", "B");
	assert_int_equal(server[1].nconnections, 1);
	kv_free(&kv);
}

/* The connection is lost: what the sentinels say now counts. */
static void
test_lost(void **state)
{
	struct fault fault;
	struct kv *kv;
	int i;

	(void)state;
	assert_true(kv_new(&settings, &kv, &fault));
	expect(kv, "before", "A");
	for (i = 0; i < SENTINELS; i++)
		players[i].sentinel = named[1];
	fake_redis_stop(&server[0]);
	expect(kv, "lost", "B");
	kv_free(&kv);
}

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* Each side gets its own password; sentinels none when none is set. */
static void
test_passwords(void **state)
{
	char redis[] = "/tmp/kv-pw-XXXXXX", sentinel[] = "/tmp/kv-pw-XXXXXX";
	struct fault fault;
	struct kv *kv;
	int i;

	close(mkstemp(redis));
	close(mkstemp(sentinel));
	write_file(redis, "for redis\n");
	write_file(sentinel, "for sentinels\n");
	settings.password_file = redis;
	server[0].auth = OK;	/* a sentinel answers AUTH with an error */
	assert_true(kv_new(&settings, &kv, &fault));
	expect(kv, "no password for sentinels", "A");
	kv_free(&kv);
	for (i = 0; i < SENTINELS; i++)
		players[i].auth = OK;
	settings.sentinel_password_file = sentinel;
	settings.sentinel_username = (char *)(uintptr_t)"us";
	assert_true(kv_new(&settings, &kv, &fault));
	expect(kv, "both", "A");
	kv_free(&kv);
	for (i = 0; i < SENTINELS; i++)
		players[i].auth = "-WRONGPASS invalid\r\n";
	assert_true(kv_new(&settings, &kv, &fault));
	expect(kv, "wrong", "WRONGPASS");
	kv_free(&kv);
	write_file(sentinel, "");
	assert_false(kv_new(&settings, &kv, &fault));
	assert_int_equal(fault.kind, FAULT_CONFIG);
	assert_non_null(strstr(fault.text, "sentinel_password_file"));
	unlink(redis);
	unlink(sentinel);
	stop(state);
	start(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test_setup_teardown(test_asked_once, start, stop),
		cmocka_unit_test_setup_teardown(test_silent_goes_last, start,
		    stop),
		cmocka_unit_test(test_demoted),
		cmocka_unit_test_setup_teardown(test_demoted_unnoticed, start,
		    stop),
		cmocka_unit_test_setup_teardown(test_replaced, start, stop),
		cmocka_unit_test_setup_teardown(test_lost, start, stop),
		cmocka_unit_test_setup_teardown(test_passwords, start, stop),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("kv sentinel", tests, NULL, NULL);
}
