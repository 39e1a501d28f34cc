/*
 * quoted: quoted-printable to the letter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/quoted.h"

/* text ==> the decoded bytes, NULL when it is refused */
static const char *const rows[][2] = {
	{ "", "" }, { "abc", "abc" }, { "abc\n", "abc\n" },
	{ "abc\r\n", "abc\n" }, { "a\r\nb", "a\nb" }, { "\n\n", "\n\n" },
	{ "=41=5a=5A", "AZZ" }, { "=3D", "=" }, { "=80=FF=fe", "\x80\xff\xfe" },
	{ "a\tb c~!", "a\tb c~!" }, { "=3DabcD", "=abcD" },
	/* soft line breaks, blanks behind them */
	{ "a=\nb", "ab" }, { "a=\r\nb", "ab" }, { "a= \t\nb", "ab" },
	{ "a=", "a" }, { "a=\n", "a" }, { "=\n=\n", "" }, { "a=\n\nb", "a\nb" },
	{ "a=  ", "a" },
	/* no two hexadecimal digits */
	{ "=4", NULL }, { "=4\n", NULL }, { "=4=", NULL }, { "=G1", NULL },
	{ "=1G", NULL }, { "==", NULL }, { "==41", NULL }, { "= 41", NULL },
	{ "a=\tb", NULL }, { "=0x41", NULL }, { "=-1", NULL },
	/* what must be encoded */
	{ "\x7f", NULL }, { "\x80", NULL }, { "\xff", NULL }, { "\1", NULL },
	{ "a\rb", NULL }, { "a\r\r\n", NULL }, { "\f", NULL }, { "\v", NULL },
	{ "a\r", NULL }, { "\x1b[0m", NULL },
};

static void
test_rows(void **state)
{
	struct buf out;
	size_t i, wrong = 0;
	bool ok;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_init(&out, 1000);
		ok = quoted_decode(text_span(rows[i][0]), &out);
		if (ok != (rows[i][1] != NULL) ||
		    (ok && !text_is(buf_span(&out), rows[i][1]))) {
			print_error("%s ==> %s\n", rows[i][0],
			    ok ? "taken" : "refused");
			wrong++;
		}
		buf_clear(&out);
	}
	assert_int_equal(wrong, 0);
}

static void
test_bytes(void **state)
{
	static const char *const digits[] = { "0123456789ABCDEF",
	    "0123456789abcdef" };
	char text[4] = "=";
	struct buf out;
	size_t i;

	(void)state;
	for (i = 0; i < 512; i++) {
		text[1] = digits[i / 256][i / 16 % 16];
		text[2] = digits[i / 256][i % 16];
		buf_init(&out, 1);
		assert_true(quoted_decode(text_span(text), &out));
		assert_int_equal(out.len, 1);
		assert_int_equal(out.data[0], i % 256);
		buf_clear(&out);
	}
}

static void
test_nul_and_full(void **state)
{
	static const uint8_t nul[] = { 'a', 0, 'b' };
	struct buf out;

	(void)state;
	buf_init(&out, 3);
	assert_false(quoted_decode((struct span){ nul, 3 }, &out));
	buf_clear(&out);
	assert_false(quoted_decode(text_span("abcd"), &out));
	buf_clear(&out);
	assert_false(quoted_decode(text_span("abc\n"), &out));
	buf_clear(&out);
	assert_true(quoted_decode(text_span("abc=\n"), &out));
	buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_nul_and_full),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
