/*
 * classify: is every byte of a message encrypted?
 *
 * The heart of the gate.  Walks the MIME tree (entity), the armour (armor) and
 * the packets (openpgp) or the S/MIME data (cms) and accounts for each byte of
 * the body: a blank line, a boundary, a harmless part header, "Version: 1", or
 * data that is a well-formed encrypted message.  Anything else is cleartext,
 * wherever it stands.  Knows no list and no key; judges nothing else.  Sources:
 * RFC 3156 section 4 (PGP/MIME), RFC 9580, RFC 8551 (S/MIME).
 */
#ifndef CORE_CLASSIFY_H
#define CORE_CLASSIFY_H

#include "core/entity.h"
#include "core/mail.h"
#include "core/settings.h"

/*
 * Fills mail->finding, blocks and nblocks; to be freed with classify_clear().
 * header holds every field of the message, body all behind the blank line.
 */
void	classify(const struct fields *header, struct span body,
	    const struct limit_settings *limits, struct mail *mail);

/* The same for a tree that the caller parsed. */
void	classify_tree(const struct entities *tree,
	    const struct limit_settings *limits, struct mail *mail);
void	classify_clear(struct mail *mail);

/* Did it find every byte accounted for? */
bool	classify_is_encrypted(const struct mail *mail);

#endif
