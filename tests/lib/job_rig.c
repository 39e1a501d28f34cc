/*
 * job_rig: what the jobs of test_job do, and what becomes of them; see
 * job_rig.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/clock.h"
#include "edge/job_keeper.h"
#include "lib/job_rig.h"

/* ---- files that tell ---- */

const char *
job_rig_path(const char *name)
{
	static _Thread_local char path[200];

	snprintf(path, sizeof(path), "%s/%s", getenv("TEST_JOB"), name);
	return path;
}

void
job_rig_note(const char *name, const char *text)
{
	int fd = open(job_rig_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		abort();
	close(fd);
}

static void
note_pid(void)
{
	char text[20];

	snprintf(text, sizeof(text), "%d\n", (int)getpid());
	job_rig_note("pids", text);
}

bool
job_rig_is_there(const char *name)
{
	return access(job_rig_path(name), F_OK) == 0;
}

/* ---- in the keeper and the job ---- */

bool
job_rig_prepare(void)
{
	job_rig_note("prepared", "x");
	if (fork() == 0)	/* a child that nobody waits for */
		_exit(0);
	if (job_rig_is_there("hang")) {
		note_pid();
		if (fork() == 0)
			note_pid();
		for (;;)
			pause();
	}
	return !job_rig_is_there("broken");
}

/* With a child and a grandchild that do not listen. */
static void
hang(void)
{
	int i;

	signal(SIGTERM, SIG_IGN);
	for (i = 0; i < 2; i++)
		if (fork() != 0)
			break;
	note_pid();
	for (;;)
		pause();
}

void
job_rig_sum_up(struct span text, struct buf *answer)
{
	unsigned long sum = 0;
	size_t i;

	for (i = 0; i < text.len; i++)
		sum = sum * 31 + text.data[i];
	if (!buf_print(answer, "%zu %lu", text.len, sum))
		abort();
}

int
job_rig_count_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n - 3;	/* ".", ".." and the folder itself */
}

static void
tell_limits(struct buf *answer)
{
	struct rlimit core;

	(void)getrlimit(RLIMIT_CORE, &core);
	if (!buf_print(answer, "files %d core %d dumpable %d leads %d",
	    job_rig_count_files(), (int)core.rlim_cur, prctl(PR_GET_DUMPABLE),
	    getpgrp() == getpid()))
		abort();
}

/* The first byte says what to do with the rest. */
void
job_rig_serve(struct span request, struct buf *answer)
{
	struct span rest = text_sub(request, 1, request.len);

	switch (request.len == 0 ? 'e' : request.data[0]) {
	case 'e':
		if (!buf_add(answer, rest.data, rest.len))
			abort();
		break;
	case 's':
		job_rig_sum_up(rest, answer);
		break;
	case 'l':
		tell_limits(answer);
		break;
	case 'h':
		hang();
		break;
	case 'x':
		_exit(0);
	case 'k':
		raise(SIGKILL);
		break;
	case 'w':	/* work for a while */
		job_rig_note("work", "+");
		usleep(30000);
		job_rig_note("work", "-");
		break;
	default:
		abort();
	}
}

/* ---- what /proc tells ---- */

/* Is a process there, and no zombie? */
bool
job_rig_lives(int pid)
{
	char path[40], state = 'Z';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	if (fscanf(file, "%*d %*s %c", &state) != 1)
		state = 'Z';
	fclose(file);
	return state != 'Z' && state != 'X';
}

/* Those that were noted and live; *noted_out: all that were noted. */
static int
count_noted(int *noted_out)
{
	FILE *file = fopen(job_rig_path("pids"), "re");
	int pid, n = 0;

	*noted_out = 0;
	while (file != NULL && fscanf(file, "%d", &pid) == 1) {
		(*noted_out)++;
		n += job_rig_lives(pid);
	}
	if (file != NULL)
		fclose(file);
	return n;
}

void
job_rig_wait(int expected)
{
	int64_t until = clock_monotonic_ms() + 5000;
	int noted;

	do {
		(void)usleep(5000);
		(void)count_noted(&noted);
	} while (noted < expected && clock_monotonic_ms() < until);
	assert_int_equal(noted, expected);
}

/* All noted processes go within a second. */
void
job_rig_wait_for_end(int expected)
{
	int64_t until = clock_monotonic_ms() + 1000;
	int noted, living;

	do {
		(void)usleep(5000);
		living = count_noted(&noted);
	} while (living > 0 && clock_monotonic_ms() < until);
	assert_int_equal(noted, expected);
	assert_int_equal(living, 0);
	unlink(job_rig_path("pids"));
}

/* The keeper, or 0: the child of that name. */
int
job_rig_find_keeper(int parent)
{
	char path[300], name[32];
	struct dirent *d;
	DIR *dir = opendir("/proc");
	FILE *file;
	int pid, ppid, found = 0;

	while ((d = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "/proc/%s/stat", d->d_name);
		file = d->d_name[0] < '1' || d->d_name[0] > '9' ? NULL :
		    fopen(path, "re");
		if (file == NULL)
			continue;
		if (fscanf(file, "%d (%31[^)]) %*c %d", &pid, name, &ppid) ==
		    3 && ppid == parent && strcmp(name, JOB_KEEPER) == 0)
			found = pid;
		fclose(file);
	}
	closedir(dir);
	return found;
}
