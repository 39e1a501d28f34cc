/*
 * inside: what stands inside the encryption, for sighted lists.
 *
 * The message is decrypted, verified and read in a job's process (edge/job.h);
 * only facts come back: who signed, and which date was found.  The plaintext
 * never enters the program that asks.
 *
 * gpgme's codes do not tell a message that is not for us from a keyring that is
 * broken.  So a message is called undecryptable only when a canary, a text that
 * we encrypted to the list's key ourselves, can be decrypted at that moment and
 * the message, tried again, cannot.
 */
#ifndef FLOW_INSIDE_H
#define FLOW_INSIDE_H

#include "core/fault.h"
#include "core/field.h"
#include "core/keyset.h"
#include "core/mail.h"
#include "core/settings.h"

/* A known text, encrypted to the keys of one list; NULL for blind lists. */
struct canary;

/*
 * Made and tried: FAULT_CONFIG when the list's secret key cannot be used.
 * What it is given must outlive it.
 */
bool	inside_new_canary(const struct settings *settings,
	    const struct list_settings *list, const struct keyset *keys,
	    struct canary **canary_out, struct fault *fault)
	    __attribute__((warn_unused_result));
void	inside_free_canary(struct canary **canary);

/* Does the canary still decrypt? */
bool	inside_try_canary(const struct settings *settings,
	    const struct canary *canary, struct fault *fault)
	    __attribute__((warn_unused_result));

/* A message that classify() found encrypted, for one sighted list. */
struct inside_query {
	const struct settings		*settings;
	const struct list_settings	*list;
	const struct keyset		*keys;
	const struct canary		*canary;
	const struct fields		*header;
	struct span			 body;
	struct span			 from;	/* the author's address */
	int64_t				 until_ms; /* on clock_monotonic_ms() */
};

/* On a fault out stays INSIDE_UNREAD. */
bool	inside_read(const struct inside_query *query, struct inside *out,
	    struct fault *fault) __attribute__((warn_unused_result));

/* For job_main(): answers every job of the programs. */
void	inside_serve(struct span request, struct buf *answer);
bool	inside_prepare(void);

#endif
