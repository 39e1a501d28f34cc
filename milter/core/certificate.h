/*
 * certificate: what an S/MIME message may say of a list's X.509 certificate.
 *
 * Source: RFC 5280 sections 4.1 and 4.2.1.2.  Reads the fields that name a
 * certificate (issuer, serial number, subject key identifier) and its validity
 * from one that gpgsm holds; checks no signature and no path.
 */
#ifndef CORE_CERTIFICATE_H
#define CORE_CERTIFICATE_H

#include "core/text.h"

#define CERTIFICATE_FINGERPRINT_SIZE 41	/* SHA-1 in hexadecimal digits */

struct certificate {
	struct span	 der;		/* owned; the others borrow from it */
	struct span	 issuer;	/* the encoded Name */
	struct span	 serial;	/* the INTEGER's content */
	struct span	 key_id;	/* empty without that extension */
	int64_t		 starts_at;
	int64_t		 expires_at;	/* its last second */
	char		 fingerprint[CERTIFICATE_FINGERPRINT_SIZE];
	bool		 is_revoked;	/* or disabled in the keyring */
};

/*
 * Fills all but fingerprint and is_revoked.  False when der is no certificate;
 * to be freed with certificate_clear() in every case.
 */
bool	certificate_parse(struct span der, struct certificate *out)
	    __attribute__((warn_unused_result));
void	certificate_clear(struct certificate *certificate);

#endif
