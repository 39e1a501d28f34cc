/*
 * keyset: the encryption keys of a list and its members, as policy sees them.
 */
#ifndef CORE_KEYSET_H
#define CORE_KEYSET_H

#include "core/certificate.h"

/* A (sub)key that can encrypt. */
struct subkey {
	uint8_t	fingerprint[32];
	size_t	len;			/* 20 (v4) or 32 (v6) */
	int64_t	expires_at;		/* 0: never */
	bool	is_revoked;		/* or disabled, or its primary is */
};

/* Who may sign: a line of the members file. */
struct member {
	char	*address;
	char	*fingerprint;		/* upper-case hex, primary key or
					 * certificate */
	char	*mailbox;		/* address_mailbox(); NULL: none */
};

struct keyset {
	struct subkey		*v;
	size_t			 n;
	struct certificate	*certificates;	/* for S/MIME */
	size_t			 ncertificates;
	struct member		*members;
	size_t			 nmembers;
};

#endif
