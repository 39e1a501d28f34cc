/*
 * address: does an address name a list, and whose mailbox is it?
 *
 * The filter sees a recipient as its sender spelled it; the MTA rewrites it
 * afterwards.  So every spelling that a common MTA would deliver to the list
 * must be known here: letter case, quotes and quoted pairs, sub-addresses,
 * source routes (RFC 5321 4.1.1.3), a dot behind the domain,
 * "user%domain@relay" and "domain!user", an address without a domain, a domain
 * literal, and what RFC 822 allowed round an address and Postfix still takes:
 * comments, blanks, "Name<address>", "group:address;".  An address that may be
 * the list's is the list's, and so is one that is longer than Postfix takes.
 */
#ifndef CORE_ADDRESS_H
#define CORE_ADDRESS_H

#include "core/settings.h"
#include "core/text.h"

/*
 * Is the address one of the patterns?  A pattern is an address or "*@domain".
 * The address may be of any form, with or without its angle brackets.
 */
bool	address_matches(struct span address, const struct strings *patterns);

#define ADDRESS_MAILBOX_SIZE 512

/*
 * The mailbox behind an address of any form, to be compared byte by byte:
 * "local@domain" in lower case, without quotes and without the sub-address.
 * Here nothing is taken for what it only may be: false for an address without
 * a local part or a domain, and for one that is too long.
 */
bool	address_mailbox(struct span address, char dst[ADDRESS_MAILBOX_SIZE])
	    __attribute__((warn_unused_result));

#endif
