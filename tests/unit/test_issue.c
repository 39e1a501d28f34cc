/*
 * Issues: states and ids.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/buf.h"
#include "core/issue.h"

static const struct {
	const char	*name;
	bool		 is_open;
} states[ISSUE_STATE_COUNT] = {
	[ISSUE_EMBARGOED]	= { "embargoed", true },
	[ISSUE_SEMI_PUBLIC]	= { "semi-public", true },
	[ISSUE_PUBLIC]		= { "public", false },
	[ISSUE_BROKEN]		= { "broken", false },
	[ISSUE_INVALID]		= { "invalid", false },
};

static void
test_states(void **state)
{
	struct issue issue;
	enum issue_state parsed;
	int i;

	(void)state;
	for (i = 0; i < ISSUE_STATE_COUNT; i++) {
		memset(&issue, 0, sizeof(issue));
		issue.state = (enum issue_state)i;
		assert_string_equal(issue_state_name(issue.state),
		    states[i].name);
		assert_true(issue_state_parse(text_span(states[i].name),
		    &parsed));
		assert_int_equal(parsed, i);
		assert_int_equal(issue_is_open(&issue), states[i].is_open);
	}
	assert_false(issue_state_parse(text_span(""), &parsed));
	assert_false(issue_state_parse(text_span("Public"), &parsed));
	assert_false(issue_state_parse(text_span("public "), &parsed));
}

static const struct {
	const char	*id;
	bool		 is_valid;
} ids[] = {
	{ "VS-2026-0007", true },
	{ "VS-2026-12345", true },
	{ "a_b-c-2026-0007", true },
	{ "X-2026-0001", true },
	{ "", false },
	{ "VS", false },
	{ "2026-0007", false },
	{ "-2026-0007", false },
	{ "VS-2026-007", false },
	{ "VS-26-0007", false },
	{ "VS-02026-0007", false },
	{ "VS-2026-0007 ", false },
	{ " VS-2026-0007", false },
	{ "VS-2026-0007}", false },
	{ "V:S-2026-0007", false },
	{ "V*-2026-0007", false },
	{ "VS-2026--0007", false },
	{ "VSVSVSVSVSVSVSVSVSVSVSVSVSVSVSVSVSVS-2026-00000007", false },
};

static void
test_ids(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		if (issue_id_is_valid(text_span(ids[i].id)) !=
		    ids[i].is_valid)
			fail_msg("\"%s\": expected %s", ids[i].id,
			    ids[i].is_valid ? "valid" : "not valid");
}

static void
test_clear(void **state)
{
	struct issue issue;

	(void)state;
	memset(&issue, 0, sizeof(issue));
	issue_clear(&issue);
	issue.list = buf_strdup("distros");
	issue.url = buf_strdup("");
	issue.messages = 3;
	issue_clear(&issue);
	assert_null(issue.list);
	assert_int_equal(issue.messages, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_clear),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("issue", tests, NULL, NULL);
}
