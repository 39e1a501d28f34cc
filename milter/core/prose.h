/*
 * prose: does a header field of the message tell a story?
 *
 * The header stays readable beside the ciphertext.  Machines fill most of it;
 * people write the Subject (the list's policy), Comments and Keywords, display
 * names, and fields of their own invention.  A value of many words in a field
 * that no mail program or server is known to fill is cleartext.  In the fields
 * of machines a run of words is, which lists of tests and hosts have not.
 */
#ifndef CORE_PROSE_H
#define CORE_PROSE_H

#include "core/field.h"

/* Words from which on a value is a text and no longer a name or a token. */
#define PROSE_WORDS 10
#define PROSE_WORDS_IN_ALL 30	/* of all fields, by prose_count_loose() */

/* Has a value of its own words enough for a text? */
bool		prose_is_text(struct span value);

/*
 * The words of a field of somebody's own invention, 0 where they are few: many
 * such fields can tell what one must not.
 */
size_t		prose_count_loose(const struct field *field);

/* NULL, or fixed text that says where the readable text stands. */
const char	*prose_check(const struct field *field);

#endif
