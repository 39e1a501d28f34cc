/*
 * mangled: the exact shape that Exchange makes, and nothing near it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/mangled.h"
#include "lib/letter.h"
#include "lib/pgp.h"

#define BLANK	"--b\n" PLAIN "\n\n"
#define HTML	"--b\nContent-Type: text/html\n\n \n"
#define ANY	"--b\nContent-Type: application/pgp-encrypted\n\n"

/* message ==> what the repaired one is judged, NULL when it is left alone */
static const struct row {
	const char	*name, *template, *expected;
} rows[] = {
	{ "Exchange", MIXED BLANK VERSION PAYLOAD END, "pgp-mime" },
	{ "blank HTML", MIXED HTML VERSION PAYLOAD END, "pgp-mime" },
	{ "no text part", MIXED VERSION PAYLOAD END, "pgp-mime" },
	{ "no Version", MIXED BLANK ANY "\n" PAYLOAD END, "pgp-mime" },
	{ "base64", MIXED BLANK VERSION "--b\n" OCTETS ENCODED "\n@64{" PKESK
	    SEIPD "}\n" END, "pgp-mime" },
	{ "no encryption inside", MIXED BLANK VERSION "--b\n" OCTETS "\nHello\n"
	    END, "not-encrypted-inside 2 no encrypted block" },
	/* left alone */
	{ "text in the text part", MIXED "--b\n" PLAIN "\nHello\n" VERSION
	    PAYLOAD END, NULL },
	{ "blank octets first", MIXED "--b\n" OCTETS "\n\n" VERSION PAYLOAD
	    END, NULL },
	{ "a fourth part", MIXED BLANK VERSION PAYLOAD BLANK END, NULL },
	{ "one part", MIXED PAYLOAD END, NULL },
	{ "other order", MIXED BLANK PAYLOAD VERSION END, NULL },
	{ "other Version", MIXED BLANK ANY "Version: 2\n" PAYLOAD END, NULL },
	{ "not mixed", ENCRYPTED BLANK VERSION PAYLOAD END, NULL },
	{ "nested", MIXED BLANK "--b\nContent-Type: multipart/mixed; "
	    "boundary=c\n\n--c--\n" PAYLOAD END, NULL },
	{ "no end", MIXED BLANK VERSION PAYLOAD, NULL },
	{ "doubtful", MIXED "--b1\n" BLANK VERSION PAYLOAD END, NULL },
	{ "no multipart", PLAIN "\n" BLOCK, NULL },
	{ "the boundary inside", MIXED BLANK VERSION "--b\n" OCTETS "\n--"
	    PGP_MIME_BOUNDARY "\n" BLOCK END, NULL },
};

static void
describe(const char *template, char got[LETTER_SIZE])
{
	struct buf text, repaired;
	struct entities tree;
	struct fields fields;
	struct span header, body;
	size_t line;

	buf_init(&text, SIZE_MAX / 2);
	buf_init(&repaired, SIZE_MAX / 2);
	pgp_expand(template, &text);
	field_split(buf_span(&text), &header, &body);
	assert_int_equal(field_parse(header, 100, &fields, &line), FIELD_OK);
	entity_parse(&fields, body, &letter_limits, &tree);
	assert_true(buf_print(&repaired, MIME "Content-Type: " PGP_MIME_TYPE
	    "\n\n"));
	got[0] = '\0';
	if (mangled_repair(&tree, &repaired))
		letter_judge(buf_span(&repaired), got);
	entity_clear(&tree);
	field_clear(&fields);
	buf_clear(&repaired);
	buf_clear(&text);
}

static void
test_rows(void **state)
{
	char got[LETTER_SIZE];
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		describe(rows[i].template, got);
		if (strcmp(got, rows[i].expected == NULL ? "" :
		    rows[i].expected) == 0)
			continue;
		print_error("%s ==> %s\n", rows[i].name, got);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* What does not fit is not added in part. */
static void
test_full(void **state)
{
	struct buf out;
	size_t max;
	bool ok = false;

	(void)state;
	for (max = 0; !ok; max++) {
		buf_init(&out, max);
		ok = mangled_compose(text_span("base64"), text_span("Zm9v"),
		    &out);
		assert_int_equal(out.len, ok ? max : 0);
		buf_clear(&out);
	}
	assert_true(max > 400);
	buf_init(&out, 1000);
	assert_true(mangled_compose(text_span(""), text_span("x"), &out));
	assert_int_equal(text_find_nocase(buf_span(&out),
	    "Content-Transfer-Encoding"), out.len);
	buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_full),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
