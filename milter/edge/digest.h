/*
 * digest: SHA-256 (FIPS 180-4), from GLib, which GMime brings along.
 */
#ifndef EDGE_DIGEST_H
#define EDGE_DIGEST_H

#include "core/text.h"

#define DIGEST_HEX_SIZE 65	/* 64 hexadecimal digits and the NUL */

/* Lower-case hexadecimal digits of the digest of s. */
void	digest_print(struct span s, char hex[DIGEST_HEX_SIZE]);

#endif
