/*
 * kv with sentinels and masters that are played by threads: silent, lying,
 * stale, demoted.  Which server answers, or the fault; always in time.  The real
 * ones are met in test_sentinel.py.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/clock.h"
#include "edge/kv.h"

#define TIMEOUT_MS	1000
#define SENTINELS	3
#define SERVERS		2	/* A and B */
#define PLAYERS		(SENTINELS + SERVERS)
#define MAX_CONNECTIONS	64

/* One that listens; what it answers to each command, "" for silence. */
struct player {
	int			 listener;
	int			 port;
	pthread_t		 thread, threads[MAX_CONNECTIONS];
	int			 connections[MAX_CONNECTIONS];
	atomic_int		 nconnections;
	_Atomic(const char *)	 auth, sentinel, role, other;
};

struct connection {
	struct player	*player;
	int		 fd;
};

static struct player players[PLAYERS];
static struct player *const server = players + SENTINELS;
static char named[SERVERS][64];		/* "it is A", as a sentinel says it */
static struct redis_settings settings;
static char sentinel_texts[SENTINELS][32];
static char *sentinel_list[SENTINELS];

#define OK		"+OK\r\n"
#define NIL		"*-1\r\n"
#define MASTER		"*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n"
#define REPLICA		"*1\r\n$5\r\nslave\r\n"
#define READONLY	"-READONLY You can't write against a replica.\r\n"

static const char *
reply_of(struct player *p, const char *command)
{
	if (strstr(command, "\r\nAUTH\r\n") != NULL)
		return p->auth;
	if (strstr(command, "\r\nSENTINEL\r\n") != NULL)
		return p->sentinel;
	if (strstr(command, "\r\nROLE\r\n") != NULL)
		return p->role;
	return p->other;
}

static void *
talk(void *arg)
{
	struct connection c = *(struct connection *)arg;
	char command[4096];
	const char *reply;
	ssize_t n;

	free(arg);
	while ((n = recv(c.fd, command, sizeof(command) - 1, 0)) > 0) {
		command[n] = '\0';
		reply = reply_of(c.player, command);
		(void)!send(c.fd, reply, strlen(reply), MSG_NOSIGNAL);
	}
	return NULL;
}

static void *
serve(void *arg)
{
	struct player *p = arg;
	struct connection *c;
	int fd, i;

	while ((fd = accept(p->listener, NULL, NULL)) >= 0) {
		i = p->nconnections;
		if (i == MAX_CONNECTIONS)
			abort();
		c = malloc(sizeof(*c));
		*c = (struct connection){ p, fd };
		p->connections[i] = fd;
		if (pthread_create(&p->threads[i], NULL, talk, c) != 0)
			abort();
		p->nconnections = i + 1;
	}
	return NULL;
}

static void
start_player(struct player *p)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(name);

	memset(p, 0, sizeof(*p));
	p->auth = p->sentinel = p->role = p->other = "-ERR unknown\r\n";
	p->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(p->listener, (struct sockaddr *)&name, len), 0);
	assert_int_equal(listen(p->listener, 16), 0);
	assert_int_equal(getsockname(p->listener, (struct sockaddr *)&name,
	    &len), 0);
	p->port = ntohs(name.sin_port);
	assert_int_equal(pthread_create(&p->thread, NULL, serve, p), 0);
}

/* It dies: nobody listens any more, its connections are closed. */
static void
stop_player(struct player *p)
{
	int i;

	if (p->listener < 0)
		return;
	shutdown(p->listener, SHUT_RDWR);
	pthread_join(p->thread, NULL);
	close(p->listener);
	p->listener = -1;
	for (i = 0; i < p->nconnections; i++) {
		shutdown(p->connections[i], SHUT_RDWR);
		pthread_join(p->threads[i], NULL);
		close(p->connections[i]);
	}
}

static int
start(void **state)
{
	char port[8];
	int i;

	(void)state;
	memset(&settings, 0, sizeof(settings));
	for (i = 0; i < PLAYERS; i++)
		start_player(&players[i]);
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
		stop_player(&players[i]);
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

/* In sentinels: "A", "B" name a server, "dead" does not listen, else a reply. */
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
			stop_player(&players[i]);
		else
			players[i].sentinel = strcmp(s, "A") == 0 ? named[0] :
			    strcmp(s, "B") == 0 ? named[1] : s;
	}
	for (i = 0; i < SERVERS; i++) {
		if (row->roles[i] == NULL)
			stop_player(&server[i]);
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
	stop_player(&server[0]);
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
