/*
 * smtp: shows a message to a mail server and tells what it said (RFC 5321).
 *
 * For `embargoctl probe' and nothing else: no TLS, no login, no delivery to
 * hosts that are not named.
 */
#ifndef EDGE_SMTP_H
#define EDGE_SMTP_H

#include "core/fault.h"
#include "core/text.h"

enum smtp_stage {
	SMTP_GREETING,
	SMTP_EHLO,
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA,
	SMTP_END		/* behind the message */
};

/* The reply that ended it: a negative one, or the last. */
struct smtp_answer {
	enum smtp_stage	stage;
	int		code;
	char		text[200];	/* its first line, without the code */
};

struct smtp_mail {
	const char	*helo;
	const char	*from;
	const char	*to;
	struct span	 message;	/* lines end with LF or CRLF */
};

/*
 * port: digits or a service's name.  FAULT_SITE when there is no connection, or
 * no answer within timeout_ms.
 */
bool	smtp_show(const char *host, const char *port,
	    const struct smtp_mail *mail, int timeout_ms,
	    struct smtp_answer *out, struct fault *fault)
	    __attribute__((warn_unused_result));

const char	*smtp_stage_name(enum smtp_stage stage);

#endif
