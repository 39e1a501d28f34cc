/*
 * flowed: text/plain; format=flowed, RFC 3676.
 *
 * A line that ends in a blank goes on in the next one, unless it is quoted, the
 * signature's separator, or followed by a quoted line.  delsp: that blank is
 * not part of the text.
 */
#ifndef CORE_FLOWED_H
#define CORE_FLOWED_H

#include "core/buf.h"

/* False when out is full; what fits is there. */
bool	flowed_print(struct span text, bool delsp, struct buf *out)
	    __attribute__((warn_unused_result));

#endif
