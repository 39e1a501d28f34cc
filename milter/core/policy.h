/*
 * policy: mail x list rules -> verdict.  The only place that can raise a
 * verdict from "try later".
 */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include "core/fault.h"
#include "core/keyset.h"
#include "core/mail.h"
#include "core/settings.h"

struct judgement {
	enum verdict			 verdict;
	enum reason			 reason;
	const char			*what;	/* fixed text: why in detail */
	char				 label[24];
	size_t				 line;
	const struct list_settings	*list;
	bool				 is_trial; /* enforce = false: verdict
						    * is accept, would refuse */
	bool				 is_warned; /* cleartext = "warn" */
	bool				 is_wrapped; /* cleartext = "encrypt" */
	bool				 is_repaired; /* repair = true */
	bool				 needs_inside; /* later, but for what is
						    * inside the encryption */
};

/* VERDICT_LATER, REASON_LATER. */
void	policy_begin(struct judgement *out);

/* The same for a list; its trial run lets the message pass. */
void	policy_later(const struct list_settings *list, struct judgement *out);

/*
 * Judge one message for one list.  keys NULL: any key will do (classify
 * --any-key).  now decides which subkeys have expired.  A sighted list's
 * verdict is "later" with needs_inside until mail->inside is filled.  What the
 * list's manager sends out (mail->is_copy) only has to be encrypted as the list
 * wants it, to any key, and may be automatic.
 */
void	policy_judge(const struct mail *mail, const struct list_settings *list,
	    const struct keyset *keys, int64_t now, struct judgement *out);

/* Was it signed by a member of the list, who is also its author? */
bool	policy_is_from_member(const struct mail *mail,
	    const struct keyset *keys);

/* Replace *worst by other when that is stricter. */
void	policy_worse(struct judgement *worst, const struct judgement *other);

/* A refusal found after the judgement, by the store. */
void	policy_refuse(const struct list_settings *list, enum reason reason,
	    struct judgement *out);

/*
 * "part 2, line 14: readable text", "line 3: ...", "readable text"; or what the
 * reason's row says when there is no detail.  One line of printable ASCII.
 */
void	policy_explain(const struct judgement *j, char *dst, size_t size);

#define REPLY_LINES 6
#define REPLY_LINE_MAX 400

/* The SMTP reply, lines without codes. */
struct reply {
	int		code;
	const char	*enhanced;
	char		lines[REPLY_LINES][REPLY_LINE_MAX];
	size_t		nlines;
};

void	policy_reply(const struct judgement *j, struct reply *out);

#endif
