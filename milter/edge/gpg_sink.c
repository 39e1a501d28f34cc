/*
 * gpg_sink: where what gpg gives goes; see gpg_sink.h.
 */
#include <errno.h>

#include "edge/gpg_sink.h"

ssize_t
gpg_sink_write(void *handle, const void *data, size_t len)
{
	struct gpg_sink *sink = handle;

	if (buf_add(sink->out, data, len))
		return (ssize_t)len;
	sink->is_full = true;
	errno = EFBIG;
	return -1;
}
