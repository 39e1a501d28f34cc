/*
 * memo: our own mails, byte for byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/memo.h"

#define NOW	INT64_C(1800000000)	/* 2027-01-15T08:00Z, a Friday */
#define DAY	INT64_C(86400)

static char one[] = "a@example.org", two[] = "b@example.org";
static char *addresses[] = { one, two };
static const struct strings both = { addresses, 2 }, single = { addresses, 1 };
static char list[] = "distros", none[] = "", cve[] = "CVE-2027-1",
    url[] = "https://x.test/1";

static const struct memo frame = { "embargo@example.org", &single,
    "embargo.distros.alert.5-0@example.org", NOW };

/* The alert of the tests below. */
static const struct memo_alert overdue = { "overdue", "VS-2027-0001",
    NOW - 60, NOW - 2 * DAY, "embargoed", "Publish now.", NULL };

static void
begin(struct buf *out)
{
	buf_init(out, 100000);
}

/* The text, LF for CRLF; a bare CR or LF fails. */
static void
expect(struct buf *out, const char *text)
{
	char got[10000];
	size_t i, n = 0;

	for (i = 0; i < out->len; i++) {
		if (out->data[i] == '\r') {
			assert_true(i + 1 < out->len);
			assert_int_equal(out->data[i + 1], '\n');
			continue;
		}
		if (out->data[i] == '\n')
			assert_true(i > 0 && out->data[i - 1] == '\r');
		assert_in_range(out->data[i], '\n', '~');
		got[n++] = (char)out->data[i];
	}
	got[n] = '\0';
	assert_string_equal(got, text);
	buf_clear(out);
}

static void
test_bare(void **state)
{
	struct buf out;

	(void)state;
	begin(&out);
	assert_true(memo_put_bare(&frame, &overdue, &out));
	expect(&out,
	    "From: embargo@example.org\n"
	    "To: a@example.org\n"
	    "Subject: [embargo] VS-2027-0001: overdue\n"
	    "Date: Fri, 15 Jan 2027 08:00:00 +0000\n"
	    "Message-ID: <embargo.distros.alert.5-0@example.org>\n"
	    "Auto-Submitted: auto-generated\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=us-ascii\n"
	    "Content-Transfer-Encoding: 7bit\n"
	    "\n"
	    "Issue:         VS-2027-0001\n"
	    "Alert:         overdue\n"
	    "Raised:        2027-01-15T07:59:00Z\n"
	    "\n"
	    "For the details: embargoctl alerts\n");
}

/* Without an issue; several recipients are folded. */
static void
test_bare_without_issue(void **state)
{
	struct memo_alert alert = overdue;
	struct memo memo = frame;
	struct buf out;

	(void)state;
	memo.to = &both;
	alert.issue = "";
	alert.kind = "refused";
	begin(&out);
	assert_true(memo_put_bare(&memo, &alert, &out));
	expect(&out,
	    "From: embargo@example.org\n"
	    "To: a@example.org,\n b@example.org\n"
	    "Subject: [embargo] refused\n"
	    "Date: Fri, 15 Jan 2027 08:00:00 +0000\n"
	    "Message-ID: <embargo.distros.alert.5-0@example.org>\n"
	    "Auto-Submitted: auto-generated\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=us-ascii\n"
	    "Content-Transfer-Encoding: 7bit\n"
	    "\n"
	    "Alert:         refused\n"
	    "Raised:        2027-01-15T07:59:00Z\n"
	    "\n"
	    "For the details: embargoctl alerts\n");
}

static void
fill_issue(struct issue *issue)
{
	memset(issue, 0, sizeof(*issue));
	strcpy(issue->id, "VS-2027-0001");
	issue->state = ISSUE_SEMI_PUBLIC;
	issue->list = list;
	issue->due_at = NOW + 3 * DAY + 3600;
	issue->is_assumed = true;
	issue->exploit_at = NOW + 10 * DAY;
	issue->opened_at = NOW - 5 * DAY;
	issue->last_at = NOW - 3600;
	issue->messages = 4;
	issue->cve = cve;
	issue->url = url;
}

static void
test_details(void **state)
{
	struct memo_alert alert = overdue;
	struct issue issue;
	struct buf out;

	(void)state;
	fill_issue(&issue);
	alert.known = &issue;
	begin(&out);
	assert_true(memo_put_details(&frame, &alert, &out));
	expect(&out,
	    "Content-Type: text/plain; charset=us-ascii; "
	    "protected-headers=\"v1\"\n"
	    "Content-Transfer-Encoding: 7bit\n"
	    "From: embargo@example.org\n"
	    "To: a@example.org\n"
	    "Subject: [embargo] VS-2027-0001: overdue\n"
	    "Date: Fri, 15 Jan 2027 08:00:00 +0000\n"
	    "Message-ID: <embargo.distros.alert.5-0@example.org>\n"
	    "\n"
	    "Publish now.\n"
	    "\n"
	    "Issue:         VS-2027-0001\n"
	    "Alert:         overdue\n"
	    "Raised:        2027-01-15T07:59:00Z (1 min ago)\n"
	    "About:         2027-01-13T08:00:00Z (2 d 0 h ago)\n"
	    "State then:    embargoed\n"
	    "List:          distros\n"
	    "State now:     semi-public\n"
	    "Embargo until: 2027-01-18T09:00:00Z (in 3 d 1 h), assumed\n"
	    "Exploit:       2027-01-25T08:00:00Z (in 10 d 0 h)\n"
	    "Opened:        2027-01-10T08:00:00Z (5 d 0 h ago)\n"
	    "Last message:  2027-01-15T07:00:00Z (1 h 0 min ago)\n"
	    "Messages:      4\n"
	    "CVE:           CVE-2027-1\n"
	    "Posting:       https://x.test/1\n"
	    "\n"
	    "    embargoctl show VS-2027-0001\n"
	    "    embargoctl ack VS-2027-0001 overdue\n");
}

/* What does not apply is left out; nothing to acknowledge. */
static void
test_few_details(void **state)
{
	struct memo_alert alert = overdue;
	struct issue issue;
	struct buf out;

	(void)state;
	fill_issue(&issue);
	issue.due_at = issue.exploit_at = issue.last_at = 0;
	issue.cve = issue.url = none;
	alert.known = &issue;
	alert.kind = "moved";
	alert.due_at = 0;
	begin(&out);
	assert_true(memo_put_details(&frame, &alert, &out));
	assert_true(buf_add(&out, "", 1));
	assert_non_null(strstr((char *)out.data, "State then:    embargoed\r\n"
	    "List:          distros\r\n"
	    "State now:     semi-public\r\n"
	    "Opened:        2027-01-10T08:00:00Z (5 d 0 h ago)\r\n"
	    "Messages:      4\r\n"
	    "\r\n"
	    "    embargoctl show VS-2027-0001\r\n"));
	assert_null(strstr((char *)out.data, "embargoctl ack"));
	buf_clear(&out);
}

/* No value begins a line or field of its own. */
static void
test_hostile_values(void **state)
{
	struct memo_alert alert = { "kind\r\nBcc: x@y.test",
	    "VS\r\n\r\nbody", NOW, 0, "a\nb", "one\r\ntwo \t three\x80", NULL };
	struct buf out;

	(void)state;
	begin(&out);
	assert_true(memo_put_bare(&frame, &alert, &out));
	assert_true(buf_add(&out, "", 1));
	assert_null(strstr((char *)out.data, "\nBcc"));
	assert_non_null(strstr((char *)out.data,
	    "Subject: [embargo] VS????body: kind??Bcc: x@y.test\r\n"));
	buf_clear(&out);
	assert_true(memo_put_details(&frame, &alert, &out));
	assert_true(buf_add(&out, "", 1));
	assert_null(strstr((char *)out.data, "\nBcc"));
	assert_non_null(strstr((char *)out.data,
	    "\r\n\r\none??two ? three?\r\n"));
	assert_null(strstr((char *)out.data, "show VS\r"));
	buf_clear(&out);
}

/* Long texts are wrapped at blanks, a long word stays whole. */
static void
test_wrapped(void **state)
{
	char text[2000] = "", want[120];
	struct memo_alert alert = overdue;
	struct buf out;
	size_t i, column = 0;

	(void)state;
	for (i = 0; i < 60; i++)
		strcat(text, "twelve chars  ");
	memset(want, 'w', 100);
	want[100] = '\0';
	strcat(text, want);
	alert.text = text;
	begin(&out);
	assert_true(memo_put_details(&frame, &alert, &out));
	for (i = 0; i < out.len; i++) {
		column = out.data[i] == '\n' ? 0 : column + 1;
		assert_in_range(column, 0, 101);
	}
	assert_true(buf_add(&out, "", 1));
	assert_non_null(strstr((char *)out.data, "\r\ntwelve chars twelve "
	    "chars twelve chars twelve chars twelve chars twelve\r\nchars "));
	strcat(want, "\r\n\r\nIssue:");
	assert_non_null(strstr((char *)out.data, want));
	buf_clear(&out);
}

static void
test_sealed(void **state)
{
	struct buf out;

	(void)state;
	begin(&out);
	assert_true(memo_put_sealed(&frame, text_span("-----BEGIN\nxx\n"),
	    &out));
	expect(&out,
	    "From: embargo@example.org\n"
	    "To: a@example.org\n"
	    "Subject: ...\n"
	    "Date: Fri, 15 Jan 2027 08:00:00 +0000\n"
	    "Message-ID: <embargo.distros.alert.5-0@example.org>\n"
	    "Auto-Submitted: auto-generated\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: multipart/encrypted; "
	    "protocol=\"application/pgp-encrypted\"; "
	    "boundary=\"=_embargo-milter_pgp-mime\"\n"
	    "\n"
	    "This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)\n"
	    "--=_embargo-milter_pgp-mime\n"
	    "Content-Type: application/pgp-encrypted\n"
	    "Content-Description: PGP/MIME version identification\n"
	    "\n"
	    "Version: 1\n"
	    "\n"
	    "--=_embargo-milter_pgp-mime\n"
	    "Content-Type: application/octet-stream; name=\"encrypted.asc\"\n"
	    "Content-Description: OpenPGP encrypted message\n"
	    "Content-Disposition: inline; filename=\"encrypted.asc\"\n"
	    "\n"
	    "-----BEGIN\nxx\n"
	    "\n--=_embargo-milter_pgp-mime--\n");
}

static void
expect_reply(const struct memo_reply *reply, const char *text)
{
	char want[1000];
	struct buf out;

	snprintf(want, sizeof(want),
	    "From: embargo@example.org\n"
	    "To: a@example.org\n"
	    "Subject: Your report: VS-2027-0001\n"
	    "Date: Fri, 15 Jan 2027 08:00:00 +0000\n"
	    "Message-ID: <embargo.distros.alert.5-0@example.org>\n"
	    "Auto-Submitted: auto-replied\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=us-ascii\n"
	    "Content-Transfer-Encoding: 7bit\n"
	    "\n"
	    "Your report was recorded as VS-2027-0001.\n%s", text);
	begin(&out);
	assert_true(memo_put_reply(&frame, reply, &out));
	expect(&out, want);
}

static void
test_reply(void **state)
{
	struct memo_reply reply = { "VS-2027-0001", NOW + DAY, false };

	(void)state;
	expect_reply(&reply, "The embargo date recorded is "
	    "2027-01-16T08:00:00Z.\n");
	reply.is_assumed = true;
	expect_reply(&reply, "The embargo date recorded is "
	    "2027-01-16T08:00:00Z,\nassumed because none was stated.\n");
	reply.due_at = 0;
	expect_reply(&reply, "No embargo date is recorded yet.\n");
}

/* A full buffer is told, whatever is being written. */
static void
test_full(void **state)
{
	const struct memo_reply reply = { "VS-2027-0001", NOW, false };
	struct memo_alert alert = overdue;
	struct issue issue;
	struct buf out;
	size_t max;

	(void)state;
	fill_issue(&issue);
	alert.known = &issue;
	for (max = 0; max < 300; max++) {
		buf_init(&out, max);
		assert_false(memo_put_bare(&frame, &alert, &out));
		buf_clear(&out);
		assert_false(memo_put_details(&frame, &alert, &out));
		buf_clear(&out);
		assert_false(memo_put_sealed(&frame, text_span("x"), &out));
		buf_clear(&out);
		assert_false(memo_put_reply(&frame, &reply, &out));
		buf_clear(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_bare_without_issue),
		cmocka_unit_test(test_details),
		cmocka_unit_test(test_few_details),
		cmocka_unit_test(test_hostile_values),
		cmocka_unit_test(test_wrapped),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_full),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
