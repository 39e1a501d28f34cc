/*
 * job: work with gpg and with plaintext, each in a process of its own.
 *
 * A small keeper process is forked before threads begin; for each job it forks
 * a process, which takes one request, gives one answer and ends.  What a job
 * decrypts is gone with it: the program that asked never holds it.  A job leads
 * a process group of its own; a timer ends the whole group, gpg included, and
 * so does the end of the job, of the keeper and of the program, however it
 * ends.  (gpg-agent lives in a session of its own and stays.)
 */
#ifndef EDGE_JOB_H
#define EDGE_JOB_H

#include "core/buf.h"
#include "core/fault.h"

/* In the job's process: answer the request. */
typedef void	job_serve(struct span request, struct buf *answer);

/*
 * Once per program, before threads and after privileges were given up: start
 * the keeper.  serve answers every request.  What prepare does in the keeper is
 * there in each job; false when it must be tried again.
 */
bool	job_init(job_serve *serve, bool (*prepare)(void), struct fault *fault)
	    __attribute__((warn_unused_result));

/* End the keeper, and with it whatever it started. */
void	job_end(void);

/*
 * Run one job on a request that comes in two pieces (so that a large one need
 * not be copied behind its head); thread-safe.  Not more than max_jobs run at
 * once, the others wait; all of it takes timeout_ms at most.  answer_out is the
 * caller's to clear, in every case.  False (FAULT_SITE) when there was no
 * answer in time, or none at all.
 */
bool	job_run(struct span head, struct span rest, int max_jobs,
	    int timeout_ms, size_t max_answer, struct buf *answer_out,
	    struct fault *fault) __attribute__((warn_unused_result));

#endif
