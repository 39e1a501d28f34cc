/*
 * crd: tests/data/crd.tsv, the forms of field, subject and operator, and what
 * must hold for all times and for large texts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/civil.h"
#include "core/crd.h"

#define DEFAULT_HOUR_SECS	(14 * 3600)
#define MIN_ROWS		900
#define MEGABYTE		(1024 * 1024)

/* 2026-07-25T09:00:00Z, a Saturday */
#define REFERENCE		1784970000

typedef void parser(struct span, int64_t, int, struct crd *);

/* "2026-08-03T14:00Z", "... assumed", "none", "human: reason" */
static void
describe(const struct crd *crd, char *dst, size_t size)
{
	char at[CRD_PRINT_SIZE];

	if (crd->kind == CRD_NONE)
		snprintf(dst, size, "none");
	else if (crd->kind == CRD_HUMAN)
		snprintf(dst, size, "human: %s", crd->reason);
	else {
		crd_print(crd->at, at);
		if (strcmp(at + 16, ":00Z") == 0)
			strcpy(at + 16, "Z");
		snprintf(dst, size, "%s%s", at,
		    crd->hour_assumed ? " assumed" : "");
	}
}

/* "\n" and "\r" in a row of the table */
static void
unescape(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++) {
		if (s[0] == '\\' && (s[1] == 'n' || s[1] == 'r')) {
			*to++ = s[1] == 'n' ? '\n' : '\r';
			s++;
		} else
			*to++ = *s;
	}
	*to = '\0';
}

static bool
check_text(const char *reference, const char *text, const char *expected)
{
	struct crd ref, crd;
	char got[128];

	crd_parse_field(text_span(reference), REFERENCE, 0, &ref);
	assert_int_equal(ref.kind, CRD_DATE);
	crd_parse_text(text_span(text), ref.at, DEFAULT_HOUR_SECS, &crd);
	describe(&crd, got, sizeof(got));
	if (strcmp(got, expected) == 0)
		return true;
	print_error("%s\n  ==> %s, expected %s\n", text, got, expected);
	return false;
}

/* Each line of a row behind a mark: nothing is said anew. */
static bool
check_quoted(const char *reference, const char *text, const char *expected)
{
	char quoted[8192] = "> ";
	size_t n = 2;

	(void)expected;
	for (; *text != '\0'; text++) {
		assert_true(n + 4 < sizeof(quoted));
		quoted[n++] = *text;
		if (*text == '\n') {
			quoted[n++] = '>';
			quoted[n++] = ' ';
		}
	}
	quoted[n] = '\0';
	return check_text(reference, quoted, "none");
}

/* Words and dates of other things before and behind it change nothing. */
static bool
check_amid(const char *reference, const char *text, const char *expected)
{
	char amid[8192];

	assert_true(snprintf(amid, sizeof(amid), "Hi all,\n\nwe met on "
	    "2026-07-20.\n\n%s\n\nNext call: 2026-07-30 14:00 UTC.\n", text) <
	    (int)sizeof(amid));
	return check_text(reference, amid, expected);
}

static void
read_table(bool (*check)(const char *, const char *, const char *))
{
	const char *top = getenv("top_srcdir");
	char path[4096], *line = NULL, *text, *expected;
	size_t size = 0, rows = 0, wrong = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/data/crd.tsv",
	    top == NULL ? "." : top);
	file = fopen(path, "r");
	assert_non_null(file);
	while (getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		text = strchr(line, '\t');
		assert_non_null(text);
		*text++ = '\0';
		expected = strchr(text, '\t');
		assert_non_null(expected);
		*expected++ = '\0';
		unescape(text);
		wrong += check(line, text, expected) ? 0 : 1;
		rows++;
	}
	free(line);
	fclose(file);
	assert_int_equal(wrong, 0);
	assert_true(rows >= MIN_ROWS);
}

static void
test_table(void **state)
{
	(void)state;
	read_table(check_text);
}

static void
test_quoted(void **state)
{
	(void)state;
	read_table(check_quoted);
}

static void
test_amid(void **state)
{
	(void)state;
	read_table(check_amid);
}

struct row {
	const char	*text;
	const char	*expected;
};

static void
check_rows(parser *parse, const struct row *rows, size_t n)
{
	struct crd crd;
	char got[128];
	size_t i, wrong = 0;

	for (i = 0; i < n; i++) {
		parse(text_span(rows[i].text), REFERENCE, DEFAULT_HOUR_SECS,
		    &crd);
		describe(&crd, got, sizeof(got));
		if (strcmp(got, rows[i].expected) == 0)
			continue;
		print_error("%s ==> %s, expected %s\n", rows[i].text, got,
		    rows[i].expected);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(parse, rows) \
	check_rows((parse), (rows), sizeof(rows) / sizeof((rows)[0]))

static void
test_field(void **state)
{
	static const struct row rows[] = {
		{ "2026-08-03T14:00:00Z", "2026-08-03T14:00Z" },
		{ "2026-08-03t14:00z", "2026-08-03T14:00Z" },
		{ "2026-08-03 14:00 UTC", "2026-08-03T14:00Z" },
		{ " 2026-08-03 16:00:30 +0200 ", "2026-08-03T14:00:30Z" },
		{ "Mon, 3 Aug 2026 16:00:00 +0200", "2026-08-03T14:00Z" },
		{ "Mon, 03 Aug 2026 14:00:00 GMT", "2026-08-03T14:00Z" },
		{ "Mon, 03 Aug 2026 14:00:00 -0000", "2026-08-03T14:00Z" },
		{ "Mon, 3 Aug\r\n 2026 14:00:00 +0000", "2026-08-03T14:00Z" },
		{ "2026-08-03", "2026-08-03T14:00Z assumed" },
		{ "3 Aug", "2026-08-03T14:00Z assumed" },
		{ "<2026-08-03T14:00Z>", "2026-08-03T14:00Z" },
		{ "", "none" },
		{ "   ", "none" },
		{ "soon", "human: cannot be read as a date" },
		{ "2026-08-03 14:00 UTC, or later",
		    "human: cannot be read as a date" },
		{ "2026-08-03 2026-08-04",
		    "human: cannot be read as a date" },
		{ "14:00 UTC", "human: cannot be read as a date" },
		{ "14 days", "human: duration without a date" },
		{ "in 14 days", "human: duration without a date" },
		{ "next Tuesday", "human: relative date" },
		{ "2026-02-30", "human: no such date" },
		{ "2026-08-03 14:00", "human: time without a zone" },
		{ "9999-12-31", "human: year is out of range" },
		{ "99999999-12-31", "human: cannot be read as a date" },
		{ "Tue, 3 Aug 2026 14:00:00 +0000",
		    "human: weekday contradicts the date" },
		{ "2026-08-03T14:00:00+25:00", "human: no such zone" },
		{ "2026-08-03\001", "human: cannot be read as a date" },
		{ "2026-08-0\xef\xbc\x93", "human: cannot be read as a date" },
		{ "\xe2\x80\xae" "2026-08-03",
		    "human: cannot be read as a date" },
	};
	static const uint8_t nul[] = "2026-08-03\0" "4";
	char huge[2000];
	struct crd crd;

	(void)state;
	CHECK(crd_parse_field, rows);
	memset(huge, '1', sizeof(huge));
	crd_parse_field((struct span){ (uint8_t *)huge, sizeof(huge) },
	    REFERENCE, 0, &crd);
	assert_int_equal(crd.kind, CRD_HUMAN);
	crd_parse_field((struct span){ NULL, 0 }, REFERENCE, 0, &crd);
	assert_int_equal(crd.kind, CRD_NONE);
	crd_parse_field((struct span){ nul, sizeof(nul) }, REFERENCE, 0, &crd);
	assert_int_equal(crd.kind, CRD_HUMAN);
}

static void
test_subject(void **state)
{
	static const struct row rows[] = {
		{ "[vs] [CRD 2026-12-01 14:00 UTC] hole in foo",
		    "2026-12-01T14:00Z" },
		{ "[vs][crd: 2026-12-01T14:00Z] foo", "2026-12-01T14:00Z" },
		{ "[embargo 2026-12-01] foo", "2026-12-01T14:00Z assumed" },
		{ "[embargo until 1 Dec 2026 14:00 UTC] foo",
		    "2026-12-01T14:00Z" },
		{ "Re: [EMBARGOED until 2026-12-01] foo",
		    "2026-12-01T14:00Z assumed" },
		{ "[Embargoed until Tuesday, December 1st 2026, 2pm UTC] x",
		    "2026-12-01T14:00Z" },
		{ "[embargo] foo", "none" },
		{ "[embargoed] foo", "none" },
		{ "[embargoed report] foo", "none" },
		{ "[vs] foo 2026-12-01", "none" },
		{ "CRD 2026-12-01", "none" },
		{ "[CRDs of 2026-12-01]", "none" },
		{ "[", "none" },
		{ "[CRD 2026-12-01", "none" },
		{ "[CRD soon] foo", "human: cannot be read as a date" },
		{ "[CRD 02/06/2023] foo",
		    "human: day and month could be either" },
		{ "[embargo 14 days] foo", "human: duration without a date" },
		{ "[CRD 2026-12-01 14:00] foo", "human: time without a zone" },
		{ "[CRD 2026-12-01] Re: [CRD 2026-12-01] foo",
		    "2026-12-01T14:00Z assumed" },
		{ "[CRD 2026-12-01] Re: [CRD 2026-12-02] foo",
		    "human: two different dates" },
		{ "[[CRD 2026-12-01]] foo", "2026-12-01T14:00Z assumed" },
	};

	(void)state;
	CHECK(crd_parse_subject, rows);
}

static void
test_operator(void **state)
{
	static const struct row rows[] = {
		{ "+3d", "2026-07-28T09:00Z" },
		{ "+36h", "2026-07-26T21:00Z" },
		{ "+90m", "2026-07-25T10:30Z" },
		{ "+2w", "2026-08-08T09:00Z" },
		{ "tomorrow 14:00", "2026-07-26T14:00Z" },
		{ "tomorrow", "2026-07-26T14:00Z assumed" },
		{ "today 16:00 UTC", "2026-07-25T16:00Z" },
		{ "2026-08-03 15:00", "2026-08-03T15:00Z" },
		{ "2026-08-03 15:00 UTC", "2026-08-03T15:00Z" },
		{ "2026-08-03T15:00:00+02:00", "2026-08-03T13:00Z" },
		{ "2026-08-03", "2026-08-03T14:00Z assumed" },
		{ "Aug 3 15:00", "2026-08-03T15:00Z" },
		{ "+3", "human: cannot be read as a date" },
		{ "+d", "human: cannot be read as a date" },
		{ "+-3d", "human: cannot be read as a date" },
		{ "+99999d", "human: cannot be read as a date" },
		{ "3d", "human: duration without a date" },
		{ "whenever", "human: cannot be read as a date" },
		{ "02/06/2026", "human: day and month could be either" },
		{ "friday", "human: relative date" },
		{ "", "none" },
	};

	(void)state;
	CHECK(crd_parse_operator, rows);
}

/* Whatever crd_print() wrote is read back, in every place. */
static void
test_round_trip(void **state)
{
	int64_t at, reference;
	uint64_t seed = 20261124;
	char text[128], printed[CRD_PRINT_SIZE];
	struct crd crd;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		at = (int64_t)((seed >> 20) % ((uint64_t)86400 * 365 * 200)) +
		    (int64_t)86400 * 365 * 30;
		reference = at - (int64_t)(seed >> 50) * 60;
		crd_print(at, printed);
		crd_parse_field(text_span(printed), reference, 0, &crd);
		assert_int_equal(crd.kind, CRD_DATE);
		assert_int_equal(crd.at, at);
		assert_false(crd.hour_assumed);
		snprintf(text, sizeof(text), "Hi,\n\nthe CRD is %s.\n",
		    printed);
		crd_parse_text(text_span(text), reference, 0, &crd);
		assert_int_equal(crd.kind, CRD_DATE);
		assert_int_equal(crd.at, at);
	}
}

/* A long run of unit, with a sure date at the end; seconds it takes. */
static double
measure(const char *unit, size_t bytes, enum crd_kind expected)
{
	static const char last[] = "\n\nCRD: 2026-08-03 14:00 UTC\n";
	size_t len = strlen(unit), n = 0;
	char *text = malloc(bytes + len + sizeof(last));
	struct crd crd;
	clock_t begun;

	assert_non_null(text);
	while (n < bytes) {
		memcpy(text + n, unit, len);
		n += len;
	}
	memcpy(text + n, last, sizeof(last) - 1);
	n += sizeof(last) - 1;
	begun = clock();
	crd_parse_text((struct span){ (uint8_t *)text, n }, REFERENCE,
	    DEFAULT_HOUR_SECS, &crd);
	if (crd.kind != expected)
		print_error("%s ==> %d: %s\n", unit, (int)crd.kind,
		    crd.kind == CRD_HUMAN ? crd.reason : "");
	free(text);
	assert_int_equal(crd.kind, expected);
	return (double)(clock() - begun) / CLOCKS_PER_SEC;
}

/* Eight times the text takes about eight times as long, never sixty. */
static void
test_linear(void **state)
{
	static const struct {
		const char	*unit;
		enum crd_kind	 expected;
	} rows[] = {
		{ "2026-08-03 14:00 UTC ", CRD_DATE },
		{ "2026-08-03\n", CRD_DATE },
		{ "CRD: 2026-08-03 14:00 UTC\n", CRD_DATE },
		{ "CRD ", CRD_DATE },
		{ "embargo ", CRD_DATE },
		{ "proposed ", CRD_DATE },
		{ "CRD: 2026-08-04 14:00 UTC ", CRD_HUMAN },
		{ "release date and/or ", CRD_DATE },
		{ "On Monday\n", CRD_DATE },
		{ "From: x\n", CRD_DATE },
		{ "Embargo-Until:\n", CRD_DATE },
		{ "OSS-Sec-Bot: {\"crd\": ", CRD_DATE },
		{ "August 3 2026, 14:00 UTC / ( ", CRD_DATE },
		{ "(((((", CRD_DATE },
		{ "1", CRD_DATE },
		{ "-", CRD_DATE },
		{ "\n", CRD_DATE },
		{ " ", CRD_DATE },
		{ "\xe2\x80\x8b", CRD_DATE },
		{ "\xef\xbc\x92", CRD_DATE },
	};
	double small, large;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		small = measure(rows[i].unit, MEGABYTE / 8, rows[i].expected);
		large = measure(rows[i].unit, MEGABYTE, rows[i].expected);
		if (large > 30 * small + 0.5)
			print_error("%s: %.3f s, %.3f s\n", rows[i].unit,
			    small, large);
		assert_true(large <= 30 * small + 0.5);
	}
}

/* A label and its date are found wherever the windows of the reader end. */
static void
test_windows(void **state)
{
	static const char row[] =
	    "\n\nThe proposed coordinated release date (CRD) for foo is\n"
	    "Monday, August 3rd, 2026 at 14:00 UTC.\n\n";
	char *text = malloc(64 * 1024);
	size_t words, n;
	struct crd crd;

	(void)state;
	assert_non_null(text);
	for (words = 1700; words < 2300; words++) {
		for (n = 0; n < words * 2; n += 2)
			memcpy(text + n, "x ", 2);
		memcpy(text + n, row, sizeof(row) - 1);
		n += sizeof(row) - 1;
		memset(text + n, ' ', 10);
		for (n += 10; n < 12000; n += 2)
			memcpy(text + n, "y ", 2);
		crd_parse_text((struct span){ (uint8_t *)text, n }, REFERENCE,
		    DEFAULT_HOUR_SECS, &crd);
		assert_int_equal(crd.kind, CRD_DATE);
		assert_int_equal(crd.at, 1785765600);
		assert_false(crd.hour_assumed);
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_amid),
		cmocka_unit_test(test_field),
		cmocka_unit_test(test_subject),
		cmocka_unit_test(test_operator),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_linear),
		cmocka_unit_test(test_windows),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
