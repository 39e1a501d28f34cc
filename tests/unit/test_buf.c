/*
 * buf: a run of bytes that never passes its limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/buf.h"

static void
test_limit(void **state)
{
	static const size_t limits[] = { 0, 1, 7, 255, 256, 257, 383, 384,
	    385, 10000 };
	struct buf buf;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		buf_init(&buf, limits[i]);
		for (n = 0; n < limits[i]; n++)
			assert_true(buf_add(&buf, "x", 1));
		assert_false(buf_add(&buf, "x", 1));
		assert_false(buf_add(&buf, "xy", 2));
		assert_true(buf_add(&buf, "x", 0));
		assert_int_equal(buf.len, limits[i]);
		assert_true(buf.size <= (limits[i] < 256 ? 256 : limits[i]));
		buf_clear(&buf);
		assert_int_equal(buf.len, 0);
		assert_int_equal(buf.max_bytes, limits[i]);
	}
}

static void
test_steps(void **state)
{
	static const size_t steps[] = { 1, 3, 255, 256, 257, 1000, 65536 };
	uint8_t chunk[65536];
	struct buf buf;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(chunk); i++)
		chunk[i] = (uint8_t)(i * 7);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		buf_init(&buf, 200000);
		for (n = 0; buf_add(&buf, chunk, steps[i]); n++)
			;
		assert_int_equal(n, 200000 / steps[i]);
		assert_int_equal(buf_span(&buf).len, n * steps[i]);
		while (n-- > 0)
			assert_memory_equal(buf.data + n * steps[i], chunk,
			    steps[i]);
		buf_clear(&buf);
	}
}

/* What does not fit is not added in part. */
static void
test_all_or_nothing(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 5);
	assert_true(buf_add(&buf, "abc", 3));
	assert_false(buf_add(&buf, "def", 3));
	assert_false(buf_add(&buf, "def", SIZE_MAX));
	assert_true(text_is(buf_span(&buf), "abc"));
	assert_true(buf_print(&buf, "%d", 42));
	assert_false(buf_print(&buf, "%s", "x"));
	assert_true(buf_print(&buf, "%s", ""));
	assert_true(text_is(buf_span(&buf), "abc42"));
	buf_clear(&buf);
	buf_clear(&buf);
}

static void
test_copies(void **state)
{
	static const uint8_t bytes[] = { 'a', 0, 'b' };
	uint8_t *zeros;
	char *copy;
	size_t i;

	(void)state;
	copy = buf_strdup("abc");
	assert_string_equal(copy, "abc");
	free(copy);
	copy = buf_strdup(NULL);
	assert_string_equal(copy, "");
	free(copy);
	copy = buf_strndup((struct span){ bytes, sizeof(bytes) });
	assert_memory_equal(copy, "a\0b", 4);
	free(copy);
	zeros = buf_alloc_zero(7, 3);
	for (i = 0; i < 21; i++)
		assert_int_equal(zeros[i], 0);
	zeros = buf_realloc(zeros, 0, 3);
	assert_non_null(zeros);
	free(zeros);
	zeros = buf_alloc_zero(0, 0);
	assert_non_null(zeros);
	free(zeros);
}

/* text ==> the same with CRLF; a last line without an end stays so */
static void
test_crlf(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" }, { "a", "a" }, { "a\n", "a\r\n" },
		{ "a\r\nb\nc", "a\r\nb\r\nc" }, { "\n\n", "\r\n\r\n" },
		{ "a\rb\n", "a\rb\r\n" },
	};
	struct buf buf;
	size_t i, max;
	bool ok;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ok = false;
		for (max = 0; !ok; max++) {
			buf_init(&buf, max);
			ok = buf_add_crlf(&buf, text_span(rows[i][0]));
			assert_int_equal(ok, max >= strlen(rows[i][1]));
			if (ok)
				assert_true(text_is(buf_span(&buf),
				    rows[i][1]));
			buf_clear(&buf);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_crlf),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
