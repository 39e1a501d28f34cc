/*
 * job_keeper: the keeper and its jobs, the side of job.c that works.
 *
 * job.c hands it the socket of each job and the time to end, in
 * milliseconds of clock_monotonic_ms(), over JOB_KEEPER_FD.
 */
#ifndef EDGE_JOB_KEEPER_H
#define EDGE_JOB_KEEPER_H

#include "edge/job.h"

#define JOB_KEEPER	"embargo-keeper"	/* argv[0] of a keeper */
#define JOB_KEEPER_FD	3

/* Serves until the program that started it is gone. */
void	job_keep(job_serve *serve, bool (*prepare)(void))
	    __attribute__((noreturn));

#endif
