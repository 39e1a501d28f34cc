/*
 * fault: one line of printable ASCII, whatever goes in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/fault.h"

static void
test_text(void **state)
{
	struct fault fault;

	(void)state;
	fault_set(&fault, FAULT_SITE, "redis %s: %d", "a", 5);
	assert_int_equal(fault.kind, FAULT_SITE);
	assert_string_equal(fault.text, "redis a: 5");
	fault_set(&fault, FAULT_CONFIG, "%s", "a\nb\x1b[0m\xc3\xa4%s");
	assert_int_equal(fault.kind, FAULT_CONFIG);
	assert_string_equal(fault.text, "a?b?[0m??%s");
	/* out of itself */
	fault_set(&fault, FAULT_SENDER, "more: %s", fault.text);
	assert_string_equal(fault.text, "more: a?b?[0m??%s");
}

static void
test_long(void **state)
{
	struct fault fault;
	char big[2000];

	(void)state;
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	fault_set(&fault, FAULT_USAGE, "%s", big);
	assert_int_equal(strlen(fault.text), sizeof(fault.text) - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_long),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
