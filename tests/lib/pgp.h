/*
 * pgp: OpenPGP data made from a recipe, so that test rows can show it.
 *
 *	recipe = *( packet / item )	packet = [form ":"] tag "{" *item "}"
 *	item   = hex digits in pairs	the bytes
 *	       / "'" text "'"		the bytes
 *	       / "~" n			n bytes of noise
 *	       / "=" n			n zeros
 *	       / "mpi" n		a number of n bits, noise
 *	form   = "n1" "n2" "n5"		new format, length in so many octets
 *	       / "o1" "o2" "o4" "oi"	old format; oi is indeterminate
 *	       / "p" n *("," n)		new format, chunks of 2^n, then the rest
 *
 * Without a form a packet has the shortest new header.  Items stand apart by
 * blanks.  Noise is the same in each run, and differs from item to item.
 */
#ifndef TESTS_PGP_H
#define TESTS_PGP_H

#include "core/buf.h"

#define PKESK	"1{03 ~8 01 mpi2048} "		/* RSA to one key id */
#define PKESK0	"1{03 =8 01 mpi2048} "		/* to nobody by name */
#define SKESK	"3{04 09 03 08 ~8 60} "
#define SEIPD	"18{01 ~300} "
#define LITERAL	"11{'b' 00 =4 'The hole is in foo.c, line 14'} "
#define SIG4	"2{04 00 01 08 0006 05 02 ~4 000a 09 10 ~8 ~2 mpi2048} "

/* S/MIME: enveloped data to one key identifier, signed, compressed data */
#define CMS_TO	"30 80 020102 80 14 ~20 30 0d 0609 2a864886f70d010101 05 00 " \
	"04 82 0100 ~256 0000 "
#define CMS_TO_PASSWORD "a3 80 020100 30 2c 060b 2a864886f70d0109100309 " \
	"30 1d 0609 60864801650304012a 04 10 ~16 04 20 ~32 0000 "
#define CMS_TAIL "0000 30 80 0609 2a864886f70d010701 " \
	"30 1d 0609 60864801650304012a 04 10 ~16 80 82 0140 ~320 0000 " \
	"0000 0000 0000 "
#define CMS_HEAD "30 80 0609 2a864886f70d010703 a0 80 30 80 020100 31 80 "
#define CMS	CMS_HEAD CMS_TO CMS_TAIL
#define CMS_SIGNED "30 80 0609 2a864886f70d010702 a0 80 0000 0000 "
#define CMS_COMPRESSED "30 80 060b 2a864886f70d0109100109 a0 80 0000 0000 "

/* Adds to out; the test fails on a recipe that is not one. */
void	pgp_make(const char *recipe, struct buf *out);

/* Adds data as armour, lines of 64 characters, without checksum. */
void	pgp_armor(struct span data, const char *label, struct buf *out);
void	pgp_base64(struct span data, struct buf *out);

/* "=" and the checksum, RFC 9580 6.1. */
void	pgp_checksum(struct span data, char text_out[6]);

/* Fills dst from seed: splitmix64. */
void	pgp_noise(uint64_t seed, uint8_t *dst, size_t len);

/*
 * Adds the template to out, with "@{recipe}" as an armoured message, "@64{..}"
 * as base64, "@raw{...}" as it is, "@sig{...}" as an armoured signature.
 */
void	pgp_expand(const char *template, struct buf *out);

#endif
