/*
 * job_rig: what the jobs of test_job do, and what becomes of them.
 *
 * The test, its keeper and the jobs share a folder, named in TEST_JOB: there
 * jobs note that they work and who they are, and the test tells what is broken.
 */
#ifndef TESTS_JOB_RIG_H
#define TESTS_JOB_RIG_H

#include "core/buf.h"

/* A file of the folder. */
const char	*job_rig_path(const char *name);
void		 job_rig_note(const char *name, const char *text);
bool		 job_rig_is_there(const char *name);

/*
 * For job_main().  The first byte of a request says what to do with the rest:
 * 'e' echo, 's' sum up, 'l' tell limits, 'h' hang with two children, 'x' exit,
 * 'k' kill itself, 'w' work for a while, which is noted in "work".  Preparing
 * is noted in "prepared"; it fails while there is "broken", and hangs with a
 * child while there is "hang".  What hangs notes its processes in "pids".
 */
void	job_rig_serve(struct span request, struct buf *answer);
bool	job_rig_prepare(void);
void	job_rig_sum_up(struct span text, struct buf *answer);

/* Of this process: open files. */
int	job_rig_count_files(void);

/* Is a process there, and no zombie? */
bool	job_rig_lives(int pid);

/* The child of that process which is its keeper, or 0. */
int	job_rig_find_keeper(int parent);

/* Until so many processes are noted; until these have ended, within 1 s. */
void	job_rig_wait(int expected);
void	job_rig_wait_for_end(int expected);

#endif
