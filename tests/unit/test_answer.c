/*
 * answer: whom a program may answer, as a table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/answer.h"

static const struct {
	const char	*address;
	bool		 is_plain;
} addresses[] = {
	{ "alice@example.org",			true },
	{ "Alice.B-c_d+tag@sub.example.org",	true },
	{ "SRS0=xx=yy=example.net=bob@example.org", true },
	{ "prvs=012345~ab=bob@example.org",	true },
	{ "o'brien@example.org",		true },
	{ "a@b",				true },
	{ "", false }, { "alice", false }, { "@example.org", false },
	{ "alice@", false }, { "a@b@c", false },
	{ "-oQ/tmp@example.org", false }, { ".a@example.org", false },
	{ "a.@example.org", false }, { "a..b@example.org", false },
	{ "a@.example.org", false }, { "a@example.org.", false },
	{ "a@exa..mple.org", false }, { "a@[192.0.2.1]", false },
	{ "\"a b\"@example.org", false }, { "a b@example.org", false },
	{ "a,b@example.org", false }, { "<a@example.org>", false },
	{ "a@example.org\n", false }, { "a@example.org\r\nBcc: x@y", false },
	{ "a%b@example.org", false }, { "b!a@example.org", false },
	{ "|sh@example.org", false }, { "/etc/passwd@example.org", false },
	{ ":include:/x@example.org", false }, { "a;b@example.org", false },
	{ "a(b)@example.org", false }, { "\xc3\xa9@example.org", false },
	{ "a@ex\xc3\xa9.org", false }, { "a@exa_mple.org", false },
};

static void
test_addresses(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		if (answer_is_address(text_span(addresses[i].address)) !=
		    addresses[i].is_plain)
			fail_msg("%s", addresses[i].address);
	assert_false(answer_is_address((struct span){
	    (const uint8_t *)"a\0b@example.org", 15 }));
	assert_false(answer_is_address((struct span){ NULL, 0 }));
}

static void
test_long(void **state)
{
	char text[300];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[64] = '@';
	text[254] = '\0';
	assert_true(answer_is_address(text_span(text)));
	text[254] = 'x';
	text[255] = '\0';
	assert_false(answer_is_address(text_span(text)));
	text[64] = 'x';
	text[65] = '@';
	text[100] = '\0';
	assert_false(answer_is_address(text_span(text)));
}

static const struct {
	const char	*sender;
	const char	*header;
	bool		 is_welcome;
} rows[] = {
	{ "alice@example.org", "Subject: x\n", true },
	{ "alice@example.org", "Precedence: first-class\n", true },
	{ "alice@example.org", "", true },
	{ "requester@example.org", "", true },
	{ "owner@example.org", "", true },
	{ "bouncer@example.org", "", true },
	/* lists */
	{ "alice@example.org", "List-Id: <x.example.org>\n", false },
	{ "alice@example.org", "list-unsubscribe: <x>\n", false },
	{ "alice@example.org", "List-Post: NO\n", false },
	{ "alice@example.org", "Mailing-List: contact x\n", false },
	{ "alice@example.org", "Precedence: list\n", false },
	{ "alice@example.org", "Precedence:  Bulk\n", false },
	{ "alice@example.org", "Precedence: junk\n", false },
	{ "alice@example.org", "Precedence: x\nPrecedence: bulk\n", false },
	{ "owner-list@example.org", "", false },
	{ "Owner-List@example.org", "", false },
	{ "list-owner@example.org", "", false },
	{ "list-request@example.org", "", false },
	{ "list-bounces@example.org", "", false },
	{ "list-bounces+alice=example.net@example.org", "", false },
	{ "bounces+1234-abcd@example.org", "", false },
	{ "bounce-77@example.org", "", false },
	{ "list-return-12-alice=example.net@example.org", "", false },
	{ "list-admin@example.org", "", false },
	{ "majordomo@example.org", "", false },
	/* robots and roles */
	{ "MAILER-DAEMON@example.org", "", false },
	{ "postmaster@example.org", "", false },
	{ "noreply@example.org", "", false },
	{ "no-reply@example.org", "", false },
	{ "bugs-noreply@example.org", "", false },
	{ "root@host.example.org", "", false },
	/* the null sender, and no address at all */
	{ "", "", false },
	{ "alice", "", false },
	{ "\"alice\"@example.org", "", false },
};

static void
test_rows(void **state)
{
	struct fields fields;
	size_t i, line;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(field_parse(text_span(rows[i].header), 10,
		    &fields, &line), FIELD_OK);
		if (answer_is_welcome(text_span(rows[i].sender), &fields) !=
		    rows[i].is_welcome)
			fail_msg("%s, %s", rows[i].sender, rows[i].header);
		field_clear(&fields);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_rows),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
