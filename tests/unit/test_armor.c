/*
 * armor: one block and nothing else, and the first thing that is wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/armor.h"
#include "lib/pgp.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define B	"-----BEGIN PGP MESSAGE-----\n"
#define E	"-----END PGP MESSAGE-----\n"
#define DATA	"Zm9v\n"	/* "foo" */
#define GOOD	B "\n" DATA E
#define V3	"Version: GnuPG v2\nHash: SHA256\nCharset: utf-8\n"
#define SUM	"=T8JV\n"	/* checked by test_checksum */

/*
 * name: text ==> "kind state line what", or "kind ok data"
 */
static const struct row {
	const char	*name, *text, *expected;
} rows[] = {
	/* well formed */
	{ "plain", GOOD, "message ok foo" },
	{ "no line end at the end", B "\n" DATA "-----END PGP MESSAGE-----",
	    "message ok foo" },
	{ "blank lines round it", "\n  \n\t\n" GOOD "\n \n",
	    "message ok foo" },
	{ "CRLF", "-----BEGIN PGP MESSAGE-----\r\n\r\nZm9v\r\n"
	    "-----END PGP MESSAGE-----\r\n", "message ok foo" },
	{ "CRLF and LF", "-----BEGIN PGP MESSAGE-----\r\n\nZm9v\r\n" E,
	    "message ok foo" },
	{ "trailing blanks", "-----BEGIN PGP MESSAGE----- \t\n \t\nZm9v \n"
	    "-----END PGP MESSAGE-----  \n", "message ok foo" },
	{ "blank lines in the data", B "\n\nZm\n\n9v\n \n" E,
	    "message ok foo" },
	{ "a line for each character", B "\nZ\nm\n9\nv\n" E,
	    "message ok foo" },
	{ "padding", B "\nZm8=\n" E, "message ok fo" },
	{ "no data", B "\n" E, "message ok " },
	{ "Version", B "Version: GnuPG v2\n\n" DATA E, "message ok foo" },
	{ "two headers", B "Version: GnuPG v2\nCharset: utf-8\n\n" DATA E,
	    "message ok foo" },
	{ "an empty header", B "Version:\nComment: \n\n" DATA E,
	    "message ok foo" },
	{ "a header with trailing blanks", B "Version: GnuPG v2 \t\n\n" DATA E,
	    "message ok foo" },
	{ "Hash", B "Hash: SHA256\n\n" DATA E, "message ok foo" },
	{ "twelve headers", B V3 V3 V3 V3 "\n" DATA E, "message ok foo" },
	{ "thirteen headers", B V3 V3 V3 V3 V3 "\n" DATA E,
	    "message header 14 text in an armour header line" },
	/* checksum, RFC 9580 6.1 */
	{ "checksum", B "\n" DATA SUM E, "message ok foo" },
	{ "checksum with blanks", B "\n" DATA "=T8JV \n" E, "message ok foo" },
	{ "checksum and a blank line", B "\n" DATA SUM "\n" E,
	    "message ok foo" },
	{ "wrong checksum", B "\n" DATA "=AAAA\n" E,
	    "message broken 4 wrong armour checksum" },
	{ "two checksums", B "\n" DATA SUM SUM E,
	    "message broken 5 data behind the checksum" },
	{ "data behind the checksum", B "\n" DATA SUM DATA E,
	    "message broken 5 data behind the checksum" },
	{ "text behind the checksum", B "\n" DATA SUM "Hello\n" E,
	    "message broken 5 data behind the checksum" },
	{ "checksum in mid-quantum", B "\nZm9\n" SUM E,
	    "message broken 4 wrong armour checksum" },
	{ "checksum with a foreign letter", B "\n" DATA "=T8J!\n" E,
	    "message broken 4 wrong armour checksum" },
	{ "checksum of two bytes", B "\n" DATA "=T8J=\n" E,
	    "message broken 4 wrong armour checksum" },
	{ "checksum of two bytes, well formed", B "\n" DATA "=AAA=\n" E,
	    "message broken 4 wrong armour checksum" },
	{ "checksum of five characters", B "\n" DATA "=T8JVA\n" E,
	    "message broken 4 no base64 in the armour" },
	{ "checksum of three characters", B "\n" DATA "=T8J\n" E,
	    "message broken 4 no base64 in the armour" },
	{ "checksum in the line of data", B "\nZm9v=T8JV\n" E,
	    "message broken 3 no base64 in the armour" },
	/* text beside the block */
	{ "text before", "Hello\n" GOOD,
	    "message before 1 text before the encrypted block" },
	{ "text far before", "\n\nHello\n\n" GOOD,
	    "message before 3 text before the encrypted block" },
	{ "no-break space before", "\xc2\xa0\n" GOOD,
	    "message before 1 text before the encrypted block" },
	{ "form feed before", "\f\n" GOOD,
	    "message before 1 text before the encrypted block" },
	{ "CR-only lines before", "\r\r\n" GOOD,
	    "message before 1 text before the encrypted block" },
	{ "text behind", GOOD "Hello\n",
	    "message behind 5 text behind the encrypted block" },
	{ "text far behind", GOOD "\n\nHello",
	    "message behind 7 text behind the encrypted block" },
	{ "a CR behind", GOOD "\r",
	    "message behind 5 text behind the encrypted block" },
	{ "form feed behind", GOOD "\f",
	    "message behind 5 text behind the encrypted block" },
	{ "a second block", GOOD GOOD,
	    "message behind 5 text behind the encrypted block" },
	{ "a clear-signed block behind", GOOD "-----BEGIN PGP SIGNED "
	    "MESSAGE-----\n\nHello\n",
	    "message behind 5 text behind the encrypted block" },
	{ "text in the line of BEGIN", "-----BEGIN PGP MESSAGE----- Hello\n\n"
	    DATA E, "other broken 1 not a single encrypted block" },
	{ "text in the line of END",
	    B "\n" DATA "-----END PGP MESSAGE----- x\n",
	    "message broken 4 no base64 in the armour" },
	{ "quoted", "> -----BEGIN PGP MESSAGE-----\n>\n> Zm9v\n",
	    "none" },
	{ "indented", " -----BEGIN PGP MESSAGE-----\n\nZm9v\n", "none" },
	/* armour header lines */
	{ "a telling comment", B "Comment: the hole is in foo.c\n\n" DATA E,
	    "message header 2 text in an armour header line" },
	{ "an unknown key", B "Subject: foo\n\n" DATA E,
	    "message header 2 text in an armour header line" },
	{ "a telling version", B "Version: GnuPG foo.c is broken\n\n" DATA E,
	    "message header 2 text in an armour header line" },
	{ "in the second line", B "Version: GnuPG v2\nComment: foo\n\n" DATA E,
	    "message header 3 text in an armour header line" },
	{ "a key alone", B "Hello:\n\n" DATA E,
	    "message header 2 text in an armour header line" },
	{ "no blank line", B DATA E,
	    "message broken 2 no blank line behind the armour header" },
	{ "folded header", B "Version: GnuPG v2\n and more\n\n" DATA E,
	    "message broken 3 no blank line behind the armour header" },
	{ "END in the header", B E,
	    "message broken 2 no blank line behind the armour header" },
	{ "CR and blanks in the header", B "Comment: \r \t GnuPG\n\n" DATA E,
	    "message header 2 text in an armour header line" },
	{ "CR in the header", B "Version: GnuPG v2\rComment: foo\n\n" DATA E,
	    "message header 2 text in an armour header line" },
	/* data */
	{ "text in the data", B "\nZm9v\nHello, world\n" E,
	    "message broken 4 no base64 in the armour" },
	{ "dash escape", B "\n- Zm9v\n" E,
	    "message broken 3 no base64 in the armour" },
	{ "a CR in the data", B "\nZm9v\rZm9v\n" E,
	    "message broken 3 no base64 in the armour" },
	{ "CR CR LF", B "\nZm9v\r\r\n" E,
	    "message broken 3 no base64 in the armour" },
	{ "data behind padding", B "\nZm8=\nZm9v\n" E,
	    "message broken 4 no base64 in the armour" },
	{ "cut off in mid-quantum", B "\nZm9\n" E,
	    "message broken 4 cut-off base64" },
	{ "BEGIN in the data", B "\n" B,
	    "message broken 3 no base64 in the armour" },
	/* the end */
	{ "BEGIN alone", B, "message broken 1 no END line" },
	{ "no data, no END", B "\n", "message broken 2 no END line" },
	{ "no END", B "\n" DATA, "message broken 3 no END line" },
	{ "another END", B "\n" DATA "-----END PGP SIGNATURE-----\n",
	    "message broken 4 no base64 in the armour" },
	{ "an unknown END", B "\n" DATA "-----END PGP FOO-----\n",
	    "message broken 4 no base64 in the armour" },
	{ "a short END", B "\n" DATA "-----END PGP MESSAGE--\n",
	    "message broken 4 no base64 in the armour" },
	{ "END without label", B "\n" DATA "-----END PGP \n",
	    "message broken 4 no base64 in the armour" },
	{ "END with half a label", B "\n" DATA "-----END PGP x\n",
	    "message broken 4 no base64 in the armour" },
	{ "END in lower case", B "\n" DATA "-----end pgp message-----\n",
	    "message broken 4 no base64 in the armour" },
	/* kinds */
	{ "no text", "", "none" },
	{ "blank", "\n \r\n", "none" },
	{ "text", "Hello\nworld\n", "none" },
	{ "BEGIN of something else", "-----BEGIN CERTIFICATE-----\n", "none" },
	{ "BEGIN in lower case", "-----begin pgp message-----\n", "none" },
	{ "BEGIN without label", "-----BEGIN PGP \n", "none" },
	{ "BEGIN with half a label", "-----BEGIN PGP x\n", "none" },
	{ "BEGIN without dashes", "-----BEGIN PGP MESSAGE\n\n" DATA E,
	    "other broken 1 not a single encrypted block" },
	{ "parts", "-----BEGIN PGP MESSAGE, PART 1/2-----\n\n" DATA,
	    "other broken 1 not a single encrypted block" },
	{ "label in lower case", "-----BEGIN PGP Message-----\n",
	    "other broken 1 not a single encrypted block" },
	{ "a long label", "-----BEGIN PGP MESSAGES-----\n",
	    "other broken 1 not a single encrypted block" },
	{ "clear-signed", "-----BEGIN PGP SIGNED MESSAGE-----\n\nHello\n",
	    "clearsigned broken 1 not a single encrypted block" },
	{ "clear-signed behind text", "Hi\n-----BEGIN PGP SIGNED MESSAGE-----",
	    "clearsigned before 1 text before the encrypted block" },
	{ "signature", "-----BEGIN PGP SIGNATURE-----\n\n" DATA
	    "-----END PGP SIGNATURE-----\n", "signature ok foo" },
	{ "public key", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" DATA
	    "-----END PGP PUBLIC KEY BLOCK-----\n", "key ok foo" },
	{ "secret key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n" DATA
	    "-----END PGP PRIVATE KEY BLOCK-----\n", "key ok foo" },
	{ "key behind text", "My key:\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
	    "key before 1 text before the encrypted block" },
};

static void
describe(const struct armor *a, const struct buf *data, char dst[200])
{
	static const char *const kinds[] = { "none", "message",
	    "clearsigned", "signature", "key", "other" };
	static const char *const states[] = { "ok", "before", "behind",
	    "header", "broken" };

	if (a->kind == ARMOR_NONE)
		snprintf(dst, 200, "none");
	else if (a->state == ARMOR_OK)
		snprintf(dst, 200, "%s ok %.*s", kinds[a->kind],
		    (int)data->len, data->len == 0 ? "" :
		    (const char *)data->data);
	else
		snprintf(dst, 200, "%s %s %zu %s", kinds[a->kind],
		    states[a->state], a->line, a->what);
}

static void
test_rows(void **state)
{
	struct armor a;
	struct buf data;
	char got[200];
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		buf_init(&data, 1000);
		armor_parse(text_span(rows[i].text), &data, &a);
		describe(&a, &data, got);
		if (strcmp(got, rows[i].expected) != 0) {
			print_error("%s ==> %s, expected %s\n", rows[i].name,
			    got, rows[i].expected);
			wrong++;
		}
		buf_clear(&data);
	}
	assert_int_equal(wrong, 0);
}

/* Noise of each length, with and without its checksum; one bit flipped. */
static void
test_checksum(void **state)
{
	uint8_t noise[200];
	struct buf text, data;
	struct armor a;
	char sum[6];
	size_t len;

	(void)state;
	pgp_checksum(text_span("foo"), sum);
	assert_memory_equal(sum, SUM, 5);
	for (len = 0; len < sizeof(noise); len++) {
		pgp_noise(len, noise, len);
		pgp_checksum((struct span){ noise, len }, sum);
		if (len > 0 && len % 2 == 1)
			noise[len / 2] ^= 4;
		buf_init(&text, 1000);
		buf_init(&data, 1000);
		pgp_armor((struct span){ noise, len }, "MESSAGE", &text);
		text.len -= sizeof(E) - 1;
		assert_true(buf_print(&text, "%s\n" E, sum));
		armor_parse(buf_span(&text), &data, &a);
		assert_int_equal(a.kind, ARMOR_MESSAGE);
		assert_int_equal(a.state, len % 2 == 1 ? ARMOR_BROKEN :
		    ARMOR_OK);
		assert_int_equal(data.len, len);
		buf_clear(&text);
		buf_clear(&data);
	}
}

/* 64 KB in one line. */
static void
test_long_line(void **state)
{
	struct buf text, data;
	struct armor a;
	size_t i;

	(void)state;
	buf_init(&text, 100000);
	buf_init(&data, 100000);
	assert_true(buf_print(&text, B "\n"));
	for (i = 0; i < 65536; i++)
		assert_true(buf_print(&text, "A"));
	assert_true(buf_print(&text, "\n" E));
	armor_parse(buf_span(&text), &data, &a);
	assert_int_equal(a.state, ARMOR_OK);
	assert_int_equal(data.len, 49152);
	buf_clear(&data);
	buf_init(&data, 49151);
	armor_parse(buf_span(&text), &data, &a);
	assert_int_equal(a.state, ARMOR_BROKEN);
	buf_clear(&text);
	buf_clear(&data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_long_line),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
