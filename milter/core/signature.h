/*
 * signature: is a detached OpenPGP signature free of text?
 *
 * A multipart/signed round a multipart/encrypted leaves the signature readable,
 * and signatures can carry notations, policy URLs and other text.  Source:
 * RFC 9580 sections 5.2.2 to 5.2.3.
 */
#ifndef CORE_SIGNATURE_H
#define CORE_SIGNATURE_H

#include "core/text.h"

/*
 * One to eight signature packets (v4 or v6) and nothing else, whose subpackets
 * are times, issuers, the signer's address, recipients' fingerprints, or the
 * random salt notation of Sequoia and OpenPGP.js; what is noise in them must
 * look like it, taken together.
 */
bool	signature_is_plain(struct span data);

#endif
