/*
 * harmless: do the header fields of a body part say nothing?
 *
 * Beside ciphertext a part header may hold only fields of a short list with
 * values that machines write: types, encodings, charsets, neutral file names,
 * dates, identifiers.  A lenient client shows file names and descriptions, so
 * anything else is cleartext.
 */
#ifndef CORE_HARMLESS_H
#define CORE_HARMLESS_H

#include "core/entity.h"

/*
 * NULL when the header of e is harmless, else fixed text that names the field
 * or parameter.  Of the root the Content fields are checked in this way; the
 * other fields of a message are the envelope's business unless they are prose.
 */
const char	*harmless_check(const struct entity *e);

#endif
