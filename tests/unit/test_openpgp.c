/*
 * openpgp: what the sequence of packets makes of a message.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/openpgp.h"
#include "lib/pgp.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_PKESK 4

#define SAID	"'The hole is in foo.c, line 14, and anybody can use it '"
#define S200	SAID SAID SAID SAID
#define SEIPD2	"18{02 09 02 06 ~200} "
#define AEAD	"20{01 09 02 10 ~200} "
#define SED	"9{~100} "
#define MARKER	"10{'PGP'} "
#define TEXT	"11{'b' 00 =4 " SAID "} "

/* name: recipe ==> shape, recipients, passphrases, offset, what */
static const struct row {
	const char	*name, *recipe, *expected;
} rows[] = {
	{ "v3 and SEIPD v1", PKESK SEIPD, "encrypted 1 0 271" },
	{ "v3 and SEIPD v2", PKESK SEIPD2, "encrypted 1 0 271" },
	{ "v3 and AEAD", PKESK AEAD, "encrypted 1 0 271" },
	{ "old headers, as GnuPG writes them", "o2:1{03 ~8 01 mpi2048}" SEIPD,
	    "encrypted 1 0 271" },
	{ "old header of 1 octet", "o1:1{03 ~8 12 mpi263 30 ~48}" SEIPD,
	    "encrypted 1 0 96" },
	{ "old header of 4 octets", "o4:1{03 ~8 01 mpi2048}" SEIPD,
	    "encrypted 1 0 273" },
	{ "body of 5 octets length", PKESK "n5:18{01 ~100}",
	    "encrypted 1 0 271" },
	{ "partial body", PKESK "p9:18{01 ~800}", "encrypted 1 0 271" },
	{ "many chunks", PKESK "p12,13,9,9:18{01 ~20000}",
	    "encrypted 1 0 271" },
	{ "tiny chunks", PKESK "p9,0,0,0,0:18{01 ~515}",
	    "encrypted 1 0 271" },
	{ "partial AEAD", PKESK "p10:20{01 09 02 10 ~1500}",
	    "encrypted 1 0 271" },
	{ "marker first", MARKER PKESK SEIPD, "encrypted 1 0 276" },
	{ "four recipients", PKESK PKESK PKESK PKESK SEIPD,
	    "encrypted 4 0 1084" },
	{ "passphrase too", PKESK SKESK SEIPD, "encrypted 1 1 286" },
	{ "passphrase first", SKESK PKESK SEIPD, "encrypted 1 1 286" },
	{ "passphrase alone", SKESK SEIPD, "encrypted 0 1 15" },
	{ "nobody by name", PKESK0 SEIPD, "encrypted 1 0 271" },
	/* algorithms, RFC 9580 5.1.3 to 5.1.7 */
	{ "RSA encrypt-only", "1{03 ~8 02 mpi2047}" SEIPD,
	    "encrypted 1 0 271" },
	{ "RSA 4096", "1{03 ~8 01 mpi4093}" SEIPD, "encrypted 1 0 527" },
	{ "Elgamal", "1{03 ~8 10 mpi2048 mpi2045}" SEIPD,
	    "encrypted 1 0 529" },
	{ "ECDH", "1{03 ~8 12 mpi263 30 ~48}" SEIPD, "encrypted 1 0 96" },
	{ "ECDH P-256", "1{03 ~8 12 mpi515 30 ~48}" SEIPD,
	    "encrypted 1 0 128" },
	{ "X25519", "1{03 ~8 19 ~32 29 09 ~40}" SEIPD, "encrypted 1 0 86" },
	{ "X448", "1{03 ~8 1a ~56 29 09 ~40}" SEIPD, "encrypted 1 0 110" },
	{ "a later one", "1{03 ~8 23 ~1200}" SEIPD, "encrypted 1 0 1213" },
	{ "a later one of 64 bytes", "1{03 ~8 23 ~64}" SEIPD,
	    "encrypted 1 0 76" },
	/* PKESK v6, 5.1.2 */
	{ "v6 to a v4 key", "1{06 15 04 ~20 19 ~32 28 ~40}" SEIPD2,
	    "encrypted 1 0 99" },
	{ "v6 to a v6 key", "1{06 21 06 ~32 19 ~32 28 ~40}" SEIPD2,
	    "encrypted 1 0 111" },
	{ "v6 to nobody", "1{06 00 19 ~32 28 ~40}" SEIPD2,
	    "encrypted 1 0 78" },
	{ "v6 with the length of v4", "1{06 15 06 ~20 19 ~32 28 ~40}" SEIPD2,
	    "broken 0 0 0 broken session key packet" },
	{ "v6 to a v5 key", "1{06 21 05 ~32 19 ~32 28 ~40}" SEIPD2,
	    "broken 0 0 0 broken session key packet" },
	{ "v6 with a long fingerprint", "1{06 40 06 ~63 19 ~32 28 ~40}" SEIPD2,
	    "broken 0 0 0 broken session key packet" },
	/* broken session keys */
	{ "v2", "1{02 ~8 01 mpi2048}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "v4", "1{04 ~8 01 mpi2048}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "empty", "1{}" SEIPD, "broken 0 0 0 broken session key packet" },
	{ "half a key id", "1{03 ~7}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "v6, cut-off fingerprint", "1{06 21 06 ~9}" SEIPD2,
	    "broken 0 0 0 broken session key packet" },
	{ "RSA and more", "1{03 ~8 01 mpi2048 00}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "RSA and less", "1{03 ~8 01 0800 ~255}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "RSA of 64 bits", "1{03 ~8 01 mpi64}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "Elgamal, one number", "1{03 ~8 10 mpi2048}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "ECDH without a point", "1{03 ~8 12 0000 30 ~48}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "ECDH without a key", "1{03 ~8 12 mpi263 00}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "ECDH and more", "1{03 ~8 12 mpi263 30 ~49}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "a later one, too short", "1{03 ~8 23 ~63}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "a later one, too long", "1{03 ~8 23 ~8183}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "text in RSA", "1{03 ~8 01 0800 " SAID SAID SAID SAID "=40}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "text in a later one", "1{03 ~8 23 " S200 "}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "a sentence in RSA", "1{03 ~8 01 0800 ff ~100 " SAID "~101}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "a sentence from the key id on", "1{03 'The hole' 73 ' is in foo.c, "
	    "line 14, or so' ~64}" SEIPD,
	    "broken 0 0 0 broken session key packet" },
	{ "partial session key", "p9:1{03 ~8 23 ~600}" SEIPD,
	    "broken 0 0 0 no well-formed packet" },
	{ "indeterminate session key", "oi:1{03 ~8 01 mpi2048}",
	    "broken 0 0 0 partial length on a short packet" },
	{ "second one is broken", PKESK "1{03}" SEIPD,
	    "broken 1 0 271 broken session key packet" },
	/* passphrases, RFC 9580 5.3 and 3.7.1 */
	{ "v4, simple", "3{04 09 00 08}" SEIPD, "encrypted 0 1 6" },
	{ "v4, salted", "3{04 09 01 08 ~8}" SEIPD, "encrypted 0 1 14" },
	{ "v4, iterated", SKESK SEIPD, "encrypted 0 1 15" },
	{ "v4, Argon2", "3{04 09 04 ~16 01 04 15}" SEIPD,
	    "encrypted 0 1 24" },
	{ "v4 with a key", "3{04 09 03 08 ~8 60 ~33}" SEIPD,
	    "encrypted 0 1 48" },
	{ "v5", "3{05 09 02 03 08 ~8 60 ~15 ~48}" AEAD, "encrypted 0 1 79" },
	{ "v6", "3{06 1a 09 02 0b 03 08 ~8 60 ~15 ~48}" SEIPD2,
	    "encrypted 0 1 81" },
	{ "old header", "o1:3{04 09 03 08 ~8 60}" SEIPD,
	    "encrypted 0 1 15" },
	{ "v3", "3{03 09 03 08 ~8 60}" SEIPD,
	    "broken 0 0 0 broken passphrase packet" },
	{ "v7", "3{07 09 03 08 ~8 60}" SEIPD,
	    "broken 0 0 0 broken passphrase packet" },
	{ "unknown specifier", "3{04 09 02 08 ~8 60}" SEIPD,
	    "broken 0 1 0 broken passphrase packet" },
	{ "cut-off salt", "3{04 09 03 08 ~7}" SEIPD,
	    "broken 0 1 0 broken passphrase packet" },
	{ "empty SKESK", "3{}" SEIPD, "broken 0 0 0 broken passphrase packet" },
	{ "too long", "3{04 09 03 08 ~8 60 ~97}" SEIPD,
	    "broken 0 1 0 broken passphrase packet" },
	{ "text in a SKESK", PKESK "3{04 09 03 08 ~8 60 " SAID "}" SEIPD,
	    "broken 1 1 271 broken passphrase packet" },
	{ "partial SKESK", "d3 e9 ~512 00" SEIPD,
	    "broken 0 0 0 no well-formed packet" },
	/* text where nobody looks */
	{ "marker with text", "10{" SAID "}" PKESK SEIPD,
	    "not-encrypted 0 0 0 a marker packet" },
	{ "marker behind a session key", PKESK MARKER SEIPD,
	    "not-encrypted 1 0 271 a marker packet" },
	{ "marker with text behind a session key",
	    PKESK "10{" SAID "}" SEIPD,
	    "not-encrypted 1 0 271 a marker packet" },
	{ "two markers", MARKER MARKER PKESK SEIPD,
	    "not-encrypted 0 0 5 a marker packet" },
	{ "long marker", "10{'PGPx'}" PKESK SEIPD,
	    "not-encrypted 0 0 0 a marker packet" },
	{ "padding first", "21{~16}" PKESK SEIPD,
	    "not-encrypted 0 0 0 a padding packet" },
	{ "padding between", PKESK "21{~16}" SEIPD,
	    "not-encrypted 1 0 271 a padding packet" },
	{ "private packet between", PKESK "60{" SAID "}" SEIPD,
	    "not-encrypted 1 0 271 an unknown packet" },
	{ "text packets between", PKESK "13{" SAID "}" SEIPD,
	    "not-encrypted 1 0 271 an unknown packet" },
	/* readable bodies */
	{ "SEIPD of text", PKESK "18{01 " S200 "}",
	    "readable 1 0 271 readable bytes where ciphertext should be" },
	{ "SEIPD v2 of text", PKESK "18{02 09 02 06 " S200 "}",
	    "readable 1 0 271 readable bytes where ciphertext should be" },
	{ "AEAD of text", PKESK "20{01 09 02 10 " S200 "}",
	    "readable 1 0 271 readable bytes where ciphertext should be" },
	{ "text behind noise", PKESK "18{01 ~3000 " S200 "}",
	    "readable 1 0 271 readable bytes where ciphertext should be" },
	{ "a sentence in noise", PKESK "18{01 ~3000 " SAID "~3000}",
	    "readable 1 0 271 readable bytes where ciphertext should be" },
	{ "text in a later chunk", PKESK "p9,9:18{01 ~900 " S200 "}",
	    "readable 1 0 271 readable bytes where ciphertext should be" },
	{ "text in chunks of one byte", PKESK "d2 e9 01 ~511"
	    "e0'T'e0'h'e0'e'e0' 'e0'h'e0'o'e0'l'e0'e'e0' 'e0'i'e0's'e0' '"
	    "e0'i'e0'n'e0' 'e0'f'e0'o'e0'o'e0'.'e0'c'e0','e0' 'e0'l'e0'i'"
	    "e0'n'e0'e'e0' 'e0'1'e0'4'e0','e0' 'e0'a'e0'n'e0'd'e0' 'e0'a'"
	    "e0'n'e0'y' 04 'body'",
	    "readable 1 0 271 readable bytes where ciphertext should be" },
	{ "zeros", PKESK "18{01 =400}",
	    "readable 1 0 271 readable bytes where ciphertext should be" },
	{ "readable and trailing", PKESK "18{01 " S200 "}" TEXT,
	    "readable 1 0 271 readable bytes where ciphertext should be" },
	/* encrypted data of unknown form */
	{ "SEIPD v0", PKESK "18{00 ~100}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "SEIPD v3", PKESK "18{03 ~100}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "SEIPD of 32 bytes", PKESK "18{01 ~32}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "SEIPD of 33 bytes", PKESK "18{01 ~33}", "encrypted 1 0 271" },
	{ "empty SEIPD", PKESK "18{}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "SEIPD v2, shortest", PKESK "18{02 09 02 10 ~65}",
	    "encrypted 1 0 271" },
	{ "SEIPD v2, shorter", PKESK "18{02 09 02 10 ~64}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "SEIPD v2, chunks too large", PKESK "18{02 09 02 11 ~100}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "SEIPD v2, no cipher", PKESK "18{02 00 02 06 ~100}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "SEIPD v2, cipher 14", PKESK "18{02 0e 02 06 ~100}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "SEIPD v2, no mode", PKESK "18{02 09 00 06 ~100}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "SEIPD v2, mode 4", PKESK "18{02 09 04 06 ~100}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "AEAD v2", PKESK "20{02 09 02 06 ~100}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "AEAD, shortest", PKESK "20{01 09 02 38 ~45}",
	    "encrypted 1 0 271" },
	{ "AEAD, shorter", PKESK "20{01 09 02 38 ~44}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "AEAD, chunks too large", PKESK "20{01 09 02 39 ~100}",
	    "broken 1 0 271 encrypted data of unknown form" },
	{ "short first chunk", PKESK "p8:18{01 ~600}",
	    "broken 1 0 271 short first partial length" },
	/* lengths that do not add up */
	{ "cut off", PKESK "d2 64 01 ~98",
	    "broken 1 0 271 no well-formed packet" },
	{ "cut off in the last chunk", PKESK "d2 e9 01 ~511 0a ~9",
	    "broken 1 0 271 cut-off encrypted data" },
	{ "no last chunk", PKESK "d2 e9 01 ~511",
	    "broken 1 0 271 cut-off encrypted data" },
	/* no integrity protection */
	{ "SED", PKESK SED, "no-integrity 1 0 271 encrypted data without "
	    "integrity protection" },
	{ "SED alone", SED, "no-integrity 0 0 0 encrypted data without "
	    "integrity protection" },
	{ "SED, old, indeterminate", PKESK "oi:9{~100}", "no-integrity 1 0 "
	    "271 encrypted data without integrity protection" },
	{ "SED and more", PKESK SED TEXT, "no-integrity 1 0 271 encrypted "
	    "data without integrity protection" },
	/* no encryption at all */
	{ "SEIPD alone", SEIPD, "not-encrypted 0 0 0 encrypted data without "
	    "a session key" },
	{ "AEAD alone", AEAD, "not-encrypted 0 0 0 encrypted data without "
	    "a session key" },
	{ "marker and SEIPD", MARKER SEIPD, "not-encrypted 0 0 5 encrypted "
	    "data without a session key" },
	{ "session key alone", PKESK, "not-encrypted 1 0 0 session keys only" },
	{ "marker alone", MARKER, "not-encrypted 0 0 0 session keys only" },
	{ "session key and literal", PKESK TEXT,
	    "not-encrypted 1 0 271 literal data" },
	{ "literal", TEXT, "not-encrypted 0 0 0 literal data" },
	{ "old literal, indeterminate", "oi:11{'b' 00 =4 " SAID "}",
	    "not-encrypted 0 0 0 literal data" },
	{ "compressed", "8{01 ~100}", "not-encrypted 0 0 0 compressed data" },
	{ "signed", "4{03 00 08 01 ~8 01}" TEXT SIG4,
	    "not-encrypted 0 0 0 a signed message" },
	{ "signature", SIG4, "not-encrypted 0 0 0 a signed message" },
	{ "key", "6{04 =4 01 mpi2048 mpi17}",
	    "not-encrypted 0 0 0 a public key" },
	{ "secret key", "5{04 =4 01 mpi2048 mpi17}",
	    "not-encrypted 0 0 0 a secret key" },
	/* no OpenPGP */
	{ "nothing", "", "broken 0 0 0 no OpenPGP data" },
	{ "text", SAID, "broken 0 0 0 no OpenPGP data" },
	{ "tag 0", "n1:0{~5}", "broken 0 0 0 no well-formed packet" },
	{ "high bytes", "ff ff ff ff ff ff", "broken 0 0 0 no well-formed "
	    "packet" },
};

static const char *const shapes[] = { "encrypted", "no-integrity",
	"not-encrypted", "readable", "trailing", "too-many", "broken" };

static void
describe(const struct openpgp *m, char dst[200])
{
	snprintf(dst, 200, "%s %zu %zu %zu%s%s", shapes[m->shape],
	    m->nrecipients, m->nskesks, m->offset,
	    m->shape == OPENPGP_ENCRYPTED ? "" : " ",
	    m->shape == OPENPGP_ENCRYPTED ? "" : m->what);
}

static bool
check(const char *name, const char *recipe, const char *expected)
{
	struct openpgp m;
	struct buf data;
	char got[200];

	buf_init(&data, SIZE_MAX / 2);
	pgp_make(recipe, &data);
	openpgp_walk(buf_span(&data), MAX_PKESK, &m);
	describe(&m, got);
	openpgp_clear(&m);
	assert_null(m.recipients);
	buf_clear(&data);
	if (strcmp(got, expected) == 0)
		return true;
	print_error("%s ==> %s, expected %s\n", name, got, expected);
	return false;
}

static void
test_rows(void **state)
{
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		wrong += check(rows[i].name, rows[i].recipe,
		    rows[i].expected) ? 0 : 1;
	assert_int_equal(wrong, 0);
}

/* Whatever stands behind the encrypted data. */
static void
test_trailing(void **state)
{
	static const char *const tails[] = { TEXT, PKESK, SKESK, SEIPD,
	    PKESK SEIPD, SED, MARKER, "21{~16}", "60{" SAID "}", SIG4,
	    "8{01 ~100}", "00", SAID, "0a", "ff", "oi:11{'b'}", "63{}",
	    "19{~20}" };
	static const char *const heads[] = { PKESK SEIPD,
	    PKESK "p9:18{01 ~600}", PKESK SEIPD2, PKESK AEAD,
	    PKESK SKESK SEIPD };
	char recipe[1000];
	struct openpgp m;
	struct buf data;
	size_t i, k, end;

	(void)state;
	for (i = 0; i < COUNT(heads); i++)
		for (k = 0; k < COUNT(tails); k++) {
			buf_init(&data, SIZE_MAX / 2);
			pgp_make(heads[i], &data);
			end = data.len;
			buf_clear(&data);
			snprintf(recipe, sizeof(recipe), "%s%s", heads[i],
			    tails[k]);
			pgp_make(recipe, &data);
			openpgp_walk(buf_span(&data), MAX_PKESK, &m);
			assert_int_equal(m.shape, OPENPGP_TRAILING);
			assert_int_equal(m.offset, end);
			openpgp_clear(&m);
			buf_clear(&data);
		}
}

/* Every order of four packets: encrypted only where it ends the message. */
static void
test_orders(void **state)
{
	static const char *const packets[] = { PKESK, SKESK, SEIPD, TEXT };
	char recipe[1000];
	struct openpgp m;
	struct buf data;
	size_t i, k, order[4], n;
	bool twice, good;

	(void)state;
	for (i = 0; i < 256; i++) {
		twice = false;
		recipe[0] = '\0';
		for (n = 0; n < 4; n++) {
			order[n] = i >> (2 * n) & 3;
			for (k = 0; k < n; k++)
				twice = twice || order[k] == order[n];
			strcat(recipe, packets[order[n]]);
		}
		good = order[3] == 2 && order[0] < 2 && order[1] < 2 &&
		    order[2] < 2;
		buf_init(&data, SIZE_MAX / 2);
		pgp_make(recipe, &data);
		openpgp_walk(buf_span(&data), MAX_PKESK, &m);
		assert_int_equal(m.shape == OPENPGP_ENCRYPTED, good);
		assert_false(twice == false && good);
		openpgp_clear(&m);
		buf_clear(&data);
	}
}

/* An encrypted message cut off anywhere, and with a byte more anywhere. */
static void
test_cut(void **state)
{
	struct openpgp m;
	struct buf data;
	size_t len;

	(void)state;
	buf_init(&data, SIZE_MAX / 2);
	pgp_make("o2:1{03 ~8 01 mpi2048} p9,3:18{01 ~700}", &data);
	for (len = 0; len <= data.len; len++) {
		openpgp_walk(text_sub(buf_span(&data), 0, len), MAX_PKESK,
		    &m);
		assert_int_equal(m.shape == OPENPGP_ENCRYPTED,
		    len == data.len);
		openpgp_clear(&m);
	}
	buf_clear(&data);
}

static void
test_limit(void **state)
{
	(void)state;
	assert_true(check("5 recipients", PKESK PKESK PKESK PKESK PKESK SEIPD,
	    "too-many 4 0 1084 too many session key packets"));
	assert_true(check("4 and a passphrase", PKESK PKESK PKESK PKESK SKESK
	    SEIPD, "too-many 4 0 1084 too many session key packets"));
	assert_true(check("5 passphrases", SKESK SKESK SKESK SKESK SKESK
	    SEIPD, "too-many 0 4 60 too many session key packets"));
}

static void
test_recipients(void **state)
{
	struct openpgp m;
	struct buf data;
	static const uint8_t id[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	(void)state;
	buf_init(&data, SIZE_MAX / 2);
	pgp_make("1{03 0102030405060708 01 mpi2048}" PKESK0
	    "1{06 15 04 0102030405060708 ~12 19 ~32 28 ~40}"
	    "1{06 21 06 0102030405060708 ~24 19 ~32 28 ~40}" SEIPD2, &data);
	openpgp_walk(buf_span(&data), MAX_PKESK, &m);
	assert_int_equal(m.shape, OPENPGP_ENCRYPTED);
	assert_int_equal(m.nrecipients, 4);
	assert_int_equal(m.recipients[0].len, 8);
	assert_memory_equal(m.recipients[0].id, id, 8);
	assert_int_equal(m.recipients[1].len, 0);
	assert_int_equal(m.recipients[2].len, 20);
	assert_memory_equal(m.recipients[2].id, id, 8);
	assert_int_equal(m.recipients[3].len, 32);
	assert_memory_equal(m.recipients[3].id, id, 8);
	openpgp_clear(&m);
	buf_clear(&data);
}

/* id and its length, fingerprint length ==> is it for this key? */
static void
test_is_for(void **state)
{
	static const struct {
		uint8_t	 len, first;	/* id: first, first + 1, ... */
		size_t	 key_len;	/* fingerprint: 1, 2, 3, ... */
		bool	 expected;
	} keys[] = {
		{ 8, 13, 20, true },	/* v4: the end */
		{ 8, 1, 20, false }, { 8, 12, 20, false },
		{ 8, 1, 32, true },	/* v6: the beginning */
		{ 8, 25, 32, false }, { 8, 13, 32, false },
		{ 20, 1, 20, true }, { 20, 2, 20, false },
		{ 32, 1, 32, true }, { 32, 2, 32, false },
		{ 20, 1, 32, false }, { 32, 1, 20, false },
		{ 0, 0, 20, false }, { 0, 1, 32, false },
		{ 8, 1, 0, false }, { 8, 1, 8, false }, { 8, 1, 16, false },
		{ 8, 1, 19, false },
	};
	struct openpgp_recipient r;
	uint8_t fingerprint[32];
	size_t i, k;

	(void)state;
	for (k = 0; k < 32; k++)
		fingerprint[k] = (uint8_t)(k + 1);
	for (i = 0; i < COUNT(keys); i++) {
		memset(&r, 0, sizeof(r));
		r.len = keys[i].len;
		for (k = 0; k < r.len; k++)
			r.id[k] = (uint8_t)(keys[i].first + k);
		assert_int_equal(openpgp_is_for(&r, (struct span){
		    fingerprint, keys[i].key_len }), keys[i].expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_trailing),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_recipients),
		cmocka_unit_test(test_is_for),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
