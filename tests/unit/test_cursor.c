/*
 * cursor: reads up to the last byte, never past it, and stays failed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/cursor.h"

static const uint8_t bytes[] = { 0x80, 0x01, 0xff, 0xfe, 0x7f };
static const struct span all = { bytes, sizeof(bytes) };

static void
test_values(void **state)
{
	struct cursor c = cursor_init(all);

	(void)state;
	assert_int_equal(cursor_u8(&c), 0x80);
	assert_int_equal(cursor_u16(&c), 0x01ff);
	assert_int_equal(c.pos, 3);
	assert_false(cursor_is_done(&c));
	assert_int_equal(cursor_u16(&c), 0xfe7f);
	assert_true(cursor_is_done(&c));
	c = cursor_init(all);
	assert_true(cursor_u32(&c) == 0x8001fffe);
	assert_int_equal(c.rest.len, 1);
}

static void
test_take(void **state)
{
	struct cursor c = cursor_init(all);
	struct span s;

	(void)state;
	s = cursor_take(&c, 2);
	assert_ptr_equal(s.data, bytes);
	assert_int_equal(s.len, 2);
	s = cursor_take(&c, 0);
	assert_int_equal(s.len, 0);
	assert_false(c.failed);
	s = cursor_take(&c, 3);
	assert_ptr_equal(s.data, bytes + 2);
	assert_true(cursor_is_done(&c));
	(void)cursor_take(&c, 0);
	assert_true(cursor_is_done(&c));
}

/* Each read at each distance from the end; then nothing moves any more. */
static void
test_end(void **state)
{
	struct cursor c;
	size_t left;

	(void)state;
	for (left = 0; left < 4; left++) {
		c = cursor_init(text_sub(all, 5 - left, left));
		(void)cursor_u32(&c);
		assert_true(c.failed);
		assert_false(cursor_is_done(&c));
		c = cursor_init(text_sub(all, 5 - left, left));
		(void)cursor_u16(&c);
		assert_int_equal(c.failed, left < 2);
		c = cursor_init(text_sub(all, 5 - left, left));
		(void)cursor_u8(&c);
		assert_int_equal(c.failed, left < 1);
	}
	c = cursor_init(all);
	assert_null(cursor_take(&c, 6).data);
	assert_true(c.failed);
	assert_int_equal(c.pos, 0);
	assert_int_equal(cursor_u8(&c), 0);
	assert_int_equal(cursor_u16(&c), 0);
	assert_true(cursor_u32(&c) == 0);
	assert_int_equal(cursor_take(&c, 0).len, 0);
	assert_int_equal(c.rest.len, 5);
	c = cursor_init(all);
	(void)cursor_take(&c, SIZE_MAX);
	assert_true(c.failed);
}

static void
test_nothing(void **state)
{
	struct cursor c = cursor_init((struct span){ NULL, 0 });

	(void)state;
	assert_true(cursor_is_done(&c));
	assert_int_equal(cursor_take(&c, 0).len, 0);
	assert_true(cursor_is_done(&c));
	assert_int_equal(cursor_u8(&c), 0);
	assert_false(cursor_is_done(&c));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
