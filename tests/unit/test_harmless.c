/*
 * harmless: the fields of a part header, or of the message, that say nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/harmless.h"
#include "lib/letter.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FIELD	"text in a part header field"
#define PARAM	"text in a parameter of a Content field"
#define NAME	"a telling file name"
#define MORE	"a part header field that could hold text"

struct row {
	const char	*header, *expected;	/* NULL: harmless */
};

/* header of a part ==> what is wrong with it */
static const struct row parts[] = {
	{ "Content-Type: text/plain; reply-type=original", NULL },
	{ "Content-Type: text/plain; markup=markdown", NULL },
	{ "Content-Disposition: attachment; x-mac-hide-extension=yes", NULL },
	{ "Content-Type: text/plain; markup=the-hole", PARAM },
	{ "Content-Language: en-US, de", NULL },
	{ "Content-Language: the hole is in foo",
	    "text in Content-Language" },
	{ "X-MIME-Autoconverted: from 8bit to quoted-printable by "
	    "mx.example.org id 4XyZ1", NULL },
	{ "X-MIME-Autoconverted: from the hole in foo", FIELD },
	{ "Content-Class: urn:content-classes:message", NULL },
	{ "", NULL },
	{ "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes",
	    NULL },
	{ "Content-Type: text/plain; charset=\"\"", NULL },
	{ "Content-Type: text/plain; charset=ISO-8859-15; format=fixed",
	    NULL },
	{ "Content-Type: application/octet-stream; name=\"encrypted.asc\"",
	    NULL },
	{ "Content-Type: multipart/encrypted; boundary=\"=-abc+/(1):_x\"; "
	    "protocol=\"application/pgp-encrypted\"", NULL },
	{ "Content-Type: multipart/signed; micalg=\"pgp-sha512\"; "
	    "protocol=\"application/pgp-signature\"", NULL },
	{ "Content-Type: multipart/mixed; boundary=b; "
	    "protected-headers=\"v1\"", NULL },
	{ "Content-Type: text/plain; hp=cipher; hp-legacy-display=1", NULL },
	{ "Content-Type: application/pkcs7-mime; smime-type=enveloped-data",
	    NULL },
	{ "Content-Disposition: inline", NULL },
	{ "Content-Disposition:", NULL },
	{ "Content-Disposition: ATTACHMENT; filename=\"msg.asc\"; size=1234; "
	    "creation-date=\"Mon, 3 Aug 2026 14:00:00 +0000\"", NULL },
	{ "Content-Transfer-Encoding: BASE64", NULL },
	{ "Content-Description: OpenPGP encrypted message", NULL },
	{ "Content-ID: <part1.06090408.01060107@example.org>", NULL },
	{ "Content-ID: <9C0A7F3E-5E52-4B5A-9D5C-0C1D3F1E2A3B>", NULL },
	{ "X-Attachment-Id: f_ksyk2xqp0", NULL },
	{ "Content-Language: en-US", NULL },
	{ "MIME-Version: 1.0", NULL },
	{ "MIME-Version: 1.0 (1.0)", NULL },
	{ "Content-Type: text/plain; x-unix-mode=0644", NULL },
	/* words where a token belongs */
	{ "Content-Type: text/plain; charset=utf-7", PARAM },
	{ "Content-Type: text/plain; charset=the-hole-is-in-foo", PARAM },
	{ "Content-Type: text/plain; format=foo", PARAM },
	{ "Content-Type: text/plain; delsp=maybe", PARAM },
	{ "Content-Type: text/plain; comment=foo", PARAM },
	{ "Content-Type: text/plain; x-unix-mode=rw", PARAM },
	{ "Content-Type: text/plain; x-unix-mode=1234567890123", PARAM },
	{ "Content-Type: text/plain; hp=foo", PARAM },
	{ "Content-Type: multipart/signed; micalg=foo", PARAM },
	{ "Content-Type: multipart/signed; protocol=text/plain", PARAM },
	{ "Content-Type: application/pkcs7-mime; smime-type=foo", PARAM },
	{ "Content-Type: multipart/mixed; boundary=\"a b\"", PARAM },
	{ "Content-Type: multipart/mixed; boundary="
	    "the_hole_is_in_foo.c_in_the_line_before_last", PARAM },
	{ "Content-Type: multipart/mixed; boundary=12345678901234567890123456"
	    "789012345678901234567890123456789012345678901", PARAM },
	{ "Content-Type: x/a-type-that-is-longer-than-any-that-was-ever-"
	    "registered-at-all", "text in a Content field" },
	{ "Content-Type: text/plain*", "text in a Content field" },
	{ "Content-Type: application/octet-stream; name=\"hole in foo.c\"",
	    NAME },
	{ "Content-Disposition: attachment; filename=\"heartbleed.patch\"",
	    NAME },
	{ "Content-Disposition: attachment; creation-date=\"the hole\"",
	    PARAM },
	{ "Content-Disposition: foo", "text in Content-Disposition" },
	{ "Content-Description: the hole is in foo.c",
	    "text in Content-Description" },
	{ "Content-Transfer-Encoding: foo",
	    "text in Content-Transfer-Encoding" },
	{ "Content-Transfer-Encoding: base64 foo",
	    "text in Content-Transfer-Encoding" },
	{ "MIME-Version: 1.0 (the hole is in foo.c)", "text in MIME-Version" },
	{ "MIME-Version: 2.0", "text in MIME-Version" },
	{ "Content-ID: <alpine.DEB.2.21.2611231000.1@host.example.org>",
	    NULL },
	{ "Content-ID: <the.hole.in.foo@example.org>", FIELD },
	{ "X-Attachment-Id: hole-in-foo", FIELD },
	{ "Content-Location: encrypted.asc", NULL },
	{ "Content-Location: heartbleed.patch", FIELD },
	{ "Content-Length: 1234", NULL },
	{ "Content-Length: foo", FIELD },
	{ "Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==", NULL },
	{ "Content-MD5: the-hole-in-foo", FIELD },
	{ "Content-Class: hole-in-foo", FIELD },
	{ "X-Content-Type: text/plain", NULL },
	{ "X-Content-Type: hole/foo", FIELD },
	{ "Content-ID: the hole", FIELD },
	{ "Content-ID: <the_hole_is_in_foo.c_in_the_first_line@x>", FIELD },
	{ "Content-Location: https://example.org/the/hole/is/in/foo.c/and/so",
	    FIELD },
	{ "Content-ID: <12345678901234567890123456789012345678901234567890123"
	    "45678901234567890123456789012345678901234567890123456789012345678"
	    "901234567890>", FIELD },
	{ "Subject: foo", MORE }, { "X-Foo: bar", MORE },
	{ "Comments: foo", MORE }, { "Content-Foo: bar", MORE },
	{ "From: a@b", MORE },
	/* one word in each of many fields */
	{ "X-EC-ID: the\nX-EC-ID: hole\nX-EC-ID: is\nX-EC-ID: in\n"
	    "X-EC-ID: foo\nX-EC-ID: in\nX-EC-ID: the\nX-EC-ID: first\n"
	    "X-EC-ID: line\nX-EC-ID: of\nX-EC-ID: the\nX-EC-ID: text\n"
	    "X-EC-ID: there",
	    "more fields in a part header than programs write" },
};

/* header of the message ==> what is wrong with it */
static const struct row roots[] = {
	{ "Subject: the hole is in foo.c and everybody can use it by sending "
	    "a short record\nX-Mailer: Foo 1.0", NULL },
	{ "X-Note: foo", NULL },
	{ "Content-Type: text/plain; charset=utf-8\nContent-Language: de",
	    NULL },
	{ "Content-Type: text/plain; name=\"hole in foo.c\"", NAME },
	{ "Content-Foo: bar", MORE },
	{ "Content-Description: the hole", "text in Content-Description" },
	{ "Comments: foo", "text in a Comments or Keywords field" },
	{ "X-Note: the hole is in foo and everybody can use it by sending "
	    "short records", "text in a header field" },
	{ "Subject: foo\nSubject: hole", "a second Subject" },
	{ "X-1: the hole is in foo and anybody can\n"
	    "X-2: use it by sending a short\n"
	    "X-3: record where the long one should\n"
	    "X-4: was to be, as the length\n"
	    "X-5: is not looked at before that", "text in header fields" },
	{ "X-1: Example Widgets and Gadgets Ltd\n"
	    "X-2: please ask us for more information\n"
	    "X-3: the Mailer of Example 1.0\nX-4: a\nX-5: b", NULL },
	{ "A: 1\nB: 2\nC: 3\nD: 4\nE: 5\nF: 6\nG: 7\nH: 8\nI: 9\nJ: 10\n"
	    "K: 11\nL: 12\nM: 13", NULL },
};

static size_t
check(const struct row *rows, size_t n, bool is_part)
{
	struct entities tree;
	struct fields fields;
	const char *got;
	size_t i, line, wrong = 0;

	for (i = 0; i < n; i++) {
		assert_int_equal(field_parse(text_span(rows[i].header), 100,
		    &fields, &line), FIELD_OK);
		entity_parse(&fields, text_span("x"), &letter_limits, &tree);
		tree.v[0].parent = is_part ? 0 : -1;
		got = harmless_check(&tree.v[0]);
		if ((got == NULL) != (rows[i].expected == NULL) ||
		    (got != NULL && strcmp(got, rows[i].expected) != 0)) {
			print_error("%s ==> %s\n", rows[i].header,
			    got == NULL ? "harmless" : got);
			wrong++;
		}
		entity_clear(&tree);
		field_clear(&fields);
	}
	return wrong;
}

static void
test_parts(void **state)
{
	(void)state;
	assert_int_equal(check(parts, COUNT(parts), true), 0);
}

static void
test_roots(void **state)
{
	(void)state;
	assert_int_equal(check(roots, COUNT(roots), false), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_roots),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
