/*
 * certificate: issuer, serial number, key identifier and validity.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/certificate.h"
#include "lib/asn1.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define ALG	"30(06(2a864886f70d01010b) 05()) "
#define NAME	"30(31(30(06(550403) 0c('Test CA')))) "
#define TIMES	"30(17('260102030405Z') 17('270102030405Z')) "
#define PARTS(serial, times, rest) \
	"30(30(a0(02(02)) 02(" serial ") " ALG NAME times NAME "30(" ALG \
	"03(~270)) " rest ") " ALG "03(~257))"
#define KEY_ID	"30(06(551d0e) 04(04(0102030405060708)))"
#define USAGE	"30(06(551d0f) 01(ff) 04(03(05a0)))"

/* name: recipe ==> serial, key identifier, from, to; or "no" */
static const struct row {
	const char	*name, *recipe, *expected;
} rows[] = {
	{ "version 3", PARTS("1234", TIMES, "a3(30(" USAGE KEY_ID "))"),
	    "1234 0102030405060708 1767323045 1798859045" },
	{ "critical", PARTS("1234", TIMES, "a3(30(30(06(551d0e) 01(ff) "
	    "04(04(0102)))))"), "1234 0102 1767323045 1798859045" },
	{ "no extensions", PARTS("00ff", TIMES, ""),
	    "00ff - 1767323045 1798859045" },
	{ "other extensions", PARTS("01", TIMES, "a3(30(" USAGE "))"),
	    "01 - 1767323045 1798859045" },
	{ "unique identifiers", PARTS("01", TIMES, "81(00) 82(00) a3(30("
	    KEY_ID "))"), "01 0102030405060708 1767323045 1798859045" },
	{ "version 1", "30(30(02(01) " ALG NAME TIMES NAME "30()) " ALG
	    "03(~257))", "01 - 1767323045 1798859045" },
	{ "1950 and 2049", PARTS("01", "30(17('500101000000Z') "
	    "17('491231235959Z'))", ""), "01 - -631152000 2524607999" },
	{ "2050 and later", PARTS("01", "30(18('20500101000000Z') "
	    "18('99991231235959Z'))", ""), "01 - 2524608000 253402300799" },
	{ "30 February", PARTS("01", "30(17('260230000000Z') "
	    "17('270101000000Z'))", ""), "no" },
	{ "24:00", PARTS("01", "30(17('260201240000Z') "
	    "17('270101000000Z'))", ""), "no" },
	{ "minute 60", PARTS("01", "30(17('260201236000Z') "
	    "17('270101000000Z'))", ""), "no" },
	{ "second 60", PARTS("01", "30(17('260201235960Z') "
	    "17('270101000000Z'))", ""), "no" },
	{ "no seconds", PARTS("01", "30(17('2602010000Z') "
	    "17('270101000000Z'))", ""), "no" },
	{ "a zone", PARTS("01", "30(17('260201000000+0100') "
	    "17('270101000000Z'))", ""), "no" },
	{ "fractions", PARTS("01", "30(18('20260201000000.5Z') "
	    "17('270101000000Z'))", ""), "no" },
	{ "letters", PARTS("01", "30(17('26020100000oZ') "
	    "17('270101000000Z'))", ""), "no" },
	{ "one time", PARTS("01", "30(17('260201000000Z'))", ""), "no" },
	{ "three times", PARTS("01", "30(17('260201000000Z') "
	    "17('270101000000Z') 17('280101000000Z'))", ""), "no" },
	{ "a number as time", PARTS("01", "30(02(01) 02(01))", ""), "no" },
	{ "empty serial", PARTS("", TIMES, ""), "no" },
	{ "key identifier and more", PARTS("01", TIMES, "a3(30(30(06(551d0e) "
	    "04(04(0102) 05()))))"), "no" },
	{ "key identifier of another form", PARTS("01", TIMES,
	    "a3(30(30(06(551d0e) 04(02(01)))))"), "no" },
	{ "extension without value", PARTS("01", TIMES,
	    "a3(30(30(06(551d0e))))"), "no" },
	{ "more behind the extensions", PARTS("01", TIMES,
	    "a3(30(" KEY_ID ")) 05()"), "no" },
	{ "more behind the certificate", PARTS("01", TIMES, "") " 00", "no" },
	{ "no signature", "30(30(02(01) " ALG NAME TIMES NAME "30()) " ALG
	    ")", "no" },
	{ "nothing", "", "no" },
	{ "text", "'-----BEGIN CERTIFICATE-----'", "no" },
};

static void
print_hex(struct span s, char *dst)
{
	size_t i;

	strcpy(dst, "-");
	for (i = 0; i < s.len; i++)
		sprintf(dst + 2 * i, "%02x", s.data[i]);
}

static void
describe(struct span der, char dst[200])
{
	struct certificate c;
	char serial[64], key_id[64];

	strcpy(dst, "no");
	if (certificate_parse(der, &c)) {
		print_hex(c.serial, serial);
		print_hex(c.key_id, key_id);
		snprintf(dst, 200, "%s %s %lld %lld", serial, key_id,
		    (long long)c.starts_at, (long long)c.expires_at);
		assert_int_equal(c.issuer.data[0], 0x30);
		assert_int_equal(c.issuer.len, 20);
	}
	certificate_clear(&c);
	assert_null(c.der.data);
}

static void
test_rows(void **state)
{
	struct buf data;
	char got[200];
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		buf_init(&data, SIZE_MAX / 2);
		asn1_make(rows[i].recipe, &data);
		describe(buf_span(&data), got);
		buf_clear(&data);
		if (strcmp(got, rows[i].expected) != 0) {
			print_error("%s ==> %s, expected %s\n", rows[i].name,
			    got, rows[i].expected);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static void
test_cut(void **state)
{
	struct buf data;
	char got[200];
	size_t len;

	(void)state;
	buf_init(&data, SIZE_MAX / 2);
	asn1_make(rows[0].recipe, &data);
	for (len = 0; len < data.len; len++) {
		describe(text_sub(buf_span(&data), 0, len), got);
		assert_string_equal(got, "no");
	}
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
