/*
 * wrap: change the body of a message, where a list asks for it.
 *
 * cleartext = "encrypt": what came in clear is encrypted to the list before it
 * reaches the queue.  repair = true: PGP/MIME that a gateway took apart is put
 * together again.
 */
#ifndef FLOW_WRAP_H
#define FLOW_WRAP_H

#include "flow/examine.h"
#include "flow/outcome.h"

/*
 * Encrypt the whole message, its Content and protected header fields included
 * (RFC 9788's older form, protected-headers="v1"), to the keys of all of lists.
 * A "[vs]" in the Subject becomes "[vs-plain]" where that is a tag of the list.
 */
bool	wrap_encrypt(const struct settings *settings,
	    const struct message *m, const struct facts *facts,
	    struct outcome *outcome, struct fault *fault)
	    __attribute__((warn_unused_result));

/* Put the repaired body and its type in place. */
void	wrap_repaired(struct facts *facts, struct outcome *outcome);

#endif
