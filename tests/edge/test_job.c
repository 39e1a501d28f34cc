/*
 * job: processes that work, hang, die and are killed; none stays behind.
 *
 * The keeper and the program to be killed are this test once more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "edge/job.h"
#include "lib/job_rig.h"

#define MANY_BYTES	((size_t)30 << 20)
#define THREADS		12

static char folder[] = "/tmp/job-XXXXXX";

/* ---- helpers ---- */

static bool
ask_in(int max_jobs, int timeout_ms, const char *request, struct buf *answer,
    struct fault *fault)
{
	return job_run(text_span(request), text_span(""), max_jobs,
	    timeout_ms, 100, answer, fault);
}

static void
expect(const char *request, const char *answer)
{
	struct fault fault = { 0 };
	struct buf got;

	if (!ask_in(4, 5000, request, &got, &fault))
		fail_msg("%s", fault.text);
	assert_int_equal(got.len, strlen(answer));
	assert_memory_equal(got.data, answer, got.len);
	buf_clear(&got);
}

/* The request fails in time, and the fault says why. */
static void
expect_fault(const char *request, int timeout_ms, const char *words)
{
	int64_t begin = clock_monotonic_ms();
	struct fault fault;
	struct buf got;

	assert_false(ask_in(4, timeout_ms, request, &got, &fault));
	assert_int_equal(fault.kind, FAULT_SITE);
	if (strstr(fault.text, words) == NULL)
		fail_msg("%s: not %s", fault.text, words);
	assert_in_range(clock_monotonic_ms() - begin, 0, timeout_ms + 400);
	buf_clear(&got);
}

static void
begin_to_kill_keeper(void)
{
	int pid = job_rig_find_keeper(getpid());

	assert_true(pid > 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
}

static void
kill_keeper(void)
{
	int pid = job_rig_find_keeper(getpid());

	begin_to_kill_keeper();
	while (job_rig_lives(pid))
		(void)usleep(1000);
}

/* ---- tests ---- */

static void
test_answers(void **state)
{
	(void)state;
	expect("", "");
	expect("e", "");
	expect("ehello", "hello");
}

static void
test_what_a_job_may(void **state)
{
	int leak = open("/dev/null", O_RDONLY);	/* without O_CLOEXEC */

	(void)state;
	assert_true(leak >= 0);
	/* 0, 1, 2 and its own socket */
	expect("l", "files 4 core 0 dumpable 0 leads 1");
	close(leak);
}

static void
test_30_megabytes(void **state)
{
	uint8_t *data = buf_alloc(MANY_BYTES);
	struct span rest = { data, MANY_BYTES };
	struct fault fault;
	struct buf got, want;
	size_t i;

	(void)state;
	for (i = 0; i < MANY_BYTES; i++)
		data[i] = (uint8_t)(i * 7 + (i >> 13));
	buf_init(&want, 100);
	job_rig_sum_up(rest, &want);
	assert_true(job_run(text_span("s"), rest, 1, 20000, 100, &got,
	    &fault));
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.data, want.data, got.len);
	buf_clear(&got);
	assert_true(job_run(text_span("e"), rest, 1, 20000, MANY_BYTES, &got,
	    &fault));
	assert_int_equal(got.len, MANY_BYTES);
	assert_memory_equal(got.data, data, MANY_BYTES);
	buf_clear(&got);
	buf_clear(&want);
	free(data);
}

static void
test_an_answer_that_is_too_long(void **state)
{
	char request[202] = "e";
	struct fault fault;
	struct buf got;

	(void)state;
	memset(request + 1, 'x', 200);
	assert_true(job_run(text_span(request), text_span(""), 1, 5000, 200,
	    &got, &fault));
	buf_clear(&got);
	assert_false(job_run(text_span(request), text_span(""), 1, 5000, 199,
	    &got, &fault));
	assert_int_equal(got.len, 0);
	assert_non_null(strstr(fault.text, "too long"));
	buf_clear(&got);
}

static void
test_jobs_that_end_without_an_answer(void **state)
{
	(void)state;
	expect_fault("x", 5000, "ended before its answer");
	expect_fault("k", 5000, "ended before its answer");
	expect("eagain", "again");
}

static void
test_time_is_up(void **state)
{
	(void)state;
	expect_fault("h", 300, "did not answer in 300 ms");
	job_rig_wait_for_end(3);
	expect("eagain", "again");
}

struct client {
	pthread_t	 thread;
	int		 max_jobs;
	int		 timeout_ms;
	const char	*request;
	int		 times;
	int		 failed;
	int64_t		 took_ms;
	struct fault	 fault;
};

static void *
run_client(void *arg)
{
	struct client *c = arg;
	int64_t begin = clock_monotonic_ms();
	struct buf got;
	int i;

	for (i = 0; i < c->times; i++) {
		c->failed += !ask_in(c->max_jobs, c->timeout_ms, c->request,
		    &got, &c->fault) || (c->request[0] == 'e' &&
		    !text_is(buf_span(&got), c->request + 1));
		buf_clear(&got);
	}
	c->took_ms = clock_monotonic_ms() - begin;
	return NULL;
}

static void
start(struct client *c, int max_jobs, int timeout_ms, const char *request,
    int times)
{
	memset(c, 0, sizeof(*c));
	c->max_jobs = max_jobs;
	c->timeout_ms = timeout_ms;
	c->request = request;
	c->times = times;
	assert_int_equal(pthread_create(&c->thread, NULL, run_client, c), 0);
}

static void
test_many_at_once(void **state)
{
	static char requests[THREADS][20];
	struct client c[THREADS];
	int i, failed = 0;

	(void)state;
	for (i = 0; i < THREADS; i++) {
		snprintf(requests[i], sizeof(requests[i]), "eclient %d", i);
		start(&c[i], 4, 10000, requests[i], 20);
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(c[i].thread, NULL);
		failed += c[i].failed;
	}
	assert_int_equal(failed, 0);
}

static void
test_not_more_than_max_jobs(void **state)
{
	struct client c[THREADS];
	int now = 0, most = 0, done = 0, i, mark;
	FILE *file;

	(void)state;
	for (i = 0; i < THREADS; i++)
		start(&c[i], 3, 10000, "w", 2);
	for (i = 0; i < THREADS; i++) {
		pthread_join(c[i].thread, NULL);
		assert_int_equal(c[i].failed, 0);
	}
	file = fopen(job_rig_path("work"), "re");
	assert_non_null(file);
	while ((mark = fgetc(file)) != EOF) {
		now += mark == '+' ? 1 : -1;
		most = now > most ? now : most;
		done += mark == '-';
	}
	fclose(file);
	assert_int_equal(done, 2 * THREADS);
	assert_int_equal(most, 3);
}

/* Who has to wait for a place too long has a fault in time. */
static void
test_waiting_counts(void **state)
{
	struct client holds, waits[2];
	int i;

	(void)state;
	start(&holds, 1, 900, "h", 1);
	job_rig_wait(3);
	for (i = 0; i < 2; i++)
		start(&waits[i], 1, i == 0 ? 200 : 5000, "eme", 1);
	for (i = 0; i < 2; i++)
		pthread_join(waits[i].thread, NULL);
	pthread_join(holds.thread, NULL);
	assert_int_equal(waits[0].failed, 1);
	assert_in_range(waits[0].took_ms, 190, 600);
	assert_non_null(strstr(waits[0].fault.text, "gpg is busy: 1 jobs"));
	assert_int_equal(waits[1].failed, 0);
	assert_int_equal(holds.failed, 1);
	job_rig_wait_for_end(3);
}

static void
test_a_keeper_that_is_killed(void **state)
{
	struct client c;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		kill_keeper();
		expect("estill there", "still there");
	}
	for (i = 0; i < 20; i++) {
		begin_to_kill_keeper();
		expect("estill there", "still there");
	}
	/* what runs is finished */
	unlink(job_rig_path("work"));
	start(&c, 4, 5000, "w", 1);
	while (!job_rig_is_there("work"))
		(void)usleep(1000);
	kill_keeper();
	pthread_join(c.thread, NULL);
	assert_int_equal(c.failed, 0);
	expect("eagain", "again");
}

static off_t
times_prepared(void)
{
	struct stat st;

	return stat(job_rig_path("prepared"), &st) == 0 ? st.st_size : 0;
}

static void
test_what_is_prepared_is_prepared_once(void **state)
{
	off_t before = times_prepared();
	int i;

	(void)state;
	for (i = 0; i < 5; i++)
		expect("ex", "x");
	assert_true(times_prepared() == before);
	kill_keeper();
	expect("ex", "x");
	assert_true(times_prepared() == before + 1);
}

static void
test_what_cannot_be_prepared(void **state)
{
	int i;

	(void)state;
	kill_keeper();
	job_rig_note("broken", "");
	for (i = 0; i < 3; i++)
		expect_fault("ex", 5000, "ended before its answer");
	unlink(job_rig_path("broken"));
	expect("ex", "x");
}

static void
test_what_hangs_when_prepared(void **state)
{
	(void)state;
	kill_keeper();
	job_rig_note("hang", "");
	expect_fault("ex", 300, "did not answer in 300 ms");
	unlink(job_rig_path("hang"));
	job_rig_wait_for_end(2);
	expect("ex", "x");
}

static void
test_nothing_is_left_open(void **state)
{
	int before = job_rig_count_files(), i;

	(void)state;
	for (i = 0; i < 30; i++) {
		expect("ex", "x");
		expect_fault(i % 2 == 0 ? "x" : "k", 5000, "ended");
		if (i % 10 == 0)
			kill_keeper();
	}
	assert_int_equal(job_rig_count_files(), before);
}

static void
test_no_zombies(void **state)
{
	char path[64];
	int keeper = job_rig_find_keeper(getpid()), child;
	int64_t until = clock_monotonic_ms() + 2000;
	FILE *file;
	bool any;

	(void)state;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", keeper,
	    keeper);
	do {
		(void)usleep(5000);
		file = fopen(path, "re");
		assert_non_null(file);
		any = fscanf(file, "%d", &child) == 1;
		fclose(file);
	} while (any && clock_monotonic_ms() < until);
	assert_false(any);
}

/* A program with a job that hangs, or that hangs before, is killed. */
static void
kill_program(const char *what, int noted)
{
	pid_t pid = fork();
	int keeper;

	if (pid == 0) {
		(void)execl("/proc/self/exe", "test_job", what, NULL);
		_exit(1);
	}
	job_rig_wait(noted);
	keeper = job_rig_find_keeper(pid);
	assert_true(keeper > 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	job_rig_wait_for_end(noted);
	assert_false(job_rig_lives(keeper));
}

static void
test_a_program_that_is_killed(void **state)
{
	(void)state;
	kill_program("h", 3);
	job_rig_note("hang", "");
	kill_program("e", 2);
	unlink(job_rig_path("hang"));
}

/* The last test: there are no jobs behind it. */
static void
test_the_end(void **state)
{
	struct client c;
	int keeper = job_rig_find_keeper(getpid());

	(void)state;
	start(&c, 4, 20000, "h", 1);
	job_rig_wait(3);
	job_end();
	pthread_join(c.thread, NULL);
	assert_int_equal(c.failed, 1);
	assert_in_range(c.took_ms, 0, 5000);
	job_rig_wait_for_end(3);
	assert_false(job_rig_lives(keeper));
	expect_fault("ex", 1000, "no process for a job");
	job_end();
}

static int
clean_up(void **state)
{
	static const char *const names[] = { "pids", "work", "prepared",
	    "hang", "broken" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlink(job_rig_path(names[i]));
	return rmdir(folder);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_what_a_job_may),
		cmocka_unit_test(test_30_megabytes),
		cmocka_unit_test(test_an_answer_that_is_too_long),
		cmocka_unit_test(test_jobs_that_end_without_an_answer),
		cmocka_unit_test(test_time_is_up),
		cmocka_unit_test(test_many_at_once),
		cmocka_unit_test(test_not_more_than_max_jobs),
		cmocka_unit_test(test_waiting_counts),
		cmocka_unit_test(test_a_keeper_that_is_killed),
		cmocka_unit_test(test_what_is_prepared_is_prepared_once),
		cmocka_unit_test(test_what_cannot_be_prepared),
		cmocka_unit_test(test_what_hangs_when_prepared),
		cmocka_unit_test(test_nothing_is_left_open),
		cmocka_unit_test(test_no_zombies),
		cmocka_unit_test(test_a_program_that_is_killed),
		cmocka_unit_test(test_the_end),
	};
	struct fault fault;
	struct buf answer;

	job_main(argv, job_rig_serve, job_rig_prepare);
	if (argc > 1)
		return !ask_in(1, 60000, argv[1], &answer, &fault);
	if (mkdtemp(folder) == NULL || setenv("TEST_JOB", folder, 1) != 0)
		return 1;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, clean_up);
}
