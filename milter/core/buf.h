/*
 * buf: a growing run of bytes with an upper limit.
 *
 * Out of memory ends the process (the MTA then defers); reaching max_bytes is
 * an answer.  buf_clear() frees and leaves an empty buffer with its limit.
 * What a buffer held is overwritten before its memory is given back; larger
 * blocks that move, by the allocator (edge/hide.h).
 */
#ifndef CORE_BUF_H
#define CORE_BUF_H

#include <stdarg.h>

#include "core/text.h"

struct buf {
	uint8_t	*data;
	size_t	 len;
	size_t	 size;
	size_t	 max_bytes;
};

void		buf_init(struct buf *buf, size_t max_bytes);
void		buf_clear(struct buf *buf);

/* False, and nothing added, when len more bytes would pass max_bytes. */
bool		buf_add(struct buf *buf, const void *data, size_t len)
		    __attribute__((warn_unused_result));
bool		buf_print(struct buf *buf, const char *format, ...)
		    __attribute__((warn_unused_result, format(printf, 2, 3)));

/* Every line end, LF or CRLF, becomes CRLF. */
bool		buf_add_crlf(struct buf *buf, struct span text)
		    __attribute__((warn_unused_result));

/* Borrowed: valid until the next call that changes buf. */
struct span	buf_span(const struct buf *buf);

/* malloc, calloc, realloc, strdup that end the process instead of failing. */
void		*buf_alloc(size_t size);
void		*buf_alloc_zero(size_t count, size_t size);
void		*buf_realloc(void *old, size_t count, size_t size);
char		*buf_strdup(const char *s);
char		*buf_strndup(struct span s);

#endif
