/*
 * signature: those that clients make, and every place that could hold text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/signature.h"
#include "lib/pgp.h"

#define HEAD	"04 00 01 08 "			/* v4, binary, RSA, SHA-256 */
#define CREATED	"05 02 ~4 "
#define FPR	"16 21 04 ~20 "
#define ISSUER	"09 10 ~8 "
#define TAIL	"~2 mpi2048} "
#define EDDSA	"~2 mpi255 mpi254} "
#define BARE	"2{" HEAD "0006 " CREATED "0000 " TAIL
#define SALT	"'salt@notations.openpgpjs.org'"	/* 28 bytes */
#define SEQUOIA	"'salt@notations.sequoia-pgp.org'"	/* 30 bytes */
#define FPRTEXT	"16 21 04 'The hole is in foo.c' "
#define RECTEXT	"16 23 04 'The hole is in foo.c' "

/* name: recipe ==> is it free of text? */
static const struct row {
	const char	*name, *recipe;
	bool		 expected;
} rows[] = {
	{ "GnuPG", "2{" HEAD "001d " FPR CREATED "000a " ISSUER TAIL, true },
	{ "GnuPG, EdDSA", "2{04 00 16 08 001d " FPR CREATED "000a " ISSUER
	    EDDSA, true },
	{ "GnuPG --sender", "2{" HEAD "0033 " FPR CREATED
	    "15 1c 'tester@lists.example' 000a " ISSUER TAIL, true },
	{ "old header", "o2:2{" HEAD "0006 " CREATED "0000 " TAIL, true },
	{ "two signers", BARE BARE, true },
	{ "a text signature", "2{04 01 01 08 0006 " CREATED "0000 " TAIL,
	    true },
	{ "no subpackets", "2{" HEAD "0000 0000 " TAIL, true },
	{ "expires", "2{" HEAD "000c " CREATED "05 03 ~4 0000 " TAIL, true },
	{ "critical", "2{" HEAD "0006 05 82 ~4 0000 " TAIL, true },
	{ "v6", "2{06 00 1b 0c 00000029 22 21 06 ~32 " CREATED
	    "00000000 ~2 20 ~32 ~64} ", true },
	{ "v5 fingerprint", "2{" HEAD "0029 22 21 05 ~32 " CREATED "0000 "
	    TAIL, true },
	{ "recipients", "2{" HEAD "0034 " CREATED "16 23 04 ~20 16 23 04 ~20 "
	    "0000 " TAIL, true },
	{ "OpenPGP.js", "2{" HEAD "004c " CREATED
	    "45 14 =4 001c 0020 " SALT "~32 0000 " TAIL, true },
	{ "Sequoia", "2{" HEAD "004e " CREATED
	    "47 14 =4 001e 0020 " SEQUOIA "~32 0000 " TAIL, true },
	{ "lengths of 2 and 5 octets", "2{" HEAD "000a ff00000005 02 ~4 000a "
	    ISSUER TAIL, true },
	/* no signature, or more than signatures */
	{ "nothing", "", false },
	{ "text", "'Hello'", false },
	{ "literal", LITERAL, false },
	{ "one-pass", "4{03 00 08 01 ~8 01}", false },
	{ "and a literal", BARE LITERAL, false },
	{ "and a marker", BARE "10{'PGP'}", false },
	{ "and a user id", BARE "13{'The hole is in foo.c'}", false },
	{ "and a byte", BARE "00", false },
	{ "indeterminate", "oi:2{" HEAD "0000 0000 " TAIL, false },
	{ "v3", "2{03 05 00 ~4 ~8 01 08 ~2 mpi2048}", false },
	{ "v5", "2{05 00 01 08 0006 " CREATED "0000 " TAIL, false },
	{ "empty", "2{}", false },
	{ "cut off in its head", "2{04 00 01}", false },
	{ "cut off in an area", "2{" HEAD "0006 05 02 00}", false },
	{ "cut off behind the areas", "2{" HEAD "0000 0000 00}", false },
	{ "an area too long", "2{" HEAD "ffff " CREATED "0000 " TAIL, false },
	{ "nine", BARE BARE BARE BARE BARE BARE BARE BARE BARE, false },
	{ "eight", BARE BARE BARE BARE BARE BARE BARE BARE, true },
	/* subpackets that hold text */
	{ "policy URL", "2{" HEAD "0017 " CREATED "10 1a 'https://foo.org' "
	    "0000 " TAIL, false },
	{ "notation", "2{" HEAD "002b " CREATED "24 14 80000000 0009 0012 "
	    "'n@foo.org' 'The hole is in foo' 0000 " TAIL, false },
	{ "reason", "2{" HEAD "0012 " CREATED "0b 1d 00 'the hole' 0000 " TAIL,
	    false },
	{ "embedded signature", "2{" HEAD "0010 " CREATED "09 20 ~8 0000 "
	    TAIL, false },
	{ "private", "2{" HEAD "000c " CREATED "05 65 'hole' 0000 " TAIL,
	    false },
	{ "unhashed notation", "2{" HEAD "0000 0025 24 14 80000000 0009 0012 "
	    "'n@foo.org' 'The hole is in foo' " TAIL, false },
	{ "words as the signer", "2{" HEAD "0019 " CREATED
	    "12 1c 'The hole is @ foo' 0000 " TAIL, false },
	{ "no address as the signer", "2{" HEAD "0010 " CREATED
	    "09 1c 'the_hole' 0000 " TAIL, false },
	{ "two addresses as the signer", "2{" HEAD "000f " CREATED
	    "08 1c 'a@b,c@d' 0000 " TAIL, false },
	{ "the signer twice", "2{" HEAD "0014 " CREATED "06 1c 'a@b.c' "
	    "06 1c 'd@e.f' 0000 " TAIL, false },
	{ "a signer of 81 bytes", "2{" HEAD "0059 " CREATED "52 1c "
	    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@"
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' 0000 " TAIL, false },
	{ "created of 5 bytes", "2{" HEAD "0007 06 02 ~5 0000 " TAIL, false },
	{ "created twice", "2{" HEAD "000c " CREATED CREATED "0000 " TAIL,
	    false },
	{ "issuer of 9 bytes", "2{" HEAD "0000 000b 0a 10 ~9 " TAIL, false },
	{ "fingerprint of 20", "2{" HEAD "0016 15 21 ~20 0000 " TAIL, false },
	{ "fingerprint of no version", "2{" HEAD "0017 16 21 20 ~20 0000 "
	    TAIL, false },
	{ "subpacket of length 0", "2{" HEAD "0001 00 0000 " TAIL, false },
	{ "subpacket too long", "2{" HEAD "0006 06 02 ~4 0000 " TAIL, false },
	{ "subpacket of 2 octets", "2{" HEAD "00c9 c005 14 ~198 0000 " TAIL,
	    false },
	{ "huge subpacket", "2{" HEAD "0006 ff ffffffff 02 0000 " TAIL,
	    false },
	/* salts that are none */
	{ "another name", "2{" HEAD "004c " CREATED
	    "45 14 =4 001c 0020 'talk@notations.openpgpjs.org' ~32 0000 " TAIL,
	    false },
	{ "readable", "2{" HEAD "004c " CREATED "45 14 80 =3 001c 0020 " SALT
	    "~32 0000 " TAIL, false },
	{ "a text as the salt", "2{" HEAD "004c " CREATED
	    "45 14 =4 001c 0020 " SALT "'The hole is in foo.c, line 14 ..' "
	    "0000 " TAIL, false },
	{ "a salt too long", "2{" HEAD "006d " CREATED "66 14 =4 001c 0041 "
	    SALT "~65 0000 " TAIL, false },
	{ "and more", "2{" HEAD "004d " CREATED "46 14 =4 001c 0020 " SALT
	    "~33 0000 " TAIL, false },
	/* text as numbers and fingerprints */
	{ "text as the signature", "2{" HEAD "0006 " CREATED "0000 ~2 0100 "
	    "'The hole is in foo.c, line 14'} ", true },
	{ "more text as the signature", "2{" HEAD "0006 " CREATED "0000 ~2 "
	    "0100 'The hole is in foo.c, line 14, and anyone can'} ", false },
	{ "text in several signatures",
	    "2{" HEAD "0006 " CREATED "0000 ~2 'The hole is in foo.c, '}"
	    "2{" HEAD "0006 " CREATED "0000 ~2 'line 14, and anybody '}",
	    false },
	{ "text as a fingerprint", "2{" HEAD "001d " FPRTEXT CREATED "0000 "
	    TAIL, true },
	{ "text as recipients", "2{" HEAD "0034 " CREATED RECTEXT RECTEXT
	    "0000 " TAIL, false },
	{ "text as issuers", "2{" HEAD "0000 0028 09 10 'The hole' 09 10 "
	    "' is in t' 09 10 'he file ' 09 10 'of foo.c' " TAIL, false },
	{ "too much", "2{" HEAD "0000 0000 ~2 ~2049} ", false },
	{ "much", "2{" HEAD "0000 0000 ~2 ~2048} ", true },
};

static void
test_rows(void **state)
{
	struct buf data;
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_init(&data, SIZE_MAX / 2);
		pgp_make(rows[i].recipe, &data);
		if (signature_is_plain(buf_span(&data)) != rows[i].expected) {
			print_error("%s ==> %s\n", rows[i].name,
			    rows[i].expected ? "refused" : "taken");
			wrong++;
		}
		buf_clear(&data);
	}
	assert_int_equal(wrong, 0);
}

/* Cut off anywhere it is no signature. */
static void
test_cut(void **state)
{
	struct buf data;
	size_t len;

	(void)state;
	buf_init(&data, SIZE_MAX / 2);
	pgp_make("2{" HEAD "001d " FPR CREATED "000a " ISSUER TAIL, &data);
	for (len = 0; len <= data.len; len++)
		assert_int_equal(signature_is_plain(text_sub(buf_span(&data),
		    0, len)), len == data.len);
	buf_clear(&data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
