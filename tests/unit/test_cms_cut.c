/*
 * cms_cut: S/MIME with fewer recipients, and without what a signature brings.
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

static void
make(const char *recipe, struct buf *out)
{
	buf_init(out, SIZE_MAX / 2);
	asn1_make(recipe, out);
}

/* ---- fewer recipients ---- */

#define SKI2	"30(" V(02) "80(=20 ff) " RSA_ALG KEY ") "
#define FOREIGN	"30(" V(00) "30(" OTHER "02(1234)) " RSA_ALG KEY ") "
#define LEFT(recipients, rest) \
	"30[" ENVELOPED "a0[30[" V(00) "31[" recipients "] " rest "]]]"
#define AUTH_LEFT(recipients, rest) \
	"30[" AUTHENTICATED "a0[30[" V(00) "31[" recipients "] " rest "]]]"

/* The list's two: of NAME with serial 1234, and of OTHER with SKI's key. */
static const char *const certificates[] = { CERTIFICATE(NAME, "1234", ""),
	CERTIFICATE(OTHER, "77", KEY_ID("~20")) };

/* recipe ==> what is left, or NULL; and of how many recipients */
static const struct row {
	const char	*name, *recipe, *left;
	size_t		 n;
} rows[] = {
	{ "one", ENVELOPE(KTRI, BODY), LEFT(KTRI, BODY), 1 },
	{ "both", ENVELOPE(KTRI SKI, BODY), LEFT(KTRI SKI, BODY), 2 },
	{ "others between", ENVELOPE(FOREIGN KTRI PASSWORD SKI2 KEK SKI SKI2,
	    BODY), LEFT(KTRI SKI, BODY), 2 },
	{ "elliptic curve", ENVELOPE(FOREIGN KARI, BODY), LEFT(KARI, BODY),
	    1 },
	{ "authenticated", AUTH(SKI2 SKI, GCM_BODY MAC),
	    AUTH_LEFT(SKI, GCM_BODY MAC), 1 },
	{ "indefinite lengths", LEFT(SKI2 KTRI, BODY), LEFT(KTRI, BODY), 1 },
	{ "a line end behind it", ENVELOPE(KTRI, BODY) " 0a",
	    LEFT(KTRI, BODY), 1 },
	{ "others only", ENVELOPE(FOREIGN SKI2, BODY), NULL, 0 },
	{ "a password", ENVELOPE(PASSWORD, BODY), NULL, 0 },
	{ "nobody", ENVELOPE("", BODY), NULL, 0 },
	{ "signed data", "30(" SIGNED "a0(30(" V(01) ")))", NULL, 0 },
	{ "nothing", "", NULL, 0 },
};

static void
test_narrow(void **state)
{
	struct certificate list[2];
	struct buf data, want, got;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		make(certificates[i], &data);
		assert_true(certificate_parse(buf_span(&data), &list[i]));
		buf_clear(&data);
	}
	for (i = 0; i < COUNT(rows); i++) {
		make(rows[i].recipe, &data);
		make(rows[i].left == NULL ? "" : rows[i].left, &want);
		buf_init(&got, want.len);
		if (cms_narrow(buf_span(&data), list, 2, &got) != rows[i].n ||
		    !text_equal(buf_span(&got), buf_span(&want)))
			fail_msg("%s", rows[i].name);
		buf_clear(&got);
		buf_clear(&data);
		if (want.len > 0) {	/* no room for it: nothing at all */
			make(rows[i].recipe, &data);
			buf_init(&got, want.len - 1);
			assert_int_equal(cms_narrow(buf_span(&data), list, 2,
			    &got), 0);
			assert_int_equal(got.len, 0);
			buf_clear(&got);
			buf_clear(&data);
		}
		buf_clear(&want);
	}
	certificate_clear(&list[0]);
	certificate_clear(&list[1]);
}

/* ---- signed data without its certificates ---- */

#define DIGESTS	"31(30(" SHA256 "05()))"
#define CONTENT	"30(" PLAIN "a0[24[04('Hello ') 04('world')]])"
#define SIGNER	"30(" V(01) RID "30(" SHA256 "05()) a0(30(" CN "31(05())))" \
	RSA_ALG "04(~40) a1(30(" CN "31(05()))))"
#define CERTS	"a0[" CERTIFICATE(NAME, "1234", "") "]"

static const char stripped[] = "30[" SIGNED "a0[30[" V(01) DIGESTS CONTENT
	"31(" SIGNER SIGNER ")]]]";

static void
test_strip(void **state)
{
	static const char *const certs[] = { "", CERTS, CERTS "a1(30())",
	    "a1(30())" };
	struct buf data, want, got;
	char recipe[8192], seal[CMS_SEAL_SIZE];
	size_t i;

	(void)state;
	make(stripped, &want);
	for (i = 0; i < COUNT(certs); i++) {
		snprintf(recipe, sizeof(recipe), "30(" SIGNED "a0(30(" V(01)
		    DIGESTS CONTENT "%s 31(" SIGNER SIGNER "))))", certs[i]);
		make(recipe, &data);
		buf_init(&got, data.len + 32);
		assert_true(cms_strip(buf_span(&data), &got, seal));
		assert_true(text_equal(buf_span(&got), buf_span(&want)));
		assert_int_equal(strlen(seal), 48);
		buf_clear(&got);
		buf_clear(&data);
	}
	buf_clear(&want);
}

static void
test_no_strip(void **state)
{
	static const char *const recipes[] = { "", SAID,
	    ENVELOPE(KTRI, BODY), "30(" SIGNED ")",
	    "30(" SIGNED "a0(30(" V(01) DIGESTS CONTENT ")))",
	    "30(" SIGNED "a0(30(" V(01) DIGESTS CONTENT "31() 05())))" };
	struct buf data, out;
	char seal[CMS_SEAL_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(recipes); i++) {
		make(recipes[i], &data);
		buf_init(&out, 1000);
		assert_false(cms_strip(buf_span(&data), &out, seal));
		buf_clear(&out);
		buf_clear(&data);
	}
	make(stripped, &data);
	buf_init(&out, data.len - 1);
	assert_false(cms_strip(buf_span(&data), &out, seal));
	buf_clear(&out);
	buf_clear(&data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_strip),
		cmocka_unit_test(test_no_strip),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
