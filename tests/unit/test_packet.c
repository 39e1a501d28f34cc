/*
 * packet: both header formats and every form of length.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/packet.h"
#include "lib/pgp.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * name: recipe ==> a word for each packet: tag, "+" and the length of each
 * chunk, "i" for indeterminate; "!" where the data is broken; "." at its end
 */
static const struct row {
	const char	*name, *recipe, *expected;
} rows[] = {
	{ "nothing", "", "." },
	/* new format, RFC 9580 4.2.1 */
	{ "empty body", "n1:11{}", "11+0 ." },
	{ "1 octet", "n1:11{~191}", "11+191 ." },
	{ "2 octets", "n2:11{~192}", "11+192 ." },
	{ "2 octets, most", "n2:11{~8383}", "11+8383 ." },
	{ "5 octets", "n5:11{~8384}", "11+8384 ." },
	{ "5 octets, not the shortest", "n5:11{~3}", "11+3 ." },
	{ "every new tag", "1{} 2{} 3{} 4{} 5{} 20{} 21{} 40{} 60{} 63{}",
	    "1+0 2+0 3+0 4+0 5+0 20+0 21+0 40+0 60+0 63+0 ." },
	/* old format, 4.2.2 */
	{ "old 1 octet", "o1:1{~255}", "1+255 ." },
	{ "old 2 octets", "o2:1{~256}", "1+256 ." },
	{ "old 4 octets", "o4:1{~65536}", "1+65536 ." },
	{ "old 4 octets, not the shortest", "o4:1{~3}", "1+3 ." },
	{ "old indeterminate", "oi:11{~10}", "11i+10 ." },
	{ "old indeterminate, empty", "oi:8{}", "8i+0 ." },
	{ "indeterminate takes all", "oi:9{~10} 1{} 1{}", "9i+14 ." },
	{ "old tags", "o1:1{} o1:2{} o1:15{}", "1+0 2+0 15+0 ." },
	/* partial lengths, 4.2.1.4 */
	{ "partial", "p9:18{~600}", "18+512+88 ." },
	{ "partial, nothing left", "p9:18{~512}", "18+512+0 ." },
	{ "partial of one byte", "p0:18{~5}", "18+1+4 ." },
	{ "many chunks", "p9,3,0,1:18{~600}", "18+512+8+1+2+77 ." },
	{ "large chunk, 2 octets last", "p16:11{~66000}", "11+65536+464 ." },
	{ "5 octets last", "p9:11{~9000}", "11+512+8488 ." },
	{ "every tag that may", "p9:8{~512} p9:9{~512} p9:20{~512}",
	    "8+512+0 9+512+0 20+512+0 ." },
	{ "partial session key", "p9:1{~600}", "!" },
	{ "partial signature", "p9:2{~600}", "!" },
	{ "partial private packet", "p9:60{~600}", "!" },
	{ "partial padding", "p9:21{~600}", "!" },
	/* broken */
	{ "tag 0, new", "n1:0{}", "!" },
	{ "tag 0, old", "o1:0{}", "!" },
	{ "no packet", "00", "!" },
	{ "text", "'Hello'", "!" },
	{ "seven bits", "7f", "!" },
	{ "header alone, new", "cb", "!" },
	{ "header alone, old", "ac", "!" },
	{ "old, no length", "ad", "!" },
	{ "old, half a length", "ad 01", "!" },
	{ "old, three octets of four", "ae 00 00 00", "!" },
	{ "2 octets, one there", "cb c0", "!" },
	{ "5 octets, four there", "cb ff 00 00 00", "!" },
	{ "5 octets, none there", "cb ff", "!" },
	{ "body cut off", "cb 05 ~4", "!" },
	{ "body cut off, old", "ac 05 ~4", "!" },
	{ "body cut off, 2 octets", "cb c0 00 ~191", "!" },
	{ "huge length", "cb ff ff ff ff ff ~10", "!" },
	{ "huge old length", "ae ff ff ff ff ~10", "!" },
	{ "partial cut off", "d2 e9 ~511", "!" },
	{ "partial of a gigabyte", "d2 fe ~511", "!" },
	{ "partial without last", "d2 e9 ~512", "18+512!" },
	{ "last chunk cut off", "d2 e9 ~512 05 ~4", "18+512!" },
	{ "second chunk cut off", "d2 e9 ~512 e3 ~7", "18+512!" },
	{ "behind a good one", "11{~3} 00", "11+3 !" },
	{ "text behind a good one", "11{~3} 'x'", "11+3 !" },
};

static void
say(char dst[256], const char *text)
{
	size_t len = strlen(dst);

	snprintf(dst + len, 256 - len, "%s", text);
}

static void
say_number(char dst[256], const char *before, size_t n)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%zu", before, n);
	say(dst, text);
}

static bool
describe_packet(struct cursor *c, char dst[256])
{
	struct packet p;

	if (!packet_next(c, &p))
		return false;
	say_number(dst, "", (size_t)p.tag);
	say_number(dst, p.is_indeterminate ? "i+" : "+", p.body.len);
	while (p.is_partial) {
		if (!packet_next_chunk(c, &p))
			return false;
		say_number(dst, "+", p.body.len);
	}
	say(dst, " ");
	return true;
}

static void
test_rows(void **state)
{
	struct cursor c;
	struct buf data;
	char got[256];
	size_t i, wrong = 0;
	bool ok;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		buf_init(&data, SIZE_MAX / 2);
		pgp_make(rows[i].recipe, &data);
		c = cursor_init(buf_span(&data));
		got[0] = '\0';
		ok = true;
		while (ok && c.rest.len > 0)
			ok = describe_packet(&c, got);
		say(got, ok ? "." : "!");
		if (strcmp(got, rows[i].expected) != 0) {
			print_error("%s ==> %s, expected %s\n", rows[i].name,
			    got, rows[i].expected);
			wrong++;
		}
		buf_clear(&data);
	}
	assert_int_equal(wrong, 0);
}

/* The offset is that of the header, also of what is broken. */
static void
test_offset(void **state)
{
	struct buf data;
	struct cursor c;
	struct packet p;

	(void)state;
	buf_init(&data, 1000);
	pgp_make("1{~10} o2:2{~20} 00", &data);
	c = cursor_init(buf_span(&data));
	assert_true(packet_next(&c, &p));
	assert_int_equal(p.offset, 0);
	assert_true(packet_next(&c, &p));
	assert_int_equal(p.offset, 12);
	assert_false(packet_next(&c, &p));
	assert_int_equal(p.offset, 35);
	buf_clear(&data);
}

static void
test_nothing(void **state)
{
	struct cursor c = cursor_init(text_span(""));
	struct packet p = { .is_partial = true };

	(void)state;
	assert_false(packet_next(&c, &p));
	assert_int_equal(p.offset, 0);
	assert_false(p.is_partial);
}

static void
test_names(void **state)
{
	static const struct {
		int		 tag;
		const char	*expected;
	} names[] = {
		{ 1, "a session key without data" },
		{ 3, "a session key without data" },
		{ 2, "a signed message" }, { 4, "a signed message" },
		{ 5, "a secret key" }, { 7, "a secret key" },
		{ 6, "a public key" }, { 14, "a public key" },
		{ 8, "compressed data" }, { 10, "a marker packet" },
		{ 11, "literal data" }, { 21, "a padding packet" },
		{ 12, "an unknown packet" }, { 60, "an unknown packet" },
		{ 0, "an unknown packet" }, { -1, "an unknown packet" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(names); i++)
		assert_string_equal(packet_name(names[i].tag),
		    names[i].expected);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_offset),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
