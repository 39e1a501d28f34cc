/*
 * buf: a growing run of bytes; see buf.h.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"

#define SMALL	4096

void *
buf_realloc(void *old, size_t count, size_t size)
{
	void *p;

	if (size != 0 && count > SIZE_MAX / size)
		abort();
	p = realloc(old, count * size == 0 ? 1 : count * size);
	if (p == NULL)
		abort();
	return p;
}

void *
buf_alloc(size_t size)
{
	return buf_realloc(NULL, 1, size);
}

void *
buf_alloc_zero(size_t count, size_t size)
{
	void *p = buf_realloc(NULL, count, size);

	memset(p, 0, count * size);
	return p;
}

char *
buf_strndup(struct span s)
{
	char *copy = buf_alloc(s.len + 1);

	if (s.len > 0)
		memcpy(copy, s.data, s.len);
	copy[s.len] = '\0';
	return copy;
}

char *
buf_strdup(const char *s)
{
	return buf_strndup(text_span(s));
}

/* It may have been somebody's secret. */
static void
wipe(uint8_t *data, size_t len)
{
	if (len > 0)
		explicit_bzero(data, len);
}

void
buf_init(struct buf *buf, size_t max_bytes)
{
	memset(buf, 0, sizeof(*buf));
	buf->max_bytes = max_bytes;
}

void
buf_clear(struct buf *buf)
{
	wipe(buf->data, buf->len);
	free(buf->data);
	buf_init(buf, buf->max_bytes);
}

/* realloc() would leave a small block's bytes where they were. */
static void
move(struct buf *buf, size_t size)
{
	uint8_t *old = buf->data;

	if (buf->len < SMALL) {
		buf->data = buf_alloc(size);
		if (buf->len > 0)
			memcpy(buf->data, old, buf->len);
		wipe(old, buf->len);
		free(old);
	} else
		buf->data = buf_realloc(old, size, 1);
	buf->size = size;
}

static void
buf_grow(struct buf *buf, size_t need)
{
	size_t size = buf->size == 0 ? 256 : buf->size;

	while (size < need)
		size += size / 2;
	if (size > buf->max_bytes && buf->max_bytes >= need)
		size = buf->max_bytes;
	if (size != buf->size)
		move(buf, size);
}

bool
buf_add(struct buf *buf, const void *data, size_t len)
{
	if (len > buf->max_bytes - buf->len)
		return false;
	if (len == 0)
		return true;
	if (buf->len + len > buf->size)
		buf_grow(buf, buf->len + len);
	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	return true;
}

bool
buf_print(struct buf *buf, const char *format, ...)
{
	va_list ap;
	char *text = NULL;
	int len;
	bool ok;

	va_start(ap, format);
	len = vasprintf(&text, format, ap);
	va_end(ap);
	if (len < 0)
		abort();
	ok = buf_add(buf, text, (size_t)len);
	free(text);
	return ok;
}

struct span
buf_span(const struct buf *buf)
{
	struct span s = { buf->data, buf->len };

	return s;
}

bool
buf_add_crlf(struct buf *buf, struct span text)
{
	struct span line;
	bool ended;

	while (text_next_line(&text, &line)) {
		ended = line.data + line.len < text.data;
		if (!buf_add(buf, line.data, line.len) ||
		    (ended && !buf_add(buf, "\r\n", 2)))
			return false;
	}
	return true;
}
