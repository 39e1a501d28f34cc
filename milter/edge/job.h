/*
 * job: work with gpg and with plaintext, each in a process of its own.
 *
 * A small process, the keeper, forks a process for each job, which takes one
 * request, gives one answer and ends.  What a job decrypts is gone with it: the
 * program that asked never holds it.  A job leads a process group of its own,
 * gpg included, and ends the whole group when its time is up, when the program
 * that asked is gone, and when it has answered.  (gpg-agent lives in a session
 * of its own and stays.)
 *
 * The keeper is this program once more, started under another name when a job
 * finds none: whatever becomes of a keeper, the next job has one.
 */
#ifndef EDGE_JOB_H
#define EDGE_JOB_H

#include "core/buf.h"
#include "core/fault.h"

/* In the job's process: answer the request. */
typedef void	job_serve(struct span request, struct buf *answer);

/*
 * First in main(), behind what has to be set up before threads: in a keeper it
 * does not return.  There serve answers every request, and what prepare does
 * once is there in each job; false when it must be tried again.
 */
void	job_main(char **argv, job_serve *serve, bool (*prepare)(void));

/* End the keeper and all jobs; whoever waits for one has a fault at once. */
void	job_end(void);

/*
 * Run one job on a request that comes in two pieces (so that a large one need
 * not be copied behind its head); thread-safe.  Not more than max_jobs run at
 * once, the others wait; all of it takes timeout_ms at most.  answer_out is
 * the caller's to clear, in every case.  False (FAULT_SITE) when there was no
 * answer in time, none at all, or one of more than max_answer bytes.
 */
bool	job_run(struct span head, struct span rest, int max_jobs,
	    int timeout_ms, size_t max_answer, struct buf *answer_out,
	    struct fault *fault) __attribute__((warn_unused_result));

#endif
