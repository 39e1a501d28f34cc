/*
 * postfix: what postconf(1) says of the Postfix on this host.
 *
 * Of another instance where MAIL_CONFIG names its folder, as for Postfix's own
 * commands.
 */
#ifndef CTL_POSTFIX_H
#define CTL_POSTFIX_H

#include "core/buf.h"
#include "core/fault.h"

/* A line of master.cf. */
struct postfix_service {
	char		*name;		/* "smtp", "127.0.0.1:10025" */
	char		*type;		/* "inet", "unix", "pass" */
	char		*program;	/* "smtpd" */
	struct buf	 overrides;	/* its -o: lines "name = value" */
};

struct postfix {
	struct buf		 values;	/* lines "name = value" */
	struct postfix_service	*services;
	size_t			 nservices;
};

/* FAULT_MISSING when there is no postconf here.  To be cleared. */
bool	postfix_load(struct postfix *out, struct fault *fault)
	    __attribute__((warn_unused_result));
void	postfix_clear(struct postfix *postfix);

/*
 * A parameter as the service sees it (NULL: as main.cf has it), all $names
 * expanded; "" for one that is not set.  The caller frees it.
 */
char	*postfix_value(const struct postfix *postfix,
	    const struct postfix_service *service, const char *name);

/* Seconds of a value such as "300s" or "1h"; 0 when it is none. */
int64_t	postfix_secs(const char *value);

#endif
