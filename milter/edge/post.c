/*
 * post: hands a message to sendmail; see post.h.
 *
 * What sendmail leaves behind when it ends well, such as a delivery in the
 * background, is its own business; after any failure the whole process group
 * is ended.
 */
#include <config.h>

#include <sys/mman.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "edge/post.h"

#define LOOK_MS		20	/* between two looks at the child */
#define WORDS_SIZE	200	/* kept of what it says */
#define CANNOT_RUN	127

/* A sendmail that runs. */
struct run {
	pid_t	pid;
	int	words_fd;		/* its standard error */
	char	words[WORDS_SIZE];
	size_t	nwords;
	int	status;
};

static bool
write_all(int fd, const uint8_t *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data += n, len -= (size_t)n) {
		n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return false;
	}
	return true;
}

/* CRLF becomes LF, as a local program expects it. */
static bool
write_lines(int fd, struct span message)
{
	const uint8_t *at = message.data, *end = at + message.len, *cr;

	while (at < end) {
		cr = memmem(at, (size_t)(end - at), "\r\n", 2);
		if (cr == NULL)
			cr = end;
		if (!write_all(fd, at, (size_t)(cr - at)))
			return false;
		at = cr == end ? end : cr + 1;
	}
	return true;
}

static int
make_file(struct span message)
{
	int fd = memfd_create("message", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	if (write_lines(fd, message) && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/* For execv, which asks for pointers that it does not use to write. */
static char **
make_arguments(const char *program, const char *from,
    const struct strings *to)
{
	char **argv = buf_alloc_zero(to->n + 6, sizeof(*argv));
	size_t n = 0, i;

	argv[n++] = (char *)(uintptr_t)program;
	argv[n++] = (char *)(uintptr_t)"-i";
	argv[n++] = (char *)(uintptr_t)"-f";
	argv[n++] = (char *)(uintptr_t)(from[0] == '\0' ? "<>" : from);
	argv[n++] = (char *)(uintptr_t)"--";
	for (i = 0; i < to->n; i++)
		argv[n++] = to->v[i];
	return argv;
}

/* In the child: nothing of ours but the message, and a program's defaults. */
static void
become(char **argv, int message, int words)
{
	int null = open("/dev/null", O_WRONLY);
	const char *why;
	sigset_t none;

	(void)setpgid(0, 0);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(message, STDIN_FILENO) < 0 ||
	    dup2(null, STDOUT_FILENO) < 0 || dup2(words, STDERR_FILENO) < 0)
		_exit(CANNOT_RUN);
	(void)close_range(STDERR_FILENO + 1, ~0u, 0);
	(void)execv(argv[0], argv);
	why = strerror(errno);
	(void)write_all(STDERR_FILENO, (const uint8_t *)why, strlen(why));
	_exit(CANNOT_RUN);
}

static bool
start(char **argv, int message, struct run *run)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	run->words_fd = ends[0];
	run->pid = fork();
	if (run->pid == 0)
		become(argv, message, ends[1]);
	(void)close(ends[1]);
	if (run->pid > 0) {
		(void)setpgid(run->pid, run->pid);
		return true;
	}
	(void)close(ends[0]);
	return false;
}

/* Take what it has said so far; all but the beginning is dropped. */
static void
listen_to(struct run *run)
{
	char bytes[512];
	size_t room, len;
	ssize_t n;

	while ((n = read(run->words_fd, bytes, sizeof(bytes))) > 0) {
		room = sizeof(run->words) - 1 - run->nwords;
		len = (size_t)n < room ? (size_t)n : room;
		memcpy(run->words + run->nwords, bytes, len);
		run->nwords += len;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	(void)close(run->words_fd);
	run->words_fd = -1;
}

/* Until it has ended; false when the time is up. */
static bool
wait_for(struct run *run, int64_t until_ms)
{
	struct pollfd p = { .events = POLLIN };
	pid_t got;

	for (;;) {
		got = waitpid(run->pid, &run->status, WNOHANG);
		if (run->words_fd >= 0)
			listen_to(run);
		if (got == run->pid)
			return true;
		if (clock_monotonic_ms() >= until_ms)
			return false;
		p.fd = run->words_fd;
		(void)poll(&p, 1, LOOK_MS);
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

/* True when it took the message; whatever else it is ends here. */
static bool
finish(struct run *run, bool has_ended, const char *program, int timeout_ms,
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
		    program, timeout_ms);
	} else if (code > 0)
		fault_set(fault, FAULT_SITE, "%s: exit code %d: %s", program,
		    code, words_of(run));
	else
		fault_set(fault, FAULT_SITE, "%s: ended by signal %d",
		    program, WTERMSIG(run->status));
	return false;
}

bool
post_send(const char *program, const char *from, const struct strings *to,
    struct span message, int timeout_ms, struct fault *fault)
{
	int64_t until_ms = clock_monotonic_ms() + timeout_ms;
	struct run run = { .nwords = 0 };
	int file = make_file(message);
	char **argv;
	bool ok;

	if (file < 0) {
		fault_set(fault, FAULT_SITE, "%s: no memory for a message: %s",
		    program, strerror(errno));
		return false;
	}
	argv = make_arguments(program, from, to);
	ok = start(argv, file, &run);
	if (ok) {
		ok = wait_for(&run, until_ms);
		ok = finish(&run, ok, program, timeout_ms, fault);
		if (run.words_fd >= 0)
			(void)close(run.words_fd);
	} else
		fault_set(fault, FAULT_SITE, "%s: no process: %s", program,
		    strerror(errno));
	free(argv);
	(void)close(file);
	return ok;
}
