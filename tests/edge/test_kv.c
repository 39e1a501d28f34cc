/*
 * kv against servers that are not quite Redis: they drip, close, stay silent,
 * talk nonsense.  A call ends at its deadline, with a fault.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/clock.h"
#include "edge/kv.h"

#define TIMEOUT_MS	300

struct server {
	int		 listener;
	const char	*answer;
	int		 step_ms;	/* between two bytes of it */
	bool		 closes;	/* after the answer */
	const char	*awaits;	/* no answer before this was read */
	pthread_t	 thread;
};

static char folder[] = "/tmp/kv-XXXXXX";
static char path[64], address[80];

/* Read what is awaited; false when the client goes before. */
static bool
listen_to(const struct server *s, int c)
{
	char bytes[8192];
	size_t len = 0;
	ssize_t n;

	do {
		n = recv(c, bytes + len, sizeof(bytes) - len - 1, 0);
		if (n <= 0)
			return false;
		len += (size_t)n;
		bytes[len] = '\0';
	} while (s->awaits != NULL && strstr(bytes, s->awaits) == NULL);
	return true;
}

/* The answer, byte by byte, then silence until the client goes. */
static void
answer(const struct server *s, int c)
{
	struct pollfd fd = { .fd = c, .events = POLLIN };
	char bytes[4096];
	const char *p = s->answer;

	if (!listen_to(s, c))
		return;
	while (*p != '\0' && send(c, p++, 1, MSG_NOSIGNAL) > 0)
		usleep((useconds_t)s->step_ms * 1000);
	while (!s->closes && poll(&fd, 1, 5000) > 0 &&
	    recv(c, bytes, sizeof(bytes), 0) > 0)
		continue;
}

/* One connection after another, until the listener is shut down. */
static void *
serve(void *arg)
{
	struct server *s = arg;
	int c;

	while ((c = accept(s->listener, NULL, NULL)) >= 0) {
		answer(s, c);
		close(c);
	}
	return NULL;
}

static void
start(struct server *s)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	strcpy(name.sun_path, path);
	unlink(path);
	s->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&name,
	    sizeof(name)), 0);
	assert_int_equal(listen(s->listener, 5), 0);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void
stop(struct server *s)
{
	shutdown(s->listener, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->listener);
	unlink(path);
}

static const struct row {
	const char	*name;
	const char	*answer;
	int		 step_ms;
	bool		 closes;
	const char	*fault;		/* NULL: it is an answer */
	int		 max_ms;
} rows[] = {
	{ "an answer", "+PONG\r\n", 0, false, NULL, 200 },
	{ "a slow answer", "+PONG\r\n", 20, false, NULL, 290 },
	{ "an answer that drips", "$40\r\n0123456789012345678901234567890123",
	    30, false, "in time", 600 },
	{ "silence", "", 0, false, "in time", 600 },
	{ "half an answer", "$10\r\n012", 0, false, "in time", 600 },
	{ "closes", "", 0, true, "closed", 200 },
	{ "closes in mid-answer", "$10\r\n012", 0, true, "closed", 200 },
	{ "an error", "-LOADING not yet\r\n", 0, false, "LOADING", 200 },
	{ "another node has the slot", "-MOVED 3999 127.0.0.1:6381\r\n", 0,
	    false, "MOVED 3999", 200 },
	{ "the slot moves", "-ASK 3999 127.0.0.1:6381\r\n", 0, false, "ASK",
	    200 },
	{ "an empty error", "-\r\n", 0, false, "redis", 200 },
	{ "nonsense", "HTTP/1.1 400 Bad Request\r\n", 0, false, "Protocol",
	    200 },
	{ "deep nonsense", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1"
	    "\r\n*1\r\n*1\r\n", 0, false, "nested", 200 },
	{ "a length that is none", "$-5\r\n", 0, false, "redis", 600 },
	{ "a huge length", "$99999999999999999999\r\n", 0, false, "redis",
	    600 },
};

static bool
ping(struct kv *kv, struct fault *fault)
{
	struct kv_command command;
	struct kv_reply *reply;

	kv_begin(&command);
	kv_add(&command, "PING");
	if (!kv_call(kv, &command, 0, &reply, fault))
		return false;
	kv_reply_free(&reply);
	return true;
}

static void
try_row(const struct row *row, const struct redis_settings *settings)
{
	struct server server = { .answer = row->answer,
	    .step_ms = row->step_ms, .closes = row->closes };
	struct fault fault = { FAULT_USAGE, "" };
	struct kv *kv;
	int64_t began;
	bool ok;

	start(&server);
	assert_true(kv_new(settings, &kv, &fault));
	began = clock_monotonic_ms();
	ok = ping(kv, &fault);
	if (clock_monotonic_ms() - began > row->max_ms)
		fail_msg("%s: too late", row->name);
	if (ok != (row->fault == NULL))
		fail_msg("%s: %s", row->name, ok ? "no fault" : fault.text);
	if (!ok && strstr(fault.text, row->fault) == NULL)
		fail_msg("%s: %s", row->name, fault.text);
	if (!ok)
		assert_int_equal(fault.kind, FAULT_SITE);
	kv_free(&kv);
	stop(&server);
}

static void
test_rows(void **state)
{
	struct redis_settings settings;
	size_t i;

	(void)state;
	memset(&settings, 0, sizeof(settings));
	settings.address = address;
	settings.timeout_ms = TIMEOUT_MS;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		try_row(&rows[i], &settings);
}

/*
 * A script and WAIT are one round trip: the server answers when it has both.
 * Both replies are read whatever the first one is.
 */
static const struct eval_row {
	const char	*name;
	const char	*answer;
	const char	*fault;		/* NULL: it is an answer */
} eval_rows[] = {
	{ "enough", "$2\r\nok\r\n:2\r\n", NULL },
	{ "more than enough", "$2\r\nok\r\n:3\r\n", NULL },
	{ "one of two", "$2\r\nok\r\n:1\r\n", "only 1 of 2 replicas" },
	{ "none", "$2\r\nok\r\n:0\r\n", "only 0 of 2 replicas" },
	{ "no number", "$2\r\nok\r\n+OK\r\n", "only 0 of 2 replicas" },
	{ "script fails", "-OOM too big\r\n:2\r\n", "OOM too big" },
	{ "WAIT fails", "$2\r\nok\r\n-ERR no WAIT here\r\n", "no WAIT" },
	{ "both fail", "-OOM too big\r\n-ERR no WAIT\r\n", "OOM too big" },
	{ "no second reply", "$2\r\nok\r\n", "in time" },
	{ "the script is not known", "-NOSCRIPT x\r\n:2\r\n", "in time" },
};

static void
try_eval_row(const struct eval_row *row, const struct redis_settings *settings)
{
	struct server server = { .answer = row->answer, .awaits = "WAIT" };
	struct fault fault = { FAULT_USAGE, "" };
	struct kv_reply *reply = NULL;
	struct kv_command command;
	struct kv *kv;
	bool ok;

	start(&server);
	assert_true(kv_new(settings, &kv, &fault));
	kv_begin(&command);
	kv_add(&command, "0");
	ok = kv_eval(kv, "return 1", "sha1", &command, true, &reply, &fault);
	if (ok != (row->fault == NULL) ||
	    (!ok && strstr(fault.text, row->fault) == NULL))
		fail_msg("%s: %s", row->name, ok ? "no fault" : fault.text);
	assert_int_equal(ok, reply != NULL);
	assert_true(!ok || text_is(kv_text(reply), "ok"));
	assert_true(ok || fault.kind == FAULT_SITE);
	kv_reply_free(&reply);
	kv_free(&kv);
	stop(&server);
}

static void
test_eval_rows(void **state)
{
	struct redis_settings settings;
	size_t i;

	(void)state;
	memset(&settings, 0, sizeof(settings));
	settings.address = address;
	settings.timeout_ms = TIMEOUT_MS;
	settings.replicas = 2;
	for (i = 0; i < sizeof(eval_rows) / sizeof(*eval_rows); i++)
		try_eval_row(&eval_rows[i], &settings);
}

/* Nobody listens: a thousand calls cost next to nothing. */
static void
test_nobody(void **state)
{
	struct redis_settings settings;
	struct fault fault;
	int64_t began;
	struct kv *kv;
	int i;

	(void)state;
	memset(&settings, 0, sizeof(settings));
	settings.address = address;
	settings.timeout_ms = TIMEOUT_MS;
	assert_true(kv_new(&settings, &kv, &fault));
	began = clock_monotonic_ms();
	for (i = 0; i < 1000; i++)
		assert_false(ping(kv, &fault));
	assert_int_equal(fault.kind, FAULT_SITE);
	assert_true(clock_monotonic_ms() - began < 1000);
	kv_free(&kv);
	settings.address = (char *)(uintptr_t)"tcp:127.0.0.1:1";
	assert_true(kv_new(&settings, &kv, &fault));
	assert_false(ping(kv, &fault));
	assert_non_null(strstr(fault.text, "tcp:127.0.0.1:1"));
	kv_free(&kv);
	assert_null(kv);
	kv_free(&kv);
}

static int
make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/s", folder);
	snprintf(address, sizeof(address), "unix:%s", path);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_eval_rows),
		cmocka_unit_test(test_nobody),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("kv", tests, make_folder,
	    remove_folder);
}
