/*
 * entity: the tree that a body is, and what is broken or doubtful in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/entity.h"
#include "lib/letter.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SIZE 1024

#define M(boundary) "Content-Type: multipart/mixed; boundary=" boundary "\n\n"
#define T "Content-Type: text/plain\n\n"
#define ALIKE " ?1 nested boundaries that begin alike"
#define LOOKS " ? a line that begins like a boundary"
#define NO_END " ! a multipart without its end"

/*
 * name: message ==> the tree: "m(" preamble "|" parts "|" epilogue ")" for a
 * multipart, "type[body]" for a leaf, and "!label problem", "?label doubt"
 */
static const struct row {
	const char	*name, *message, *expected;
} rows[] = {
	{ "no multipart", T "a\nb\n", "text/plain[a\nb\n]" },
	{ "no header", "\na\n", "text/plain[a\n]" },
	{ "no body", T, "text/plain[]" },
	{ "two parts", M("b") "--b\n" T "x\n--b\n" T "y\n--b--\n",
	    "m(|text/plain[x]text/plain[y]|)" },
	{ "preamble and epilogue", M("b") "p\n--b\n" T "x\n--b--\ne\n",
	    "m(p|text/plain[x]|e\n)" },
	{ "CRLF", "Content-Type: multipart/mixed; boundary=b\r\n\r\np\r\n"
	    "--b\r\nContent-Type: a/b\r\n\r\nx\r\n\r\n--b--\r\ne",
	    "m(p|a/b[x\r\n]|e)" },
	{ "CRLF and LF", M("b") "--b\r\n" T "x\r\n--b--\n",
	    "m(|text/plain[x]|)" },
	{ "LF before a CRLF boundary", M("b") "--b\n" T "x\n\r\n--b--\r\n",
	    "m(|text/plain[x\n]|)" },
	{ "a part without a header", M("b") "--b\n\nx\n--b--\n",
	    "m(|text/plain[x]|)" },
	{ "an empty part", M("b") "--b\n" T "--b--\n",
	    "m(|text/plain[]|)" },
	{ "a blank part", M("b") "--b\n" T "\n--b--\n",
	    "m(|text/plain[]|)" },
	{ "two blank lines", M("b") "--b\n" T "\n\n--b--\n",
	    "m(|text/plain[\n]|)" },
	{ "blanks behind boundaries", M("b") "--b \t\n" T "x\n--b-- \n",
	    "m(|text/plain[x]|)" },
	{ "no line end behind the last", M("b") "--b\n" T "x\n--b--",
	    "m(|text/plain[x]|)" },
	{ "quoted boundary", M("\"a b'c\"") "--a b'c\n" T "x\n--a b'c--\n",
	    "m(|text/plain[x]|)" },
	{ "case of boundaries", M("B") "--b\n--B\n" T "x\n--B--\n",
	    "m(--b|text/plain[x]|)" },
	{ "nested", M("b") "--b\n" M("c") "p\n--c\n" T "x\n--c--\ne\n--b\n" T
	    "y\n--b--\n", "m(|m(p|text/plain[x]|e)text/plain[y]|)" },
	{ "nested twice", M("b") "--b\n" M("c") "--c\n" M("d") "--d\n" T
	    "x\n--d--\n--c--\n--b--\n", "m(|m(|m(|text/plain[x]|)|)|)" },
	{ "siblings", M("b") "--b\n" M("c") "--c\n\nx\n--c--\n--b\n" M("c")
	    "--c\n\ny\n--c--\n--b--\n",
	    "m(|m(|text/plain[x]|)m(|text/plain[y]|)|)" },
	{ "a message is a leaf", M("b") "--b\nContent-Type: message/rfc822\n"
	    "\n" M("c") "--c\n\nx\n--c--\n--b--\n", "m(|message/rfc822["
	    M("c") "--c\n\nx\n--c--]|)" },
	{ "boundary of 70", M("1234567890123456789012345678901234567890123456"
	    "789012345678901234567890") "--1234567890123456789012345678901234"
	    "567890123456789012345678901234567890--\n", "m(||)" },
	/* lines that are no boundaries */
	{ "no boundary", M("b") "x\n", "m(x\n||)" NO_END },
	{ "the end alone", M("b") "--b--\n", "m(||)" },
	{ "behind the end", M("b") "--b--\n--b\n" T "x\n--b--\n",
	    "m(||--b\n" T "x\n--b--\n)" },
	{ "one dash", M("b") "-b\n--b--\n", "m(-b||)" },
	{ "three dashes", M("b") "---b\n--b--\n", "m(---b||)" },
	{ "indented", M("b") " --b\n--b--\n", "m( --b||)" },
	{ "in mid-line", M("b") "x--b\n--b--\n", "m(x--b||)" },
	{ "behind a CR", M("b") "x\r--b\n--b--\n",
	    "m(x\r--b||) ? a bare CR, for some programs a line end" },
	{ "CR CR LF", M("b") "--b\r\r\n\nx\n--b--\n", "m(|text/plain[x]|) "
	    "? a bare CR, for some programs a line end" },
	{ "CR at the end", M("b") "--b--\n\r", "m(||\r) "
	    "? a bare CR, for some programs a line end" },
	{ "of another open level", M("b") "--b\n" M("c") "--c\n" T "x\n--b\n"
	    T "y\n--b--\n",
	    "m(|m(|text/plain[x]|)text/plain[y]|) !1 a multipart without "
	    "its end" },
	{ "end of another open level", M("b") "--b\n" M("c") "--c\n" T
	    "x\n--b--\ne", "m(|m(|text/plain[x]|)|e) !1 a multipart without "
	    "its end" },
	{ "longer", M("b") "--bc\n--b--\n", "m(--bc||)" LOOKS },
	{ "text behind", M("b") "--b x\n--b--\n", "m(--b x||)" LOOKS },
	{ "text behind the end", M("b") "--b--x\n--b--\n",
	    "m(--b--x||)" LOOKS },
	{ "half an end", M("b") "--b-\n--b--\n", "m(--b-||)" LOOKS },
	{ "form feed behind", M("b") "--b\f\n--b--\n", "m(--b\f||)" LOOKS },
	/* nested boundaries that are alike */
	{ "equal", M("b") "--b\n" M("b") "--b\n" T "x\n--b--\n--b--\n",
	    "m(|m(|text/plain[x]|)|)" ALIKE },
	{ "beginning", M("bc") "--bc\n" M("b") "--b\n" T "x\n--b--\n--bc--\n",
	    "m(|m(|text/plain[x]|)|)" ALIKE },
	{ "longer than outside", M("b") "--b\n" M("bc") "--bc\n" T
	    "x\n--bc--\n--b--\n", "m(|m(|text/plain[x]|)|)" ALIKE },
	{ "end of outside", M("b") "--b\n" M("b--") "--b--\n" T
	    "x\n--b----\n--b--\n", "m(|m(|text/plain[x]|)|)" ALIKE },
	/* unterminated */
	{ "no end", M("b") "--b\n" T "x\n", "m(|text/plain[x\n]|)" NO_END },
	{ "no end of two", M("b") "--b\n" M("c") "--c\n" T "x\n",
	    "m(|m(|text/plain[x\n]|)|) !1 a multipart without its end" },
	{ "cut off in a header", M("b") "--b\nContent-Type: a/b\n",
	    "m(||) ! a part without a blank line behind its header" },
	{ "boundary in a header", M("b") "--b\nContent-Type: a/b\n--b\n\nx\n"
	    "--b--\n", "m(|text/plain[x]|) ! a part without a blank line "
	    "behind its header" },
	{ "boundary at once", M("b") "--b\n--b--\n",
	    "m(||) ! a part without a blank line behind its header" },
	{ "cut off behind a boundary", M("b") "--b",
	    "m(||) ! a part without a blank line behind its header" },
	/* multiparts that are none */
	{ "no parameter", "Content-Type: multipart/mixed\n\n--b\n",
	    "multipart/mixed[--b\n] ! a multipart without a usable boundary" },
	{ "empty boundary", M("\"\"") "--\n\nx\n----\n", "multipart/mixed[--"
	    "\n\nx\n----\n] ! a multipart without a usable boundary" },
	{ "blank at its end", M("\"b \"") "--b \n", "multipart/mixed[--b \n] "
	    "! a multipart without a usable boundary" },
	{ "boundary of 71", M("1234567890123456789012345678901234567890123456"
	    "7890123456789012345678901") "x", "multipart/mixed[x] "
	    "! a multipart without a usable boundary" },
	{ "high bytes", M("\"\xc3\xa4\"") "x", "multipart/mixed[x] "
	    "! a multipart without a usable boundary" },
	{ "tab", M("\"a\tb\"") "x", "multipart/mixed[x] "
	    "! a multipart without a usable boundary" },
	{ "RFC 2231", "Content-Type: multipart/mixed; boundary*0=b\n\nx",
	    "multipart/mixed[x] ! a multipart type read differently" },
	{ "boundary twice", "Content-Type: multipart/mixed; boundary=b; "
	    "boundary=c\n\n--b--\n",
	    "m(||) ! a multipart type read differently" },
	{ "encoded", "Content-Transfer-Encoding: base64\n" M("b") "--b--\n",
	    "m(||) ! a multipart with a transfer encoding" },
	{ "a broken type", "Content-Type: multipart/mixed; boundary=b c\n\n"
	    "--b--\n", "m(||) ! a multipart type read differently" },
	{ "multipart in upper case", "CONTENT-TYPE: MULTIPART/Mixed; "
	    "BOUNDARY=b\n\n--b--\n", "m(||)" },
	{ "no subtype", "Content-Type: multipart; boundary=b\n\n--b--\n",
	    "multipart[--b--\n]" },
	/* fields */
	{ "two types", T "Content-Type: a/b\n\nx", "text/plain[Content-Type: "
	    "a/b\n\nx]" },
	{ "two types in a header", "Content-Type: text/plain\nContent-Type: "
	    "a/b\n\nx", "text/plain[x] ! a Content or MIME field twice" },
	{ "two encodings", "Content-Transfer-Encoding: 7bit\n"
	    "Content-Transfer-Encoding: base64\n\nx",
	    "text/plain[x] ! a Content or MIME field twice" },
	{ "two versions", MIME MIME "\nx",
	    "text/plain[x] ! a Content or MIME field twice" },
	{ "two types in a part", M("b") "--b\nContent-Type: a/b\n"
	    "content-type: text/plain\n\nx\n--b--\n",
	    "m(|a/b[x]|) !1 a Content or MIME field twice" },
	{ "a broken field of a part", M("b") "--b\nHello\n\nx\n--b--\n",
	    "m(|text/plain[x]|) !1 a broken field in a part header" },
	{ "a blank before the colon", M("b") "--b\nContent-Type : a/b\n\nx\n"
	    "--b--\n", "m(|text/plain[x]|) !1 a broken field in a part "
	    "header" },
	{ "a broken disposition", "Content-Disposition: inline foo\n\nx",
	    "text/plain[x] ? a Content field outside the grammar" },
	{ "an ambiguous disposition", "Content-Disposition: inline; "
	    "filename*=utf-8''x\n\nx",
	    "text/plain[x] ? a Content field that clients read differently" },
};

static void
say(char dst[SIZE], const char *text, size_t len)
{
	size_t n = strlen(dst);

	assert_true(n + len < SIZE);
	memcpy(dst + n, text, len);
	dst[n + len] = '\0';
}

static void
say_span(char dst[SIZE], struct span s)
{
	if (s.len > 0)
		say(dst, (const char *)s.data, s.len);
}

/* Each part is inside the one before it or beside it. */
static void
describe(const struct entities *t, size_t i, char dst[SIZE])
{
	const struct entity *e = &t->v[i], *child;
	size_t n;

	if (!e->is_multipart) {
		say(dst, e->type.type, strlen(e->type.type));
		say(dst, "[", 1);
		say_span(dst, e->body);
		say(dst, "]", 1);
		return;
	}
	say(dst, "m(", 2);
	say_span(dst, e->preamble);
	say(dst, "|", 1);
	for (n = 0; (child = entity_child(t, e, n)) != NULL; n++)
		describe(t, (size_t)(child - t->v), dst);
	assert_int_equal(n, e->nchildren);
	say(dst, "|", 1);
	say_span(dst, e->epilogue);
	say(dst, ")", 1);
}

static void
parse(const char *message, const struct limit_settings *limits,
    struct fields *fields, struct entities *out)
{
	struct span header, body;
	size_t line;

	field_split(text_span(message), &header, &body);
	assert_int_equal(field_parse(header, 1000, fields, &line), FIELD_OK);
	entity_parse(fields, body, limits, out);
}

static void
test_rows(void **state)
{
	struct entities t;
	struct fields fields;
	char got[SIZE], end[200] = "";
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		parse(rows[i].message, &letter_limits, &fields, &t);
		got[0] = end[0] = '\0';
		describe(&t, 0, got);
		if (t.problem != NULL || t.doubt != NULL)
			snprintf(end, sizeof(end), " %c%s %s",
			    t.problem != NULL ? '!' : '?', t.problem_label,
			    t.problem != NULL ? t.problem : t.doubt);
		say(got, end, strlen(end));
		if (strcmp(got, rows[i].expected) != 0) {
			print_error("%s ==> %s, expected %s\n", rows[i].name,
			    got, rows[i].expected);
			wrong++;
		}
		assert_false(t.too_complex);
		entity_clear(&t);
		field_clear(&fields);
	}
	assert_int_equal(wrong, 0);
}

/* Transfer encodings ==> what they are. */
static void
test_encodings(void **state)
{
	static const struct {
		const char		*value;
		enum entity_encoding	 expected;
	} encodings[] = {
		{ "", ENCODING_IDENTITY }, { " 7BIT", ENCODING_IDENTITY },
		{ "8bit", ENCODING_IDENTITY },
		{ "Binary ", ENCODING_IDENTITY },
		{ "base64", ENCODING_BASE64 }, { "BASE64", ENCODING_BASE64 },
		{ "Quoted-Printable", ENCODING_QUOTED },
		{ "base64;", ENCODING_UNKNOWN },
		{ "x-uuencode", ENCODING_UNKNOWN },
		{ "base 64", ENCODING_UNKNOWN },
		{ "7bit (x)", ENCODING_UNKNOWN },
	};
	struct fields fields = { NULL, 0, 0 };
	struct entities t;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(encodings); i++) {
		field_add(&fields, text_span("content-transfer-encoding"),
		    text_span(encodings[i].value));
		entity_parse(&fields, text_span("x"), &letter_limits, &t);
		assert_int_equal(t.v[0].encoding, encodings[i].expected);
		entity_clear(&t);
		field_clear(&fields);
	}
}

/* Values as an MTA hands them over ==> is there a doubt? */
static void
test_line_ends(void **state)
{
	static const struct {
		const char	*value;
		bool		 expected;
	} values[] = {
		{ "a", false }, { "a\n b", false }, { "a\r\n\tb", false },
		{ "a\n\tb\n c", false }, { "", false }, { "a\n", false },
		{ "a\rb", true }, { "a\r\rb", true }, { "a\n\nb", true },
		{ "a\nB: c", true }, { "a\r\nB: c", true },
		{ "a\r", true }, { "a\n\r\n b", true }, { "\rb", true },
	};
	static const uint8_t nul[] = { 'a', 0, 'b' };
	struct fields fields = { NULL, 0, 0 };
	struct entities t;
	size_t i;

	(void)state;
	for (i = 0; i <= COUNT(values); i++) {
		field_add(&fields, text_span("X-Foo"), i < COUNT(values) ?
		    text_span(values[i].value) : (struct span){ nul, 3 });
		entity_parse(&fields, text_span("x"), &letter_limits, &t);
		if ((t.doubt != NULL) != (i == COUNT(values) ||
		    values[i].expected))
			fail_msg("row %zu", i);
		entity_clear(&t);
		field_clear(&fields);
	}
	field_add(&fields, text_span("Content-Type "), text_span("a/b"));
	entity_parse(&fields, text_span("x"), &letter_limits, &t);
	assert_string_equal(t.problem,
	    "a blank before the colon of a field");
	entity_clear(&t);
	field_clear(&fields);
}

/* message ==> complex at this limit, not at one more */
static void
test_limits(void **state)
{
	static const char nested[] = M("a") "--a\n" M("b") "--b\n" M("c")
	    "--c\nContent-Type: a/b\nX: y\n\nx\n--c--\n--b--\n--a--\n";
	struct limit_settings limits = letter_limits;
	size_t *const values[] = { &limits.max_depth, &limits.max_parts,
	    &limits.max_fields, &limits.max_header_bytes };
	static const size_t needed[] = { 3, 4, 2, 42 * 2 + 23 };
	struct fields fields;
	struct entities t;
	size_t i, less;

	(void)state;
	for (i = 0; i < COUNT(values); i++)
		for (less = 0; less < 2; less++) {
			limits = letter_limits;
			*values[i] = needed[i] - less;
			parse(nested, &limits, &fields, &t);
			if (t.too_complex != (less == 1))
				fail_msg("limit %zu: %zu", i, less);
			entity_clear(&t);
			field_clear(&fields);
		}
}

/* A line of the body in each part; labels; raw parts. */
static void
test_places(void **state)
{
	static const char message[] = M("b") "--b\n" T "x\n--b\n" M("c")
	    "--c\n" T "y\n--c--\n\n--b--\n";
	struct fields fields;
	struct entities t;

	(void)state;
	parse(message, &letter_limits, &fields, &t);
	assert_int_equal(t.n, 4);
	assert_string_equal(t.v[0].label, "");
	assert_string_equal(t.v[1].label, "1");
	assert_string_equal(t.v[2].label, "2");
	assert_string_equal(t.v[3].label, "2.1");
	assert_int_equal(t.v[0].line, 1);
	assert_int_equal(t.v[1].line, 4);
	assert_int_equal(t.v[2].line, 8);
	assert_int_equal(t.v[3].line, 11);
	assert_int_equal(t.v[3].depth, 2);
	assert_true(text_is(t.v[1].raw, T "x"));
	assert_true(text_is(t.v[2].raw, M("c") "--c\n" T "y\n--c--\n"));
	assert_true(text_is(t.v[3].raw, T "y"));
	assert_null(entity_child(&t, &t.v[1], 0));
	assert_ptr_equal(entity_child(&t, &t.v[0], 1), &t.v[2]);
	assert_null(entity_child(&t, &t.v[0], 2));
	entity_clear(&t);
	assert_int_equal(t.n, 0);
	field_clear(&fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_places),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
