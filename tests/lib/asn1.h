/*
 * asn1: BER and DER made from a recipe, so that test rows can show it.
 *
 *	recipe = *( element / item )
 *	element = tag "(" recipe ")"	definite length, the shortest
 *	        / tag "/" n "(" recipe ")"	in n octets behind the first
 *	        / tag "[" recipe "]"	indefinite length
 *	item   = as in lib/pgp.h: hex digits in pairs, 'text', "~" n, "=" n
 *
 * A tag is two hex digits.  Items stand apart by blanks.
 */
#ifndef TESTS_ASN1_H
#define TESTS_ASN1_H

#include "core/buf.h"

/* Adds to out; the test fails on a recipe that is not one. */
void	asn1_make(const char *recipe, struct buf *out);

#endif
