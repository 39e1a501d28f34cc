/*
 * post: a sendmail that takes the message, refuses, hangs, dies or is missing.
 *
 * It is a shell script that writes down what it was given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/clock.h"
#include "edge/post.h"

static char folder[] = "/tmp/post-XXXXXX";
static char program[64];

/* ---- helpers ---- */

static void
write_script(const char *body)
{
	FILE *file;

	snprintf(program, sizeof(program), "%s/sendmail", folder);
	(void)unlink(program);
	file = fopen(program, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\ncd %s\n%s\n", folder, body);
	fclose(file);
	assert_int_equal(chmod(program, 0755), 0);
}

static void
read_file(const char *name, char *dst, size_t size)
{
	char path[128];
	FILE *file;
	size_t n = 0;

	if (name[0] == '/')
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "r");
	if (file != NULL) {
		n = fread(dst, 1, size - 1, file);
		fclose(file);
	}
	dst[n] = '\0';
}

static bool
send_to(const char *from, const char *message, int timeout_ms,
    struct fault *fault)
{
	char one[] = "a@example.org", two[] = "-b@example.org";
	char *to[] = { one, two };
	const struct strings strings = { to, 2 };

	return post_send(program, from, &strings, text_span(message),
	    timeout_ms, fault);
}

static void
expect_sent(const char *message)
{
	struct fault fault = { 0 };

	if (!send_to("from@example.org", message, 10000, &fault))
		fail_msg("%s", fault.text);
}

static void
expect_fault(int timeout_ms, const char *words)
{
	struct fault fault = { 0 };

	assert_false(send_to("f@example.org", "x\r\n", timeout_ms, &fault));
	assert_int_equal(fault.kind, FAULT_SITE);
	if (strstr(fault.text, words) == NULL)
		fail_msg("\"%s\" in \"%s\"", words, fault.text);
}

static size_t
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

static bool
is_living(const char *pid_file)
{
	char text[32];
	pid_t pid;

	read_file(pid_file, text, sizeof(text));
	pid = (pid_t)strtol(text, NULL, 10);
	assert_true(pid > 1);
	return kill(pid, 0) == 0 || errno != ESRCH;
}

/* A killed orphan is there until init, or whoever adopts it, has seen it. */
static bool
dies(const char *pid_file)
{
	char path[64], text[32], state = 'Z';
	FILE *file;
	int i;

	for (i = 0; i < 500 && is_living(pid_file); i++) {
		read_file(pid_file, text, sizeof(text));
		snprintf(path, sizeof(path), "/proc/%ld/stat",
		    strtol(text, NULL, 10));
		file = fopen(path, "r");
		if (file == NULL)
			return true;
		if (fscanf(file, "%*d %*s %c", &state) != 1)
			state = '?';
		fclose(file);
		if (state == 'Z')
			return true;
		usleep(10000);
	}
	return !is_living(pid_file);
}

/* ---- tests ---- */

static void
test_what_it_is_given(void **state)
{
	char text[256];

	(void)state;
	write_script("for a; do echo \"$a\"; done >args; cat >message");
	expect_sent("Subject: x\r\n\r\na\rb\r\r\nlast line");
	read_file("args", text, sizeof(text));
	assert_string_equal(text, "-i\n-f\nfrom@example.org\n--\n"
	    "a@example.org\n-b@example.org\n");
	read_file("message", text, sizeof(text));
	assert_string_equal(text, "Subject: x\n\na\rb\r\nlast line");
}

static void
test_null_sender(void **state)
{
	struct fault fault = { 0 };
	char text[256];

	(void)state;
	write_script("echo \"$3\" >sender; cat >/dev/null");
	assert_true(send_to("", "x\r\n", 10000, &fault));
	read_file("sender", text, sizeof(text));
	assert_string_equal(text, "<>\n");
}

static void
test_long_message(void **state)
{
	size_t size = 3 << 20, i;
	char *message = malloc(size), text[64];

	(void)state;
	assert_non_null(message);
	for (i = 0; i + 1 < size; i++)
		message[i] = i % 72 == 70 ? '\r' : i % 72 == 71 ? '\n' : 'x';
	message[size - 1] = '\0';
	write_script("wc -c >size");
	expect_sent(message);
	free(message);
	read_file("size", text, sizeof(text));
	assert_int_equal(strtol(text, NULL, 10),
	    (long)(size - 1 - (size - 1) / 72));
}

static void
test_message_not_read(void **state)
{
	(void)state;
	write_script("exit 0");
	expect_sent("x\r\n");
}

static void
test_exit_code(void **state)
{
	(void)state;
	write_script("echo 'queue file: no space' >&2; echo more >&2; "
	    "exit 75");
	expect_fault(10000, "sendmail: exit code 75: queue file: no space");
	write_script("exit 1");
	expect_fault(10000, "exit code 1");
	write_script("kill -9 $$");
	expect_fault(10000, "signal 9");
}

static void
test_missing(void **state)
{
	(void)state;
	write_script("exit 0");
	unlink(program);
	expect_fault(10000, "exit code 127: No such file");
	write_script("exit 0");
	assert_int_equal(chmod(program, 0644), 0);
	expect_fault(10000, "Permission denied");
}

/* It and what it has started end with the time. */
static void
test_hangs(void **state)
{
	int64_t begin = clock_monotonic_ms();

	(void)state;
	write_script("sleep 600 & echo $! >child; echo $$ >self; wait");
	expect_fault(400, "did not end within 400 ms");
	assert_in_range(clock_monotonic_ms() - begin, 400, 5000);
	assert_true(dies("child"));
	assert_true(dies("self"));
}

static void
test_failure_leaves_nobody(void **state)
{
	(void)state;
	write_script("sleep 600 & echo $! >child; exit 1");
	expect_fault(10000, "exit code 1");
	assert_true(dies("child"));
}

/* What goes on delivering in the background is left alone. */
static void
test_background(void **state)
{
	char text[32];

	(void)state;
	write_script("sleep 600 >/dev/null 2>&1 & echo $! >child; exit 0");
	expect_sent("x\r\n");
	usleep(50000);
	assert_true(is_living("child"));
	read_file("child", text, sizeof(text));
	assert_int_equal(kill((pid_t)strtol(text, NULL, 10), SIGKILL), 0);
}

/* Also when it keeps our pipe open. */
static void
test_background_with_words(void **state)
{
	char text[32];

	(void)state;
	write_script("sleep 600 & echo $! >child; exit 0");
	expect_sent("x\r\n");
	read_file("child", text, sizeof(text));
	assert_int_equal(kill((pid_t)strtol(text, NULL, 10), SIGKILL), 0);
}

static void
test_many_words(void **state)
{
	(void)state;
	write_script("head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 2");
	expect_fault(10000, "exit code 2: xxxx");
	write_script("head -c 1000000 /dev/zero >&2; cat >/dev/null");
	expect_sent("x\r\n");
}

/* The mask in a line of /proc/self/status. */
static unsigned long long
read_mask(const char *path, const char *name)
{
	char text[4096], *line;

	read_file(path, text, sizeof(text));
	line = strstr(text, name);
	assert_non_null(line);
	return strtoull(line + strlen(name), NULL, 16);
}

/*
 * Signals are not blocked, none is ignored but what we were started with, no
 * descriptor is ours.
 */
static void
test_clean_child(void **state)
{
	/* without 32 and 33, which are the C library's own */
	const unsigned long long ours = ~(3ULL << 31);
	char text[512];
	sigset_t set, old;
	unsigned long long ignored;

	(void)state;
	ignored = read_mask("/proc/self/status", "SigIgn:") & ours &
	    ~(1ULL << (SIGPIPE - 1));
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	signal(SIGPIPE, SIG_IGN);
	write_script("cat /proc/self/status >signals\n"
	    "ls /proc/self/fd | wc -l >count; cat >/dev/null");
	expect_sent("x\r\n");
	sigprocmask(SIG_SETMASK, &old, NULL);
	signal(SIGPIPE, SIG_DFL);
	assert_int_equal(read_mask("signals", "SigBlk:"), 0);
	assert_int_equal(read_mask("signals", "SigIgn:") & ours, ignored);
	read_file("count", text, sizeof(text));
	/* three, the folder that ls reads; ls writes into a pipe */
	assert_int_equal(strtol(text, NULL, 10), 4);
}

static void
test_no_descriptor_left(void **state)
{
	size_t before = count_descriptors();
	int i;

	(void)state;
	for (i = 0; i < 20; i++) {
		write_script("cat >/dev/null");
		expect_sent("x\r\n");
		write_script("exit 1");
		expect_fault(10000, "exit code 1");
	}
	assert_int_equal(count_descriptors(), before);
}

static int
remove_folder(void **state)
{
	static const char *const names[] = { "args", "message", "sender",
	    "size", "child", "self", "signals", "count", "sendmail" };
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_it_is_given),
		cmocka_unit_test(test_null_sender),
		cmocka_unit_test(test_long_message),
		cmocka_unit_test(test_message_not_read),
		cmocka_unit_test(test_exit_code),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_hangs),
		cmocka_unit_test(test_failure_leaves_nobody),
		cmocka_unit_test(test_background),
		cmocka_unit_test(test_background_with_words),
		cmocka_unit_test(test_many_words),
		cmocka_unit_test(test_clean_child),
		cmocka_unit_test(test_no_descriptor_left),
	};

	if (mkdtemp(folder) == NULL)
		return 1;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, remove_folder);
}
