/*
 * child: runs another program and waits for its end.
 *
 * No shell is asked.  The program gets no signal mask and no descriptor of ours
 * but its three.  What it leaves behind when it ends well, such as a delivery
 * in the background, is its own business; after any failure its process group
 * is ended.
 */
#ifndef EDGE_CHILD_H
#define EDGE_CHILD_H

#include "core/buf.h"
#include "core/fault.h"

struct child_call {
	const char *const	*argv;	/* argv[0] is a path; NULL ends it */
	int			 input;	/* a descriptor; -1: nothing */
	struct buf		*out;	/* what it prints; NULL: dropped */
	int			 timeout_ms;
};

/*
 * False (FAULT_SITE) unless it ends with exit code 0 in time; what it says
 * first on standard error is part of the fault.  What passes the limit of out
 * is dropped.
 */
bool	child_run(const struct child_call *call, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * Where a program of the system is: on PATH, or where administrators have
 * theirs.  False when it is nowhere.
 */
bool	child_find(const char *name, char *dst, size_t size)
	    __attribute__((warn_unused_result));

#endif
