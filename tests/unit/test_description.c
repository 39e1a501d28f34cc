/*
 * description: known texts in any wrapping, and nothing else.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/description.h"

static const struct {
	const char	*value;
	bool		 expected;
} rows[] = {
	{ "version code", true },
	{ " This is a digitally encrypted message part", true },
	{ "This is a digitally\r\n encrypted message\r\n\tpart", true },
	{ "=?ISO-8859-1?Q?Dies_ist_ein_digital_verschl=FCsselter_"
	    "Nachrichtenteil?=", true },
	{ "Dies ist ein digital =?ISO-8859-1?Q?verschl=FCsselter?= "
	    "Nachrichtenteil", true },
	{ "=?UTF-8?Q?Dies_ist_ein_digital_verschl=C3=BCsselter?=\r\n"
	    " =?UTF-8?Q?_Nachrichtenteil?=", true },
	{ "=?utf-8?B?RGllcyBpc3QgZWluIGRpZ2l0YWwgdmVyc2NobMO8c3NlbHRlciBO"
	    "YWNocmljaHRlbnRlaWw=?=", true },
	{ "", false },
	{ "remote root in sshd", false },
	{ "This is a digitally encrypted message part: sshd", false },
	{ "=?utf-8?Q?remote_root_in_sshd?=", false },
	{ "=?utf-8?Q?This_is=ZZ?=", false },
	{ "=?utf-8?B?RGll*?=", false },
	{ "=?utf-7?Q?version_code?=", false },
	{ "=?utf-8?X?version code?=", false },
	{ "=?utf-8?Q?version code", false },
	{ "=?utf-8?Q?=", false },
	{ "=?\?\?\?=", false },
	{ "=?", false },
	{ "a very long text that goes on and on and on and on and on and on "
	    "and on and on and on and on and on and on and on and on and on "
	    "and on and on and on and on and on and on and on and on and on",
	    false },
};

static void
test_rows(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (description_is_known(text_span(rows[i].value)) !=
		    rows[i].expected)
			fail_msg("%s", rows[i].value);
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
