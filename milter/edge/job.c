/*
 * job: work in a process of its own; see job.h.  This is the side of the
 * program that asks; the keeper and the jobs are in job_keeper.c.
 *
 * The program and a job talk over a socket pair: eight bytes of length, then
 * the request; the same for the answer.  The keeper gets the job's end of it
 * together with the time to end, over a socket pair of its own.
 */
#include <config.h>

#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/wire.h"
#include "edge/clock.h"
#include "edge/job.h"
#include "edge/job_keeper.h"

#define KEEPER_DIES_MS	20	/* from the first sign of it to the last */

/* A job that runs, in a list. */
struct job {
	int		 fd;
	unsigned	 generation;	/* of the keeper that got it */
	struct job	*next;
};

/* All under the mutex. */
static bool is_ready;
static int keeper = -1;
static pid_t keeper_pid;
static unsigned generation;
static struct job *jobs;
static int running;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t one_ended;

void
job_main(char **argv, job_serve *serve, bool (*prepare)(void))
{
	if (strcmp(argv[0], JOB_KEEPER) == 0)
		job_keep(serve, prepare);
	clock_cond_init(&one_ended);
	is_ready = true;
}

/*
 * The keeper resolves its symbols once, so that no job has to.  gpg speaks C
 * and looks for no locale and no terminal.
 */
static char **
make_environment(void)
{
	static char locale[] = "LC_ALL=C", bind[] = "LD_BIND_NOW=1";
	char **to, **from;
	size_t n = 0;

	while (environ[n] != NULL)
		n++;
	to = buf_alloc_zero(n + 3, sizeof(*to));
	n = 0;
	for (from = environ; *from != NULL; from++)
		if (!text_starts(text_span(*from), "LC_") &&
		    !text_starts(text_span(*from), "LANG") &&
		    !text_starts(text_span(*from), "TERM="))
			to[n++] = *from;
	to[n++] = locale;
	to[n] = bind;
	return to;
}

/*
 * Threads run: between fork and exec nothing but what posix_spawn() does.
 * Nothing of the program's stays open in the keeper: pipes, locks, sockets.
 */
static bool
spawn(int end)
{
	static char name[] = JOB_KEEPER;
	char *const argv[] = { name, NULL };
	char **envp = make_environment();
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none, all;
	int fd;
	bool ok;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&how);
	posix_spawn_file_actions_adddup2(&files, end, JOB_KEEPER_FD);
	posix_spawn_file_actions_addclosefrom_np(&files, JOB_KEEPER_FD + 1);
	for (fd = 0; fd < JOB_KEEPER_FD; fd++)
		posix_spawn_file_actions_addopen(&files, fd, "/dev/null",
		    O_RDWR, 0);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP |
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&how, 0);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &all);
	ok = posix_spawn(&keeper_pid, "/proc/self/exe", &files, &how, argv,
	    envp) == 0;
	free(envp);
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&files);
	return ok;
}

static bool
start_keeper(void)
{
	int ends[2];
	bool ok;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	ok = spawn(ends[1]);
	(void)close(ends[1]);
	if (ok) {
		keeper = ends[0];
		generation++;
	} else
		(void)close(ends[0]);
	return ok;
}

static void
end_keeper(void)
{
	if (keeper < 0)
		return;
	(void)close(keeper);
	keeper = -1;
	(void)waitpid(keeper_pid, NULL, 0);
}

void
job_end(void)
{
	struct job *job;

	pthread_mutex_lock(&mutex);
	is_ready = false;
	end_keeper();
	for (job = jobs; job != NULL; job = job->next)
		(void)shutdown(job->fd, SHUT_RDWR);
	pthread_mutex_unlock(&mutex);
}

static void
strike_off(const struct job *job)
{
	struct job **p;

	pthread_mutex_lock(&mutex);
	for (p = &jobs; *p != job; p = &(*p)->next)
		continue;
	*p = job->next;
	pthread_mutex_unlock(&mutex);
}

/* Waits for a place; false when the time is up. */
static bool
take_place(int max_jobs, int64_t until_ms)
{
	bool taken, in_time = true;

	pthread_mutex_lock(&mutex);
	while (running >= max_jobs && in_time)
		in_time = clock_cond_wait(&one_ended, &mutex, until_ms);
	taken = running < max_jobs;
	if (taken)
		running++;
	pthread_mutex_unlock(&mutex);
	return taken;
}

static void
leave_place(void)
{
	pthread_mutex_lock(&mutex);
	running--;
	pthread_cond_signal(&one_ended);
	pthread_mutex_unlock(&mutex);
}

/* Hands the job's end to the keeper; false with errno. */
static bool
hand_over(int end, int64_t until_ms)
{
	union {
		struct cmsghdr	header;
		char		space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { &until_ms, sizeof(until_ms) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	ssize_t n;

	memset(&control, 0, sizeof(control));
	c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &end, sizeof(end));
	do
		n = sendmsg(keeper, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(until_ms);
}

/* A keeper that is gone is replaced; one that is only busy is not. */
static bool
begin(struct job *job, int end, int64_t until_ms)
{
	bool ok;

	pthread_mutex_lock(&mutex);
	ok = is_ready && keeper >= 0 && hand_over(end, until_ms);
	if (!ok && is_ready && (keeper < 0 || errno != EAGAIN)) {
		end_keeper();
		ok = start_keeper() && hand_over(end, until_ms);
	}
	if (ok) {
		job->generation = generation;
		job->next = jobs;
		jobs = job;
	}
	pthread_mutex_unlock(&mutex);
	return ok;
}

static bool
wait_for(int fd, short events, int64_t until_ms)
{
	struct pollfd p = { fd, events, 0 };
	int64_t left;
	int n;

	do {
		left = until_ms - clock_monotonic_ms();
		n = poll(&p, 1, left < 0 ? 0 : (int)left);
	} while (n < 0 && errno == EINTR);
	return n == 1;
}

/* As much as there is to send or to receive, until all of it or the time. */
static bool
send_until(int fd, const void *data, size_t len, int64_t until_ms)
{
	ssize_t n;

	for (; len > 0; data = (const char *)data + n, len -= (size_t)n) {
		if (!wait_for(fd, POLLOUT, until_ms))
			return false;
		n = send(fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			n = 0;
		else if (n <= 0)
			return false;
	}
	return true;
}

static bool
receive_until(int fd, void *data, size_t len, int64_t until_ms)
{
	ssize_t n;

	for (; len > 0; data = (char *)data + n, len -= (size_t)n) {
		if (!wait_for(fd, POLLIN, until_ms))
			return false;
		n = recv(fd, data, len, MSG_DONTWAIT);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			n = 0;
		else if (n <= 0)
			return false;
	}
	return true;
}

/* What goes wrong is told; NULL when all went well. */
static const char *
exchange(int fd, struct span head, struct span rest, int64_t until_ms,
    struct buf *answer_out)
{
	uint8_t bytes[8];
	struct buf count;
	size_t len;
	bool ok;

	buf_init(&count, 8);
	ok = wire_put_u64(&count, head.len + rest.len) &&
	    send_until(fd, count.data, 8, until_ms) &&
	    send_until(fd, head.data, head.len, until_ms) &&
	    send_until(fd, rest.data, rest.len, until_ms) &&
	    receive_until(fd, bytes, sizeof(bytes), until_ms);
	buf_clear(&count);
	if (!ok)
		return "a job with gpg ended before its answer";
	len = (size_t)wire_read_u64(bytes);
	if (len > answer_out->max_bytes)
		return "a job with gpg gave an answer that is too long";
	answer_out->data = buf_alloc(len + 1);
	answer_out->size = len + 1;
	if (!receive_until(fd, answer_out->data, len, until_ms))
		return "a job with gpg ended in its answer";
	answer_out->len = len;
	return NULL;
}

/* Jobs outlive their keeper: one that is lost with it has not begun. */
static bool
has_lost_keeper(const struct job *job)
{
	struct pollfd p = { -1, 0, 0 };
	bool lost;

	pthread_mutex_lock(&mutex);
	lost = keeper < 0 || job->generation != generation;
	p.fd = keeper;
	lost = lost || poll(&p, 1, KEEPER_DIES_MS) > 0;
	pthread_mutex_unlock(&mutex);
	return lost;
}

static const char *
run(struct span head, struct span rest, int64_t until_ms,
    struct buf *answer_out, bool *again_out)
{
	const char *wrong = "no process for a job with gpg";
	struct job job;
	int ends[2];
	bool has_begun;

	*again_out = false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return wrong;
	job.fd = ends[0];
	has_begun = begin(&job, ends[1], until_ms);
	(void)close(ends[1]);	/* now the end of the job is the end of file */
	if (has_begun) {
		wrong = exchange(ends[0], head, rest, until_ms, answer_out);
		strike_off(&job);
		*again_out = wrong != NULL && answer_out->size == 0 &&
		    clock_monotonic_ms() < until_ms && has_lost_keeper(&job);
	}
	(void)close(ends[0]);
	return wrong;
}

bool
job_run(struct span head, struct span rest, int max_jobs, int timeout_ms,
    size_t max_answer, struct buf *answer_out, struct fault *fault)
{
	int64_t until = clock_monotonic_ms() + timeout_ms;
	const char *wrong;
	bool again;

	buf_init(answer_out, max_answer);
	if (!take_place(max_jobs, until)) {
		fault_set(fault, FAULT_SITE, "gpg is busy: %d jobs run for "
		    "longer than %d ms", max_jobs, timeout_ms);
		return false;
	}
	wrong = run(head, rest, until, answer_out, &again);
	if (again)
		wrong = run(head, rest, until, answer_out, &again);
	leave_place();
	if (wrong == NULL)
		return true;
	if (clock_monotonic_ms() >= until)
		fault_set(fault, FAULT_SITE, "gpg did not answer in %d ms",
		    timeout_ms);
	else
		fault_set(fault, FAULT_SITE, "%s", wrong);
	return false;
}
