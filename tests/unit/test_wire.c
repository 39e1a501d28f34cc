/*
 * wire: what was put is what is read, and what is cut off fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/wire.h"

static char *words[] = { (char *)(uintptr_t)"foo", (char *)(uintptr_t)"",
    (char *)(uintptr_t)"bar" };

static void
put(struct buf *out)
{
	const struct strings strings = { words, 3 };

	assert_true(wire_put_u8(out, 200));
	assert_true(wire_put_u64(out, UINT64_C(0xfedcba9876543210)));
	assert_true(wire_put_span(out, (struct span){
	    (const uint8_t *)"a\0b", 3 }));
	assert_true(wire_put_span(out, text_span("hello")));
	assert_true(wire_put_strings(out, &strings));
}

static void
clear(struct strings *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
}

/* Reads all of it; true when nothing failed and nothing is left. */
static bool
take(struct span bytes, struct strings *out, char text[4])
{
	struct cursor c = cursor_init(bytes);

	(void)cursor_u8(&c);
	(void)wire_u64(&c);
	(void)wire_span(&c);
	wire_string(&c, text, 4);
	wire_strings(&c, out);
	return cursor_is_done(&c);
}

static void
test_round_trip(void **state)
{
	struct cursor c;
	struct strings s;
	struct span span;
	struct buf buf;
	char text[4];
	size_t i;

	(void)state;
	buf_init(&buf, 1000);
	put(&buf);
	c = cursor_init(buf_span(&buf));
	assert_int_equal(cursor_u8(&c), 200);
	assert_true(wire_u64(&c) == UINT64_C(0xfedcba9876543210));
	span = wire_span(&c);
	assert_int_equal(span.len, 3);
	assert_memory_equal(span.data, "a\0b", 3);
	assert_true(take(buf_span(&buf), &s, text));
	assert_string_equal(text, "hel");
	assert_int_equal(s.n, 3);
	for (i = 0; i < 3; i++)
		assert_string_equal(s.v[i], words[i]);
	clear(&s);
	buf_clear(&buf);
}

static void
test_cut(void **state)
{
	struct strings s;
	struct buf buf;
	char text[4];
	size_t len;

	(void)state;
	buf_init(&buf, 1000);
	put(&buf);
	for (len = 0; len < buf.len; len++) {
		assert_false(take(text_sub(buf_span(&buf), 0, len), &s,
		    text));
		assert_true(s.n <= 3);
		clear(&s);
	}
	buf_clear(&buf);
}

/* Lengths and counts that nothing can have. */
static void
test_huge(void **state)
{
	struct cursor c;
	struct strings s;
	struct buf buf;
	char text[4];

	(void)state;
	buf_init(&buf, 1000);
	assert_true(wire_put_u64(&buf, UINT64_MAX));
	assert_true(buf_add(&buf, "abc", 3));
	c = cursor_init(buf_span(&buf));
	assert_int_equal(wire_span(&c).len, 0);
	assert_true(c.failed);
	c = cursor_init(buf_span(&buf));
	wire_string(&c, text, sizeof(text));
	assert_string_equal(text, "");
	c = cursor_init(buf_span(&buf));
	wire_strings(&c, &s);
	assert_true(c.failed);
	assert_true(s.n <= 1);
	clear(&s);
	buf_clear(&buf);
}

static void
test_full(void **state)
{
	const struct strings strings = { words, 3 };
	struct buf buf;
	size_t max;

	(void)state;
	for (max = 0; max < 8 + 8 + 3 + 8 + 8 + 3; max++) {
		buf_init(&buf, max);
		assert_false(wire_put_strings(&buf, &strings));
		buf_clear(&buf);
	}
	buf_init(&buf, max);
	assert_true(wire_put_strings(&buf, &strings));
	assert_false(wire_put_u8(&buf, 1));
	assert_false(wire_put_u64(&buf, 1));
	buf_clear(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_full),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
