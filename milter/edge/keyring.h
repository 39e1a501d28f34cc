/*
 * keyring: the list's keys, from the GnuPG home of the configuration.
 *
 * The only user of gpgme.  gpg is told never to reach the network.
 */
#ifndef EDGE_KEYRING_H
#define EDGE_KEYRING_H

#include "core/fault.h"
#include "core/keyset.h"
#include "core/settings.h"

/* Once per program, before threads.  False when gpgme or gpg is not there. */
bool	keyring_init(const struct gnupg_settings *gnupg, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * The encryption subkeys of the keys with these full fingerprints, ended ones
 * included and marked.  A key that is not in the keyring is FAULT_CONFIG, trouble
 * with gpg (also one that hangs longer than the time-out) FAULT_SITE.  To be
 * freed with keyring_clear().
 */
bool	keyring_load(const struct gnupg_settings *gnupg,
	    const struct strings *fingerprints, struct keyset *out,
	    struct fault *fault) __attribute__((warn_unused_result));
void	keyring_clear(struct keyset *keys);

#endif
