/*
 * quoted: strict quoted-printable decoding, RFC 2045 section 6.7.
 *
 * Refused: "=" before anything but two hexadecimal digits or the end of a line,
 * bare control characters, bytes above 126.  Line ends are kept as they come.
 */
#ifndef CORE_QUOTED_H
#define CORE_QUOTED_H

#include "core/buf.h"

bool	quoted_decode(struct span text, struct buf *out)
	    __attribute__((warn_unused_result));

#endif
