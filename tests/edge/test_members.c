/*
 * members: files of members, good and wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "edge/members.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FP	"0123456789ABCDEF0123456789abcdef01234567"
#define UPPER	"0123456789ABCDEF0123456789ABCDEF01234567"
#define FP64	FP "890123456789abcdef012345"
#define UPPER64	UPPER "890123456789ABCDEF012345"
#define X40	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X1200	X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 \
		X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40 X40

static char path[] = "/tmp/members-XXXXXX";

/* name: file ==> "address fingerprint" of each, or the number of a line */
static const struct row {
	const char	*name, *text, *expected;
} rows[] = {
	{ "empty", "", "" },
	{ "blank", "\n \t\n\r\n", "" },
	{ "comma", "a@b.c," FP "\n", "a@b.c " UPPER "\n" },
	{ "comma and blank", "a@b.c, " FP "\n", "a@b.c " UPPER "\n" },
	{ "blank", "a@b.c " FP "\n", "a@b.c " UPPER "\n" },
	{ "blanks", " a@b.c \t " FP " \n", "a@b.c " UPPER "\n" },
	{ "blank and comma", "a@b.c , " FP "\n", "a@b.c " UPPER "\n" },
	{ "version 6", "a@b.c " FP64, "a@b.c " UPPER64 "\n" },
	{ "as gpg prints it", "a@b.c 0123 4567 89AB CDEF 0123  4567 89AB CDEF"
	    " 0123 4567\n", "a@b.c " UPPER "\n" },
	{ "CRLF", "a@b.c " FP "\r\nd@e.f " FP "\r\n",
	    "a@b.c " UPPER "\nd@e.f " UPPER "\n" },
	{ "no end of line", "a@b.c " FP, "a@b.c " UPPER "\n" },
	{ "comments", "# x\na@b.c " FP " # y\n  #\n\t# a@b.c\n",
	    "a@b.c " UPPER "\n" },
	{ "a long comment", "#" X1200 "\n# " X1200 X1200 "\na@b.c " FP "\n",
	    "a@b.c " UPPER "\n" },
	{ "a # in an address", "a#b@c.d " FP "\n", "a#b@c.d " UPPER "\n" },
	{ "the same again", "a@b.c " FP "\na@b.c " FP64 "\nd@e.f " FP "\n",
	    "a@b.c " UPPER "\na@b.c " UPPER64 "\nd@e.f " UPPER "\n" },
	{ "no fingerprint", "a@b.c\n", "1" },
	{ "no address", FP "\n", "1" },
	{ "the other way round", FP " a@b.c\n", "1" },
	{ "39 digits", "a@b.c 123456789ABCDEF0123456789abcdef01234567\n",
	    "1" },
	{ "41 digits", "a@b.c " FP "0\n", "1" },
	{ "65 digits", "a@b.c " FP64 "0\n", "1" },
	{ "a key id", "a@b.c 0123456789ABCDEF\n", "1" },
	{ "0x", "a@b.c 0x" FP "\n", "1" },
	{ "a letter", "a@b.c G123456789ABCDEF0123456789abcdef01234567\n",
	    "1" },
	{ "two commas", "a@b.c,," FP "\n", "1" },
	{ "two addresses", "a@b.c, d@e.f, " FP "\n", "1" },
	{ "a name", "A B <a@b.c> " FP "\n", "1" },
	{ "comment without blank", "a@b.c " FP "#x\n", "1" },
	{ "line 3", "# x\n\na@b.c\na@b.c " FP "\n", "3" },
	{ "behind a long line", "#" X1200 X1200 "\nwrong\n", "2" },
	{ "the last one", "a@b.c " FP "\n@", "2" },
};

static void
write_file(struct span text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
}

/* What comes of the file: its members, or the line that is wrong. */
static void
load(char *dst, size_t size)
{
	struct keyset keys = { 0 };
	struct fault fault = { 0 };
	size_t i, len = 0;

	dst[0] = '\0';
	if (!members_load(path, &keys, &fault)) {
		assert_int_equal(fault.kind, FAULT_CONFIG);
		assert_int_equal(strncmp(fault.text, path, strlen(path)), 0);
		snprintf(dst, size, "%d", atoi(fault.text + strlen(path) +
		    1));
		assert_non_null(strstr(fault.text, "accepted: an address"));
	} else
		for (i = 0; i < keys.nmembers; i++)
			len += (size_t)snprintf(dst + len, size - len,
			    "%s %s\n", keys.members[i].address,
			    keys.members[i].fingerprint);
	members_clear(&keys);
	assert_int_equal(keys.nmembers, 0);
}

static void
test_rows(void **state)
{
	char got[1000];
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		write_file(text_span(rows[i].text));
		load(got, sizeof(got));
		if (strcmp(got, rows[i].expected) != 0) {
			print_error("%s ==> %s, expected %s\n", rows[i].name,
			    got, rows[i].expected);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

/* As it is compared with recipients. */
static void
test_mailbox(void **state)
{
	struct keyset keys = { 0 };
	struct fault fault;

	(void)state;
	write_file(text_span("Alice+x@Example.org " FP "\n@b.c " FP "\n"));
	assert_true(members_load(path, &keys, &fault));
	assert_string_equal(keys.members[0].mailbox, "alice@example.org");
	assert_null(keys.members[1].mailbox);
	members_clear(&keys);
}

static void
test_nul(void **state)
{
	static const char text[] = "a@b.c " FP "\0\n", early[] = "a\0@b.c "
	    FP "\n";
	struct span s = { (const uint8_t *)text, sizeof(text) - 1 };
	char got[200];

	(void)state;
	write_file(s);
	load(got, sizeof(got));
	assert_string_equal(got, "1");
	s.data = (const uint8_t *)early;
	s.len = sizeof(early) - 1;
	write_file(s);
	load(got, sizeof(got));
	assert_string_equal(got, "1");
}

static void
test_unreadable(void **state)
{
	struct keyset keys = { 0 };
	struct fault fault = { 0 };

	(void)state;
	assert_false(members_load("/tmp/no/such/file", &keys, &fault));
	assert_int_equal(fault.kind, FAULT_CONFIG);
	assert_non_null(strstr(fault.text, "/tmp/no/such/file"));
	assert_false(members_load("/tmp", &keys, &fault));
	assert_int_equal(fault.kind, FAULT_CONFIG);
	assert_non_null(strstr(fault.text, "/tmp: cannot be read"));
	members_clear(&keys);
}

static int
set_up(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int
clean_up(void **state)
{
	(void)state;
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_mailbox),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_unreadable),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, clean_up);
}
