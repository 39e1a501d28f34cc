/*
 * cms: what stands in an S/MIME message, and beside it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/cms.h"
#include "lib/asn1.h"
#include "lib/cms_recipes.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_RECIPIENTS 4

#define ALGORITHM(params) \
	ENVELOPE("30(" V(00) RID "30(" params ") " KEY ") ", BODY)
#define ISSUER(name) \
	ENVELOPE("30(" V(00) "30(" name " 02(1234)) " RSA_ALG KEY ") ", BODY)
#define VALUE(value)	ISSUER("30(31(30(" CN value ")))")
#define CIPHER(params)	ENVELOPE(KTRI, "30(" PLAIN "30(" params ") 80(~320))")

#define BROKEN_RECIPIENT "broken 0 0 a broken or unknown recipient"
#define BAD_CIPHER "broken 1 0 a cipher that is unknown, too weak or out of " \
	"place"
#define ATTRIBUTES "partly 1 0 attributes beside the encrypted content"

/* name: recipe ==> shape, recipients, passphrases, what */
static const struct row {
	const char	*name, *recipe, *expected;
} rows[] = {
	{ "issuer and serial", ENVELOPE(KTRI, BODY),
	    "encrypted 1 0 enveloped data" },
	{ "key identifier", ENVELOPE(SKI, BODY),
	    "encrypted 1 0 enveloped data" },
	{ "elliptic curve", ENVELOPE(KARI, BODY),
	    "encrypted 1 0 enveloped data" },
	{ "all in one", ENVELOPE(KTRI KARI SKI PASSWORD, BODY),
	    "encrypted 3 1 enveloped data" },
	{ "key of old", ENVELOPE(KEK, BODY), "encrypted 0 1 enveloped data" },
	{ "password", ENVELOPE(PASSWORD, BODY),
	    "encrypted 0 1 enveloped data" },
	{ "password without derivation", ENVELOPE("a3(" V(00) PWRI_ALG
	    "04(~32))", BODY), "encrypted 0 1 enveloped data" },
	{ "GCM", AUTH(KTRI, GCM_BODY MAC),
	    "encrypted 1 0 authenticated-enveloped data" },
	{ "indefinite lengths", "30[" ENVELOPED "a0[30[" V(00) "31[" KTRI "]"
	    "30[" PLAIN AES_IV "a0[04(~320) 04(~16) 04()]]]]]",
	    "encrypted 1 0 enveloped data" },
	{ "pieces, definite", ENVELOPE(KTRI, "30(" PLAIN AES_IV
	    "a0(04(~100) 04(~220)))"), "encrypted 1 0 enveloped data" },
	{ "long lengths", "30/4(" ENVELOPED "a0/3(30/4(" V(00) "31/4(" KTRI
	    ")" BODY ")))", "encrypted 1 0 enveloped data" },
	{ "a line end behind it", ENVELOPE(KTRI, BODY) " 0d 0a",
	    "encrypted 1 0 enveloped data" },
	{ "four recipients", ENVELOPE(KTRI KTRI KTRI KTRI, BODY),
	    "encrypted 4 0 enveloped data" },
	{ "two in one agreement", ENVELOPE("a1(" V(03) ORIGIN ECDH_ALG "30("
	    REK REK ")) ", BODY), "encrypted 2 0 enveloped data" },
	{ "agreement by key identifier", ENVELOPE("a1(" V(03) ORIGIN ECDH_ALG
	    "30(30(a0(04(~20)) 04(~24))))", BODY),
	    "encrypted 1 0 enveloped data" },
	{ "agreement with material", ENVELOPE("a1(" V(03) ORIGIN "a1(04(~32))"
	    ECDH_ALG "30(" REK "))", BODY), "encrypted 1 0 enveloped data" },
	{ "static agreement", ENVELOPE("a1(" V(03) "a0(" RID ")" ECDH_ALG
	    "30(" REK "))", BODY), "encrypted 1 0 enveloped data" },
	{ "Triple DES", CIPHER(TDES "04(~8)"),
	    "encrypted 1 0 enveloped data" },
	{ "Camellia", CIPHER("06(2a83088c9a4b3d01010104) 04(~16)"),
	    "encrypted 1 0 enveloped data" },
	{ "ChaCha20-Poly1305", AUTH(KTRI, "30(" PLAIN
	    "30(06(2a864886f70d0109100312) 04(~12)) 80(~333))" MAC),
	    "encrypted 1 0 authenticated-enveloped data" },
	{ "tag length by default", AUTH(KTRI, "30(" PLAIN "30(" GCM256
	    "30(04(~12))) 80(~333))" MAC),
	    "encrypted 1 0 authenticated-enveloped data" },
	{ "signed content", ENVELOPE(KTRI, "30(" SIGNED AES_IV "80(~320))"),
	    "encrypted 1 0 enveloped data" },
	{ "content type authenticated", AUTH(KTRI, "30(" SIGNED GCM
	    "80(~333)) a1(30(" CONTENT_TYPE "31(" SIGNED ")))" MAC),
	    "encrypted 1 0 authenticated-enveloped data" },
	{ "OAEP", ALGORITHM(OAEP "30()"), "encrypted 1 0 enveloped data" },
	{ "OAEP, spelled out", ALGORITHM(OAEP "30(a0(30(" SHA256 "05()))"
	    "a1(30(" MGF1 "30(" SHA256 "05()))) a2(30(" LABEL "04())))"),
	    "encrypted 1 0 enveloped data" },
	/* too many */
	{ "five recipients", ENVELOPE(KTRI KTRI KTRI KTRI KTRI, BODY),
	    "too-many 4 0 too many recipients" },
	{ "five with a password", ENVELOPE(KTRI KTRI PASSWORD KTRI KEK, BODY),
	    "too-many 3 1 too many recipients" },
	{ "five in one agreement", ENVELOPE("a1(" V(03) ORIGIN ECDH_ALG "30("
	    REK REK REK REK REK ")) ", BODY),
	    "too-many 4 0 too many recipients" },
	/* beside the content */
	{ "certificates", "30(" ENVELOPED "a0(30(" V(00) "a0(a0(30()))"
	    "31(" KTRI ")" BODY ")))",
	    "partly 0 0 certificates beside the encrypted content" },
	{ "unprotected attribute", ENVELOPE(KTRI, BODY "a1(30(" CN "31(0c("
	    SAID ")))) "), ATTRIBUTES },
	{ "no unprotected attribute", ENVELOPE(KTRI, BODY "a1()"),
	    ATTRIBUTES },
	{ "unauthenticated attribute", AUTH(KTRI, GCM_BODY MAC "a2(30(" CN
	    "31(0c(" SAID "))))"), ATTRIBUTES },
	{ "authenticated attribute", AUTH(KTRI, GCM_BODY "a1(30(" CN "31(0c("
	    SAID "))))" MAC), ATTRIBUTES },
	{ "two authenticated attributes", AUTH(KTRI, GCM_BODY "a1(30("
	    CONTENT_TYPE "31(" PLAIN ")) 30(" CN "31(0c(" SAID "))))" MAC),
	    ATTRIBUTES },
	{ "content type twice", AUTH(KTRI, GCM_BODY "a1(30(" CONTENT_TYPE
	    "31(" PLAIN PLAIN ")))" MAC), ATTRIBUTES },
	{ "another content type", AUTH(KTRI, GCM_BODY "a1(30(" CONTENT_TYPE
	    "31(" SIGNED ")))" MAC), ATTRIBUTES },
	{ "text behind", ENVELOPE(KTRI, BODY) SAID,
	    "partly 1 0 more data behind the encrypted data" },
	{ "a byte behind", ENVELOPE(KTRI, BODY) " 00",
	    "partly 1 0 more data behind the encrypted data" },
	{ "two line ends behind", ENVELOPE(KTRI, BODY) " 0a 0a",
	    "partly 1 0 more data behind the encrypted data" },
	{ "a second message", ENVELOPE(KTRI, BODY) ENVELOPE(KTRI, BODY),
	    "partly 1 0 more data behind the encrypted data" },
	{ "end-of-contents behind", ENVELOPE(KTRI, BODY) " 00 00",
	    "partly 1 0 more data behind the encrypted data" },
	{ "text in the outer sequence", "30(" ENVELOPED "a0(30(" V(00) "31("
	    KTRI ")" BODY ")) 0c(" SAID "))",
	    "broken 1 0 lengths that do not add up" },
	{ "text beside the envelope", "30(" ENVELOPED "a0(30(" V(00) "31("
	    KTRI ")" BODY ") 0c(" SAID ")))",
	    "broken 1 0 lengths that do not add up" },
	{ "text behind the content", ENVELOPE(KTRI, BODY "0c(" SAID ")"),
	    "broken 1 0 lengths that do not add up" },
	{ "text behind the ciphertext", ENVELOPE(KTRI, "30(" PLAIN AES_IV
	    "80(~320) 0c(" SAID "))"),
	    "broken 1 0 broken encrypted content" },
	{ "text behind the code", AUTH(KTRI, GCM_BODY MAC "0c(" SAID ")"),
	    "broken 1 0 lengths that do not add up" },
	/* readable content */
	{ "text as ciphertext", ENVELOPE(KTRI, "30(" PLAIN AES_IV "80(" S200
	    S200 "))"),
	    "readable 1 0 readable bytes where ciphertext should be" },
	{ "text in pieces", ENVELOPE(KTRI, "30(" PLAIN AES_IV "a0(04(~320) "
	    "04('The hole is in foo') 04('.c, line 14, and ') 04('anyone ')"
	    "04(~262)))"),
	    "readable 1 0 readable bytes where ciphertext should be" },
	{ "zeros", ENVELOPE(KTRI, "30(" PLAIN AES_IV "80(=320))"),
	    "readable 1 0 readable bytes where ciphertext should be" },
	{ "readable, and more behind", ENVELOPE(KTRI, "30(" PLAIN AES_IV
	    "80(" S200 S200 "))") SAID,
	    "readable 1 0 readable bytes where ciphertext should be" },
	/* text where nobody looks */
	{ "word in a name", VALUE("0c('Client Authentication and Secure Email"
	    " CA')"), "encrypted 1 0 enveloped data" },
	{ "story in a name", VALUE("0c('the hole is in the file that reads the"
	    " lengths of options')"), BROKEN_RECIPIENT },
	{ "wide name", VALUE("1e(0054 0065 0073 0074)"),
	    "encrypted 1 0 enveloped data" },
	{ "wide story", VALUE("1e(=130)"), BROKEN_RECIPIENT },
	{ "long value", VALUE("0c(=257)"), BROKEN_RECIPIENT },
	{ "value of another type", VALUE("04(~20)"), BROKEN_RECIPIENT },
	{ "constructed value", VALUE("2c(0c('Test'))"), BROKEN_RECIPIENT },
	{ "long type", ISSUER("30(31(30(06(~17) 0c('Test'))))"),
	    BROKEN_RECIPIENT },
	{ "long name", ISSUER("30(31(30(" CN "0c(=250))) 31(30(" CN
	    "0c(=250))))"), BROKEN_RECIPIENT },
	{ "empty name", ISSUER("30()"), "encrypted 1 0 enveloped data" },
	{ "no name", ISSUER("05()"), BROKEN_RECIPIENT },
	{ "more in a name", ISSUER("30(31(30(" CN "0c('Test') 05())))"),
	    BROKEN_RECIPIENT },
	{ "long serial", ENVELOPE("30(" V(00) "30(" NAME "02(~33)) " RSA_ALG
	    KEY ")", BODY), BROKEN_RECIPIENT },
	{ "empty serial", ENVELOPE("30(" V(00) "30(" NAME "02()) " RSA_ALG
	    KEY ")", BODY), BROKEN_RECIPIENT },
	{ "key identifier of text", ENVELOPE("30(" V(02) "80(" SAID ")"
	    RSA_ALG KEY ")", BODY), BROKEN_RECIPIENT },
	{ "long key identifier", ENVELOPE("30(" V(02) "80(~65)" RSA_ALG KEY
	    ")", BODY), BROKEN_RECIPIENT },
	{ "label", ALGORITHM(OAEP "30(a2(30(" LABEL "04(" SAID "))))"),
	    BROKEN_RECIPIENT },
	{ "string as parameter", ALGORITHM(RSA "0c('The hole')"),
	    BROKEN_RECIPIENT },
	{ "NULL with text", ALGORITHM(RSA "05('The hole')"),
	    BROKEN_RECIPIENT },
	{ "long number", ALGORITHM(RSA "02('The hole is')"),
	    BROKEN_RECIPIENT },
	{ "many parameters", ALGORITHM(RSA "30(04(~32) 04(~32) 04(~32) 04(~32)"
	    "04(~32))"), BROKEN_RECIPIENT },
	{ "text as key", ENVELOPE("30(" V(00) RID RSA_ALG "04(" S200 "))",
	    BODY), BROKEN_RECIPIENT },
	{ "text in the key", ENVELOPE("30(" V(00) RID RSA_ALG "04(~100 " SAID
	    "~101))", BODY), BROKEN_RECIPIENT },
	{ "short key", ENVELOPE("30(" V(00) RID RSA_ALG "04(~15))", BODY),
	    BROKEN_RECIPIENT },
	{ "long key", ENVELOPE("30(" V(00) RID RSA_ALG "04(~2049))", BODY),
	    BROKEN_RECIPIENT },
	{ "text as point", ENVELOPE("a1(" V(03) "a0(a1(30(" EC_KEY ") 03(00 "
	    SAID "))) " ECDH_ALG "30(" REK "))", BODY), BROKEN_RECIPIENT },
	{ "text as material", ENVELOPE("a1(" V(03) ORIGIN "a1(04(" SAID "))"
	    ECDH_ALG "30(" REK "))", BODY), BROKEN_RECIPIENT },
	{ "date beside a key identifier", ENVELOPE("a1(" V(03) ORIGIN ECDH_ALG
	    "30(30(a0(04(~20) 18('20261201140000Z')) 04(~24))))", BODY),
	    BROKEN_RECIPIENT },
	{ "text in a key of old", ENVELOPE(KTRI "a2(" V(04) "30(04(" SAID
	    ")) 30(" WRAP128 ") 04(~24))", BODY),
	    "broken 1 1 a broken or unknown recipient" },
	{ "text in a derivation", ENVELOPE(KTRI "a3(" V(00) "a0(" PBKDF2 "30("
	    "04(" SAID ") 02(0800)))" PWRI_ALG "04(~32))", BODY),
	    "broken 1 1 a broken or unknown recipient" },
	{ "long derivation", ENVELOPE("a3(" V(00) "a0(~200)" PWRI_ALG
	    "04(~32))", BODY), BROKEN_RECIPIENT },
	{ "other recipient", ENVELOPE("a4(" CN "0c(" SAID "))", BODY),
	    BROKEN_RECIPIENT },
	{ "recipient and more", ENVELOPE("30(" V(00) RID RSA_ALG KEY "05())",
	    BODY), BROKEN_RECIPIENT },
	{ "long version", ENVELOPE("30(02(0000) " RID RSA_ALG KEY ")", BODY),
	    BROKEN_RECIPIENT },
	/* ciphers */
	{ "DES", CIPHER("06(2b0e030207) 04(~8)"), BAD_CIPHER },
	{ "RC2", CIPHER("06(2a864886f70d0302) 30(02(3a) 04(~8))"),
	    BAD_CIPHER },
	{ "unknown cipher", CIPHER("06(2a03) 04(~16)"), BAD_CIPHER },
	{ "IV of text", CIPHER(AES128 "04(" SAID ")"), BAD_CIPHER },
	{ "IV and more", CIPHER(AES128 "04(~16) 0c(" SAID ")"), BAD_CIPHER },
	{ "short IV", CIPHER(AES128 "04(~8)"), BAD_CIPHER },
	{ "no IV", CIPHER(AES128), BAD_CIPHER },
	{ "GCM without authentication", ENVELOPE(KTRI, GCM_BODY), BAD_CIPHER },
	{ "CBC with authentication", AUTH(KTRI, BODY MAC), BAD_CIPHER },
	{ "long nonce", AUTH(KTRI, "30(" PLAIN "30(" GCM256
	    "30(04(~17) 02(10))) 80(~333))" MAC), BAD_CIPHER },
	{ "nonce and more", AUTH(KTRI, "30(" PLAIN "30(" GCM256
	    "30(04(~12) 02(10) 05())) 80(~333))" MAC), BAD_CIPHER },
	{ "long tag length", AUTH(KTRI, "30(" PLAIN "30(" GCM256
	    "30(04(~12) 02(~9))) 80(~333))" MAC), BAD_CIPHER },
	/* broken content */
	{ "half a block", ENVELOPE(KTRI, "30(" PLAIN AES_IV "80(~321))"),
	    "broken 1 0 broken encrypted content" },
	{ "empty content", ENVELOPE(KTRI, "30(" PLAIN AES_IV "80())"),
	    "broken 1 0 broken encrypted content" },
	{ "no pieces", ENVELOPE(KTRI, "30(" PLAIN AES_IV "a0[])"),
	    "broken 1 0 broken encrypted content" },
	{ "pieces of pieces", ENVELOPE(KTRI, "30(" PLAIN AES_IV
	    "a0(24(04(~320))))"), "broken 1 0 broken encrypted content" },
	{ "content of another form", ENVELOPE(KTRI, "30(" PLAIN AES_IV
	    "04(~320))"), "broken 1 0 broken encrypted content" },
	{ "content of an unknown type", ENVELOPE(KTRI, "30(06('The hole')"
	    AES_IV "80(~320))"), "broken 1 0 content of an unknown type" },
	{ "no authentication code", AUTH(KTRI, GCM_BODY),
	    "broken 1 0 a broken authentication code" },
	{ "text as authentication code", AUTH(KTRI, GCM_BODY "04(" SAID ")"),
	    "broken 1 0 a broken authentication code" },
	/* no encryption */
	{ "content elsewhere", ENVELOPE(KTRI, "30(" PLAIN AES_IV ")"),
	    "not-encrypted 1 0 no encrypted content" },
	{ "no recipients", ENVELOPE("", BODY), "not-encrypted 0 0 encrypted "
	    "data without a recipient" },
	{ "signed", "30(" SIGNED "a0(30(" V(01) ")))",
	    "signed 0 0 S/MIME signed data" },
	{ "compressed", "30(" COMPRESSED "a0(30(" V(00) ")))",
	    "not-encrypted 0 0 compressed data" },
	{ "plain", "30(" PLAIN "a0(04(" SAID ")))",
	    "not-encrypted 0 0 plain data" },
	{ "encrypted with a key of old", "30(06(2a864886f70d010706) a0(30("
	    V(00) BODY ")))", "not-encrypted 0 0 encrypted data without a "
	    "recipient" },
	/* no S/MIME */
	{ "nothing", "", "broken 0 0 no S/MIME data" },
	{ "text", SAID, "broken 0 0 no S/MIME data" },
	{ "another type", "30(06(2a03) a0(05()))",
	    "broken 0 0 no S/MIME data" },
	{ "a set", "31(" ENVELOPED "a0(30()))", "broken 0 0 no S/MIME data" },
	{ "type alone", "30(" ENVELOPED ")",
	    "broken 0 0 a broken S/MIME message" },
	{ "no envelope", "30(" ENVELOPED "a0(04(~20)))",
	    "broken 0 0 a broken S/MIME message" },
	{ "no list of recipients", "30(" ENVELOPED "a0(30(" V(00) KTRI BODY
	    ")))", "broken 0 0 broken list of recipients" },
};

static const char *const shapes[] = { "encrypted", "signed", "not-encrypted",
	"readable", "partly", "too-many", "broken" };

static void
make(const char *recipe, struct buf *out)
{
	buf_init(out, SIZE_MAX / 2);
	asn1_make(recipe, out);
}

static void
test_rows(void **state)
{
	struct buf data;
	struct cms m;
	char got[200];
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		make(rows[i].recipe, &data);
		cms_walk(buf_span(&data), MAX_RECIPIENTS, &m);
		snprintf(got, sizeof(got), "%s %zu %zu %s", shapes[m.shape],
		    m.nrecipients, m.npassphrases, m.what);
		cms_clear(&m);
		assert_null(m.recipients);
		buf_clear(&data);
		if (strcmp(got, rows[i].expected) != 0) {
			print_error("%s ==> %s, expected %s\n", rows[i].name,
			    got, rows[i].expected);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static const char *const whole[] = {
	ENVELOPE(KTRI KARI SKI PASSWORD, BODY),
	AUTH(KTRI, GCM_BODY MAC),
	"30[" ENVELOPED "a0[30[" V(00) "31[" KTRI "]" "30[" PLAIN AES_IV
	    "a0[04(~320) 04(~16)]]]]]",
};

/* No beginning of a message is one. */
static void
test_cut(void **state)
{
	struct buf data;
	struct cms m;
	size_t i, len;

	(void)state;
	for (i = 0; i < COUNT(whole); i++) {
		make(whole[i], &data);
		for (len = 0; len < data.len; len++) {
			cms_walk(text_sub(buf_span(&data), 0, len), 4, &m);
			assert_int_not_equal(m.shape, CMS_ENCRYPTED);
			cms_clear(&m);
		}
		buf_clear(&data);
	}
}

/*
 * A sentence instead of the bytes at any place, lengths as they were: never is
 * the result both encrypted and readable.
 */
static void
test_overwritten(void **state)
{
	static const char said[] = "The hole is in foo.c, line 14, reader";
	struct buf data;
	struct cms m;
	size_t i, at;

	(void)state;
	assert_true(sizeof(said) - 1 > 36);
	for (i = 0; i < COUNT(whole); i++) {
		make(whole[i], &data);
		for (at = 0; at + sizeof(said) - 1 <= data.len; at++) {
			uint8_t old[sizeof(said) - 1];

			memcpy(old, data.data + at, sizeof(old));
			memcpy(data.data + at, said, sizeof(old));
			cms_walk(buf_span(&data), 4, &m);
			if (m.shape == CMS_ENCRYPTED)
				fail_msg("message %zu: text at %zu", i, at);
			cms_clear(&m);
			memcpy(data.data + at, old, sizeof(old));
		}
		buf_clear(&data);
	}
}

/* ---- whom it names ---- */

static bool
is_for(const char *recipient, const char *certificate)
{
	struct certificate cert;
	struct buf data, der;
	char recipe[4096];
	struct cms m;
	bool is;

	snprintf(recipe, sizeof(recipe), ENVELOPE("%s", BODY), recipient);
	make(recipe, &data);
	make(certificate, &der);
	cms_walk(buf_span(&data), 4, &m);
	assert_int_equal(m.nrecipients, 1);
	assert_true(certificate_parse(buf_span(&der), &cert));
	is = cms_is_for(&m.recipients[0], &cert);
	certificate_clear(&cert);
	cms_clear(&m);
	buf_clear(&data);
	buf_clear(&der);
	return is;
}

static void
test_is_for(void **state)
{
	(void)state;
	assert_true(is_for(KTRI, CERTIFICATE(NAME, "1234", "")));
	assert_true(is_for(KARI, CERTIFICATE(NAME, "1234", KEY_ID("~20"))));
	assert_false(is_for(KTRI, CERTIFICATE(NAME, "1235", "")));
	assert_false(is_for(KTRI, CERTIFICATE(NAME, "12", "")));
	assert_false(is_for(KTRI, CERTIFICATE(NAME, "001234", "")));
	assert_false(is_for(KTRI, CERTIFICATE(OTHER, "1234", "")));
	assert_false(is_for(SKI, CERTIFICATE(NAME, "1234", "")));
	assert_true(is_for(SKI, CERTIFICATE(OTHER, "1235", KEY_ID("~20"))));
	assert_false(is_for(SKI, CERTIFICATE(NAME, "1234", KEY_ID("~19"))));
	assert_false(is_for(SKI, CERTIFICATE(NAME, "1234", KEY_ID("=20"))));
}

/* Each recipient is sealed by its own key, not by what can be changed. */
static void
test_seal(void **state)
{
	struct buf data;
	struct cms m;

	(void)state;
	make(ENVELOPE(KTRI KARI, BODY), &data);
	cms_walk(buf_span(&data), 4, &m);
	assert_int_equal(m.nrecipients, 2);
	assert_int_equal(m.recipients[0].seal_len, 64);
	assert_int_equal(m.recipients[1].seal_len, 24);
	cms_clear(&m);
	buf_clear(&data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_overwritten),
		cmocka_unit_test(test_is_for),
		cmocka_unit_test(test_seal),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
