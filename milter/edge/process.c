/*
 * process: privileges, signals, locks; see process.h.
 */
#include <config.h>

#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/buf.h"
#include "edge/hide.h"
#include "edge/process.h"

struct reload {
	void	(*function)(void *);
	void	*arg;
};

/* Written by signal handlers and by process_detach(), before threads. */
static volatile sig_atomic_t stop_wanted, reload_wanted;
static int ready_fd = -1;
static int lock_fd = -1;	/* of the main thread */
static sem_t woken;

void
process_init(void)
{
	struct rlimit files;
	sigset_t set;

	hide();
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int
process_max_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 ||
	    files.rlim_cur > INT_MAX)
		return INT_MAX;
	return (int)files.rlim_cur;
}

bool
process_become(const char *user, struct fault *fault)
{
	struct passwd *pw;

	if (geteuid() != 0)
		return true;
	pw = getpwnam(user);
	if (pw == NULL) {
		fault_set(fault, FAULT_CONFIG, "user: there is no user %s, "
		    "and root is not who we run as: \"adduser --system "
		    "--group %s\" makes it", user, user);
		return false;
	}
	if (pw->pw_uid == 0) {
		fault_set(fault, FAULT_CONFIG, "user: %s is root, who has no "
		    "need to run this program: name a user without rights, "
		    "as \"embargo-milter\"", user);
		return false;
	}
	if (initgroups(user, pw->pw_gid) != 0 || setgid(pw->pw_gid) != 0 ||
	    setuid(pw->pw_uid) != 0 || setuid(0) == 0) {
		fault_set(fault, FAULT_SITE, "cannot become user %s: %s",
		    user, strerror(errno));
		return false;
	}
	hide();
	return true;
}

/* The parent's side: until the child is ready or ends. */
static void
wait_for_child(pid_t child, int fd)
{
	char byte;
	int status;

	if (read(fd, &byte, 1) == 1)
		_exit(EX_OK);
	if (waitpid(child, &status, 0) == child && WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	_exit(EX_UNAVAILABLE);
}

bool
process_detach(struct fault *fault)
{
	int fds[2], null;
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) != 0 || (child = fork()) < 0) {
		fault_set(fault, FAULT_SITE, "cannot go to the background: %s",
		    strerror(errno));
		return false;
	}
	if (child > 0) {
		close(fds[1]);
		wait_for_child(child, fds[0]);
	}
	close(fds[0]);
	ready_fd = fds[1];
	(void)setsid();
	if (chdir("/") != 0)
		return true;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		(void)dup2(null, STDIN_FILENO);
		(void)dup2(null, STDOUT_FILENO);
	}
	return true;
}

static void
notify_manager(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, path, strlen(path));
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, "READY=1", 7, MSG_NOSIGNAL,
	    (struct sockaddr *)&address,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
	    strlen(path)));
	close(fd);
}

void
process_ready(void)
{
	const char *manager = getenv("NOTIFY_SOCKET");
	int null;

	if (manager != NULL)
		notify_manager(manager);
	if (ready_fd < 0)
		return;
	if (write(ready_fd, "", 1) != 1)
		return;
	close(ready_fd);
	ready_fd = -1;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		(void)dup2(null, STDERR_FILENO);
		close(null);
	}
}

static bool
check_folder(const char *folder, struct fault *fault)
{
	struct stat st;

	if (stat(folder, &st) != 0) {
		fault_set(fault, FAULT_SITE, "socket: %s: %s", folder,
		    strerror(errno));
		return false;
	}
	if (st.st_uid != 0 && st.st_uid != geteuid()) {
		fault_set(fault, FAULT_CONFIG, "socket: the folder %s belongs "
		    "to somebody else: use one of root's or our own", folder);
		return false;
	}
	if ((st.st_mode & S_IWOTH) != 0 && (st.st_mode & S_ISVTX) == 0) {
		fault_set(fault, FAULT_CONFIG, "socket: anybody can write to "
		    "the folder %s: chmod o-w, or use another", folder);
		return false;
	}
	return true;
}

bool
process_check_place(const char *socket_path, struct fault *fault)
{
	char folder[4096];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", socket_path);
	while ((slash = strrchr(folder, '/')) != NULL && slash != folder) {
		*slash = '\0';
		if (!check_folder(folder, fault))
			return false;
	}
	return check_folder("/", fault);
}

bool
process_lock(const char *socket_path, struct fault *fault)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s.lock", socket_path);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		fault_set(fault, FAULT_SITE, "cannot open the lock %s: %s",
		    path, strerror(errno));
		return false;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		lock_fd = fd;
		return true;
	}
	fault_set(fault, FAULT_SITE,
	    "another instance serves %s (it holds %s)", socket_path, path);
	close(fd);
	return false;
}

void
process_unlock(void)
{
	if (lock_fd >= 0)
		(void)close(lock_fd);
	lock_fd = -1;
}

bool
process_set_mode(const char *path, int mode, const char *group,
    struct fault *fault)
{
	struct group *gr = group == NULL ? NULL : getgrnam(group);

	if (group != NULL && gr == NULL) {
		fault_set(fault, FAULT_CONFIG,
		    "socket_group: there is no group %s", group);
		return false;
	}
	if ((gr != NULL && chown(path, (uid_t)-1, gr->gr_gid) != 0) ||
	    chmod(path, (mode_t)mode) != 0) {
		fault_set(fault, FAULT_SITE,
		    "cannot set mode and group of %s: %s", path,
		    strerror(errno));
		return false;
	}
	return true;
}

static void *
reload_main(void *arg)
{
	struct reload *reload = arg;
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	while (sigwait(&set, &number) == 0)
		reload->function(reload->arg);
	free(reload);
	return NULL;
}

bool
process_start_thread(pthread_t *thread_out, void *(*main)(void *), void *arg,
    struct fault *fault)
{
	sigset_t set, old;
	bool ok;

	/* every signal stays with libmilter's thread */
	sigfillset(&set);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	ok = pthread_create(thread_out, NULL, main, arg) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!ok)
		fault_set(fault, FAULT_SITE, "no thread can be started");
	return ok;
}

bool
process_on_reload(void (*function)(void *), void *arg, struct fault *fault)
{
	struct reload *reload = buf_alloc(sizeof(*reload));
	pthread_t thread;

	reload->function = function;
	reload->arg = arg;
	if (!process_start_thread(&thread, reload_main, reload, fault)) {
		free(reload);
		return false;
	}
	pthread_detach(thread);
	return true;
}

static void
handle_stop(int number)
{
	(void)number;
	process_wake();
}

void
process_take_stop(void)
{
	struct sigaction action = { .sa_handler = handle_stop };

	(void)sem_init(&woken, 0, 0);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
}

void
process_wait(void)
{
	while (sem_wait(&woken) != 0 && errno == EINTR)
		continue;
}

bool
process_wait_until(int64_t until_ms)
{
	struct timespec until = { until_ms / 1000, until_ms % 1000 * 1000000 };
	int result;

	do
		result = sem_clockwait(&woken, CLOCK_MONOTONIC, &until);
	while (result != 0 && errno == EINTR);
	return result == 0;
}

void
process_wake(void)
{
	int saved = errno;

	(void)sem_post(&woken);
	errno = saved;
}

static void
handle(int number)
{
	if (number == SIGUSR1)
		reload_wanted = 1;
	else
		stop_wanted = 1;
}

void
process_catch(void)
{
	struct sigaction action = { .sa_handler = handle };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	/* blocked but while we sleep, so that none is lost in between */
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGUSR1, &action, NULL);
}

void
process_sleep(int secs)
{
	struct timespec time = { secs, 0 };
	sigset_t none;

	sigemptyset(&none);
	(void)ppoll(NULL, 0, &time, &none);
}

bool
process_must_stop(void)
{
	return stop_wanted != 0;
}

bool
process_must_reload(void)
{
	bool wanted = reload_wanted != 0;

	reload_wanted = 0;
	return wanted;
}
