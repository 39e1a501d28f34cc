/*
 * base64: what a strict reader takes, and what a lenient one would skip.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base64.h"
#include "lib/pgp.h"

/* text ==> the decoded bytes, NULL when it is refused */
static const char *const rows[][2] = {
	/* RFC 4648 section 10 */
	{ "", "" }, { "Zg==", "f" }, { "Zm8=", "fo" }, { "Zm9v", "foo" },
	{ "Zm9vYg==", "foob" }, { "Zm9vYmE=", "fooba" },
	{ "Zm9vYmFy", "foobar" }, { "+/+/", "\xfb\xff\xbf" },
	/* lines of any length, both line ends, blanks at their end */
	{ "Zm9v\nYmFy\n", "foobar" }, { "Zm9v\r\nYmFy\r\n", "foobar" },
	{ "Z\nm\n9\nv\n", "foo" }, { "Zm9v  \t\nYmFy ", "foobar" },
	{ "\n\nZm9v\n\n\nYmFy\n\n", "foobar" }, { "Zm9\nvYm\r\nFy", "foobar" },
	{ "Zm9vYmE=\n\n  \n", "fooba" },
	/* foreign characters */
	{ "Zm9v!", NULL }, { "Zm9v-_", NULL }, { " Zm9v", NULL },
	{ "Zm 9v", NULL }, { "Zm9v\rYmFy", NULL }, { "Zm9v\n\f\n", NULL },
	{ "Zm9v\xa0", NULL }, { "Zm9v\nHello, world\n", NULL },
	/* padding: in mid-stream, too much, too little, twice */
	{ "Zg==Zg==", NULL }, { "Zg==\nZg==", NULL }, { "Zm8=\nZm9v", NULL },
	{ "Zg=", NULL }, { "Zg===", NULL }, { "Zm8==", NULL }, { "=", NULL },
	{ "Zm9v=", NULL }, { "Zm9v====", NULL }, { "Z===", NULL },
	{ "Zg= =", NULL }, { "Zg=\n=", NULL }, { "Zg=x", NULL },
	{ "Zm9vYmE=\n!", NULL },
	/* bits that no byte has */
	{ "Zh==", NULL }, { "Zm9=", NULL },
	/* cut off */
	{ "Z", NULL }, { "Zg", NULL }, { "Zm8", NULL }, { "Zm9vYg", NULL },
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
		ok = base64_decode(text_span(rows[i][0]), &out);
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

/* Every character at each place of a quantum. */
static void
test_alphabet(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	struct base64 b;
	struct buf out;
	char text[] = "AAAA";
	uint32_t bits;
	int c, place;
	const char *at;

	(void)state;
	for (place = 0; place < 4; place++)
		for (c = 1; c < 256; c++) {
			if (c == ' ' || c == '\t' || c == '=')
				continue;
			memset(text, 'A', 4);
			text[place] = (char)c;
			at = strchr(alphabet, c);
			buf_init(&out, 3);
			base64_init(&b);
			assert_int_equal(base64_add_line(&b, text_span(text),
			    &out), at != NULL);
			if (at != NULL) {
				assert_true(base64_is_whole(&b));
				bits = (uint32_t)(at - alphabet) <<
				    (18 - 6 * place);
				assert_int_equal(out.data[0], bits >> 16);
				assert_int_equal(out.data[1],
				    bits >> 8 & 255);
				assert_int_equal(out.data[2], bits & 255);
			}
			buf_clear(&out);
		}
}

/* Encoded noise of each length decodes to itself. */
static void
test_round_trip(void **state)
{
	uint8_t noise[300];
	struct buf text, out;
	size_t len;

	(void)state;
	for (len = 0; len <= sizeof(noise); len++) {
		pgp_noise(len, noise, len);
		buf_init(&text, 1000);
		buf_init(&out, len);
		pgp_base64((struct span){ noise, len }, &text);
		assert_true(base64_decode(buf_span(&text), &out));
		assert_int_equal(out.len, len);
		if (len > 0)
			assert_memory_equal(out.data, noise, len);
		buf_clear(&text);
		buf_clear(&out);
	}
}

static void
test_full(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 3);
	assert_false(base64_decode(text_span("Zm9vYg=="), &out));
	buf_clear(&out);
	assert_false(base64_decode(text_span("Zm9vYmFy"), &out));
	buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_alphabet),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_full),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
