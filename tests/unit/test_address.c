/*
 * address: every spelling that reaches the list, and none that does not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/address.h"

static char list[] = "distros@vs.example.org", all[] = "*@public.example";
static char *v[] = { list, all };
static const struct strings patterns = { v, 2 };

static const struct {
	const char	*address;
	bool		 expected;
} rows[] = {
	{ "distros@vs.example.org",			true },
	{ "DISTROS@VS.Example.ORG",			true },
	{ " distros@vs.example.org ",			true },
	{ "\"distros\"@vs.example.org",			true },
	{ "dis\"tros\"@vs.example.org",			true },
	{ "\"dis\\tros\"@vs.example.org",		true },
	{ "distros+tag@vs.example.org",			true },
	{ "\"distros+a b\"@vs.example.org",		true },
	{ "distros@vs.example.org.",			true },
	{ "@relay.example:distros@vs.example.org",	true },
	{ "@a.example,@b.example:distros@vs.example.org", true },
	{ "distros%vs.example.org@relay.example",	true },
	{ "\"distros@vs.example.org\"@relay.example",	true },
	{ "distros%vs.example.org",			true },
	{ "vs.example.org!distros",			true },
	{ "vs.example.org!distros@relay.example",	true },
	{ "a.example!vs.example.org!distros",		true },
	{ "distros",					true },
	{ "distros+tag",				true },
	{ "distros@[192.0.2.1]",			true },
	{ "distro\xc5\xbf@vs.example.org",		true },
	{ "anyone@public.example",			true },
	{ "a%b@Public.Example",				true },
	{ "x%y%z%a%b%c%d%e%f%g%h@q.example",		true },
	/* Postfix takes all of these for the list's address */
	{ "distros(x)@vs.example.org",			true },
	{ "(x)distros@vs.example.org",			true },
	{ "(a (b) \\) c) distros@vs.example.org",	true },
	{ "distros@vs.example.org(x)",			true },
	{ "distros@vs.example.org(x",			true },
	{ "distros@(x)vs.example.org",			true },
	{ "distros@vs . example.org",			true },
	{ "distros @ vs.example.org",			true },
	{ "Foo<distros@vs.example.org>",		true },
	{ "\"Foo\"<distros@vs.example.org>",		true },
	{ "Foo<distros@vs.example.org",			true },
	{ "<distros@vs.example.org>",			true },
	{ "<distros@vs.example.org>bob@example.org",	true },
	{ "distros@vs.example.org>",			true },
	{ "distros@vs.example.org;",			true },
	{ "x:distros@vs.example.org;",			true },
	{ "x:y:distros@vs.example.org;;",		true },
	{ "distros\\@vs.example.org",			true },
	{ "distros@vs\\.example.org",			true },
	{ "distros@vs.\"example\".org",			true },
	{ "distros@@vs.example.org",			true },
	{ "distros(@vs.example.org",			true },
	{ "x@public.example(x)",			true },
	/* somebody else */
	{ "(distros@vs.example.org)bob@example.org",	false },
	{ "distros@vs.example.org<bob@example.org>",	false },
	{ "bob@example.org>distros@vs.example.org",	false },
	{ "\"distros@vs.example.org(\"bob@example.org",	false },
	{ "<>", false }, { "()", false }, { "\"\"", false }, { ";", false },
	{ "(", false }, { "\\", false }, { "x:;", false }, { "@", false },
	{ "",						false },
	{ "distros@example.org",			false },
	{ "distros@xvs.example.org",			false },
	{ "distros@vs.example.org.evil.example",	false },
	{ "distros-request@vs.example.org",		false },
	{ "distro@vs.example.org",			false },
	{ "xdistros@vs.example.org",			false },
	{ "distros.x@vs.example.org",			false },
	{ "someone%else.example@relay.example",		false },
	{ "user@[192.0.2.1]",				false },
	{ "root",					false },
	{ "@vs.example.org",				false },
	{ "anyone@sub.public.example",			false },
};

static void
test_rows(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (address_matches(text_span(rows[i].address), &patterns) !=
		    rows[i].expected)
			fail_msg("%s", rows[i].address);
}

static void
test_no_patterns(void **state)
{
	static const struct strings none = { NULL, 0 };

	(void)state;
	assert_false(address_matches(text_span(list), &none));
	assert_false(address_matches(
	    text_span("a%b%c%d%e%f%g%h%i%j@k"), &none));
}

/* Longer than any buffer: no crash, and the list is still found. */
static void
test_long(void **state)
{
	static char text[2000];
	static const char begin[] = "distros+", end[] = "@vs.example.org";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(begin) - 1; i++)
		text[i] = begin[i];
	for (; i < sizeof(text) - sizeof(end); i++)
		text[i] = 'x';
	for (i = 0; i < sizeof(end); i++)
		text[sizeof(text) - sizeof(end) + i] = end[i];
	assert_true(address_matches(text_span(text), &patterns));
	text[0] = 'D';
	text[1] = 'X';
	assert_false(address_matches(text_span(text), &patterns));
}

/* So long that Postfix takes no command with it: anybody's, so the list's. */
static void
test_too_long(void **state)
{
	static const char end[] = "%vs.example.org@relay.example";
	static uint8_t text[2 * 2560];
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(text); len++)
		text[len] = 'x';
	assert_true(address_matches((struct span){ text, 2560 }, &patterns));
	assert_false(address_matches((struct span){ text, 2559 },
	    &patterns));
	for (len = 100; len < sizeof(text); len += 100) {
		memcpy(text, "distros+", 8);
		memcpy(text + len - sizeof(end) + 1, end, sizeof(end) - 1);
		assert_true(address_matches((struct span){ text, len },
		    &patterns));
		memset(text, 'x', len);
	}
}

/* What is compared byte by byte; NULL: nobody's. */
static const struct {
	const char	*address, *mailbox;
} mailboxes[] = {
	{ "alice@example.org",			"alice@example.org" },
	{ "<Alice@Example.ORG>",		"alice@example.org" },
	{ " Alice <alice@example.org> ",	"alice@example.org" },
	{ "\"alice\"@example.org.",		"alice@example.org" },
	{ "al\"ic\"e@example.org",		"alice@example.org" },
	{ "(x)alice@example.org(y)",		"alice@example.org" },
	{ "@relay.example:alice@example.org",	"alice@example.org" },
	{ "alice+sec@example.org",		"alice@example.org" },
	{ "alice+a+b@example.org",		"alice@example.org" },
	{ "\"alice+a b\"@example.org",		"alice@example.org" },
	{ "+alice@example.org",			"+alice@example.org" },
	{ "+alice+x@example.org",		"+alice@example.org" },
	{ "alice@[192.0.2.1]",			"alice@[192.0.2.1]" },
	/* what a relay would make of it is not taken for granted */
	{ "alice%example.org@relay.example",
	    "alice%example.org@relay.example" },
	{ "\"alice@example.org\"@relay.example",
	    "alice@example.org@relay.example" },
	{ "example.org!alice@relay.example",
	    "example.org!alice@relay.example" },
	{ "alice", NULL }, { "", NULL }, { "<>", NULL }, { "@", NULL },
	{ "@example.org", NULL }, { "alice@", NULL }, { "alice@.", NULL },
	{ "\"\"@example.org", NULL },
};

static void
test_mailboxes(void **state)
{
	char got[ADDRESS_MAILBOX_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(mailboxes) / sizeof(mailboxes[0]); i++) {
		if (!address_mailbox(text_span(mailboxes[i].address), got))
			strcpy(got, "(nobody's)");
		if (strcmp(got, mailboxes[i].mailbox == NULL ?
		    "(nobody's)" : mailboxes[i].mailbox) != 0)
			fail_msg("%s: %s", mailboxes[i].address, got);
	}
	assert_false(address_mailbox((struct span){
	    (const uint8_t *)"alice@example.org\0x", 19 }, got));
}

/* One byte less than there is room for, then one too many. */
static void
test_long_mailbox(void **state)
{
	char got[ADDRESS_MAILBOX_SIZE], text[4000];
	size_t len;

	(void)state;
	for (len = 100; len < sizeof(text); len++) {
		memset(text, 'x', len);
		text[len] = '\0';
		memcpy(text + len - 12, "@example.org", 12);
		assert_int_equal(len < ADDRESS_MAILBOX_SIZE,
		    address_mailbox(text_span(text), got));
		if (len < ADDRESS_MAILBOX_SIZE)
			assert_string_equal(got, text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_no_patterns),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_mailboxes),
		cmocka_unit_test(test_long_mailbox),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
