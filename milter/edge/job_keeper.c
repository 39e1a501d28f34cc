/*
 * job_keeper: the processes that work; see job.h and job_keeper.h.
 *
 * Each of them watches: a timer looks whether the time is up and whether the
 * other end of its socket is still held, and ends the process group if not.  A
 * program that is killed takes all of it along in that way.
 */
#include <config.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/wire.h"
#include "edge/clock.h"
#include "edge/hide.h"
#include "edge/job_keeper.h"

#define REQUEST_MAX	((size_t)3 << 30)
#define TICK_USECS	50000

/* ---- both kinds of process: the watch ---- */

/* Set before the timer runs. */
static int watched;
static int64_t ends_at_ms;

/*
 * A keeper lets go of the program first: who learns that a job has ended must
 * not give the next one to a keeper that is about to.
 */
static void
end_group(void)
{
	(void)close(JOB_KEEPER_FD);
	(void)kill(0, SIGKILL);
}

static void
tick(int number)
{
	struct pollfd p = { watched, 0, 0 };
	int saved = errno;

	(void)number;
	if (clock_monotonic_ms() >= ends_at_ms || poll(&p, 1, 0) != 0)
		end_group();
	errno = saved;
}

static void
watch(int fd, int64_t until_ms)
{
	struct itimerval timer = { { 0, TICK_USECS }, { 0, TICK_USECS } };

	watched = fd;
	ends_at_ms = until_ms;
	signal(SIGALRM, tick);
	(void)setitimer(ITIMER_REAL, &timer, NULL);
}

static void
unwatch(void)
{
	struct itimerval none = { { 0, 0 }, { 0, 0 } };

	(void)setitimer(ITIMER_REAL, &none, NULL);
}

/* ---- the job's process ---- */

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

/* Frees nothing: the process ends behind it. */
static void
answer(int fd, job_serve *serve)
{
	struct buf out, head;
	struct span request;
	uint8_t bytes[8];
	uint8_t *data;

	if (!read_all(fd, bytes, sizeof(bytes)))
		return;
	request.len = (size_t)wire_read_u64(bytes);
	if (request.len > REQUEST_MAX)
		return;
	request.data = data = buf_alloc(request.len + 1);
	buf_init(&out, REQUEST_MAX);
	buf_init(&head, 8);
	if (!read_all(fd, data, request.len))
		return;
	serve(request, &out);
	if (wire_put_u64(&head, out.len) && write_all(fd, head.data, 8))
		(void)write_all(fd, out.data, out.len);
}

static void
run_job(int fd, int64_t until_ms, job_serve *serve)
{
	if (setpgid(0, 0) != 0)
		_exit(1);
	signal(SIGCHLD, SIG_DFL);
	/* gpgme makes gpg an orphan: it becomes our child again */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	watch(fd, until_ms);
	answer(fd, serve);
	end_group();
}

/* ---- the keeper ---- */

/* The next job's socket, or -1 when the program has ended. */
static int
receive(int64_t *until_ms_out)
{
	union {
		struct cmsghdr	header;
		char		space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { until_ms_out, sizeof(*until_ms_out) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	ssize_t n;
	int fd = -1;

	do
		n = recvmsg(JOB_KEEPER_FD, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	c = n != (ssize_t)sizeof(*until_ms_out) ? NULL : CMSG_FIRSTHDR(&msg);
	if (c != NULL && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

/*
 * What prepare leaves half done cannot be done again here: the keeper ends,
 * and the next job starts another.
 */
static void
prepare_or_end(bool (*prepare)(void), int64_t until_ms)
{
	signal(SIGCHLD, SIG_DFL);
	watch(JOB_KEEPER_FD, until_ms);
	if (!prepare())
		end_group();
	unwatch();
	/* from now on what ends reaps itself: jobs, and what they leave */
	signal(SIGCHLD, SIG_IGN);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		continue;
}

void
job_keep(job_serve *serve, bool (*prepare)(void))
{
	int64_t until_ms;
	bool prepared = false;
	pid_t child;
	int fd;

	hide();		/* plaintext is to come */
	(void)unsetenv("LD_BIND_NOW");	/* ours alone */
	(void)fcntl(JOB_KEEPER_FD, F_SETFD, FD_CLOEXEC);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	(void)prctl(PR_SET_NAME, JOB_KEEPER, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, SIG_IGN);	/* jobs in flight are finished */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	while ((fd = receive(&until_ms)) >= 0) {
		if (!prepared)
			prepare_or_end(prepare, until_ms);
		prepared = true;
		child = fork();
		if (child == 0) {
			(void)close(JOB_KEEPER_FD);
			run_job(fd, until_ms, serve);
		}
		(void)close(fd);
	}
	end_group();	/* and what prepare may have left */
	_exit(0);
}
