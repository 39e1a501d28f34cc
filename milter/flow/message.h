/*
 * message: one message on its way: what the MTA told us, bounded.
 *
 * Holds the envelope, the header and the body of list mail until the end of
 * message.  A reached limit is remembered, not an error: it becomes a refusal.
 */
#ifndef FLOW_MESSAGE_H
#define FLOW_MESSAGE_H

#include "core/buf.h"
#include "core/field.h"
#include "core/mail.h"
#include "core/settings.h"

/* Recipients that are remembered for public_lists; more are too complex. */
#define MESSAGE_MAX_RECIPIENTS 10000

struct message {
	char		 queue_id[32];	/* "" until known */
	char		*sender;	/* "" is the null sender */
	char		**recipients;
	size_t		 nrecipients;
	bool		*is_for;	/* one per list */
	size_t		 nfor;		/* how many are true */
	bool		 is_copy;	/* message_find_manager() */
	/* name and value of each field as copies, NUL-terminated */
	char		**names;
	char		**values;
	size_t		 nfields;
	size_t		 header_bytes;
	bool		 is_too_complex;
	bool		 has_odd_field;	/* a name no client agrees on */
	struct buf	 body;
	bool		 is_too_big;
};

void	message_init(struct message *m, const struct settings *settings);
void	message_clear(struct message *m);

/* Notes the recipient and the lists that it names. */
void	message_add_recipient(struct message *m, const char *address,
	    const struct settings *settings);

/*
 * Is it for no list, but sent by the manager of one?  Then it is a copy for the
 * list's members and judged as if it were for the list.
 */
void	message_find_manager(struct message *m,
	    const struct settings *settings);

/* An address as SMTP gives it: without its angle brackets. */
char	*message_copy_address(const char *given);

void	message_add_field(struct message *m, const char *name,
	    const char *value, const struct limit_settings *limits);

/* False when the rest of the body is not wanted. */
bool	message_add_body(struct message *m, const void *data, size_t len);

/* The header as fields that borrow from m; field_clear() frees the array. */
void	message_fields(const struct message *m, struct fields *out);

/* Null sender, Auto-Submitted, vacation: RFC 3834, RFC 5321 4.5.5. */
bool	message_is_automatic(const struct message *m,
	    const struct fields *fields);

/* May its sender be told of the issue?  RFC 3834; never one of our own. */
bool	message_wants_answer(const struct message *m,
	    const struct fields *fields, const struct settings *settings);

#endif
