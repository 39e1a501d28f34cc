/*
 * utf8: bytes ==> characters, which of them may be shown, how wide they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/utf8.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct row {
	const char	*bytes, *expected;
} rows[] = {
	{ "", "" }, { "a", "61" }, { "\xc3\xa9", "e9" },
	{ "\xe2\x82\xac", "20ac" }, { "\xf0\x9f\x98\x80", "1f600" },
	{ "\xf4\x8f\xbf\xbf", "10ffff" }, { "a\xc3\xa9z", "61 e9 7a" },
	/* over-long, surrogates, too large */
	{ "\xc0\x80", "fffd fffd" }, { "\xc1\xbf", "fffd fffd" },
	{ "\xe0\x80\xaf", "fffd fffd fffd" },
	{ "\xed\xa0\x80", "fffd fffd fffd" },
	{ "\xf0\x80\x80\xaf", "fffd fffd fffd fffd" },
	{ "\xf4\x90\x80\x80", "fffd fffd fffd fffd" },
	{ "\xf8\x88", "fffd fffd" },
	/* cut short, and what follows is not swallowed */
	{ "\xc3", "fffd" }, { "\xe2\x82", "fffd fffd" },
	{ "\xc3<", "fffd 3c" }, { "\xe2\x82<", "fffd fffd 3c" },
	{ "\x80<", "fffd 3c" }, { "\xff", "fffd" },
};

static void
test_next(void **state)
{
	char got[100];
	struct span rest, bytes;
	uint32_t c;
	size_t i, len, all;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		rest = text_span(rows[i].bytes);
		got[len = all = 0] = '\0';
		while (utf8_next(&rest, &bytes, &c)) {
			len += (size_t)snprintf(got + len, sizeof(got) - len,
			    "%s%x", len == 0 ? "" : " ", c);
			all += bytes.len;
		}
		assert_string_equal(got, rows[i].expected);
		assert_int_equal(all, strlen(rows[i].bytes));
	}
}

static void
test_plain(void **state)
{
	static const uint32_t plain[] = { ' ', '~', 0xa0, 0xe9, 0x20ac,
	    0x4e00, 0x1f600, 0x300 };
	static const uint32_t odd[] = { 0, '\n', 0x1b, 0x7f, 0x9b, 0xad,
	    0x200b, 0x200e, 0x202e, 0x2028, 0x2066, 0xfeff, 0xfffd, 0xffff,
	    0x1ffff, 0xe0041, 0x10ffff };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(plain); i++)
		if (!utf8_is_plain(plain[i]))
			fail_msg("U+%04X is plain", plain[i]);
	for (i = 0; i < COUNT(odd); i++)
		if (utf8_is_plain(odd[i]))
			fail_msg("U+%04X is not plain", odd[i]);
}

static void
test_columns(void **state)
{
	(void)state;
	assert_int_equal(utf8_columns('a'), 1);
	assert_int_equal(utf8_columns(0xe9), 1);
	assert_int_equal(utf8_columns(0x301), 0);
	assert_int_equal(utf8_columns(0x4e00), 2);
	assert_int_equal(utf8_columns(0x1f600), 2);
	assert_int_equal(utf8_columns(0xff61), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_columns),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
