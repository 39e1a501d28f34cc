/*
 * escape: text of others ==> as our documents hold it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/escape.h"

typedef bool escaper(struct span, struct buf *);

struct row {
	const char	*text, *expected;
};

static void
check(escaper *escape, const struct row *rows, size_t n)
{
	struct buf out;
	size_t i, wrong = 0;

	for (i = 0; i < n; i++) {
		buf_init(&out, 1000);
		assert_true(escape(text_span(rows[i].text), &out));
		if (!text_is(buf_span(&out), rows[i].expected)) {
			print_error("%s ==> %.*s, expected %s\n", rows[i].text,
			    (int)out.len, (const char *)out.data,
			    rows[i].expected);
			wrong++;
		}
		buf_clear(&out);
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(escape, rows) check(escape, rows, sizeof(rows) / sizeof(*rows))

/* What no kind of document takes as it is. */
static const struct row odd[] = {
	{ "a\nb\tc\r", "a b c " },
	{ "a\x1b" "b", "a\xef\xbf\xbd" "b" },
	{ "\xff", "\xef\xbf\xbd" },
	{ "a\xe2\x80\xae" "b", "a\xef\xbf\xbd" "b" },
	{ "\xc3\xa9", "\xc3\xa9" },
};

static void
test_html(void **state)
{
	static const struct row rows[] = {
		{ "", "" }, { "plain", "plain" },
		{ "<script>alert('x')</script>",
		    "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" },
		{ "\" onload=\"x", "&quot; onload=&quot;x" },
		{ "&amp;", "&amp;amp;" },
	};

	(void)state;
	CHECK(escape_html, rows);
	CHECK(escape_html, odd);
}

static void
test_csv(void **state)
{
	static const struct row rows[] = {
		{ "", "" }, { "plain", "plain" }, { "a,b", "\"a,b\"" },
		{ "a;b", "\"a;b\"" }, { "say \"x\"", "\"say \"\"x\"\"\"" },
		{ "=1+2", "\"'=1+2\"" }, { "+1", "\"'+1\"" },
		{ "-1", "\"'-1\"" }, { "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "\t=1", "\"' =1\"" }, { "\r\n=1", "\"'  =1\"" },
		{ " =1", "\"' =1\"" }, { "\"=1", "\"'\"\"=1\"" },
		{ "|cmd", "\"'|cmd\"" }, { "a=1", "a=1" },
		{ "2026-12-01T14:00:00Z", "2026-12-01T14:00:00Z" },
		{ "a\nb", "\"a b\"" },
	};

	(void)state;
	CHECK(escape_csv, rows);
}

static void
test_wiki(void **state)
{
	static const struct row rows[] = {
		{ "", "" }, { "plain 1.5", "plain 1.5" },
		{ "a|b", "a%%|%%b" }, { "^", "%%^%%" },
		{ "%%", "<nowiki>%</nowiki><nowiki>%</nowiki>" },
		{ "[[x]]", "%%[%%%%[%%x%%]%%%%]%%" },
		{ "</nowiki>", "%%<%%%%/%%nowiki%%>%%" },
		{ "**b**", "%%*%%%%*%%b%%*%%%%*%%" },
		{ "\\\\", "%%\\%%%%\\%%" },
		{ "a\n| b", "a %%|%% b" },
	};

	(void)state;
	CHECK(escape_wiki, rows);
	CHECK(escape_wiki, odd);
}

static void
test_url(void **state)
{
	static const struct row rows[] = {
		{ "https://example.org/a?b=c&d=(e)#f",
		    "https://example.org/a?b=c&d=(e)#f" },
		{ "HTTP://x/", "HTTP://x/" },
		{ "https://x/%20", "https://x/%20" },
		{ "https://x/%zz%", "https://x/%25zz%25" },
		{ "https://x/a|b]]c", "https://x/a%7Cb%5D%5Dc" },
		{ "https://x/\"><script>",
		    "https://x/%22%3E%3Cscript%3E" },
		{ "https://x/'", "https://x/%27" },
		{ "https://x/\xc3\xa9", "https://x/%C3%A9" },
		{ "https://x/ a\n", "https://x/%20a%0A" },
		{ "javascript:alert(1)", "" }, { "data:text/html,x", "" },
		{ " https://x/", "" }, { "", "" }, { "//x/", "" },
	};

	(void)state;
	CHECK(escape_url, rows);
}

static void
test_ical(void **state)
{
	static const struct row rows[] = {
		{ "", "" }, { "a,b;c\\d", "a\\,b\\;c\\\\d" },
		{ "x\r\nEND:VEVENT", "x  END:VEVENT" },
	};

	(void)state;
	CHECK(escape_ical, rows);
	CHECK(escape_ical, odd);
}

static void
test_label(void **state)
{
	static const struct row rows[] = {
		{ "a\"b\\c\n", "a\\\"b\\\\c " },
		{ "x\"} 1\nfake 2", "x\\\"} 1 fake 2" },
	};

	(void)state;
	CHECK(escape_label, rows);
	CHECK(escape_label, odd);
}

static void
test_full(void **state)
{
	static escaper *const all[] = { escape_html, escape_csv, escape_wiki,
	    escape_url, escape_ical, escape_label };
	struct buf out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		buf_init(&out, 9);
		assert_false(all[i](text_span("https://example.org/"), &out));
		assert_true(out.len <= 9);
		buf_clear(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_wiki),
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_ical),
		cmocka_unit_test(test_label),
		cmocka_unit_test(test_full),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
