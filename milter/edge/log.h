/*
 * log: one line to syslog (facility mail) or to stderr.
 *
 * Bytes outside printable ASCII become '?': foreign text cannot forge lines.
 * Thread-safe.  Never given a Subject, a body, or anything decrypted.
 */
#ifndef EDGE_LOG_H
#define EDGE_LOG_H

#include <stdbool.h>

/* program: as it appears in the lines; a literal. */
void	log_open(const char *program, bool to_stderr, bool verbose);

void	log_error(const char *format, ...)
	    __attribute__((format(printf, 1, 2)));
void	log_warning(const char *format, ...)
	    __attribute__((format(printf, 1, 2)));
void	log_notice(const char *format, ...)
	    __attribute__((format(printf, 1, 2)));
void	log_info(const char *format, ...)
	    __attribute__((format(printf, 1, 2)));
/* Only with -v. */
void	log_debug(const char *format, ...)
	    __attribute__((format(printf, 1, 2)));

#endif
