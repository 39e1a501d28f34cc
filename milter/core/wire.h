/*
 * wire: values on their way between two processes of ours.
 *
 * Big-endian numbers and counted strings, written into a buf and read with a
 * cursor (whose error is sticky: check once, at the end).  Both ends are the
 * same program; a reader checks all the same.
 */
#ifndef CORE_WIRE_H
#define CORE_WIRE_H

#include "core/buf.h"
#include "core/cursor.h"
#include "core/settings.h"

/* False when out is full. */
bool		wire_put_u8(struct buf *out, uint8_t value)
		    __attribute__((warn_unused_result));
bool		wire_put_u64(struct buf *out, uint64_t value)
		    __attribute__((warn_unused_result));
bool		wire_put_span(struct buf *out, struct span s)
		    __attribute__((warn_unused_result));
bool		wire_put_strings(struct buf *out, const struct strings *s)
		    __attribute__((warn_unused_result));

uint64_t	wire_u64(struct cursor *c);
/* The same, of eight bytes. */
uint64_t	wire_read_u64(const uint8_t *bytes);
/* Borrowed from what the cursor reads. */
struct span	wire_span(struct cursor *c);
/* At most size - 1 bytes of a counted string, terminated. */
void		wire_string(struct cursor *c, char *dst, size_t size);
/* The caller frees each string and the array. */
void		wire_strings(struct cursor *c, struct strings *out);

#endif
