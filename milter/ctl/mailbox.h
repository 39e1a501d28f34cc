/*
 * mailbox: the messages in files, directories, mboxes and Maildirs.
 *
 * First all of them are found, then each is read when it is its turn.
 */
#ifndef CTL_MAILBOX_H
#define CTL_MAILBOX_H

#include "core/buf.h"
#include "flow/message.h"

/* Where one message is. */
struct letter {
	char	*name;		/* for people: "FILE", or "FILE:2" of an mbox */
	char	*path;
	int64_t	 from;
	int64_t	 len;		/* -1: to the end of the file */
	int64_t	 at;		/* for the caller's use */
};

struct mailbox {
	struct letter	*v;
	size_t		 n;
};

/*
 * Add what is at a path.  A file that begins with "From " is an mbox; of a
 * Maildir the folders cur and new count, of other directories all files but
 * those with a dot in front, each in the order of its names.  False, with errno
 * and *failed_out, which the caller frees, when something cannot be read.
 */
bool	mailbox_add(struct mailbox *box, const char *path, char **failed_out)
	    __attribute__((warn_unused_result));
void	mailbox_clear(struct mailbox *box);

/* At most max_bytes of a message; false with errno. */
bool	mailbox_read(const struct letter *letter, size_t max_bytes,
	    struct buf *out) __attribute__((warn_unused_result));

/*
 * As the MTA would hand the message over, from a sender that is not known: what
 * the file says of one is not taken.
 */
void	mailbox_fill(struct message *m, struct span bytes,
	    const struct settings *settings);

#endif
