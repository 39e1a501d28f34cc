/*
 * base64: strict decoding, RFC 4648 section 4, in lines (RFC 2045 6.8).
 *
 * Lenient decoders skip what is not base64 and read on behind padding; text can
 * hide there.  Here every character counts: lines of the alphabet of any
 * length, blanks only at the end of a line, blank lines, padding only at the
 * very end, unused bits zero.
 */
#ifndef CORE_BASE64_H
#define CORE_BASE64_H

#include "core/buf.h"

struct base64 {
	uint32_t	bits;
	int		count;		/* characters in the quantum, 0 to 3 */
	bool		is_padded;	/* "=" seen: nothing may follow */
};

void	base64_init(struct base64 *b);

/* One line without its line end.  False on any foreign character, data behind
 * padding, or a full out. */
bool	base64_add_line(struct base64 *b, struct span line, struct buf *out)
	    __attribute__((warn_unused_result));

/* True when the data ended on a whole quantum. */
bool	base64_is_whole(const struct base64 *b);

/* A whole body part. */
bool	base64_decode(struct span text, struct buf *out)
	    __attribute__((warn_unused_result));

#endif
