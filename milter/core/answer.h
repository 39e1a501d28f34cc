/*
 * answer: may a program answer this mail?
 *
 * Source: RFC 3834 section 2 (automatic responses) and RFC 2919, RFC 2369 (the
 * fields of mailing lists).  In doubt nobody is answered: an answer that does
 * not come hurts less than one that goes to a list or starts a loop.
 */
#ifndef CORE_ANSWER_H
#define CORE_ANSWER_H

#include "core/field.h"

/*
 * "local@domain" of letters, digits and a few marks: what can stand in a header
 * field and among a program's arguments without quotes.
 */
bool	answer_is_address(struct span address);

/*
 * sender: the envelope's.  False for mail of lists, robots and roles, and for
 * senders that are no plain address.  Auto-Submitted is the caller's matter.
 */
bool	answer_is_welcome(struct span sender, const struct fields *header);

#endif
