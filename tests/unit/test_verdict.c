/*
 * verdict: the table of reasons, and what a sender reads of a judgement.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/policy.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define KEY "0123456789ABCDEF0123456789ABCDEF01234567"

static char *keys[] = { (char *)(uintptr_t)KEY };
static char *tags[] = { (char *)(uintptr_t)"[vs]",
    (char *)(uintptr_t)"[vs-plain]" };
static char url[] = "https://lists.test/policy";

/* Lower-case words and hyphens, none twice; printable text; a 4xx or 5xx. */
static void
test_rows(void **state)
{
	const struct reason_row *row;
	int i, k;

	(void)state;
	for (i = 0; i < REASON_COUNT; i++) {
		row = verdict_row((enum reason)i);
		assert_int_equal(row->reason, i);
		assert_int_equal(strspn(row->name,
		    "abcdefghijklmnopqrstuvwxyz-"), strlen(row->name));
		for (k = 0; k < i; k++)
			assert_string_not_equal(row->name,
			    verdict_row((enum reason)k)->name);
		assert_true(row->code == 550 || row->code == 552 ||
		    row->code == 451);
		assert_int_equal(row->enhanced[0] - '0', row->code / 100);
		assert_int_equal(row->verdict == VERDICT_LATER,
		    row->code == 451);
		assert_true(strlen(row->text) > 20);
		assert_null(strchr(row->text, '%'));
		assert_true(strlen(row->text) < REPLY_LINE_MAX / 2);
		assert_true(strlen(row->remedy) < REPLY_LINE_MAX / 2);
	}
}

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(verdict_name(VERDICT_ACCEPT), "accept");
	assert_string_equal(verdict_name(VERDICT_QUARANTINE), "quarantine");
	assert_string_equal(verdict_name(VERDICT_LATER), "later");
	assert_string_equal(verdict_name(VERDICT_REJECT), "reject");
	assert_string_equal(verdict_name((enum verdict)99), "later");
}

static void
begin(struct judgement *j, enum reason reason, const char *what)
{
	static struct list_settings list;

	list.key = (struct strings){ keys, 1 };
	list.subject_tags = (struct strings){ tags, 2 };
	list.subject_url = url;
	list.enforce = true;
	policy_refuse(&list, reason, j);
	j->what = what;
}

/* Every reply fits SMTP, names the reason's remedy, and no % is left. */
static void
test_replies(void **state)
{
	struct judgement j;
	struct reply reply;
	size_t i;
	int reason;

	(void)state;
	for (reason = 0; reason < REASON_COUNT; reason++) {
		begin(&j, (enum reason)reason, "readable text");
		strcpy(j.label, "2");
		j.line = 14;
		policy_reply(&j, &reply);
		assert_int_equal(reply.code,
		    verdict_row((enum reason)reason)->code);
		assert_true(reply.nlines >= 2 && reply.nlines <= REPLY_LINES);
		assert_string_equal(reply.lines[1],
		    "Found: part 2, line 14: readable text");
		for (i = 0; i < reply.nlines; i++) {
			assert_true(reply.lines[i][0] != '\0');
			assert_null(strchr(reply.lines[i], '%'));
		}
	}
}

static void
test_reply(void **state)
{
	struct judgement j;
	struct reply reply;

	(void)state;
	begin(&j, REASON_WRONG_KEY, "");
	policy_reply(&j, &reply);
	assert_int_equal(reply.nlines, 3);
	assert_string_equal(reply.lines[1],
	    "Encrypt it to " KEY " and send it again.");
	assert_string_equal(reply.lines[2],
	    "The list's policy: https://lists.test/policy");
	begin(&j, REASON_MISSING_SUBJECT_TAG, "");
	policy_reply(&j, &reply);
	assert_string_equal(reply.lines[1],
	    "Add one of these to the Subject: [vs] [vs-plain]");
	/* no policy for a mail that comes again by itself */
	begin(&j, REASON_LATER, "");
	policy_reply(&j, &reply);
	assert_int_equal(reply.nlines, 2);
	assert_int_equal(reply.code, 451);
	assert_string_equal(reply.enhanced, "4.3.0");
	/* no list: --any-key */
	begin(&j, REASON_WRONG_KEY, "");
	j.list = NULL;
	policy_reply(&j, &reply);
	assert_int_equal(reply.nlines, 2);
	assert_string_equal(reply.lines[1],
	    "Encrypt it to  and send it again.");
}

/* Many keys are cut, never written past their line. */
static void
test_many_keys(void **state)
{
	struct list_settings list;
	char *many[30];
	struct judgement j;
	struct reply reply;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(many); i++)
		many[i] = keys[0];
	memset(&list, 0, sizeof(list));
	list.enforce = true;
	list.key = (struct strings){ many, COUNT(many) };
	policy_refuse(&list, REASON_WRONG_KEY, &j);
	policy_reply(&j, &reply);
	assert_int_equal(reply.nlines, 2);
	assert_int_equal(strlen(reply.lines[1]), REPLY_LINE_MAX - 1);
}

static void
test_explain(void **state)
{
	/* label, line, what ==> explanation */
	static const struct {
		const char	*label;
		size_t		 line;
		const char	*what, *expected;
	} rows[] = {
		{ "2", 14, "x", "part 2, line 14: x" },
		{ "2.1", 0, "x", "part 2.1: x" },
		{ "", 3, "x", "line 3: x" }, { "", 0, "x", "x" },
		{ "", 0, "", "Your message also goes to a public list." },
		{ "1", 0, "", "part 1: Your message also goes to a public "
		    "list." },
	};
	struct judgement j;
	char got[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		begin(&j, REASON_PUBLIC_COPY, rows[i].what);
		strcpy(j.label, rows[i].label);
		j.line = rows[i].line;
		policy_explain(&j, got, sizeof(got));
		assert_string_equal(got, rows[i].expected);
	}
	policy_explain(&j, got, 5);
	assert_string_equal(got, "part");
}

/* The judgements of two lists, worst first. */
static void
test_worse(void **state)
{
	enum verdict a, b;
	struct judgement worst, other;
	int odd;

	(void)state;
	for (a = VERDICT_ACCEPT; a <= VERDICT_REJECT; a++)
		for (b = VERDICT_ACCEPT; b <= VERDICT_REJECT; b++) {
			policy_begin(&worst);
			policy_begin(&other);
			worst.verdict = a;
			worst.what = "a";
			other.verdict = b;
			other.what = "b";
			policy_worse(&worst, &other);
			assert_int_equal(worst.verdict, a > b ? a : b);
			assert_string_equal(worst.what, b > a ? "b" : "a");
		}
	for (odd = 0; odd < 3; odd++) {
		policy_begin(&worst);
		policy_begin(&other);
		worst.verdict = other.verdict = VERDICT_ACCEPT;
		other.is_warned = odd == 0;
		other.is_trial = odd == 1;
		other.is_wrapped = odd == 2;
		policy_worse(&worst, &other);
		assert_memory_equal(&worst, &other, sizeof(worst));
		other.what = "later one";
		policy_worse(&worst, &other);
		assert_string_equal(worst.what, "");
	}
}

static void
test_begin(void **state)
{
	struct list_settings list;
	struct judgement j;

	(void)state;
	policy_begin(&j);
	assert_int_equal(j.verdict, VERDICT_LATER);
	assert_int_equal(j.reason, REASON_LATER);
	memset(&list, 0, sizeof(list));
	list.enforce = true;
	policy_later(&list, &j);
	assert_int_equal(j.verdict, VERDICT_LATER);
	policy_refuse(&list, REASON_REPLAYED, &j);
	assert_int_equal(j.verdict, VERDICT_REJECT);
	assert_int_equal(j.reason, REASON_REPLAYED);
	list.enforce = false;
	policy_refuse(&list, REASON_REPLAYED, &j);
	assert_int_equal(j.verdict, VERDICT_ACCEPT);
	assert_true(j.is_trial);
	policy_later(&list, &j);
	assert_int_equal(j.verdict, VERDICT_ACCEPT);
	assert_int_equal(j.reason, REASON_LATER);
	assert_true(j.is_trial);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_worse),
		cmocka_unit_test(test_begin),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
