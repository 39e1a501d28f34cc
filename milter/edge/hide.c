/*
 * hide: no traces of what is in memory; see hide.h.
 */
#include <config.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include "edge/hide.h"

#define FILTER	"/proc/self/coredump_filter"
#define LARGE	(128 * 1024)	/* bytes */

/*
 * As MADV_DONTDUMP for every page, those of gpg included: the filter outlives
 * fork() and execve().  Not dumpable, we could not write it any more.
 */
static void
leave_out_of_dumps(void)
{
	int fd = open(FILTER, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, "0", 1);
	(void)close(fd);
}

void
hide(void)
{
	struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	leave_out_of_dumps();
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)umask(077);
	(void)mallopt(M_PERTURB, 0xff);
	(void)mallopt(M_MMAP_THRESHOLD, LARGE);
}
