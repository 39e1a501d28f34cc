/*
 * job: work in a process of its own; see job.h.
 *
 * The program and a job talk over a socket pair: eight bytes of length, then
 * the request; the same for the answer.  The keeper gets the job's end of it
 * together with the time-out, over a socket pair of its own.
 */
#include <config.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "core/cursor.h"
#include "core/wire.h"
#include "edge/clock.h"
#include "edge/job.h"

#define REQUEST_MAX	((size_t)3 << 30)

/* Set once, before threads; running is under the mutex. */
static int keeper = -1;
static pid_t keeper_pid;
static int running;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t one_ended;
static job_serve *the_serve;
static bool (*the_prepare)(void);

/* ---- the job's process ---- */

static void
end_group(int number)
{
	(void)number;
	(void)kill(0, SIGKILL);
}

static bool
read_all(int fd, void *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data = (char *)data + n, len -= (size_t)n) {
		n = read(fd, data, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return false;
	}
	return true;
}

static bool
write_all(int fd, const void *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data = (const char *)data + n, len -= (size_t)n) {
		n = send(fd, data, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return false;
	}
	return true;
}

static size_t
length_of(const uint8_t *bytes)
{
	struct span s = { bytes, 8 };
	struct cursor c = cursor_init(s);

	return (size_t)wire_u64(&c);
}

static void
answer(int fd)
{
	struct buf out, head;
	struct span request;
	uint8_t bytes[8];
	uint8_t *data;

	if (!read_all(fd, bytes, sizeof(bytes)))
		return;
	request.len = length_of(bytes);
	if (request.len > REQUEST_MAX)
		return;
	request.data = data = buf_alloc(request.len + 1);
	buf_init(&out, REQUEST_MAX);
	buf_init(&head, 8);
	if (!read_all(fd, data, request.len))
		return;
	the_serve(request, &out);
	if (wire_put_u64(&head, out.len) && write_all(fd, head.data, 8))
		(void)write_all(fd, out.data, out.len);
}

/* From here on the group ends in time. */
static void
lead_group(uint32_t timeout_ms)
{
	struct itimerval timer = { { 0, 0 }, { timeout_ms / 1000,
	    (timeout_ms % 1000) * 1000 } };

	(void)setpgid(0, 0);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGALRM, end_group);
	(void)prctl(PR_SET_PDEATHSIG, SIGALRM, 0, 0, 0);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
	(void)setitimer(ITIMER_REAL, &timer, NULL);
}

static void
run_job(int fd, uint32_t timeout_ms)
{
	lead_group(timeout_ms);
	answer(fd);
	(void)close(fd);
	end_group(0);
}

/* ---- the keeper ---- */

/* The next job's socket, or -1 when the program has ended. */
static int
receive(uint32_t *timeout_ms_out)
{
	union {
		struct cmsghdr	header;
		char		space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { timeout_ms_out, sizeof(*timeout_ms_out) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	ssize_t n;
	int fd = -1;

	do
		n = recvmsg(keeper, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	c = n <= 0 ? NULL : CMSG_FIRSTHDR(&msg);
	if (c != NULL && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

/* Nothing of the program's stays open here: pipes, locks, sockets. */
static void
close_others(void)
{
	int null = open("/dev/null", O_RDWR), i;

	if (keeper != 3)
		keeper = dup2(keeper, 3);
	for (i = 0; i < 3 && null >= 0; i++)
		(void)dup2(null, i);
	(void)close_range(4, ~0u, 0);
	(void)fcntl(keeper, F_SETFD, FD_CLOEXEC);
}

/* In a process of its own first: what it starts may hang. */
static bool
prepare(uint32_t timeout_ms)
{
	pid_t child;
	int status;

	signal(SIGCHLD, SIG_DFL);
	child = fork();
	if (child == 0) {
		lead_group(timeout_ms);
		_exit(the_prepare() ? 0 : 1);
	}
	return child > 0 && waitpid(child, &status, 0) == child &&
	    WIFEXITED(status) && WEXITSTATUS(status) == 0 && the_prepare();
}

static void
keep(void)
{
	uint32_t timeout_ms;
	bool prepared = false;
	pid_t child;
	int fd;

	(void)setpgid(0, 0);
	close_others();
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	(void)prctl(PR_SET_NAME, "embargo-keeper", 0, 0, 0);
	while ((fd = receive(&timeout_ms)) >= 0) {
		prepared = prepared || prepare(timeout_ms);
		/* jobs, and the gpg processes they leave, reap themselves */
		signal(SIGCHLD, SIG_IGN);
		child = fork();
		if (child == 0) {
			(void)close(keeper);
			run_job(fd, timeout_ms);
		}
		(void)close(fd);
	}
	_exit(0);
}

/* ---- the program ---- */

bool
job_init(job_serve *serve, bool (*prepare_job)(void), struct fault *fault)
{
	int ends[2];
	pid_t child;

	clock_cond_init(&one_ended);
	the_serve = serve;
	the_prepare = prepare_job;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0 ||
	    (child = fork()) < 0) {
		fault_set(fault, FAULT_SITE, "no keeper process for gpg: %s",
		    strerror(errno));
		return false;
	}
	keeper = ends[child == 0];
	if (child == 0)
		keep();
	(void)close(ends[1]);
	keeper_pid = child;
	return true;
}

void
job_end(void)
{
	if (keeper < 0)
		return;
	(void)close(keeper);
	keeper = -1;
	(void)waitpid(keeper_pid, NULL, 0);
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

/* Hands the job's end to the keeper. */
static bool
begin(int end, uint32_t timeout_ms)
{
	union {
		struct cmsghdr	header;
		char		space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { &timeout_ms, sizeof(timeout_ms) };
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
		n = sendmsg(keeper, &msg, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(timeout_ms);
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

static bool
exchange(int fd, struct span head, struct span rest, size_t max_answer,
    int64_t until_ms, struct buf *answer_out)
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
	len = ok ? length_of(bytes) : 0;
	if (!ok || len > max_answer)
		return false;
	answer_out->data = buf_alloc(len + 1);
	answer_out->size = len + 1;
	answer_out->len = len;
	return receive_until(fd, answer_out->data, len, until_ms);
}

bool
job_run(struct span head, struct span rest, int max_jobs, int timeout_ms,
    size_t max_answer, struct buf *answer_out, struct fault *fault)
{
	int64_t until = clock_monotonic_ms() + timeout_ms, left;
	int ends[2];
	bool ok;

	buf_init(answer_out, max_answer + 1);
	if (!take_place(max_jobs, until)) {
		fault_set(fault, FAULT_SITE, "gpg is busy: %d jobs run for "
		    "longer than %d ms", max_jobs, timeout_ms);
		return false;
	}
	left = until - clock_monotonic_ms();
	ok = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
	if (ok) {
		ok = begin(ends[1], left > 0 ? (uint32_t)left : 1);
		(void)close(ends[1]);
		ok = ok && exchange(ends[0], head, rest, max_answer,
		    until, answer_out);
		(void)close(ends[0]);
	}
	leave_place();
	if (!ok)
		fault_set(fault, FAULT_SITE,
		    clock_monotonic_ms() >= until ?
		    "gpg did not answer in %d ms" : "a job with gpg ended "
		    "before its answer (time-out %d ms)", timeout_ms);
	return ok;
}
