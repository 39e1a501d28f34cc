/*
 * fault: what went wrong, and whose fault it is.
 *
 * The last parameter of whatever can fail; filled only on failure.  The text is
 * for the log: one line of printable ASCII, never a byte of anybody's message.
 */
#ifndef CORE_FAULT_H
#define CORE_FAULT_H

enum fault_kind {
	FAULT_SITE,	/* ours: Redis, gpg, memory, time: 4xx */
	FAULT_SENDER,	/* the sender's: 5xx */
	FAULT_USAGE,	/* an operator's: a wrong word or value */
	FAULT_CONFIG,	/* the configuration's: exit 78 */
	FAULT_MISSING	/* what was asked for does not exist */
};

struct fault {
	enum fault_kind	kind;
	char		text[512];
};

void	fault_set(struct fault *fault, enum fault_kind kind,
	    const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
