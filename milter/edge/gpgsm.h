/*
 * gpgsm: GnuPG's S/MIME by way of gpgme, beside gpg.h.
 *
 * To be called in a job's process only (edge/job.h).  gpgsm is told never to
 * reach the network: it asks for no revocation list and no certificate.  It
 * trusts a certificate when the root of its chain stands in trustlist.txt of
 * the home.  It is never given a certificate from a message, because it would
 * store it (core/cms.h: cms_strip()).  Certificates are named by their SHA-1
 * fingerprints.
 */
#ifndef EDGE_GPGSM_H
#define EDGE_GPGSM_H

#include "edge/gpg.h"

struct gpgsm;

/* As gpg_prepare(); a system without gpgsm is well as long as nobody asks. */
void	gpgsm_prepare(void);

bool	gpgsm_open(const char *home, struct gpgsm **gpgsm_out,
	    struct fault *fault) __attribute__((warn_unused_result));
void	gpgsm_close(struct gpgsm **gpgsm);

/*
 * Adds the certificate, an ended one too.  FAULT_MISSING when gpgsm does not
 * know it, FAULT_CONFIG when it is not for encryption.
 */
bool	gpgsm_add_certificate(struct gpgsm *gpgsm, const char *fingerprint,
	    struct keyset *out, struct fault *fault)
	    __attribute__((warn_unused_result));

/* As gpg_decrypt(); what is inside may be signed data, still to be verified. */
enum gpg_result	gpgsm_decrypt(struct gpgsm *gpgsm, struct span ciphertext,
		    struct buf *plain_out, struct fault *fault)
		    __attribute__((warn_unused_result));

/*
 * Signed data without certificates; it holds the text, which is added to
 * text_out, or (text_out NULL) is the signature of text.  A certificate that is
 * not in the keyring or not trusted gives SIGNED_BY_UNKNOWN.  The seal is left
 * to the caller.
 */
enum gpg_result	gpgsm_verify(struct gpgsm *gpgsm, struct span signature,
		    struct span text, struct buf *text_out,
		    struct gpg_signer *signer_out, struct fault *fault)
		    __attribute__((warn_unused_result));

/* Enveloped data in BER to every certificate that can be used, one at least. */
enum gpg_result	gpgsm_encrypt(struct gpgsm *gpgsm,
		    const struct strings *fingerprints, struct span plain,
		    struct buf *out, struct fault *fault)
		    __attribute__((warn_unused_result));

/* As gpg_find_address(). */
bool	gpgsm_find_address(struct gpgsm *gpgsm, const char *fingerprint,
	    struct span address, bool *found_out, struct fault *fault)
	    __attribute__((warn_unused_result));

#endif
