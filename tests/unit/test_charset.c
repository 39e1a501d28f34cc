/*
 * charset: names in which ASCII stands for itself, and others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/charset.h"

static const struct {
	const char	*name;
	bool		 expected;
} rows[] = {
	{ "utf-8",		true },
	{ "UTF-8",		true },
	{ "iso-8859-1",		true },
	{ "ISO-8859-8-I",	true },
	{ "latin1",		true },
	{ "windows-1252",	true },
	{ "windows-31j",	true },
	{ "cp850",		true },
	{ "KOI8-R",		true },
	{ "Big5-HKSCS",		true },
	{ "ISO-2022-JP",	true },
	{ "utf-7",		false },
	{ "utf-16",		false },
	{ "utf-32le",		false },
	{ "hz-gb-2312",		false },
	{ "cp037",		false },	/* EBCDIC */
	{ "cp500",		false },
	{ "cp1140",		false },
	{ "ibm037",		false },
	{ "iso-2022-exploit",	false },
	{ "utf-8 exploit",	false },
	{ "iso-8859-exploit",	false },
	{ "utf-8-----------------", false },
	{ "",			false },
};

static void
test_rows(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (charset_keeps_ascii(text_span(rows[i].name)) !=
		    rows[i].expected)
			fail_msg("%s", rows[i].name);
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
