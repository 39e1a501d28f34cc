/*
 * session: one connection of the MTA, one message at a time: events in, outcome
 * out.  Knows neither libmilter nor any other library.
 *
 * A session is used by one thread at a time.
 */
#ifndef FLOW_SESSION_H
#define FLOW_SESSION_H

#include "flow/outcome.h"
#include "flow/service.h"

struct session;

enum session_next {
	SESSION_CONTINUE,
	SESSION_PASS,		/* no list among the recipients: not ours */
	SESSION_SKIP,		/* enough of the body */
	SESSION_REFUSE		/* as the outcome says */
};

struct session	*session_new(struct service *service);
void		 session_free(struct session **session);

/* A new transaction: forgets what was before (also after an abort). */
void		 session_mail(struct session *s, const char *sender);
void		 session_rcpt(struct session *s, const char *recipient);

/* All recipients are known: are we needed? */
enum session_next	session_data(struct session *s, const char *queue_id);

void			session_header(struct session *s, const char *name,
			    const char *value);

/*
 * The header is complete, which may be told more than once: is the body needed?
 * With SESSION_REFUSE the caller clears outcome_out.
 */
enum session_next	session_header_end(struct session *s,
			    struct outcome *outcome_out);
enum session_next	session_body(struct session *s, const void *data,
			    size_t len);

/*
 * End of message.  outcome_out is to be cleared by the caller.  Without a MAIL
 * before it (a broken MTA) the verdict is "try later".
 */
void	session_end(struct session *s, const char *queue_id,
	    struct outcome *outcome_out);
void	session_abort(struct session *s);

#endif
