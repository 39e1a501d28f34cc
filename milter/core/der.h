/*
 * der: reads ASN.1 in BER or DER, bounded, with a sticky error.
 *
 * Source: X.690 sections 8.1 and 10.1.  A pull parser for who knows the
 * grammar: go into a constructed element, take what must stand in it, leave it;
 * whatever was not consumed is an error.  Lengths are definite, in one to five
 * octets, or indefinite, as mail programs write both.  Tags are one octet,
 * numbers below 31.  No recursion; nesting has a limit.  As with struct cursor
 * a parser may check once, at its end: after a failure nothing moves, every
 * loop over der_is_end() ends, and spans are empty.
 */
#ifndef CORE_DER_H
#define CORE_DER_H

#include "core/cursor.h"

#define DER_MAX_DEPTH 16

#define DER_BOOLEAN		0x01
#define DER_INTEGER		0x02
#define DER_BIT_STRING		0x03
#define DER_OCTET_STRING	0x04
#define DER_NULL		0x05
#define DER_OID			0x06
#define DER_UTC_TIME		0x17
#define DER_TIME		0x18
#define DER_SEQUENCE		0x30
#define DER_SET			0x31
#define DER_CONSTRUCTED		0x20
#define DER_PRIMITIVE(n)	(0x80 | (n))	/* context-specific */
#define DER_CONTEXT(n)		(0xa0 | (n))	/* the same, constructed */

struct der {
	struct cursor	c;
	size_t		depth;
	struct {
		size_t	end;		/* position that nothing may pass */
		bool	is_open;	/* indefinite: until 00 00 */
	}		levels[DER_MAX_DEPTH + 1];
};

struct der	der_init(struct span data);

/* No element is left in the innermost one, or the reader has failed. */
bool		der_is_end(const struct der *d);

/* The tag of the next element; -1 at the end. */
int		der_peek(const struct der *d);

/* Into the next element, which has this (constructed) tag; out of it again,
 * all of it consumed. */
void		der_enter(struct der *d, int tag);
void		der_leave(struct der *d);

/* The content of the next element, which has this (primitive) tag. */
struct span	der_take(struct der *d, int tag);

/* The next element with all that is in it, tag and length included. */
struct span	der_whole(struct der *d);

/* All was read, all was left, nothing failed. */
bool		der_is_done(const struct der *d);

#endif
