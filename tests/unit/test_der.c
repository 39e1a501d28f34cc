/*
 * der: definite and indefinite lengths, up to the last byte and never past it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/der.h"
#include "lib/asn1.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * name: recipe ==> what a walk shows: "tag" of a constructed element and its
 * content in brackets, "tag:length" of a primitive one; "!" where it fails
 */
static const struct row {
	const char	*name, *recipe, *expected;
} rows[] = {
	{ "nothing", "", "" },
	{ "NULL", "05()", "05:0" },
	{ "two at the top", "05() 02(01)", "05:0 02:1" },
	{ "a number", "02(2a)", "02:1" },
	{ "127 bytes", "04(~127)", "04:127" },
	{ "128 bytes", "04(~128)", "04:128" },
	{ "65,536 bytes", "04(~65536)", "04:65536" },
	{ "long form of a short length", "04/1(01)", "04:1" },
	{ "length in four octets", "04/4(0102)", "04:2" },
	{ "length in five octets", "04/5(0102)", "!" },
	{ "length in no octets", "04/126(0102)", "!" },
	{ "length beyond any size", "04 84 ff ff ff ff 00", "!" },
	{ "length without its octets", "04 82 01", "!" },
	{ "tag alone", "04", "!" },
	{ "cut off", "04 05 01020304", "!" },
	{ "tag 0", "00 00", "!" },
	{ "tag of two octets", "1f 81 01 00", "!" },
	{ "constructed tag of two octets", "bf 81 01 00", "!" },
	{ "empty sequence", "30()", "30[]" },
	{ "sequence", "30(02(01) 05())", "30[02:1 05:0]" },
	{ "nested", "30(31(30(05())) 05())", "30[31[30[05:0]] 05:0]" },
	{ "longer than its sequence", "30 03 04 02 01 02", "30[!" },
	{ "head longer than its sequence", "30 01 04 01 01", "30[!" },
	{ "length longer than its sequence", "30 02 04 82 00 01 01", "30[!" },
	{ "indefinite", "30[02(01)]", "30[02:1]" },
	{ "indefinite, empty", "30[]", "30[]" },
	{ "indefinite in indefinite", "30[a0[30[]] 05()]",
	    "30[a0[30[]] 05:0]" },
	{ "indefinite in definite", "30(a0[05()] 05())", "30[a0[05:0] 05:0]" },
	{ "definite in indefinite", "30[31(05())]", "30[31[05:0]]" },
	{ "indefinite primitive", "04 80 00 00", "!" },
	{ "no end-of-contents", "30 80 05 00", "30[05:0!" },
	{ "half an end-of-contents", "30 80 05 00 00", "30[05:0!" },
	{ "end-of-contents of the outer one", "30 04 30 80 05 00 00 00",
	    "30[30[05:0!" },
	{ "end-of-contents half outside", "30 05 30 80 05 00 00 00",
	    "30[30[05:0!" },
	{ "end-of-contents in a definite one", "30(00 00)", "30[!" },
	{ "end-of-contents with a length", "30 80 00 01 00 00 00", "30[!" },
	{ "16 levels", "30(30(30(30(30(30(30(30(30(30(30(30(30(30(30(30("
	    "))))))))))))))))", "30[30[30[30[30[30[30[30[30[30[30[30[30[30[30["
	    "30[]]]]]]]]]]]]]]]]" },
	{ "17 levels", "30(30(30(30(30(30(30(30(30(30(30(30(30(30(30(30("
	    "30()))))))))))))))))", "30[30[30[30[30[30[30[30[30[30[30[30[30["
	    "30[30[30[!" },
};

static void
add(char *dst, size_t size, const char *text)
{
	size_t len = strlen(dst);

	if (len > 0 && dst[len - 1] != '[' && text[0] != ']' &&
	    text[0] != '!')
		snprintf(dst + len, size - len, " %s", text);
	else
		snprintf(dst + len, size - len, "%s", text);
}

/* By enter, take and leave alone. */
static void
walk(struct span data, char *dst, size_t size)
{
	struct der d = der_init(data);
	char text[32];
	int tag;

	dst[0] = '\0';
	while (!d.c.failed && !der_is_done(&d)) {
		tag = der_peek(&d);
		text[0] = '\0';
		if (tag == -1 && d.depth > 0 && der_is_end(&d)) {
			der_leave(&d);
			snprintf(text, sizeof(text), "]");
		} else if ((tag & DER_CONSTRUCTED) != 0) {
			der_enter(&d, tag);
			snprintf(text, sizeof(text), "%02x[", tag);
		} else
			snprintf(text, sizeof(text), "%02x:%zu", tag,
			    der_take(&d, tag).len);
		if (!d.c.failed)
			add(dst, size, text);
	}
	if (d.c.failed)
		add(dst, size, "!");
}

/* The whole in one go says the same as step by step. */
static bool
agrees(struct span data, const char *shown)
{
	struct der d = der_init(data);
	struct span s;

	while (!der_is_end(&d)) {
		s = der_whole(&d);
		if (!d.c.failed && s.len == 0)
			return false;
	}
	return der_is_done(&d) == (strchr(shown, '!') == NULL);
}

static void
test_rows(void **state)
{
	struct buf data;
	char got[400];
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		buf_init(&data, SIZE_MAX / 2);
		asn1_make(rows[i].recipe, &data);
		walk(buf_span(&data), got, sizeof(got));
		if (strcmp(got, rows[i].expected) != 0 ||
		    !agrees(buf_span(&data), got)) {
			print_error("%s ==> %s, expected %s\n", rows[i].name,
			    got, rows[i].expected);
			wrong++;
		}
		buf_clear(&data);
	}
	assert_int_equal(wrong, 0);
}

/* Every beginning of good data fails, and leaves the reader at rest. */
static void
test_cut(void **state)
{
	static const char recipe[] = "30[06(2a 03) a0[30(02(00) 31[04(~200)])]"
	    " 04/3(~9)]";
	struct buf data;
	struct der d;
	size_t len;

	(void)state;
	buf_init(&data, SIZE_MAX / 2);
	asn1_make(recipe, &data);
	for (len = 0; len <= data.len; len++) {
		d = der_init(text_sub(buf_span(&data), 0, len));
		assert_int_equal(der_whole(&d).len,
		    len == data.len ? len : 0);
		assert_int_equal(d.c.failed, len < data.len);
		assert_true(der_is_end(&d));
		assert_int_equal(der_peek(&d), -1);
	}
	buf_clear(&data);
}

static void
test_misuse(void **state)
{
	static const uint8_t bytes[] = { 0x30, 0x03, 0x02, 0x01, 0x07 };
	const struct span data = { bytes, sizeof(bytes) };
	struct der d = der_init(data);

	(void)state;
	assert_int_equal(der_take(&d, DER_SEQUENCE).len, 0);
	assert_true(d.c.failed);
	d = der_init(data);
	der_enter(&d, DER_SET);
	assert_true(d.c.failed);
	d = der_init(data);
	der_leave(&d);
	assert_true(d.c.failed);
	d = der_init(data);
	der_enter(&d, DER_SEQUENCE);
	assert_false(der_is_done(&d));
	der_leave(&d);			/* something is left in it */
	assert_true(d.c.failed);
	d = der_init(data);
	der_enter(&d, DER_SEQUENCE);
	assert_int_equal(der_peek(&d), DER_INTEGER);
	der_enter(&d, DER_INTEGER);	/* is primitive */
	assert_true(d.c.failed);
	assert_false(der_is_done(&d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_misuse),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
