/*
 * html and flowed: what a reader sees, as lines.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/flowed.h"
#include "core/html.h"

struct row {
	const char	*in, *out;
};

static const struct row html[] = {
	{ "CRD: 2026-12-01", "CRD: 2026-12-01\n" },
	{ "<p>CRD:</p><p>2026-12-01</p>", "CRD:\n\n2026-12-01\n" },
	{ "<p>CRD: <b>2026-12-01</b> 14:00&nbsp;UTC</p>",
	    "CRD: 2026-12-01 14:00 UTC\n" },
	{ "a<br>b<br/>c", "a\nb\nc\n" },
	{ "a\r\n  b\tc", "a b c\n" },
	{ "<pre>a\n  b</pre>", "a\nb\n" },
	{ "<blockquote>CRD: 2026-12-01<p>x</blockquote>new",
	    "> CRD: 2026-12-01\n\n> x\nnew\n" },
	{ "<div>a</div><div><br></div>b<br><br>c", "a\n\nb\n\nc\n" },
	{ "<div>a<br></div><div>b</div>", "a\nb\n" },
	{ "<pre>a\n\nb</pre>", "a\n\nb\n" },
	{ "<p>CRD: <s>1</s> <del>2</del> 3", "CRD: ~~1~~ ~~2~~ 3\n" },
	{ "<head><title>x</title></head><body>y", "y\n" },
	{ "<style>p { color: red }</style>y", "y\n" },
	{ "<script>if (a < b) x()</script>y", "y\n" },
	{ "a<!-- CRD: 2026-12-01 -->b", "ab\n" },
	{ "<a title=\"x > y\" href='z'>l</a>", "l\n" },
	{ "&#67;&#x52;&#68;: 1 &lt; 2 &amp;amp; &unknown; &",
	    "CRD: 1 < 2 &amp; &unknown; &\n" },
	{ "&#0; &#xffffffff; &#1114112;", "&#0; &#xffffffff; &#1114112;\n" },
	{ "&mdash;&#128512;", "\xe2\x80\x94\xf0\x9f\x98\x80\n" },
	{ "<table><tr><td>CRD</td><td>2026-12-01</td></tr></table>",
	    "CRD | 2026-12-01\n" },
	{ "<table><tr><td><p>a</p></td></tr><tr><th>b<th>c</table>",
	    "a\n\nb | c\n" },
	{ "1 < 2 <3", "1 < 2 <3\n" },
	{ "a<style>never closed", "a\n" },
	{ "a<never closed", "a\n" },
	{ "a<!-- never closed", "a\n" },
	{ "</blockquote>a", "a\n" },
	{ "<", "<\n" },
	{ "", "" },
};

static const struct row flowed[] = {
	{ "CRD: 2026-12-01 \n14:00 UTC\n", "CRD: 2026-12-01 14:00 UTC\n" },
	{ "CRD: 2026-12-01 \r\n14:00 UTC\r\n", "CRD: 2026-12-01 14:00 UTC\n" },
	{ "> a \n> b\nc\n", "> a \n> b\nc\n" },
	{ "a \n> b\n", "a \n> b\n" },
	{ "-- \nAlice\n", "-- \nAlice\n" },
	{ " stuffed\n", "stuffed\n" },
	{ "last ", "last \n" },
	{ "", "" },
};

static void
check(bool (*print)(struct span, struct buf *), const struct row *rows,
    size_t n)
{
	struct buf out;
	size_t i;

	for (i = 0; i < n; i++) {
		buf_init(&out, 4096);
		if (!print(text_span(rows[i].in), &out) ||
		    !text_is(buf_span(&out), rows[i].out))
			fail_msg("%s -> %.*s", rows[i].in, (int)out.len,
			    (const char *)out.data);
		buf_clear(&out);
	}
}

static void
test_html(void **state)
{
	(void)state;
	check(html_print_text, html, sizeof(html) / sizeof(html[0]));
}

static bool
print_flowed(struct span text, struct buf *out)
{
	return flowed_print(text, false, out);
}

static void
test_flowed(void **state)
{
	struct buf out;

	(void)state;
	check(print_flowed, flowed, sizeof(flowed) / sizeof(flowed[0]));
	buf_init(&out, 100);
	assert_true(flowed_print(text_span("2026-12- \n01\n"), true, &out));
	assert_true(text_is(buf_span(&out), "2026-12-01\n"));
	buf_clear(&out);
}

static void
test_full(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 3);
	assert_false(html_print_text(text_span("<p>abcdef"), &out));
	buf_clear(&out);
	assert_false(flowed_print(text_span("abcdef\n"), false, &out));
	buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_flowed),
		cmocka_unit_test(test_full),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
