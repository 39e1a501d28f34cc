/*
 * memo: the mails that we write ourselves, as bytes with CRLF line ends.
 *
 * An alert goes out sealed or bare.  Sealed (RFC 3156): all is inside the
 * encryption, the Subject too, and the outer header says nothing.  Bare: no
 * more than the issue, the kind and the time.  Whatever is printed is made
 * plain ASCII; no value can begin another field or line.
 */
#ifndef CORE_MEMO_H
#define CORE_MEMO_H

#include "core/buf.h"
#include "core/issue.h"
#include "core/settings.h"

/* One mail's frame. */
struct memo {
	const char		*from;
	const struct strings	*to;
	const char		*message_id;	/* without angle brackets */
	int64_t			 now;		/* for Date */
};

/* An entry of the stream of alerts. */
struct memo_alert {
	const char		*kind;
	const char		*issue;		/* "": about none */
	int64_t			 at;
	int64_t			 due_at;	/* 0: none */
	const char		*state;
	const char		*text;
	const struct issue	*known;		/* as it is now, or NULL */
};

/* A new report was recorded. */
struct memo_reply {
	const char	*issue;
	int64_t		 due_at;	/* 0: none */
	bool		 is_assumed;
};

/* All of these: false when out is full. */

/* The MIME entity with the details, to be encrypted. */
bool	memo_put_details(const struct memo *memo,
	    const struct memo_alert *alert, struct buf *out)
	    __attribute__((warn_unused_result));

/* The message round an armour. */
bool	memo_put_sealed(const struct memo *memo, struct span armor,
	    struct buf *out) __attribute__((warn_unused_result));

/* The message without a key. */
bool	memo_put_bare(const struct memo *memo, const struct memo_alert *alert,
	    struct buf *out) __attribute__((warn_unused_result));

/* To the sender of a report; never a word of it. */
bool	memo_put_reply(const struct memo *memo, const struct memo_reply *reply,
	    struct buf *out) __attribute__((warn_unused_result));

#endif
