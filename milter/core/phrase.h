/*
 * phrase: the few texts that may stand readable beside ciphertext.
 *
 * Mail clients write fixed sentences, product names and neutral file names
 * round encrypted parts.  Each function says whether a text is one of those and
 * so tells a reader nothing; any other text is cleartext.  The lists are in
 * phrase.c, by client.  Comparison ignores ASCII case.
 */
#ifndef CORE_PHRASE_H
#define CORE_PHRASE_H

#include "core/text.h"

/* "Version: GnuPG v2", "Comment: https://gpgtools.org", ... (one line). */
bool	phrase_is_armor_header(struct span line);

/* The sentence some clients put before the first boundary (RFC 2046 5.1.1). */
bool	phrase_is_preamble(struct span text);

/* A file name or Content-Description made of neutral words and numbers. */
bool	phrase_is_neutral_name(struct span name);

/* A date as Content-Disposition parameters have it (RFC 2183 2.4). */
bool	phrase_is_date(struct span value);

#endif
