/*
 * field: fields, message-ids, addresses and MIME values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/field.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_FIELDS 3
#define MAX_IDS 3

static void
say(char dst[512], struct span s, const char *end)
{
	size_t len = strlen(dst);

	snprintf(dst + len, 512 - len, "%.*s%s", (int)s.len,
	    s.len == 0 ? "" : (const char *)s.data, end);
}

static size_t
differs(const char *text, const char *got, const char *expected)
{
	if (strcmp(got, expected) == 0)
		return 0;
	print_error("%s\n ==> %s\n, expected %s\n", text, got, expected);
	return 1;
}

/* header ==> "name=value|" for each, then the result and its line */
static const char *const headers[][2] = {
	{ "", "ok 0" },
	{ "Subject: foo\n", "Subject= foo|ok 1" },
	{ "Subject:foo", "Subject=foo|ok 1" },
	{ "Subject: foo\r\nTo: bar\r\n", "Subject= foo|To= bar|ok 2" },
	{ "A:\nB:\n", "A=|B=|ok 2" },
	{ "A: b:c\n", "A= b:c|ok 1" },
	{ "A: b\n c\n", "A= b\n c|ok 2" },
	{ "A: b\r\n\tc\r\nD: e\n", "A= b\r\n\tc|D= e|ok 3" },
	{ "A: b\n \nC: d\n", "A= b\n |C= d|ok 3" },
	{ "A: 1\nB: 2\nC: 3\n", "A= 1|B= 2|C= 3|ok 3" },
	{ "!#$%&'*+-.^_`|~9: x\n", "!#$%&'*+-.^_`|~9= x|ok 1" },
	/* too many */
	{ "A: 1\nB: 2\nC: 3\nD: 4\nE: 5\n",
	    "A= 1|B= 2|C= 3|D= 4|too-many 4" },
	/* broken */
	{ "Subject\n", "broken 1" },
	{ "A: b\nHello, world\n", "A= b|broken 2" },
	{ ": x\n", "broken 1" },
	{ " A: b\n", "broken 1" },
	{ "A : b\n", "broken 1" },
	{ "A\t: b\n", "broken 1" },
	{ "A B: c\n", "broken 1" },
	{ "A\x7f: b\n", "broken 1" },
	{ "A\xc3\xa4: b\n", "broken 1" },
	{ "A: b\n\nB: c\n", "A= b|broken 2" },
	{ "A: b\rB: c\n", "broken 1" },
	{ "A: b\r\r\n", "broken 1" },
	{ "A: b\r", "broken 1" },
	{ "A: b\n c\rd\n", "A= b|broken 2" },
};

static void
test_parse(void **state)
{
	static const char *const results[] = { "ok", "broken", "too-many" };
	enum field_result result;
	struct fields fields;
	size_t i, k, line, wrong = 0;
	char got[512], end[32];

	(void)state;
	for (i = 0; i < COUNT(headers); i++) {
		got[0] = '\0';
		result = field_parse(text_span(headers[i][0]), MAX_FIELDS,
		    &fields, &line);
		for (k = 0; k < fields.n; k++) {
			say(got, fields.v[k].name, "=");
			say(got, fields.v[k].value, "|");
		}
		snprintf(end, sizeof(end), " %zu", line);
		say(got, text_span(results[result]), end);
		wrong += differs(headers[i][0], got, headers[i][1]);
		field_clear(&fields);
		assert_int_equal(fields.n, 0);
	}
	assert_int_equal(wrong, 0);
}

static void
test_nul(void **state)
{
	static const uint8_t nul[] = "A: b\0c\n";
	struct fields fields;
	size_t line;

	(void)state;
	assert_int_equal(field_parse((struct span){ nul, sizeof(nul) - 1 },
	    MAX_FIELDS, &fields, &line), FIELD_BROKEN);
	assert_int_equal(line, 1);
	field_clear(&fields);
}

static void
test_find(void **state)
{
	struct fields fields;
	size_t line;

	(void)state;
	assert_int_equal(field_parse(text_span("To: a\nCC: b\nTO: c\n"), 9,
	    &fields, &line), FIELD_OK);
	assert_int_equal(field_count(&fields, "to"), 2);
	assert_int_equal(field_count(&fields, "bcc"), 0);
	assert_ptr_equal(field_find(&fields, "To", 0), &fields.v[0]);
	assert_ptr_equal(field_find(&fields, "tO", 1), &fields.v[2]);
	assert_null(field_find(&fields, "To", 2));
	assert_null(field_find(&fields, "T", 0));
	assert_int_equal(fields.v[2].line, 3);
	field_clear(&fields);
	assert_null(field_find(&fields, "To", 0));
}

/* message ==> header | body */
static void
test_split(void **state)
{
	static const char *const rows[][3] = {
		{ "", "", "" }, { "A: b\n", "A: b\n", "" },
		{ "A: b\n\nc\n", "A: b\n", "c\n" },
		{ "A: b\r\n\r\nc\r\n", "A: b\r\n", "c\r\n" },
		{ "\nA: b\n", "", "A: b\n" }, { "\r\n", "", "" },
		{ "A: b\n\n\nc", "A: b\n", "\nc" },
		{ "A: b\n \nc", "A: b\n \nc", "" },
		{ "A: b\r\rc", "A: b\r\rc", "" },
	};
	struct span header, body;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		field_split(text_span(rows[i][0]), &header, &body);
		assert_true(text_is(header, rows[i][1]));
		assert_true(text_is(body, rows[i][2]));
	}
}

/* References ==> the last three ids */
static const char *const references[][2] = {
	{ "", "" }, { "foo", "" }, { "<a@b>", "a@b|" },
	{ "<a@b> <c@d>\n <e@f>", "a@b|c@d|e@f|" },
	{ "<a@b><c@d>", "a@b|c@d|" },
	{ "<a@b> <c@d> <e@f> <g@h>", "c@d|e@f|g@h|" },
	{ "<1@b> <2@b> <3@b> <4@b> <5@b> <6@b>", "4@b|5@b|6@b|" },
	{ "text <a@b> (comment) x", "a@b|" },
	{ "<a@b", "" }, { "a@b>", "" }, { "<", "" }, { "<>", "" },
	{ "<> <a@b>", "a@b|" }, { "<a b> <c@d>", "c@d|" },
	{ "<a\tb>", "" }, { "<a@b\n c>", "" }, { "<a\x7f@b>", "" },
	{ "<a<b>", "" }, { "<a@b>> <c@d>", "a@b|c@d|" },
	{ "<a@\xc3\xa4>", "a@\xc3\xa4|" },
};

static void
test_message_ids(void **state)
{
	struct span ids[MAX_IDS];
	char got[512], big[1200];
	size_t i, k, n, wrong = 0;

	(void)state;
	for (i = 0; i < COUNT(references); i++) {
		got[0] = '\0';
		n = field_message_ids(text_span(references[i][0]), ids,
		    MAX_IDS);
		for (k = 0; k < n; k++)
			say(got, ids[k], "|");
		wrong += differs(references[i][0], got, references[i][1]);
	}
	assert_int_equal(wrong, 0);
	assert_int_equal(field_message_ids(text_span("<a@b>"), ids, 0), 0);
	memset(big, 'x', sizeof(big));
	big[0] = '<';
	big[996] = '>';
	assert_int_equal(field_message_ids((struct span){ (uint8_t *)big,
	    997 }, ids, MAX_IDS), 1);
	assert_int_equal(ids[0].len, 995);
	big[996] = 'x';
	big[997] = '>';
	assert_int_equal(field_message_ids((struct span){ (uint8_t *)big,
	    998 }, ids, MAX_IDS), 0);
}

/* To ==> its addresses */
static const char *const addresses[][2] = {
	{ "", "" }, { " \r\n ", "" }, { "a@b", "a@b|" },
	{ "<a@b>", "a@b|" }, { "A B <a@b>", "a@b|" },
	{ "a@b, c@d", "a@b|c@d|" }, { "A <a@b>, C <c@d>", "a@b|c@d|" },
	{ "A <a@b>,C <c@d>,\r\n e@f", "a@b|c@d|e@f|" },
	{ "\"B, A <x@y>\" <a@b>", "a@b|" }, { "\"a b\"@c", "\"a b\"@c|" },
	{ "\"\\\"<x@y>\\\\\" <a@b>", "a@b|" },
	{ "(x@y, z) a@b", "a@b|" }, { "A (<x@y>) <a@b>", "a@b|" },
	{ "(a (b) \\) c) <a@b>", "a@b|" }, { "<a@b> (c), d@e", "a@b|d@e|" },
	{ "group: a@b, c@d;", "a@b|c@d|" }, { "group:;", "" },
	{ "group:; a@b", "a@b|" }, { "<@x,@y:a@b>", "@x|a@b|" },
	{ ",,a@b,,", "a@b|" }, { "<>", "" }, { "<a@b", "a@b|" },
	{ "a@b>", "a@b|" }, { "\"a@b", "\"a@b|" }, { "(a@b", "" },
	{ "\"a\\", "\"a\\|" }, { "a@b;c@d", "a@b|c@d|" },
	{ "A <a@b> <c@d>", "a@b|c@d|" }, { "a@b (c)", "a@b|" },
	{ "(c) (d) a@b (e), f@g", "a@b|f@g|" }, { "a(b)@c", "a|" },
	{ "\"a(b)\"@c (d)", "\"a(b)\"@c|" }, { "(a)", "" },
};

static void
test_addresses(void **state)
{
	struct span rest, address;
	size_t i, wrong = 0;
	char got[512];

	(void)state;
	for (i = 0; i < COUNT(addresses); i++) {
		got[0] = '\0';
		rest = text_span(addresses[i][0]);
		while (field_next_address(&rest, &address))
			say(got, address, "|");
		assert_int_equal(rest.len, 0);
		wrong += differs(addresses[i][0], got, addresses[i][1]);
	}
	assert_int_equal(wrong, 0);
}

/* Content-Type ==> type, "name=value" for each, "broken", "ambiguous" */
static const char *const values[][2] = {
	{ "", "" }, { " \r\n", "" }, { "text/plain", "text/plain" },
	{ " Text/PLAIN ", "text/plain" }, { "attachment", "attachment" },
	{ "text/plain; charset=utf-8", "text/plain|charset=utf-8" },
	{ "text/plain;charset=UTF-8;format=flowed",
	    "text/plain|charset=UTF-8|format=flowed" },
	{ "text/plain ; CharSet = utf-8", "text/plain|charset=utf-8" },
	{ "text/plain;\r\n\tcharset=\"utf-8\"", "text/plain|charset=utf-8" },
	{ "a/b; c=\"d e; f=g\"", "a/b|c=d e; f=g" },
	{ "a/b; c=\"d\r\n e\"", "a/b|c=d e" },
	{ "a/b; c=\"\"", "a/b|c=" }, { "a/b;", "a/b" }, { "a/b; ", "a/b" },
	{ "a/b; c=d;", "a/b|c=d" }, { "a/b; c=d/e", "a/b|c=d/e" },
	/* read in more than one way */
	{ "a/b; c=\"d\\\"e\"", "a/b|c=d\"e|ambiguous" },
	{ "a/b; c*0=d; c*1=e", "a/b|c*0=d|c*1=e|ambiguous" },
	{ "a/b; c*=utf-8''d", "a/b|c*=utf-8''d|ambiguous" },
	{ "a/b; c=d; C=e", "a/b|c=d|c=e|ambiguous" },
	{ "a/b (comment)", "a/b|broken|ambiguous" },
	{ "a/b; c=d (comment)", "a/b|c=d|broken|ambiguous" },
	/* outside the grammar */
	{ "a/b c=d", "a/b|broken" }, { "a/b; c", "a/b|broken" },
	{ "a/b; =d", "a/b|broken" }, { "a/b; c=", "a/b|c=|broken" },
	{ "a/b; c=;", "a/b|c=|broken" }, { "a/b; c=d e", "a/b|c=d|broken" },
	{ "a/b;; c=d", "a/b|broken" }, { "; c=d", "|broken" },
	{ "a b/c", "a|broken" }, { "a/b, c/d", "a/b|broken" },
	{ "a/b; c=\"d", "a/b|c=d|broken" },
	{ "a/b; c=\"d\\", "a/b|c=d|broken|ambiguous" },
	{ "a/b; c=\"d\"e", "a/b|c=d|broken" },
	{ "a/b; c=d=e", "a/b|c=d|broken" },
	{ "\"a/b\"", "|broken" }, { "a/b; \"c\"=d", "a/b|broken" },
	{ "\xc3\xa4/b", "|broken" }, { "a/b; c=\xc3\xa4", "a/b|c=|broken" },
	{ "a/b; c=?d", "a/b|c=|broken" },
	{ "a;b=1;c=1;d=1;e=1;f=1;g=1;h=1;i=1;j=1;k=1;l=1;m=1;n=1;o=1;p=1;q=1",
	    "a|b=1|c=1|d=1|e=1|f=1|g=1|h=1|i=1|j=1|k=1|l=1|m=1|n=1|o=1|p=1|"
	    "q=1" },
	{ "a;b=1;c=1;d=1;e=1;f=1;g=1;h=1;i=1;j=1;k=1;l=1;m=1;n=1;o=1;p=1;q=1;"
	    "r=1",
	    "a|b=1|c=1|d=1|e=1|f=1|g=1|h=1|i=1|j=1|k=1|l=1|m=1|n=1|o=1|p=1|"
	    "q=1|broken" },
};

static void
test_mime(void **state)
{
	struct mime_value v;
	size_t i, k, wrong = 0;
	char got[512];

	(void)state;
	for (i = 0; i < COUNT(values); i++) {
		got[0] = '\0';
		field_parse_mime(text_span(values[i][0]), &v);
		say(got, text_span(v.type), "");
		for (k = 0; k < v.nparams; k++) {
			say(got, text_span("|"), v.params[k].name);
			say(got, text_span("="), v.params[k].value);
		}
		say(got, text_span(v.is_broken ? "|broken" : ""),
		    v.is_ambiguous ? "|ambiguous" : "");
		wrong += differs(values[i][0], got, values[i][1]);
		field_clear_mime(&v);
	}
	assert_int_equal(wrong, 0);
}

static void
test_param(void **state)
{
	struct mime_value v;

	(void)state;
	field_parse_mime(text_span("a/b; C=d; c=e; f=\"\""), &v);
	assert_string_equal(field_param(&v, "c"), "d");
	assert_string_equal(field_param(&v, "f"), "");
	assert_null(field_param(&v, "d"));
	assert_null(field_param(&v, ""));
	field_clear_mime(&v);
	assert_null(field_param(&v, "c"));
	field_clear_mime(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_message_ids),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_mime),
		cmocka_unit_test(test_param),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
