/*
 * cms: walks one S/MIME message and says what it is.
 *
 * Source: RFC 5652 sections 3 and 6 (enveloped-data), RFC 5083
 * (authenticated-enveloped-data), RFC 8551, RFC 5753 (elliptic curves),
 * RFC 5084 and RFC 8103 (ciphers).  Accepted as encrypted is
 *
 *	ContentInfo { EnvelopedData { version, recipients, encrypted content } }
 *
 * or the same with AuthEnvelopedData, in BER or DER, with every length adding
 * up, nothing after it but one line end, nothing beside it (certificates of the
 * originator and attributes can hold text), a cipher that is known, and content
 * that does not look like text.  Algorithm parameters, key material and the
 * names of issuers are bounded and looked at for the same reason.  Signed data
 * is readable, compressed data too.  Nothing is decrypted, no key is needed.
 *
 * Limits: max_recipients, and those of der.h.  Time is linear in the data.
 */
#ifndef CORE_CMS_H
#define CORE_CMS_H

#include "core/buf.h"
#include "core/certificate.h"

enum cms_shape {
	CMS_ENCRYPTED,		/* as above; see recipients, npassphrases */
	CMS_SIGNED,		/* signed data instead */
	CMS_NOT_ENCRYPTED,	/* compressed data, ... or no content */
	CMS_READABLE,		/* the encrypted content is text */
	CMS_PARTLY,		/* something beside the encrypted content */
	CMS_TOO_MANY,		/* more than max_recipients */
	CMS_BROKEN		/* no S/MIME, or lengths do not add up */
};

/*
 * A certificate that can open the message, named by issuer and serial number or
 * by subject key identifier.
 */
struct cms_recipient {
	uint8_t	*id;		/* issuer and serial, or key identifier */
	size_t	 len;
	size_t	 issuer_len;	/* 0 when it is a key identifier */
	/* The beginning of its encrypted key, which no two messages share.
	 * Ciphertext in CBC mode can be changed and still decrypts: this
	 * cannot, and names the message whatever becomes of its content. */
	uint8_t	 seal[64];
	size_t	 seal_len;
};

struct cms {
	enum cms_shape		 shape;
	const char		*what;	/* fixed text */
	size_t			 offset; /* where it was seen, in bytes */
	struct cms_recipient	*recipients;
	size_t			 nrecipients;
	size_t			 npassphrases;	/* or keys known beforehand */
};

/* Result in *out, to be freed with cms_clear(), whatever the shape. */
void	cms_walk(struct span data, size_t max_recipients, struct cms *out);
void	cms_clear(struct cms *message);

bool	cms_is_for(const struct cms_recipient *recipient,
	    const struct certificate *certificate);

/*
 * An encrypted message with those recipients only that are among the
 * certificates (no authentication covers the others), so that it can be opened
 * in the name of one list.  Added to out; how many that are.  Nothing is added
 * for none, and when out is full.
 */
size_t	cms_narrow(struct span data, const struct certificate *certificates,
	    size_t n, struct buf *out);

/*
 * SignedData without the certificates and revocation lists that it brings
 * along, which no signature covers: a program that verifies it has to know the
 * certificate, and stores none.  seal_out gets what names the first signature,
 * in hexadecimal digits.  False when data is no signed data or out is full.
 */
#define CMS_SEAL_SIZE 49
bool	cms_strip(struct span data, struct buf *out,
	    char seal_out[CMS_SEAL_SIZE]) __attribute__((warn_unused_result));

#endif
