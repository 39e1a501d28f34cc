/*
 * text: runs of bytes; NUL, empty ones and the end of each are the edges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct span nothing;

static void
test_sub(void **state)
{
	/* from, len ==> what is left of "abcdef" */
	static const struct {
		size_t		 from, len;
		const char	*expected;
	} rows[] = {
		{ 0, 6, "abcdef" }, { 0, 3, "abc" }, { 2, 2, "cd" },
		{ 5, 1, "f" }, { 5, 100, "f" }, { 6, 0, "" }, { 6, 1, "" },
		{ 100, 100, "" }, { 0, SIZE_MAX, "abcdef" },
		{ SIZE_MAX, SIZE_MAX, "" }, { 3, SIZE_MAX, "def" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		assert_true(text_is(text_sub(text_span("abcdef"),
		    rows[i].from, rows[i].len), rows[i].expected));
	assert_null(text_sub(nothing, 0, 5).data);
	assert_int_equal(text_sub(nothing, 3, 5).len, 0);
	assert_int_equal(text_span(NULL).len, 0);
	assert_null(text_span(NULL).data);
}

static void
test_compare(void **state)
{
	/* text, word ==> is, is_nocase, starts, starts_nocase, place */
	static const struct {
		const char	*text, *word;
		bool		 is, is_nocase, starts, starts_nocase;
		size_t		 place;
	} rows[] = {
		{ "abc", "abc", true, true, true, true, 0 },
		{ "ABC", "abc", false, true, false, true, 0 },
		{ "abc", "aBC", false, true, false, true, 0 },
		{ "abc", "ab", false, false, true, true, 0 },
		{ "ABc", "ab", false, false, false, true, 0 },
		{ "ab", "abc", false, false, false, false, 2 },
		{ "xxabc", "abc", false, false, false, false, 2 },
		{ "xxAB", "ab", false, false, false, false, 2 },
		{ "aaab", "aab", false, false, false, false, 1 },
		{ "abd", "abc", false, false, false, false, 3 },
		{ "", "", true, true, true, true, 0 },
		{ "abc", "", false, false, true, true, 0 },
		{ "", "a", false, false, false, false, 0 },
		/* ASCII only: neither of these is a letter */
		{ "@", "`", false, false, false, false, 1 },
		{ "[", "{", false, false, false, false, 1 },
		{ "\xc4", "\xe4", false, false, false, false, 1 },
	};
	struct span s;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		s = text_span(rows[i].text);
		assert_int_equal(text_is(s, rows[i].word), rows[i].is);
		assert_int_equal(text_is_nocase(s, rows[i].word),
		    rows[i].is_nocase);
		assert_int_equal(text_is_same_nocase(s,
		    text_span(rows[i].word)), rows[i].is_nocase);
		assert_int_equal(text_starts(s, rows[i].word),
		    rows[i].starts);
		assert_int_equal(text_starts_nocase(s, rows[i].word),
		    rows[i].starts_nocase);
		assert_int_equal(text_find_nocase(s, rows[i].word),
		    rows[i].place);
	}
	assert_true(text_is(nothing, ""));
	assert_true(text_is_nocase(nothing, ""));
	assert_true(text_equal(nothing, text_span("")));
	assert_false(text_equal(nothing, text_span("a")));
}

/* A NUL is a byte like another one. */
static void
test_nul(void **state)
{
	static const uint8_t bytes[] = { 'a', 0, 'b' };
	const struct span s = { bytes, sizeof(bytes) };

	(void)state;
	assert_false(text_is(s, "a"));
	assert_false(text_is_nocase(s, "a"));
	assert_true(text_starts(s, "a"));
	assert_int_equal(text_find_nocase(s, "b"), 2);
	assert_false(text_is_blank(text_sub(s, 1, 1)));
	assert_int_equal(text_trim(s).len, 3);
}

static void
test_trim(void **state)
{
	/* text ==> what text_trim() leaves */
	static const char *const rows[][2] = {
		{ "", "" }, { " ", "" }, { "\r\n\t ", "" }, { "a", "a" },
		{ " a ", "a" }, { "\t\r\na b\n", "a b" },
		{ "\va\f", "\va\f" }, { "\xa0 a", "\xa0 a" },
		{ "\xc2\xa0", "\xc2\xa0" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		assert_true(text_is(text_trim(text_span(rows[i][0])),
		    rows[i][1]));
		assert_int_equal(text_is_blank(text_span(rows[i][0])),
		    rows[i][1][0] == '\0');
	}
}

static void
test_lines(void **state)
{
	/* text ==> its lines, joined by '|' */
	static const char *const rows[][2] = {
		{ "", "" }, { "\n", "|" }, { "a", "a|" }, { "a\n", "a|" },
		{ "a\r\n", "a|" }, { "a\nb", "a|b|" },
		{ "a\r\n\r\nb\n", "a||b|" }, { "\n\n", "||" },
		{ "a\rb\n", "a\rb|" }, { "a\r", "a\r|" },
		{ "a\r\r\n", "a\r|" }, { "\r\n", "|" }, { "\r", "\r|" },
	};
	struct span rest, line;
	char got[64];
	size_t i, n;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		rest = text_span(rows[i][0]);
		for (n = 0; text_next_line(&rest, &line); got[n++] = '|') {
			memcpy(got + n, line.data, line.len);
			n += line.len;
		}
		got[n] = '\0';
		assert_string_equal(got, rows[i][1]);
		assert_int_equal(rest.len, 0);
	}
}

static void
test_letters(void **state)
{
	int c, lower, upper, digit;

	(void)state;
	for (c = -1; c < 256; c++) {
		lower = c > 0 && memchr("abcdefghijklmnopqrstuvwxyz", c,
		    26) != NULL;
		upper = c > 0 && memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ", c,
		    26) != NULL;
		digit = c > 0 && memchr("0123456789", c, 10) != NULL;
		assert_int_equal(text_lower(c), upper ? c + 32 : c);
		assert_int_equal(text_is_digit(c), digit);
		assert_int_equal(text_is_alpha(c), lower || upper);
		assert_int_equal(text_is_alnum(c), lower || upper || digit);
	}
}

static void
test_print(void **state)
{
	static const uint8_t bytes[] = { 'a', 0, '\n', 0x1b, 0x7f, 0xe4, '~',
	    ' ' };
	const struct span s = { bytes, sizeof(bytes) };
	char dst[16];

	(void)state;
	text_print(s, dst, sizeof(dst));
	assert_string_equal(dst, "a?????~ ");
	text_print(s, dst, 4);
	assert_string_equal(dst, "a??");
	text_print(s, dst, 1);
	assert_string_equal(dst, "");
	dst[0] = 'x';
	text_print(s, dst, 0);
	assert_int_equal(dst[0], 'x');
	text_print(nothing, dst, sizeof(dst));
	assert_string_equal(dst, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sub),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_print),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
