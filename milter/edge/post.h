/*
 * post: hands a message to sendmail, the program that comes with every MTA.
 *
 * No shell is asked.  The message is a file in memory that is complete before
 * sendmail starts: a pipe would end early if we were killed, and sendmail would
 * take half a message for a whole one.  Nothing touches a disk.
 */
#ifndef EDGE_POST_H
#define EDGE_POST_H

#include "core/fault.h"
#include "core/settings.h"
#include "core/text.h"

/*
 * Runs "program -i -f FROM -- TO ...", the message with LF line ends on its
 * standard input; from "" is the null sender.  False (FAULT_SITE) unless it
 * ends with exit code 0 within timeout_ms; then its process group is ended.
 * What it says on standard error is part of the fault.
 */
bool	post_send(const char *program, const char *from,
	    const struct strings *to, struct span message, int timeout_ms,
	    struct fault *fault) __attribute__((warn_unused_result));

#endif
