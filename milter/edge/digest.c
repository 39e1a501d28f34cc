/*
 * digest: SHA-256; see digest.h.
 */
#include <glib.h>

#include <string.h>

#include "edge/digest.h"

#define BLOCK	64	/* of SHA-256 */

/* It keeps the last block, even when it is reset. */
static void
wipe(GChecksum *sum)
{
	static const uint8_t zeros[BLOCK - 1];

	g_checksum_reset(sum);
	g_checksum_update(sum, zeros, sizeof(zeros));
}

void
digest_print(struct span s, char hex[DIGEST_HEX_SIZE])
{
	static const uint8_t nothing[1];
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);

	g_checksum_update(sum, s.len == 0 ? nothing : s.data,
	    (gssize)s.len);
	memcpy(hex, g_checksum_get_string(sum), DIGEST_HEX_SIZE);
	wipe(sum);
	g_checksum_free(sum);
}
