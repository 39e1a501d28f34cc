/*
 * child: runs another program; see child.h.
 */
#include <config.h>

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/child.h"
#include "edge/clock.h"

#define LOOK_MS		20	/* between two looks at the child */
#define WORDS_SIZE	200	/* kept of what it says */
#define CANNOT_RUN	127

/* A program that runs. */
struct run {
	pid_t		 pid;
	int		 fds[2];	/* its standard output and error */
	struct buf	*out;
	char		 words[WORDS_SIZE];
	size_t		 nwords;
	int		 status;
};

/* In the child: nothing of ours but its input, and a program's defaults. */
static void
become(const struct child_call *call, const int *ends)
{
	int null = open("/dev/null", O_RDWR);
	const char *why;
	sigset_t none;

	(void)setpgid(0, 0);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(call->input < 0 ? null : call->input, STDIN_FILENO) < 0 ||
	    dup2(call->out == NULL ? null : ends[0], STDOUT_FILENO) < 0 ||
	    dup2(ends[1], STDERR_FILENO) < 0)
		_exit(CANNOT_RUN);
	(void)close_range(STDERR_FILENO + 1, ~0u, 0);
	/* execv asks for pointers that it does not use to write */
	(void)execv(call->argv[0], (char *const *)(uintptr_t)call->argv);
	why = strerror(errno);
	if (write(STDERR_FILENO, why, strlen(why)) < 0)
		_exit(CANNOT_RUN);
	_exit(CANNOT_RUN);
}

static bool
open_pipes(int *ours, int *theirs)
{
	int ends[2], i;

	for (i = 0; i < 2; i++) {
		if (pipe2(ends, O_CLOEXEC) != 0) {
			if (i == 1) {
				(void)close(ours[0]);
				(void)close(theirs[0]);
			}
			return false;
		}
		(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
		ours[i] = ends[0];
		theirs[i] = ends[1];
	}
	return true;
}

static void
shut(struct run *run, int i)
{
	if (run->fds[i] >= 0)
		(void)close(run->fds[i]);
	run->fds[i] = -1;
}

static bool
start(const struct child_call *call, struct run *run)
{
	int ends[2];

	if (!open_pipes(run->fds, ends))
		return false;
	run->pid = fork();
	if (run->pid == 0)
		become(call, ends);
	(void)close(ends[0]);
	(void)close(ends[1]);
	if (run->pid > 0) {
		(void)setpgid(run->pid, run->pid);
		return true;
	}
	shut(run, 0);
	shut(run, 1);
	return false;
}

/* Of its words all but the beginning is dropped. */
static void
keep(struct run *run, int i, const char *bytes, size_t n)
{
	size_t room = sizeof(run->words) - 1 - run->nwords;

	if (i == 0) {
		if (run->out != NULL && !buf_add(run->out, bytes, n))
			run->out = NULL;
		return;
	}
	if (n > room)
		n = room;
	memcpy(run->words + run->nwords, bytes, n);
	run->nwords += n;
}

/* Take what it has said so far. */
static void
listen_to(struct run *run, int i)
{
	char bytes[4096];
	ssize_t n;

	if (run->fds[i] < 0)
		return;
	while ((n = read(run->fds[i], bytes, sizeof(bytes))) > 0)
		keep(run, i, bytes, (size_t)n);
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		shut(run, i);
}

/* Until it has ended; false when the time is up. */
static bool
wait_for(struct run *run, int64_t until_ms)
{
	struct pollfd p[2] = { { .events = POLLIN }, { .events = POLLIN } };
	pid_t got;

	for (;;) {
		got = waitpid(run->pid, &run->status, WNOHANG);
		listen_to(run, 0);
		listen_to(run, 1);
		if (got == run->pid)
			return true;
		if (clock_monotonic_ms() >= until_ms)
			return false;
		p[0].fd = run->fds[0];
		p[1].fd = run->fds[1];
		(void)poll(p, 2, LOOK_MS);
	}
}

/* Its first words, in one line. */
static const char *
words_of(struct run *run)
{
	run->words[run->nwords] = '\0';
	run->words[strcspn(run->words, "\r\n")] = '\0';
	return run->words;
}

/* True when it ended well; whatever else it is ends here. */
static bool
finish(struct run *run, bool has_ended, const struct child_call *call,
    struct fault *fault)
{
	int code = has_ended && WIFEXITED(run->status) ?
	    WEXITSTATUS(run->status) : -1;

	if (code == 0)
		return true;
	(void)kill(-run->pid, SIGKILL);
	if (!has_ended) {
		(void)waitpid(run->pid, &run->status, 0);
		fault_set(fault, FAULT_SITE, "%s: did not end within %d ms",
		    call->argv[0], call->timeout_ms);
	} else if (code > 0)
		fault_set(fault, FAULT_SITE, "%s: exit code %d: %s",
		    call->argv[0], code, words_of(run));
	else
		fault_set(fault, FAULT_SITE, "%s: ended by signal %d",
		    call->argv[0], WTERMSIG(run->status));
	return false;
}

bool
child_run(const struct child_call *call, struct fault *fault)
{
	int64_t until_ms = clock_monotonic_ms() + call->timeout_ms;
	struct run run = { .out = call->out };
	bool ok;

	if (!start(call, &run)) {
		fault_set(fault, FAULT_SITE, "%s: no process: %s",
		    call->argv[0], strerror(errno));
		return false;
	}
	ok = wait_for(&run, until_ms);
	ok = finish(&run, ok, call, fault);
	shut(&run, 0);
	shut(&run, 1);
	return ok;
}

bool
child_find(const char *name, char *dst, size_t size)
{
	static const char system[] = "/usr/sbin:/usr/local/sbin:/sbin";
	const char *path = getenv("PATH");
	char *all, *rest, *folder;
	struct buf buf;
	bool found = false;

	buf_init(&buf, 65536);
	if (!buf_print(&buf, "%s:%s", path == NULL ? "/usr/bin" : path,
	    system))
		buf_clear(&buf);
	all = rest = buf_strndup(buf_span(&buf));
	buf_clear(&buf);
	while (!found && (folder = strsep(&rest, ":")) != NULL) {
		snprintf(dst, size, "%s/%s", folder, name);
		found = folder[0] == '/' && access(dst, X_OK) == 0;
	}
	free(all);
	return found;
}
