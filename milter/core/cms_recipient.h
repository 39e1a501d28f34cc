/*
 * cms_recipient: a RecipientInfo of an S/MIME message; cms.c's only.
 *
 * Source: RFC 5652 section 6.2, RFC 5753 section 3.1.  Bounds and looks at
 * every field that could hold text: issuer names, algorithm parameters, key
 * material.
 */
#ifndef CORE_CMS_RECIPIENT_H
#define CORE_CMS_RECIPIENT_H

#include "core/cms.h"
#include "core/der.h"

/*
 * Reads one RecipientInfo, which names one certificate or more, or a
 * passphrase.  False with *what_out when there are more than max recipients or
 * when it is broken; the reader has then failed in the latter case only.
 */
bool	cms_recipient_read(struct der *d, size_t max, struct cms *m,
	    const char **what_out) __attribute__((warn_unused_result));

/* An AlgorithmIdentifier with nothing in it that can hold text. */
bool	cms_recipient_is_algorithm(struct span whole);

#endif
