/*
 * notice: Embargo-* fields in a header and in text.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/notice.h"

#define NOW	1784970000	/* 2026-07-25T09:00Z */
#define HOUR	(14 * 3600)

static const struct {
	const char	*text, *expected;
} rows[] = {
	{ "Embargo-Status: public https://example.org/1",
	    "public https://example.org/1" },
	{ "embargo-status:  Semi-Public <https://example.org/1>",
	    "semi-public https://example.org/1" },
	{ "Embargo-Status: broken", "broken" },
	{ "**Embargo-Status:** invalid", "invalid" },
	{ "Embargo-Status: embargoed", "unclear 1" },
	{ "Embargo-Status: publick", "unclear 1" },
	{ "Embargo-Status: public see the list", "unclear 1" },
	{ "Embargo-Status: public javascript:alert(1)", "unclear 1" },
	{ "Embargo-Status:", "" },
	{ "> Embargo-Status: public", "" },
	{ "The Embargo-Status: public", "" },
	{ "Embargo-Status: public\nEmbargo-Status: public", "public" },
	{ "Embargo-Status: public\nEmbargo-Status: broken",
	    "public unclear 5" },
	{ "Embargo-CVE: CVE-2026-1234", "cve CVE-2026-1234" },
	{ "Embargo-CVE: cve-2026-1234, CVE-2026-123456",
	    "cve CVE-2026-1234 CVE-2026-123456" },
	{ "Embargo-CVE: CVE-2026-1", "unclear 2" },
	{ "Embargo-CVE: 2026-1234", "unclear 2" },
	{ "Embargo-CVE: CVE-2026-1234\nEmbargo-CVE: CVE-2026-1235",
	    "cve CVE-2026-1234 CVE-2026-1235" },
	{ "Embargo-Exploit: yes", "exploit 0" },
	{ "Embargo-Exploit: 2026-08-10 14:00 UTC", "exploit 1786370400" },
	{ "Embargo-Exploit: 2026-08-10", "exploit 1786370400 assumed" },
	{ "Embargo-Exploit: next week", "unclear 3" },
	{ "Embargo-Exploit: yes\nEmbargo-Exploit: 2026-08-10",
	    "exploit 0 unclear 5" },
	{ "Embargo-Issue: VS-2026-0007", "issue VS-2026-0007" },
	{ "Embargo-Issue: 7", "unclear 4" },
	{ "Embargo-Issue: VS-2026-0007\nEmbargo-Issue: VS-2026-0008",
	    "issue VS-2026-0007 unclear 5" },
	{ "Embargo-Other: x", "" },
	{ "", "" },
};

static void
print(const struct notice *n, char *dst, size_t size)
{
	size_t len = 0;

	dst[0] = '\0';
	if (n->has_state)
		len += (size_t)snprintf(dst + len, size - len, " %s%s%s",
		    issue_state_name(n->state), n->url[0] == '\0' ? "" : " ",
		    n->url);
	if (n->cve[0] != '\0')
		len += (size_t)snprintf(dst + len, size - len, " cve %s",
		    n->cve);
	if (n->has_exploit)
		len += (size_t)snprintf(dst + len, size - len,
		    " exploit %lld%s", (long long)n->exploit_at,
		    n->exploit_hour_assumed ? " assumed" : "");
	if (n->issue[0] != '\0')
		len += (size_t)snprintf(dst + len, size - len, " issue %s",
		    n->issue);
	if (n->problem != NOTICE_CLEAR)
		snprintf(dst + len, size - len, " unclear %d",
		    (int)n->problem);
	memmove(dst, dst + (dst[0] == ' '), strlen(dst) + (dst[0] != ' '));
}

static void
test_text(void **state)
{
	struct notice notice;
	char got[1000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&notice, 0, sizeof(notice));
		notice_add_text(text_span(rows[i].text), NOW, HOUR, &notice);
		print(&notice, got, sizeof(got));
		if (strcmp(got, rows[i].expected) != 0)
			fail_msg("%s -> %s", rows[i].text, got);
	}
}

/* A better place wins, field by field; the others are added. */
static void
test_places(void **state)
{
	struct notice notice;
	struct fields fields;
	char got[1000];

	(void)state;
	memset(&notice, 0, sizeof(notice));
	memset(&fields, 0, sizeof(fields));
	field_add(&fields, text_span("Embargo-Status"), text_span(" public"));
	notice_add_fields(&fields, NOW, HOUR, &notice);
	notice_add_text(text_span("Embargo-Status: broken\n"
	    "Embargo-CVE: CVE-2026-1234\n"), NOW, HOUR, &notice);
	print(&notice, got, sizeof(got));
	assert_string_equal(got, "public cve CVE-2026-1234");
	field_clear(&fields);
}

static void
test_long(void **state)
{
	struct notice notice;
	static char url[800] = "Embargo-Status: public https://x/";
	static char cves[2000];
	size_t i;

	(void)state;
	memset(url + strlen(url), 'a', sizeof(url) - strlen(url) - 1);
	memset(&notice, 0, sizeof(notice));
	notice_add_text(text_span(url), NOW, HOUR, &notice);
	assert_int_equal(notice.problem, NOTICE_BAD_STATUS);
	strcpy(cves, "Embargo-CVE:");
	for (i = 0; i < 60; i++)
		strcat(cves, " CVE-2026-123456");
	memset(&notice, 0, sizeof(notice));
	notice_add_text(text_span(cves), NOW, HOUR, &notice);
	assert_int_equal(notice.problem, NOTICE_BAD_CVE);
	assert_true(strlen(notice.cve) < NOTICE_CVE_SIZE);
}

static void
test_problem_texts(void **state)
{
	int i;

	(void)state;
	assert_string_equal(notice_problem_text(NOTICE_CLEAR), "");
	for (i = NOTICE_BAD_STATUS; i <= NOTICE_TWICE; i++)
		assert_true(strlen(notice_problem_text(
		    (enum notice_problem)i)) > 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_problem_texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
