/*
 * classify: whole messages, those of real clients and those of nobody's
 * friends; each with LF and with CRLF.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/letter.h"
#include "lib/pgp.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define GAP	"\n"
#define TEXTPART "--b\n" PLAIN "\nThe hole is in foo.c\n"
#define SIGNED	MIME "Content-Type: multipart/signed; boundary=s; " \
		"micalg=pgp-sha256; protocol=\"application/pgp-signature\"\n\n"
#define INNER	"--s\nContent-Type: multipart/encrypted; boundary=b; " \
		"protocol=\"application/pgp-encrypted\"\n\n" \
		VERSION PAYLOAD END
#define SIGNATURE "--s\nContent-Type: application/pgp-signature\n\n" \
		"@sig{" SIG4 "}\n"
#define SMIME	"Content-Type: application/pkcs7-mime; " \
		"smime-type=enveloped-data; name=smime.p7m\n"
#define SMIMEPART(recipe) "--b\n" SMIME ENCODED "\n@64{" recipe "}"

struct row {
	const char	*name, *template, *expected;
};

static const struct row taken[] = {
	{ "PGP/MIME", ENCRYPTED VERSION PAYLOAD END, "pgp-mime" },
	{ "with the standard sentence", ENCRYPTED
	    "This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)\n"
	    VERSION PAYLOAD END, "pgp-mime" },
	{ "with descriptions and names", ENCRYPTED
	    "--b\nContent-Type: application/pgp-encrypted\n"
	    "Content-Description: PGP/MIME version identification\n\n"
	    "Version: 1\n\n--b\nContent-Type: application/octet-stream; "
	    "name=\"encrypted.asc\"\nContent-Description: OpenPGP encrypted "
	    "message\nContent-Disposition: inline; filename=\"encrypted.asc\""
	    "\n\n" BLOCK GAP END, "pgp-mime" },
	{ "with blanks behind the boundaries", ENCRYPTED
	    "--b  \nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
	    "--b\t\n" OCTETS "\n" BLOCK "--b-- \n\n", "pgp-mime" },
	{ "binary in base64", ENCRYPTED VERSION "--b\n" OCTETS ENCODED "\n"
	    "@64{" PKESK SEIPD "}" END, "pgp-mime" },
	{ "binary as it is", ENCRYPTED VERSION "--b\n" OCTETS "\n"
	    "@raw{1{03 ~8 19 ~32 29 09 ~40} 18{01 ~40}}\n"
	    END, "pgp-mime" },
	{ "nested in mixed", MIXED
	    "--b\nContent-Type: multipart/encrypted; boundary=c; "
	    "protocol=\"application/pgp-encrypted\"\n\n--c\nContent-Type: "
	    "application/pgp-encrypted\n\nVersion: 1\n--c\n" OCTETS "\n"
	    BLOCK "--c--\n--b--\n", "pgp-mime" },
	{ "signed round it", SIGNED INNER GAP SIGNATURE "--s--\n",
	    "pgp-mime" },
	{ "inline", PLAIN "\n" BLOCK, "pgp-inline" },
	{ "inline without MIME", "Subject: foo\n\n" BLOCK, "pgp-inline" },
	{ "inline, blank lines round it", PLAIN "\n\n \n" BLOCK "\n\t\n",
	    "pgp-inline" },
	{ "inline in base64", PLAIN ENCODED "\n@64{'-----BEGIN PGP "
	    "MESSAGE-----' 0a0a 'wcBMA' 0a}", "malformed :3 no END line" },
	{ "inline in quoted-printable", PLAIN
	    "Content-Transfer-Encoding: quoted-printable\n\n"
	    "@{" PKESK "18{01 ~301}}", "pgp-inline" },
	{ "every part is encrypted", MIXED "--b\n" PLAIN "\n" BLOCK
	    "--b\nContent-Type: application/octet-stream; name=\"1.pgp\"\n"
	    "Content-Disposition: attachment; filename=\"1.pgp\"\n"
	    ENCODED "\n@64{" PKESK SEIPD "}" END, "pgp-inline" },
	{ "an empty text beside it", MIXED "--b\n" PLAIN "\n\n" PAYLOAD END,
	    "pgp-inline" },
	{ "a part that is only encrypted data", MIXED PAYLOAD END,
	    "pgp-inline" },
};

static const struct row beside[] = {
	{ "a text part", MIXED TEXTPART PAYLOAD END,
	    "partly-cleartext 1 readable text" },
	{ "a text part behind", MIXED PAYLOAD TEXTPART END,
	    "partly-cleartext 2 readable text" },
	{ "a third part", ENCRYPTED VERSION PAYLOAD TEXTPART END,
	    "partly-cleartext 3 readable text" },
	{ "a third part, blank", ENCRYPTED VERSION PAYLOAD "--b\n" PLAIN "\n"
	    END, "partly-cleartext 3 a third part in multipart/encrypted" },
	{ "a third part, encrypted", ENCRYPTED VERSION PAYLOAD PAYLOAD END,
	    "partly-cleartext 3 a third part in multipart/encrypted" },
	{ "preamble", ENCRYPTED "The hole is in foo.c\n" VERSION PAYLOAD END,
	    "partly-cleartext text before the first boundary" },
	{ "epilogue", ENCRYPTED VERSION PAYLOAD END "The hole is in foo.c\n",
	    "partly-cleartext text behind the last boundary" },
	{ "epilogue of an inner multipart", MIXED "--b\nContent-Type: "
	    "multipart/mixed; boundary=c\n\n--c\n" OCTETS "\n" BLOCK
	    "--c--\nHello\n" END,
	    "partly-cleartext 1 text behind the last boundary" },
	{ "text before the block", PLAIN "\nHello\n" BLOCK,
	    "partly-cleartext :1 text before the encrypted block" },
	{ "text behind the block", PLAIN "\n" BLOCK "\nBye\n",
	    "partly-cleartext :17 text behind the encrypted block" },
	{ "text behind the payload", ENCRYPTED VERSION "--b\n" OCTETS "\n"
	    BLOCK "\nHello\n" END,
	    "partly-cleartext 2:17 text behind the encrypted block" },
	{ "a block inside quoted text", PLAIN "\n> -----BEGIN PGP MESSAGE----"
	    "-\n", "partly-cleartext an encrypted block inside other text" },
	{ "an armour comment", PLAIN "\n-----BEGIN PGP MESSAGE-----\n"
	    "Comment: The hole is in foo.c\n\nZm9v\n"
	    "-----END PGP MESSAGE-----\n",
	    "partly-cleartext :2 text in an armour header line" },
	{ "two blocks", PLAIN "\n" BLOCK BLOCK,
	    "partly-cleartext :16 text behind the encrypted block" },
	{ "packets behind", PLAIN "\n@{" PKESK SEIPD LITERAL "}",
	    "partly-cleartext more data behind the encrypted data" },
	{ "HTML beside it", MIME "Content-Type: multipart/alternative; "
	    "boundary=b\n\n--b\n" PLAIN "\n" BLOCK
	    "--b\nContent-Type: text/html\n\n<p>Hello\n" END,
	    "partly-cleartext 2 readable text" },
	{ "an armour in HTML", "Content-Type: text/html\n\n" BLOCK,
	    "partly-cleartext an encrypted block in a part of another type" },
	{ "a telling file name", ENCRYPTED VERSION "--b\nContent-Type: "
	    "application/octet-stream; name=\"hole in foo.c\"\n\n" BLOCK END,
	    "partly-cleartext 2 a telling file name" },
	{ "a field of a part", ENCRYPTED VERSION "--b\n" OCTETS
	    "X-Note: the hole is in foo.c\n\n" BLOCK END, "partly-cleartext "
	    "2 a part header field that could hold text" },
	{ "Comments", "Comments: the hole is in foo.c\n" PLAIN "\n" BLOCK,
	    "partly-cleartext text in a Comments or Keywords field" },
	{ "a signature beside it", MIXED PAYLOAD "--b\nContent-Type: "
	    "application/pgp-signature\n\n@sig{" SIG4 "}" END,
	    "partly-cleartext 2 a signature" },
	{ "a clear-signed part beside it", MIXED PAYLOAD "--b\n" PLAIN
	    "\n-----BEGIN PGP SIGNED MESSAGE-----\n\nHello\n" END,
	    "partly-cleartext 2 a clear-signed text" },
	{ "a key beside it", MIXED PAYLOAD "--b\nContent-Type: "
	    "application/pgp-keys\n\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n"
	    "Zm9v\n-----END PGP PUBLIC KEY BLOCK-----\n" END,
	    "partly-cleartext 2 a key" },
	{ "S/MIME beside it", MIXED PAYLOAD SMIMEPART(CMS) END,
	    "malformed 2 S/MIME and OpenPGP in one message" },
	{ "S/MIME signed beside it", MIXED PAYLOAD SMIMEPART(CMS_SIGNED) END,
	    "partly-cleartext 2 S/MIME signed data" },
	{ "S/MIME and text", MIXED TEXTPART SMIMEPART(CMS) END,
	    "partly-cleartext 1 readable text" },
	{ "S/MIME and signed S/MIME", MIXED SMIMEPART(CMS)
	    SMIMEPART(CMS_SIGNED) END,
	    "partly-cleartext 2 S/MIME signed data" },
	{ "S/MIME and compressed S/MIME", MIXED SMIMEPART(CMS)
	    SMIMEPART(CMS_COMPRESSED) END,
	    "partly-cleartext 2 compressed data" },
	{ "S/MIME and a preamble", MIXED "Hello\n" SMIMEPART(CMS) END,
	    "partly-cleartext text before the first boundary" },
	{ "S/MIME and a name", "Content-Type: application/pkcs7-mime; "
	    "name=\"hole in foo.p7m\"\n" ENCODED "\n@64{" CMS "}",
	    "partly-cleartext a telling file name" },
	{ "S/MIME and more", SMIME ENCODED "\n@64{" CMS "'Hello'}",
	    "partly-cleartext more data behind the encrypted data" },
	{ "S/MIME and a broken block", MIXED SMIMEPART(CMS) "--b\n" PLAIN
	    "\n-----BEGIN PGP MESSAGE-----\n" END,
	    "malformed 2:1 no END line" },
	{ "S/MIME with a password", SMIME ENCODED "\n@64{" CMS_HEAD
	    CMS_TO_PASSWORD CMS_TAIL "}",
	    "symmetric-only a passphrase instead of a key" },
	{ "S/MIME, a bare CR", MIXED SMIMEPART(CMS) "--b\n" PLAIN "\n\r \n"
	    END, "malformed 2 a bare CR, for some programs a line end" },
	{ "S/MIME in multipart/encrypted", ENCRYPTED VERSION "--b\n" SMIME
	    ENCODED "\n@64{" CMS "}" END, "malformed 2 no "
	    "application/octet-stream as the second part" },
	{ "a literal beside it", MIXED PAYLOAD "--b\n" OCTETS "\n@{" LITERAL
	    "}" END, "partly-cleartext 2 literal data" },
	{ "an unknown encoding beside it", MIXED PAYLOAD "--b\n" PLAIN
	    "Content-Transfer-Encoding: x-uuencode\n\nbegin\n" END,
	    "partly-cleartext 2 a transfer encoding that is not followed" },
	{ "signed, three parts", SIGNED INNER GAP SIGNATURE SIGNATURE
	    "--s--\n", "partly-cleartext 3 a signature" },
	{ "signed, three parts, blank", SIGNED INNER GAP SIGNATURE "--s\n"
	    PLAIN "\n\n--s--\n", "malformed a multipart/signed of more or "
	    "less than two parts" },
	{ "signed, one part", SIGNED INNER "\n--s--\n", "malformed a "
	    "multipart/signed of more or less than two parts" },
	{ "signed, signature first", SIGNED SIGNATURE INNER "\n--s--\n",
	    "partly-cleartext 1 a signature" },
	{ "signed, signature with text", SIGNED INNER GAP
	    "--s\nContent-Type: application/pgp-signature\n\nHello\n--s--\n",
	    "partly-cleartext 2 readable text" },
	{ "signed, signature of another type", SIGNED INNER GAP "--s\n" PLAIN
	    "\n@sig{" SIG4 "}\n--s--\n",
	    "partly-cleartext 2 a signature" },
	{ "blank signed", SIGNED "--s\n" PLAIN "\n\n" SIGNATURE "--s--\n",
	    "signed-only a signed message" },
};

static const struct row clear[] = {
	{ "text", PLAIN "\nThe hole is in foo.c\n",
	    "cleartext readable text" },
	{ "no body", "Subject: foo\n\n", "cleartext nothing" },
	{ "no header", "\nHello\n", "cleartext readable text" },
	{ "blank body", PLAIN "\n\n \n", "cleartext nothing" },
	{ "parts", MIXED TEXTPART TEXTPART END, "cleartext 1 readable text" },
	{ "blank parts", MIXED "--b\n" PLAIN "\n\n" END,
	    "cleartext 1 nothing" },
	{ "no parts", MIXED "Hello\n" END,
	    "cleartext a multipart without parts" },
	{ "a broken multipart", MIXED TEXTPART,
	    "cleartext 1 readable text" },
	{ "HTML", "Content-Type: text/html\n\n<p>Hello\n",
	    "cleartext readable text" },
	{ "an attachment", OCTETS ENCODED "\n@64{~100 'foo'}\n",
	    "cleartext readable text" },
	{ "Version alone", "Content-Type: application/pgp-encrypted\n\n"
	    "Version: 1\n", "cleartext no encrypted block" },
	{ "clear-signed", PLAIN "\n-----BEGIN PGP SIGNED MESSAGE-----\n\n"
	    "Hello\n", "signed-only a clear-signed text" },
	{ "signed", SIGNED "--s\n" PLAIN "\nHello\n" SIGNATURE "--s--\n",
	    "signed-only a signed message" },
	{ "a signature", PLAIN "\n@sig{" SIG4 "}",
	    "signed-only a signature" },
	{ "S/MIME signed", SMIME ENCODED "\n@64{" CMS_SIGNED "}",
	    "signed-only S/MIME signed data" },
	{ "no S/MIME", SMIME ENCODED "\n@64{30 80 ~60}",
	    "malformed no S/MIME data" },
	{ "S/MIME that is text", SMIME ENCODED "\n@64{'Hello'}",
	    "not-encrypted-inside no S/MIME data" },
	{ "S/MIME that is compressed", SMIME ENCODED "\n@64{" CMS_COMPRESSED
	    "}", "not-encrypted-inside compressed data" },
	/* encrypted, they say */
	{ "claims, text", ENCRYPTED VERSION "--b\n" OCTETS "\nHello\n" END,
	    "not-encrypted-inside 2 no encrypted block" },
	{ "claims, blank", ENCRYPTED VERSION "--b\n" OCTETS "\n\n" END,
	    "not-encrypted-inside 2 nothing" },
	{ "claims, literal", ENCRYPTED VERSION "--b\n" OCTETS "\n@{" LITERAL
	    "}" END, "not-encrypted-inside 2 literal data" },
	{ "claims, a session key and a literal", ENCRYPTED VERSION "--b\n"
	    OCTETS "\n@{" PKESK LITERAL "}" END,
	    "not-encrypted-inside 2 literal data" },
	{ "claims, a signed message", ENCRYPTED VERSION "--b\n" OCTETS "\n@{"
	    SIG4 "}" END, "not-encrypted-inside 2 a signed message" },
	{ "claims, readable", ENCRYPTED VERSION "--b\n" OCTETS "\n@{" PKESK
	    "18{01 'The hole is in foo.c, line 14, and anybody can use it'}}"
	    END, "not-encrypted-inside 2 readable bytes where ciphertext "
	    "should be" },
	{ "claims, broken", ENCRYPTED VERSION "--b\n" OCTETS "\n@64{"
	    PKESK "d2}" END, "not-encrypted-inside 2 no encrypted block" },
	{ "claims, broken, in base64", ENCRYPTED VERSION "--b\n" OCTETS
	    ENCODED "\n@64{" PKESK "d2}" END,
	    "malformed 2 no well-formed packet" },
	{ "a literal inline", PLAIN "\n@{" LITERAL "}",
	    "not-encrypted-inside literal data" },
	{ "a literal and text", MIXED TEXTPART "--b\n" PLAIN "\n@{" LITERAL
	    "}" END, "cleartext 1 readable text" },
	{ "a key", PLAIN "\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nZm9v\n"
	    "-----END PGP PUBLIC KEY BLOCK-----\n",
	    "not-encrypted-inside a key" },
};

static const struct row broken[] = {
	{ "no protection", PLAIN "\n@{" PKESK "9{~100}}",
	    "no-integrity encrypted data without integrity protection" },
	{ "a passphrase", PLAIN "\n@{" SKESK SEIPD "}",
	    "symmetric-only a passphrase instead of a key" },
	{ "65 recipients of nobody", PLAIN "\n@{" PKESK0 PKESK0 "}",
	    "not-encrypted-inside session keys only" },
	{ "no END line", PLAIN "\n-----BEGIN PGP MESSAGE-----\n\nZm9v\n",
	    "malformed :3 no END line" },
	{ "in parts", PLAIN "\n-----BEGIN PGP MESSAGE, PART 1/2-----\n",
	    "malformed :1 not a single encrypted block" },
	{ "a wrong checksum", PLAIN "\n-----BEGIN PGP MESSAGE-----\n\nZm9v\n"
	    "=AAAA\n-----END PGP MESSAGE-----\n",
	    "malformed :4 wrong armour checksum" },
	{ "a charset that hides it", "Content-Type: text/plain; "
	    "charset=utf-16\n\n" BLOCK,
	    "malformed a charset that hides the block" },
	{ "junk in base64", PLAIN ENCODED "\nZm9v-----BEGIN PGP MESSAGE-----"
	    "\n", "malformed a transfer encoding that is not followed" },
	{ "Version 2", ENCRYPTED "--b\nContent-Type: application/"
	    "pgp-encrypted\n\nVersion: 2\n" PAYLOAD END,
	    "partly-cleartext 1 readable text" },
	{ "no Version", ENCRYPTED "--b\nContent-Type: application/"
	    "pgp-encrypted\n\n\n" PAYLOAD END,
	    "malformed 1 something else than Version: 1" },
	{ "Version and text", ENCRYPTED "--b\nContent-Type: application/"
	    "pgp-encrypted\n\nVersion: 1\nHello\n" PAYLOAD END,
	    "partly-cleartext 1 readable text" },
	{ "encrypted data in its place", ENCRYPTED "--b\nContent-Type: "
	    "application/pgp-encrypted\n\n" BLOCK "\n" PAYLOAD END,
	    "partly-cleartext 1 something else than Version: 1" },
	{ "one part", ENCRYPTED PAYLOAD END,
	    "malformed a multipart/encrypted of one part" },
	{ "wrong order", ENCRYPTED PAYLOAD VERSION END,
	    "malformed 1 no application/pgp-encrypted as the first part" },
	{ "another first type", ENCRYPTED "--b\n" OCTETS "\nVersion: 1\n"
	    PAYLOAD END, "partly-cleartext 1 readable text" },
	{ "another second type", ENCRYPTED VERSION "--b\n" PLAIN "\n" BLOCK
	    END, "malformed 2 no application/octet-stream as the second "
	    "part" },
	{ "another protocol", MIME "Content-Type: multipart/encrypted; "
	    "boundary=b; protocol=\"application/pgp-signature\"\n\n" VERSION
	    PAYLOAD END, "malformed a multipart/encrypted of another "
	    "protocol" },
	{ "no protocol", MIME "Content-Type: multipart/encrypted; "
	    "boundary=b\n\n" VERSION PAYLOAD END,
	    "malformed a multipart/encrypted of another protocol" },
	{ "no end", ENCRYPTED VERSION PAYLOAD,
	    "malformed a multipart without its end" },
	{ "no boundary", MIME "Content-Type: multipart/encrypted\n\n" VERSION
	    PAYLOAD END, "malformed a multipart without a usable boundary" },
	{ "two types", PLAIN OCTETS "\n" BLOCK,
	    "malformed a Content or MIME field twice" },
	{ "two types, no encryption", PLAIN OCTETS "\nHello\n",
	    "malformed a Content or MIME field twice" },
	{ "a line like a boundary", ENCRYPTED VERSION "--b\n" OCTETS
	    "\n--b1\n" BLOCK END, "partly-cleartext 2:1 text before the "
	    "encrypted block" },
	{ "a preamble like a boundary", ENCRYPTED
	    "--This is a MIME encapsulated multipart message -\n" VERSION
	    PAYLOAD END, "pgp-mime" },
	{ "RFC 2231", "Content-Type: text/plain; charset*0=utf-8\n\n" BLOCK,
	    "partly-cleartext text in a parameter of a Content field" },
	{ "a comment in the type", "Content-Type: text/plain (x)\n\n" BLOCK,
	    "malformed a Content field outside the grammar" },
	{ "a quoted pair", "Content-Type: text/plain; charset=\"utf-\\8\"\n\n"
	    BLOCK, "malformed a Content field that clients read "
	    "differently" },
	{ "a bare CR in the epilogue", ENCRYPTED VERSION PAYLOAD END "\r\n\r"
	    "\n\r", "malformed a bare CR, for some programs a line end" },
	{ "a bare CR in binary data", ENCRYPTED VERSION "--b\n" OCTETS "\n"
	    "@raw{" PKESK "18{01 ~40 0d ~40}}\n" END,
	    "malformed 2 a bare CR, for some programs a line end" },
	{ "taken apart by a gateway", MIXED "--b\n" PLAIN "\n\n--b\n"
	    "Content-Type: application/pgp-encrypted\n\nVersion: 1\n"
	    PAYLOAD END, "mangled 2 a PGP/MIME message that a gateway took "
	    "apart" },
	{ "taken apart, blank", MIXED "--b\nContent-Type: application/"
	    "pgp-encrypted\n\n\n" PAYLOAD END,
	    "mangled 1 a PGP/MIME message that a gateway took apart" },
	{ "taken apart, and text", MIXED TEXTPART VERSION PAYLOAD END,
	    "partly-cleartext 1 readable text" },
};

static size_t
check(const struct row *rows, size_t n)
{
	char got[LETTER_SIZE];
	size_t i, wrong = 0;

	for (i = 0; i < n; i++) {
		letter_describe(rows[i].template, got);
		if (strcmp(got, rows[i].expected) == 0)
			continue;
		print_error("%s ==> %s, expected %s\n", rows[i].name, got,
		    rows[i].expected);
		wrong++;
	}
	return wrong;
}

static void
test_taken(void **state)
{
	(void)state;
	assert_int_equal(check(taken, COUNT(taken)), 0);
}

static void
test_beside(void **state)
{
	(void)state;
	assert_int_equal(check(beside, COUNT(beside)), 0);
}

static void
test_clear(void **state)
{
	(void)state;
	assert_int_equal(check(clear, COUNT(clear)), 0);
}

static void
test_broken(void **state)
{
	(void)state;
	assert_int_equal(check(broken, COUNT(broken)), 0);
}

/* One level more than allowed. */
static void
test_limits(void **state)
{
	struct buf text;
	char got[LETTER_SIZE];
	int level;

	(void)state;
	buf_init(&text, SIZE_MAX / 2);
	for (level = 0; level < 101; level++)
		assert_true(buf_print(&text, "%sContent-Type: multipart/mixed;"
		    " boundary=%dx\n\n--%dx\n", level == 0 ? MIME : "",
		    level, level));
	letter_judge(buf_span(&text), got);
	assert_non_null(strstr(got,
	    "too many parts, levels or header fields"));
	assert_memory_equal(got, "too-complex ", 12);
	buf_clear(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_beside),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_limits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
