/*
 * prose: header fields that tell a story, and those that only look long.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/prose.h"

#define STORY	"the parser of sshd copies the name into a buffer of fixed " \
	"size before it looks at the length"
#define ENCODED	"=?utf-8?B?dGhlIHBhcnNlciBvZiBzc2hkIGNvcGllcyB0aGUgbmFtZSBp?="

static const struct {
	const char	*name, *value;
	bool		 expected;	/* is it prose? */
} rows[] = {
	{ "Comments", " sshd", true },
	{ "Keywords", " sshd", true },
	{ "Comments", "  ", false },
	{ "X-Description", " " STORY, true },
	{ "X-Note", " the parser\r\n of sshd copies the name\r\n into a "
	    "buffer of\r\n\tfixed size", true },
	{ "X-Hint", ENCODED " " ENCODED " " ENCODED " " ENCODED " " ENCODED,
	    true },
	{ "Summary", STORY, true },
	{ "Organization", " Example Widgets and Gadgets Ltd", false },
	{ "X-Token", " AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", false },
	{ "X-Scores", " 1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0 9.0 10 11 12", false },
	{ "X-Spam-Report", " " STORY, false },
	{ "x-ms-exchange-whatever", " " STORY, false },
	{ "Received", " from a by b with c for d; " STORY, false },
	{ "Subject", " " STORY, false },	/* subject_tags, hide_subject */
	{ "From", " Alice Example <alice@example.org>", false },
	{ "From", " " STORY " <alice@example.org>", true },
	{ "To", " \"" STORY "\" <distros@vs.example.org>", true },
	{ "Cc", " Alice Example <a@example.org>, Bob Example "
	    "<b@example.org>, Carol Example <c@example.org>, Dan Example "
	    "<d@example.org>, Erin Example <e@example.org>", false },
	{ "Cc", " \"Example, Alice (Product Security)\" <a@example.org>",
	    false },
	{ "From", " " ENCODED " <a@example.org>", false },
};

static void
test_rows(void **state)
{
	struct field field = { { NULL, 0 }, { NULL, 0 }, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		field.name = text_span(rows[i].name);
		field.value = text_span(rows[i].value);
		if ((prose_check(&field) != NULL) != rows[i].expected)
			fail_msg("%s:%s", rows[i].name, rows[i].value);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
