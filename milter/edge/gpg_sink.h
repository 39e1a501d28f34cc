/*
 * gpg_sink: where what gpg and gpgsm give goes, bounded.  Theirs only.
 */
#ifndef EDGE_GPG_SINK_H
#define EDGE_GPG_SINK_H

#include <sys/types.h>

#include "core/buf.h"

struct gpg_sink {
	struct buf	*out;		/* borrowed; its limit holds */
	bool		 is_full;	/* there was more */
};

/*
 * What gpgme calls with a piece: all of it is taken, or none (-1, EFBIG), at
 * which gpgme ends the operation.  handle is a struct gpg_sink.
 */
ssize_t	gpg_sink_write(void *handle, const void *data, size_t len);

#endif
