/*
 * inside_job: what inside.c and inside_job.c say to each other.  Theirs only.
 *
 * Request: op, home, most bytes of plaintext, limits, From, whether to look
 * for its key, the keys known to be its own, Content fields, body.  Answer:
 * what became of it, trouble in words, then struct inside.
 */
#ifndef FLOW_INSIDE_JOB_H
#define FLOW_INSIDE_JOB_H

#define INSIDE_OP 16		/* apart from enum keyring_op */

enum inside_answer {
	ANSWER_READ,
	ANSWER_REFUSED,		/* the message's fault or the keyring's */
	ANSWER_TOO_BIG,
	ANSWER_TROUBLE		/* ours */
};

#endif
