/*
 * digest: SHA-256; see digest.h.
 */
#include <glib.h>

#include <string.h>

#include "edge/digest.h"

void
digest_print(struct span s, char hex[DIGEST_HEX_SIZE])
{
	static const uint8_t nothing[1];
	char *text = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
	    s.len == 0 ? nothing : s.data, s.len);

	memcpy(hex, text, DIGEST_HEX_SIZE);
	g_free(text);
}
