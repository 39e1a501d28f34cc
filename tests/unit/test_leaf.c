/*
 * leaf: what one body part holds, by its type, encoding and content.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/leaf.h"
#include "lib/letter.h"
#include "lib/pgp.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define GOOD	"@{" PKESK SEIPD "}"
#define BINARY	"@raw{" PKESK SEIPD "}"
#define NAMED(type, name) "Content-Type: " type "; name=\"" name "\"\n"
#define ATTACHED(name) "Content-Disposition: attachment; filename=" name "\n"
#define QUOTED	"Content-Transfer-Encoding: quoted-printable\n"
#define SMIME	"Content-Type: application/pkcs7-mime\n"
#define SMIMETYPE(kind) "Content-Type: application/pkcs7-mime; smime-type=" \
		kind "\n" ENCODED "\n"
#define IN64(recipe) ENCODED "\n@64{" recipe "}"
#define KEY(kind) "-----BEGIN PGP " kind " KEY BLOCK-----\n\nZm9v\n" \
		"-----END PGP " kind " KEY BLOCK-----\n"

/* name: part ==> kind, line, what; a name that begins with "!": it claims */
static const struct row {
	const char	*name, *part, *expected;
} rows[] = {
	/* armour, by type */
	{ "armour in text", PLAIN "\n" GOOD, "encrypted" },
	{ "armour without a type", "\n" GOOD, "encrypted" },
	{ "armour in octets", OCTETS "\n" GOOD, "encrypted" },
	{ "armour in application/pgp", "Content-Type: application/pgp\n\n"
	    GOOD, "encrypted" },
	{ "armour in application/pgp-encrypted", "Content-Type: "
	    "application/pgp-encrypted\n\n" GOOD, "encrypted" },
	{ "armour in HTML", "Content-Type: text/html\n\n" GOOD,
	    "partly:0 an encrypted block in a part of another type" },
	{ "armour in an image", "Content-Type: image/png\n\n" GOOD,
	    "partly:0 an encrypted block in a part of another type" },
	{ "armour in an image called .pgp", NAMED("image/png", "x.PGP") "\n"
	    GOOD, "encrypted" },
	{ "armour in an attachment called .gpg", "Content-Type: image/png\n"
	    ATTACHED("x.gpg") "\n" GOOD, "encrypted" },
	{ "called .asc", NAMED("image/png", "x.asc") "\n" GOOD,
	    "partly:0 an encrypted block in a part of another type" },
	{ "called only .gpg", NAMED("image/png", ".gpg") "\n" GOOD,
	    "partly:0 an encrypted block in a part of another type" },
	/* charsets */
	{ "US-ASCII", "Content-Type: text/plain; charset=us-ascii\n\n" GOOD,
	    "encrypted" },
	{ "no charset", "Content-Type: text/plain; charset=\"\"\n\n" GOOD,
	    "encrypted" },
	{ "UTF-7", "Content-Type: text/plain; charset=utf-7\n\n" GOOD,
	    "broken:0 a charset that hides the block" },
	{ "UTF-16", "Content-Type: text/plain; charset=utf-16le\n\n" GOOD,
	    "broken:0 a charset that hides the block" },
	/* armour, broken or not alone */
	{ "text before", PLAIN "\nHi\n" GOOD,
	    "partly:1 text before the encrypted block" },
	{ "text behind", PLAIN "\n" GOOD "Bye\n",
	    "partly:16 text behind the encrypted block" },
	{ "text in a header", PLAIN "\n-----BEGIN PGP MESSAGE-----\n"
	    "Comment: hi\n\n", "partly:2 text in an armour header line" },
	{ "no END", PLAIN "\n-----BEGIN PGP MESSAGE-----\n\nZm9v\n",
	    "broken:3 no END line" },
	{ "in parts", PLAIN "\n-----BEGIN PGP MESSAGE, PART 1/2-----\n",
	    "broken:1 not a single encrypted block" },
	{ "in the middle of a line", PLAIN "\n> -----begin pgp message-----\n",
	    "partly:0 an encrypted block inside other text" },
	/* what the armour holds */
	{ "a literal", PLAIN "\n@{" LITERAL "}", "fake:0 literal data" },
	{ "readable", PLAIN "\n@{" PKESK "18{01 =200}}",
	    "fake:0 readable bytes where ciphertext should be" },
	{ "a second message", PLAIN "\n@{" PKESK SEIPD PKESK SEIPD "}",
	    "partly:0 more data behind the encrypted data" },
	{ "no protection", PLAIN "\n@{" PKESK "9{~60}}", "no-integrity:0 "
	    "encrypted data without integrity protection" },
	{ "too many", PLAIN "\n@{" PKESK PKESK PKESK SEIPD "}",
	    "too-complex:0 too many session key packets" },
	{ "a passphrase", PLAIN "\n@{" SKESK SEIPD "}",
	    "symmetric:0 a passphrase instead of a key" },
	{ "a passphrase and a key", PLAIN "\n@{" SKESK PKESK SEIPD "}",
	    "encrypted" },
	{ "cut off", PLAIN "\n@{" PKESK "d2 30 ~20}",
	    "broken:0 no well-formed packet" },
	{ "nothing", PLAIN "\n@{}", "broken:0 no OpenPGP data" },
	/* other armour */
	{ "clear-signed", PLAIN "\n-----BEGIN PGP SIGNED MESSAGE-----\n\nHi\n",
	    "signed:0 a clear-signed text" },
	{ "clear-signed behind text", PLAIN "\nHi\n-----BEGIN PGP SIGNED "
	    "MESSAGE-----\n\nHi\n", "signed:0 a clear-signed text" },
	{ "a signature", PLAIN "\n@sig{" SIG4 "}", "plain-signature:0 a "
	    "signature" },
	{ "text as a signature", PLAIN "\n@sig{" LITERAL "}",
	    "signed:0 a signature" },
	{ "a signature and text", PLAIN "\n@sig{" SIG4 "}Hi\n",
	    "signed:0 a signature" },
	{ "a public key", PLAIN "\n" KEY("PUBLIC"), "fake:0 a key" },
	{ "a secret key", PLAIN "\n" KEY("PRIVATE"), "fake:0 a key" },
	{ "a key and text", PLAIN "\nHi\n" KEY("PUBLIC"), "text:0 a key" },
	/* binary */
	{ "binary octets", OCTETS "\n" BINARY, "encrypted" },
	{ "binary in base64", OCTETS ENCODED "\n@64{" PKESK SEIPD "}",
	    "encrypted" },
	{ "binary in application/pgp", "Content-Type: application/pgp\n\n"
	    BINARY, "encrypted" },
	{ "binary called .pgp", NAMED("text/plain", "a.pgp") "\n" BINARY,
	    "encrypted" },
	{ "binary text", PLAIN "\n" BINARY, "text:0 readable text" },
	{ "binary image", "Content-Type: image/png\n\n" BINARY,
	    "text:0 readable text" },
	{ "a blank line before", OCTETS "\n\n" BINARY,
	    "text:0 readable text" },
	{ "a binary literal", OCTETS "\n@raw{" LITERAL "}",
	    "fake:0 literal data" },
	{ "a PNG", OCTETS "\n@raw{89 'PNG' 0d0a1a0a ~60}",
	    "text:0 readable text" },
	{ "!a PNG", OCTETS "\n@raw{89 'PNG' 0d0a1a0a ~60}",
	    "broken:0 no well-formed packet" },
	{ "binary and a block", OCTETS "\n@raw{89 'PNG' 0d0a1a0a ~60 0a "
	    "'> -----BEGIN PGP MESSAGE'}",
	    "partly:0 an encrypted block inside other text" },
	/* nothing of that kind */
	{ "text", PLAIN "\nHello\n", "text:0 readable text" },
	{ "!text", PLAIN "\nHello\n", "fake:0 no encrypted block" },
	{ "blank", PLAIN "\n \t\r\n\n", "blank:0 nothing" },
	{ "empty", PLAIN "\n", "blank:0 nothing" },
	{ "a form feed", PLAIN "\n\f\n", "text:0 readable text" },
	{ "a no-break space", PLAIN "\n\xc2\xa0\n", "text:0 readable text" },
	{ "a NUL", PLAIN "\n@raw{00}\n", "text:0 readable text" },
	{ "blank in base64", PLAIN ENCODED "\nICAgCg==\n", "blank:0 nothing" },
	{ "Version", "Content-Type: application/pgp-encrypted\n\nVersion: 1\n",
	    "version" },
	{ "Version, spelled otherwise", "Content-Type: application/"
	    "pgp-encrypted\n\n\n version: 1 \n\n", "version" },
	{ "Version in base64", "Content-Type: application/pgp-encrypted\n"
	    ENCODED "\nVmVyc2lvbjogMQ==\n", "version" },
	{ "Version elsewhere", PLAIN "\nVersion: 1\n",
	    "text:0 readable text" },
	{ "Version and more", "Content-Type: application/pgp-encrypted\n\n"
	    "Version: 1 foo\n", "text:0 readable text" },
	/* encodings */
	{ "quoted-printable", PLAIN QUOTED "\n@{" PKESK "18{01 ~301}}",
	    "encrypted" },
	{ "junk in base64", PLAIN ENCODED "\nHello, world\n",
	    "text:0 a transfer encoding that is not followed" },
	{ "!junk in base64", PLAIN ENCODED "\nHello, world\n",
	    "broken:0 a transfer encoding that is not followed" },
	{ "armour as base64", PLAIN ENCODED "\n" GOOD,
	    "broken:0 a transfer encoding that is not followed" },
	{ "junk in quoted-printable", PLAIN QUOTED "\n=\xc3\xa4\n",
	    "text:0 a transfer encoding that is not followed" },
	{ "uuencode", PLAIN "Content-Transfer-Encoding: uuencode\n\n"
	    "begin 644 a\n", "text:0 a transfer encoding that is not "
	    "followed" },
	{ "uuencode of OpenPGP", "Content-Type: application/pgp-encrypted\n"
	    "Content-Transfer-Encoding: uuencode\n\nbegin 644 a\n",
	    "broken:0 a transfer encoding that is not followed" },
	/* S/MIME */
	{ "enveloped", SMIME IN64(CMS), "smime:0 S/MIME encrypted data" },
	{ "enveloped, said so", SMIMETYPE("Enveloped-Data") "@64{" CMS "}",
	    "smime:0 S/MIME encrypted data" },
	{ "enveloped, another said", SMIMETYPE("authEnveloped-data") "@64{"
	    CMS "}", "smime:0 S/MIME encrypted data" },
	{ "old type", "Content-Type: application/x-pkcs7-mime\n" IN64(CMS),
	    "smime:0 S/MIME encrypted data" },
	{ "called .p7m", NAMED("application/octet-stream", "smime.p7m")
	    IN64(CMS), "smime:0 S/MIME encrypted data" },
	{ "a file called .p7m", OCTETS ATTACHED("smime.p7m") IN64(CMS),
	    "smime:0 S/MIME encrypted data" },
	{ "octets", OCTETS IN64(CMS), "text:0 readable text" },
	{ "an image called .p7m", NAMED("image/png", "smime.p7m") IN64(CMS),
	    "partly:0 S/MIME encrypted data in a part of another type" },
	{ "enveloped, signed said", SMIMETYPE("signed-data") "@64{" CMS "}",
	    "broken:0 an smime-type that does not fit" },
	{ "to a password too", SMIME IN64(CMS_HEAD CMS_TO CMS_TO_PASSWORD
	    CMS_TAIL), "smime:0 S/MIME encrypted data" },
	{ "to a password", SMIME IN64(CMS_HEAD CMS_TO_PASSWORD CMS_TAIL),
	    "symmetric:0 a passphrase instead of a key" },
	{ "to three", SMIME IN64(CMS_HEAD CMS_TO CMS_TO CMS_TO CMS_TAIL),
	    "too-complex:0 too many recipients" },
	{ "and a line end", SMIME IN64(CMS "0d0a"),
	    "smime:0 S/MIME encrypted data" },
	{ "and more", SMIME IN64(CMS "00"),
	    "partly:0 more data behind the encrypted data" },
	{ "cut off", SMIME IN64(CMS_HEAD CMS_TO "0000"),
	    "broken:0 content of an unknown type" },
	{ "readable", SMIME IN64(CMS_HEAD CMS_TO "0000 30 80 0609 "
	    "2a864886f70d010701 30 1d 0609 60864801650304012a 04 10 ~16 "
	    "80 82 0140 =320 0000 0000 0000 0000"),
	    "fake:0 readable bytes where ciphertext should be" },
	{ "signed", SMIME IN64(CMS_SIGNED),
	    "smime-signed:0 S/MIME signed data" },
	{ "signed, enveloped said", SMIMETYPE("enveloped-data") "@64{"
	    CMS_SIGNED "}", "smime-signed:0 S/MIME signed data" },
	{ "compressed", SMIME IN64(CMS_COMPRESSED), "fake:0 compressed data" },
	{ "compressed, said so", SMIMETYPE("compressed-data") "@64{"
	    CMS_COMPRESSED "}", "text:0 compressed data" },
	{ "no SEQUENCE", SMIME IN64("31 80 ~40"), "fake:0 no S/MIME data" },
	{ "another content", SMIME IN64("30 80 0603 2a0304 a0 80 0000 0000"),
	    "broken:0 no S/MIME data" },
	{ "S/MIME that is text", SMIME "\nThe hole is in foo.c, line 14\n",
	    "fake:0 no S/MIME data" },
	{ "text as certificates", "Content-Type: application/pkcs7-mime; "
	    "smime-type=certs-only\n\nThe hole is in foo.c, line 14\n",
	    "text:0 no S/MIME data" },
	{ "!enveloped", SMIME IN64(CMS), "fake:0 no encrypted block" },
};

static const char *const kinds[] = { "blank", "version", "encrypted",
	"plain-signature", "text", "partly", "signed", "fake",
	"no-integrity", "symmetric", "smime", "smime-signed", "broken",
	"too-complex" };

/* A part as entity_parse() makes it of a message that is nothing else. */
static void
parse(const char *template, struct buf *text, struct fields *fields,
    struct entities *out)
{
	struct span header, body;
	size_t line;

	buf_init(text, SIZE_MAX / 2);
	pgp_expand(template, text);
	field_split(buf_span(text), &header, &body);
	assert_int_equal(field_parse(header, 1000, fields, &line), FIELD_OK);
	entity_parse(fields, body, &letter_limits, out);
}

static void
clear(struct buf *text, struct fields *fields, struct entities *tree)
{
	entity_clear(tree);
	field_clear(fields);
	buf_clear(text);
}

static void
test_rows(void **state)
{
	struct entities tree;
	struct fields fields;
	struct leaf leaf;
	struct buf text;
	char got[200];
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		parse(rows[i].part, &text, &fields, &tree);
		leaf_read(&tree.v[0], rows[i].name[0] == '!', 2, &leaf);
		if (leaf.kind == LEAF_ENCRYPTED || leaf.kind == LEAF_VERSION)
			snprintf(got, sizeof(got), "%s", kinds[leaf.kind]);
		else
			snprintf(got, sizeof(got), "%s:%zu %s",
			    kinds[leaf.kind], leaf.line, leaf.what);
		if (strcmp(got, rows[i].expected) != 0) {
			print_error("%s ==> %s, expected %s\n", rows[i].name,
			    got, rows[i].expected);
			wrong++;
		}
		if (leaf.kind != LEAF_ENCRYPTED)
			assert_null(leaf.message.recipients);
		if (leaf.kind != LEAF_SMIME)
			assert_null(leaf.cms.recipients);
		leaf_clear(&leaf);
		clear(&text, &fields, &tree);
	}
	assert_int_equal(wrong, 0);
}

/* The packets are the same whatever they stand in. */
static void
test_packets(void **state)
{
	static const char *const parts[] = { PLAIN "\n" GOOD, OCTETS "\n"
	    BINARY, OCTETS ENCODED "\n@64{" PKESK SEIPD "}" };
	static const char *const none[] = { PLAIN ENCODED "\n!\n",
	    PLAIN "\nHi\n" GOOD, PLAIN "\n@sig{" SIG4 "}" };
	struct entities tree;
	struct fields fields;
	struct buf text, want, got;
	size_t i;

	(void)state;
	buf_init(&want, 10000);
	pgp_make(PKESK SEIPD, &want);
	for (i = 0; i < COUNT(parts); i++) {
		buf_init(&got, 10000);
		parse(parts[i], &text, &fields, &tree);
		assert_true(leaf_packets(&tree.v[0], &got));
		assert_true(text_equal(buf_span(&got), buf_span(&want)));
		clear(&text, &fields, &tree);
		buf_clear(&got);
	}
	for (i = 0; i < COUNT(none); i++) {
		buf_init(&got, 10000);
		parse(none[i], &text, &fields, &tree);
		assert_false(leaf_packets(&tree.v[0], &got));
		clear(&text, &fields, &tree);
		buf_clear(&got);
	}
	buf_clear(&want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_packets),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
