/*
 * encodedword: a header value with its encoded words decoded, RFC 2047.
 *
 * Unfolded; blanks between two encoded words are dropped (6.2).  UTF-8,
 * US-ASCII and ISO-8859-1 and -15 become UTF-8; the bytes of other charsets are
 * kept, with their highest bit set, so that a reader sees that they are
 * letters.
 */
#ifndef CORE_ENCODEDWORD_H
#define CORE_ENCODEDWORD_H

#include "core/buf.h"

/* False when an encoded word is broken or out is full; what came before it is
 * there. */
bool	encodedword_decode(struct span value, struct buf *out)
	    __attribute__((warn_unused_result));

#endif
