/*
 * The store against a real redis-server: which issue a message belongs to, what
 * counts as the same message, what operators read and change.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/rig_group.h"

/*
 * A row is a sequence of messages "ID[=BODY][ <- ANCESTOR]..."; what is
 * expected is "ISSUE-NUMBER KIND" for each.
 */
static const struct lineage_row {
	const char	*name;
	const char	*mails[6];
	const char	*expected[6];
} lineage_rows[] = {
	{ "new", { "a" }, { "1 new" } },
	{ "reply", { "a", "b <- a" }, { "1 new", "1 reply" } },
	{ "3: retry of the first", { "a", "a" }, { "1 new", "1 retry" } },
	{ "3: retry of a reply", { "a", "b <- a", "b <- a", "a" },
	    { "1 new", "1 reply", "1 retry", "1 retry" } },
	{ "two reports", { "a", "b" }, { "1 new", "2 new" } },
	{ "5: same id, other content", { "a", "a=other", "a=other" },
	    { "1 new", "2 duplicate", "2 retry" } },
	{ "5: same id, other content, as a reply", { "a", "b <- a",
	    "b=other <- a" }, { "1 new", "1 reply", "1 duplicate" } },
	{ "5: a reply to what was sent twice joins the first", { "a", "a=other",
	    "b <- a" }, { "1 new", "2 duplicate", "1 reply" } },
	{ "4: no id", { "=text", "=text", "=more" },
	    { "1 new", "1 retry", "2 new" } },
	{ "4: no id, a reply", { "a", "=text <- a", "=text <- a" },
	    { "1 new", "1 reply", "1 retry" } },
	{ "1: reply before its parent", { "b <- a", "a", "a" },
	    { "1 new", "1 reply", "1 retry" } },
	{ "1: two replies before their parent", { "b <- a", "c <- a", "a" },
	    { "1 new", "1 reply", "1 reply" } },
	{ "1: grandchild first", { "c <- b <- a", "b <- a", "a" },
	    { "1 new", "1 reply", "1 reply" } },
	{ "2: nearest of two ancestors", { "a", "b", "c <- b <- a" },
	    { "1 new", "2 new", "2 reply" } },
	{ "2: nearest known of two",
	    { "a", "b <- unknown <- a", "c <- unknown" },
	    { "1 new", "1 reply", "1 reply" } },
	{ "an ancestor counts more than a reply that came before",
	    { "c <- b", "a", "b <- a" }, { "1 new", "2 new", "2 reply" } },
	{ "11 and takes it home", { "c <- b", "a", "b <- a", "c <- b",
	    "d <- c" }, { "1 new", "2 new", "2 reply", "2 retry", "2 reply" } },
	{ "11 two steps", { "d <- c", "a", "c <- b", "b <- a", "d <- c" },
	    { "1 new", "2 new", "1 reply", "2 reply", "2 retry" } },
	{ "11 but not what has a report of its own", { "c <- b", "b", "x <- y"
	    " <- b", "a", "y <- a", "c <- b" }, { "1 new", "1 reply",
	    "1 reply", "2 new", "2 reply", "1 retry" } },
	{ "6: its own ancestor", { "a <- a", "a <- a" },
	    { "1 new", "1 retry" } },
};

static const char *
kind_name(enum store_kind kind)
{
	switch (kind) {
	case STORE_NEW:
		return "new";
	case STORE_REPLY:
		return "reply";
	case STORE_DUPLICATE:
		return "duplicate";
	case STORE_RETRY:
		return "retry";
	}
	return "?";
}

/* "ID=BODY <- ANCESTOR" */
static void
parse_mail(const char *text, struct store_mail *mail)
{
	struct span id;
	size_t at;

	rig_mail(&rig, text, mail);
	id = mail->message_id;
	at = text_find_nocase(id, "=");
	mail->message_id = text_sub(id, 0, at);
	if (at < id.len)
		mail->body = text_sub(id, at + 1, id.len);
}

static void
test_lineage(void **state)
{
	const struct lineage_row *row;
	struct store_answer answer;
	struct store_mail mail;
	char got[80];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(lineage_rows) / sizeof(*lineage_rows); i++) {
		row = &lineage_rows[i];
		rig_reset(&rig);
		for (k = 0; k < 6 && row->mails[k] != NULL; k++) {
			parse_mail(row->mails[k], &mail);
			rig_record(&rig, &mail, &answer);
			assert_int_equal(answer.refused, REASON_LATER);
			assert_true(strncmp(answer.issue, "VS-2027-000", 11)
			    == 0);
			snprintf(got, sizeof(got), "%s %s", answer.issue + 11,
			    kind_name(answer.kind));
			if (strcmp(got, row->expected[k]) != 0)
				fail_msg("%s: mail %zu: %s, expected %s",
				    row->name, k + 1, got, row->expected[k]);
		}
	}
}

static void
test_status(void **state)
{
	struct store_answer answer;
	struct store_change change = { .op = STORE_SET_STATE, .who = "me",
	    .now = RIG_NOW, .state = ISSUE_PUBLIC, .text = "https://x.test" };
	struct store_mail mail;
	struct fault fault;

	(void)state;
	rig_mail(&rig, "a", &mail);
	rig_record(&rig, &mail, &answer);
	assert_string_equal(answer.status, "new");
	rig_record(&rig, &mail, &answer);
	assert_string_equal(answer.status, "new");
	assert_true(answer.is_retry);
	rig_mail(&rig, "b <- a", &mail);
	mail.date.kind = CRD_DATE;
	mail.date.at = RIG_NOW + 5 * RIG_DAY;
	rig_record(&rig, &mail, &answer);
	assert_string_equal(answer.status, "moved");
	rig_record(&rig, &mail, &answer);
	assert_string_equal(answer.status, "moved");
	assert_true(answer.is_retry);
	assert_int_equal(answer.until, RIG_NOW + 5 * RIG_DAY);
	assert_true(store_change(rig.store, "distros", "VS-2027-0001",
	    &change, &fault));
	rig_mail(&rig, "c <- a", &mail);
	rig_record(&rig, &mail, &answer);
	assert_string_equal(answer.status, "public");
}

/* 3, 7: a nested list's copy is no second message. */
static void
test_counts_once(void **state)
{
	struct list_settings other;
	struct store_answer answer;
	struct store_mail mail;
	char who[40];

	(void)state;
	rig_mail(&rig, "a", &mail);
	rig_record(&rig, &mail, &answer);
	other = rig.list;
	other.name = (char *)(uintptr_t)"linux-distros";
	mail.list = &other;
	mail.now = RIG_NOW + 60;
	rig_record(&rig, &mail, &answer);
	assert_true(answer.is_retry);
	assert_string_equal(answer.issue, "VS-2027-0001");
	assert_string_equal(answer.status, "new");
	assert_int_equal(answer.until, RIG_NOW + 14 * RIG_DAY);
	rig_mail(&rig, "b <- a", &mail);
	mail.list = &other;
	rig_record(&rig, &mail, &answer);
	assert_int_equal(answer.kind, STORE_REPLY);
	assert_int_equal(rig_number(&rig, "HGET "
	    "embargo:{distros}:issue:VS-2027-0001 messages"), 2);
	assert_int_equal(rig_number(&rig, "HGET embargo:{distros}:counters "
	    "accepted"), 2);
	assert_int_equal(rig_number(&rig, "ZCARD embargo:{distros}:issues"),
	    1);
	rig_text(&rig, "HGET embargo:{distros}:issue:VS-2027-0001 list", who,
	    sizeof(who));
	assert_string_equal(who, "distros");
}

static void
test_hides_what_it_should(void **state)
{
	struct store_answer answer;
	struct store_mail mail;

	(void)state;
	rig_mail(&rig, "secret-id@example.org", &mail);
	mail.subject = text_span("secret subject");
	rig_record(&rig, &mail, &answer);
	assert_int_equal(rig_number(&rig, "HEXISTS "
	    "embargo:{distros}:issue:VS-2027-0001 subject"), 0);
	rig.list.store_subject = true;
	rig_mail(&rig, "other-id@example.org", &mail);
	mail.subject = text_span("secret subject");
	rig_record(&rig, &mail, &answer);
	assert_int_equal(rig_number(&rig, "HEXISTS "
	    "embargo:{distros}:issue:VS-2027-0002 subject"), 1);
}

/* A thread of five, each with full References, and a stated date. */
static const char *const thread_mails[] = {
	"a", "b <- a", "c <- b <- a", "d <- a", "e <- d <- a"
};
#define THREAD_MAILS 5

struct worker {
	pthread_t	thread;
	const int	*order;
	int		first, step;
};

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct store_answer answer;
	struct store_mail mail;
	int i;

	for (i = w->first; i < THREAD_MAILS; i += w->step) {
		rig_mail(&rig, thread_mails[w->order[i]], &mail);
		if (w->order[i] == 0) {
			mail.date.kind = CRD_DATE;
			mail.date.at = RIG_NOW + 3 * RIG_DAY;
		}
		rig_record(&rig, &mail, &answer);
	}
	return NULL;
}

static bool
next_order(int *order)
{
	int i = THREAD_MAILS - 2, k = THREAD_MAILS - 1, t;

	while (i >= 0 && order[i] > order[i + 1])
		i--;
	if (i < 0)
		return false;
	while (order[k] < order[i])
		k--;
	t = order[i], order[i] = order[k], order[k] = t;
	for (i++, k = THREAD_MAILS - 1; i < k; i++, k--)
		t = order[i], order[i] = order[k], order[k] = t;
	return true;
}

static void
test_any_order(void **state)
{
	int order[THREAD_MAILS] = { 0, 1, 2, 3, 4 }, orders = 0;
	struct worker workers[2];
	struct issue issue;
	struct fault fault;
	size_t i;

	(void)state;
	do {
		rig_reset(&rig);
		for (i = 0; i < 2; i++) {
			workers[i] = (struct worker){ .order = order,
			    .first = (int)i, .step = 2 };
			assert_int_equal(pthread_create(&workers[i].thread,
			    NULL, work, &workers[i]), 0);
		}
		for (i = 0; i < 2; i++)
			pthread_join(workers[i].thread, NULL);
		assert_int_equal(rig_number(&rig,
		    "ZCARD embargo:{distros}:issues"), 1);
		assert_true(store_load(rig.store, "distros", "VS-2027-0001",
		    &issue, &fault));
		assert_int_equal(issue.messages, THREAD_MAILS);
		assert_int_equal(issue.due_at, RIG_NOW + 3 * RIG_DAY);
		assert_false(issue.is_assumed);
		issue_clear(&issue);
		orders++;
	} while (next_order(order));
	assert_int_equal(orders, 120);
}

#define MEMORY_MAILS 10000
#define MEMORY_ISSUES 100

static int64_t
used_memory(void)
{
	struct kv_reply *reply = rig_ask(&rig, "INFO memory");
	struct span info = kv_text(reply);
	size_t at = text_find_nocase(info, "used_memory_dataset:");
	int64_t bytes;

	assert_true(at < info.len);
	bytes = strtoll((const char *)info.data + at + 20, NULL, 10);
	kv_reply_free(&reply);
	reply = rig_ask(&rig, "INFO memory");
	info = kv_text(reply);
	at = text_find_nocase(info, "used_memory_overhead:");
	bytes += strtoll((const char *)info.data + at + 21, NULL, 10);
	kv_reply_free(&reply);
	return bytes;
}

static void
test_memory(void **state)
{
	struct store_answer answer;
	struct store_mail mail;
	char lineage[100];
	int64_t before = 0, each;
	int i;

	(void)state;
	for (i = 0; i < MEMORY_MAILS + MEMORY_ISSUES; i++) {
		if (i < MEMORY_ISSUES)
			snprintf(lineage, sizeof(lineage), "%d@root", i);
		else
			snprintf(lineage, sizeof(lineage),
			    "%d@reply <- %d@root", i, i % MEMORY_ISSUES);
		if (i == MEMORY_ISSUES)
			before = used_memory();
		rig_mail(&rig, lineage, &mail);
		rig_record(&rig, &mail, &answer);
	}
	each = (used_memory() - before) / MEMORY_MAILS;
	print_message("# %d bytes of Redis per message\n", (int)each);
	assert_in_range(each, 20, 120);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_lineage, group_reset),
		cmocka_unit_test_setup(test_status, group_reset),
		cmocka_unit_test_setup(test_counts_once, group_reset),
		cmocka_unit_test_setup(test_hides_what_it_should, group_reset),
		cmocka_unit_test_setup(test_any_order, group_reset),
		cmocka_unit_test_setup(test_memory, group_reset),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("store", tests, group_start,
	    group_stop);
}
