/*
 * Property test: random talks, recorded in random orders with repetitions by
 * two stores at once.  What holds whatever the order is:
 *
 *  1 Every message is in one issue and counted once, however often it comes:
 *    the sum of the issues' counters is the number of different messages, and
 *    each one sent again gets the answer "retry" with its issue.
 *  2 A talk is one issue in the end, and two talks never share one, also when
 *    replies name their parent alone: then an issue that such a reply has
 *    opened joins the other when the parent comes.  A second message with a
 *    known Message-ID is a message of its own; as a reply it joins as well.
 *  3 An issue's date is one that was stated, if any was, else opened + max and
 *    marked as assumed.  It is a member's date, if members state any: so with
 *    one date of members, or with one date in all, it is always the same.  With
 *    several of equal right the one heard last, or first where nobody may move
 *    it, stands; every other one is on record as stated or proposed.  An hour
 *    that was assumed gives way to one that was stated.  A date beyond the
 *    maximum is always flagged or capped when the report or members state it;
 *    another reply's only when it comes before the report.  (What members said
 *    in an issue that joined another counts as said by anybody.)
 *  4 The log tells the story: opened once, and each date that moved is the
 *    sequel of the one before, up to the one that stands.
 *  5 It counts as answered if and only if there are two senders.
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

#include "lib/rig.h"
#include "lib/talk.h"

#define TALKS		30	/* of each shape */
#define ORDERS		5	/* of each talk */
#define PER_TRACKER	2	/* talks that go on at the same time */
#define FEED_MAX	(PER_TRACKER * TALK_MAX * 3)

static const struct row {
	const char		*name;
	struct talk_shape	 shape;
	enum settings_changes	 changes;
	enum settings_over_max	 over_max;
} rows[] = {
	{ "no dates", { TALK_ALL, TALK_NONE, false, false, 0 }, CHANGES_MEMBERS,
	    OVER_MAX_FLAG },
	{ "one date", { TALK_ALL, TALK_ONE, false, false, 0 }, CHANGES_MEMBERS,
	    OVER_MAX_FLAG },
	{ "three dates", { TALK_ALL, TALK_THREE, false, false, 0 },
	    CHANGES_MEMBERS, OVER_MAX_FLAG },
	{ "anyone may move it", { TALK_ENDS, TALK_THREE, false, false, 0 },
	    CHANGES_ANYONE, OVER_MAX_FLAG },
	{ "nobody may move it", { TALK_ENDS, TALK_THREE, false, false, 0 },
	    CHANGES_OPERATORS, OVER_MAX_FLAG },
	{ "the hour is assumed", { TALK_ALL, TALK_VAGUE, false, false, 0 },
	    CHANGES_MEMBERS, OVER_MAX_FLAG },
	{ "late", { TALK_ALL, TALK_LATE, false, false, 0 }, CHANGES_MEMBERS,
	    OVER_MAX_FLAG },
	{ "late and capped", { TALK_ALL, TALK_LATE, false, false, 0 },
	    CHANGES_MEMBERS, OVER_MAX_CAP },
	{ "ids are missing", { TALK_ALL, TALK_THREE, false, true, 0 },
	    CHANGES_MEMBERS, OVER_MAX_FLAG },
	{ "ids are used twice", { TALK_ALL, TALK_THREE, true, true, 0 },
	    CHANGES_MEMBERS, OVER_MAX_FLAG },
	{ "In-Reply-To alone", { TALK_PARENT, TALK_THREE, false, false, 0 },
	    CHANGES_MEMBERS, OVER_MAX_FLAG },
	{ "In-Reply-To alone, one date", { TALK_PARENT, TALK_ONE, false,
	    false, 0 }, CHANGES_MEMBERS, OVER_MAX_FLAG },
	{ "anything goes", { TALK_MIXED, TALK_THREE, true, true, 0 },
	    CHANGES_MEMBERS, OVER_MAX_FLAG },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static struct rig rig;
static struct store *stores[2];

struct letter {
	const struct talk	*talk;
	size_t			 i;
};

/* What one store records, in this order. */
struct feed {
	pthread_t		 thread;
	struct store		*store;
	struct list_settings	 list;
	struct letter		 letters[FEED_MAX];
	size_t			 n;
	bool			 failed;
};

/* Some talks of one tracker, and what is to be expected. */
struct round {
	const struct row	*row;
	char			 tracker[24];
	struct talk		 talks[PER_TRACKER];
	size_t			 messages;	/* different ones */
	size_t			 letters;	/* with repetitions */
	struct issue		*issues;
	size_t			 nissues;
	size_t			 nmerged;	/* of them */
};

static void *
record_feed(void *arg)
{
	struct feed *f = arg;
	struct store_answer answer;
	struct store_mail mail;
	struct fault fault;
	size_t i;

	for (i = 0; i < f->n; i++) {
		talk_mail(f->letters[i].talk, f->letters[i].i, &f->list,
		    RIG_NOW + (int64_t)i, &mail);
		if (!store_record(f->store, &mail, &answer, &fault) ||
		    answer.refused != REASON_LATER)
			f->failed = true;
	}
	return NULL;
}

/* Every message one to three times. */
static size_t
collect(struct round *r, uint64_t *state, struct letter *letters)
{
	size_t n = 0, t, i, copies;

	r->messages = 0;
	for (t = 0; t < PER_TRACKER; t++)
		for (i = 0; i < r->talks[t].n; i++, r->messages++)
			for (copies = 1 + talk_random(state, 3); copies > 0;
			    copies--)
				letters[n++] = (struct letter){ &r->talks[t],
				    i };
	r->letters = n;
	return n;
}

static void
shuffle(struct letter *letters, size_t n, uint64_t *state)
{
	struct letter one;
	size_t k;

	for (; n > 1; n--) {
		k = talk_random(state, n);
		one = letters[k];
		letters[k] = letters[n - 1];
		letters[n - 1] = one;
	}
}

/* Half of the letters each, at the same time, by lists of one tracker. */
static void
record_round(struct round *r, uint64_t *state)
{
	struct letter letters[FEED_MAX];
	struct feed feeds[2];
	size_t n = collect(r, state, letters), i;

	shuffle(letters, n, state);
	memset(feeds, 0, sizeof(feeds));
	for (i = 0; i < n; i++)
		feeds[i % 2].letters[feeds[i % 2].n++] = letters[i];
	for (i = 0; i < 2; i++) {
		feeds[i].store = stores[i];
		feeds[i].list = rig.list;
		feeds[i].list.tracker = r->tracker;
		feeds[i].list.embargo.changes = r->row->changes;
		feeds[i].list.embargo.over_max = r->row->over_max;
		feeds[i].list.name = (char *)(uintptr_t)(i == 0 ? "distros" :
		    "linux-distros");
		assert_int_equal(pthread_create(&feeds[i].thread, NULL,
		    record_feed, &feeds[i]), 0);
	}
	for (i = 0; i < 2; i++) {
		pthread_join(feeds[i].thread, NULL);
		if (feeds[i].failed)
			fail_msg("%s, %s: a message was not recorded",
			    r->row->name, r->tracker);
	}
}

static int64_t
ask_number(const struct round *r, const char *command, const char *key,
    const char *field)
{
	char words[160];

	snprintf(words, sizeof(words), "%s embargo:{%s}:%s %s", command,
	    r->tracker, key, field);
	return rig_number(&rig, words);
}

static const struct issue *
find_issue(const struct round *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->nissues; i++)
		if (strcmp(r->issues[i].id, id) == 0)
			return &r->issues[i];
	fail_msg("%s, %s: an issue is not listed", r->row->name, r->tracker);
	return NULL;
}

/* 1; gives the issue of each talk's report. */
static void
check_counts(const struct round *r, const struct issue **of_talk)
{
	struct list_settings list = rig.list;
	struct store_answer answer;
	const struct issue *issue;
	struct store_mail mail;
	struct fault fault;
	int64_t sum = 0;
	size_t t, i;

	list.tracker = (char *)(uintptr_t)r->tracker;
	for (i = 0; i < r->nissues; i++)
		sum += r->issues[i].messages;
	assert_int_equal(sum, r->messages);
	assert_int_equal(ask_number(r, "HGET", "counters", "accepted"),
	    r->messages);
	assert_int_equal(ask_number(r, "HGET", "counters", "retried"),
	    r->letters - r->messages);
	for (t = 0; t < PER_TRACKER; t++)
		for (i = 0; i < r->talks[t].n; i++) {
			talk_mail(&r->talks[t], i, &list, RIG_NOW, &mail);
			assert_true(store_record(stores[0], &mail, &answer,
			    &fault));
			assert_true(answer.is_retry);
			issue = find_issue(r, answer.issue);
			if (i == 0)
				of_talk[t] = issue;
			assert_ptr_equal(issue, of_talk[t]);
		}
}

/* Does the talk state the date (0: any), by members only if need be? */
static bool
states(const struct talk *talk, int64_t date, bool by_member)
{
	size_t i;

	for (i = 0; i < talk->n; i++)
		if (talk->mails[i].date != 0 &&
		    (date == 0 || talk->mails[i].date == date) &&
		    (talk->mails[i].is_member || !by_member))
			return true;
	return false;
}

/* Is every date that the talk states on record? */
static void
check_record(const struct round *r, const struct talk *talk, const char *id)
{
	char words[120], stated[480], proposed[480], date[24];
	size_t i;

	snprintf(words, sizeof(words), "HGET embargo:{%s}:issue:%s stated",
	    r->tracker, id);
	rig_text(&rig, words, stated, sizeof(stated));
	snprintf(words, sizeof(words), "HGET embargo:{%s}:issue:%s proposed",
	    r->tracker, id);
	rig_text(&rig, words, proposed, sizeof(proposed));
	for (i = 0; i < talk->n; i++) {
		snprintf(date, sizeof(date), "%lld",
		    (long long)talk->mails[i].date);
		if (talk->mails[i].date != 0 && !talk->mails[i].is_vague &&
		    strstr(stated, date) == NULL &&
		    strstr(proposed, date) == NULL)
			fail_msg("%s, %s: a date is forgotten", r->row->name,
			    r->tracker);
	}
}

/* 3 */
static void
check_date(const struct round *r, const struct talk *talk,
    const struct issue *issue)
{
	bool by_member = r->row->changes == CHANGES_MEMBERS &&
	    r->nmerged == 0 && states(talk, 0, true);
	bool is_late = states(talk, TALK_LATE_AT, false);
	bool is_vague = states(talk, TALK_VAGUE_AT, false) &&
	    !states(talk, TALK_CLEAR_AT, false);
	bool is_capped = is_late && r->row->over_max == OVER_MAX_CAP;
	bool is_assumed = !states(talk, 0, false);

	assert_false(issue->needs_human);
	assert_int_equal(issue->is_over_max, is_late && !is_capped);
	assert_int_equal(issue->is_capped, is_capped);
	assert_int_equal(issue->is_assumed, is_assumed);
	assert_int_equal(issue->is_hour_assumed, is_vague);
	if (is_assumed || is_capped)
		assert_int_equal(issue->due_at, issue->opened_at +
		    rig.list.embargo.max_secs);
	else if (r->row->shape.dates == TALK_VAGUE)
		assert_int_equal(issue->due_at, is_vague ? TALK_VAGUE_AT :
		    TALK_CLEAR_AT);
	else if (!states(talk, issue->due_at, by_member))
		fail_msg("%s, %s: due at %lld", r->row->name, r->tracker,
		    (long long)issue->due_at);
	check_record(r, talk, issue->id);
	assert_int_equal(ask_number(r, "ZSCORE", "due", issue->id),
	    issue->due_at);
}

/* 4 */
static void
check_log(const struct round *r, const struct issue *issue)
{
	struct store_entry *entries;
	const char *what, *text;
	struct fault fault;
	size_t n, i, opened = 0;
	int64_t due = 0;
	char *rest;

	assert_true(store_log(rig.store, r->tracker, issue->id, &entries, &n,
	    &fault));
	for (i = 0; i < n; i++) {
		what = store_entry_value(&entries[i], "what");
		text = store_entry_value(&entries[i], "text");
		if (strcmp(what, "opened") == 0)
			opened++;
		else if (strcmp(what, "date") == 0)
			due = strtoll(text, NULL, 10);
		else if (strcmp(what, "moved") == 0) {
			assert_int_equal(strtoll(text, &rest, 10), due);
			due = strtoll(rest, NULL, 10);
		}
	}
	store_free_entries(&entries, n);
	assert_int_equal(opened, 1);
	assert_int_equal(due, issue->due_at);
}

/* 5 */
static void
check_answered(const struct round *r, const struct talk *talk,
    const struct issue *issue)
{
	bool has_two = false;
	char key[80];
	size_t i;

	for (i = 1; i < talk->n; i++)
		has_two = has_two || strcmp(talk->mails[i].sender,
		    talk->mails[0].sender) != 0;
	snprintf(key, sizeof(key), "issue:%s", issue->id);
	assert_int_equal(ask_number(r, "HEXISTS", key, "answered_at"),
	    has_two);
}

static void
check_round(struct round *r)
{
	const struct issue *of_talk[PER_TRACKER];
	struct fault fault;
	size_t t, i;

	assert_true(store_list(rig.store, r->tracker, STORE_ALL, &r->issues,
	    &r->nissues, &fault));
	check_counts(r, of_talk);
	r->nmerged = 0;
	for (i = 0; i < r->nissues; i++) {
		check_log(r, &r->issues[i]);
		r->nmerged += r->issues[i].merged_into[0] != '\0';
	}
	assert_int_equal(r->nissues - r->nmerged, PER_TRACKER);
	for (t = 0; t < PER_TRACKER; t++) {
		assert_int_equal(of_talk[t]->messages, r->talks[t].n);
		check_date(r, &r->talks[t], of_talk[t]);
		check_answered(r, &r->talks[t], of_talk[t]);
	}
	assert_ptr_not_equal(of_talk[0], of_talk[1]);
	store_free_issues(&r->issues, r->nissues);
}

static void
test_talks(void **state)
{
	uint64_t random = UINT64_C(0x5eed);
	size_t i, order, merged = 0, messages = 0, letters = 0;
	unsigned number = 0;
	struct round r;

	(void)state;
	for (i = 0; i < ROWS * TALKS / PER_TRACKER; i++) {
		r.row = &rows[i % ROWS];
		talk_make(&r.row->shape, number++, &random, &r.talks[0]);
		talk_make(&r.row->shape, number++, &random, &r.talks[1]);
		for (order = 0; order < ORDERS; order++) {
			snprintf(r.tracker, sizeof(r.tracker), "t%u-%zu",
			    number, order);
			record_round(&r, &random);
			check_round(&r);
			merged += r.nmerged;
			messages += r.messages;
			letters += r.letters;
		}
	}
	print_message("# %u talks in %d orders each: %zu letters, "
	    "%zu messages, %zu issues merged\n", number, ORDERS, letters,
	    messages, merged);
	assert_int_equal(number, TALKS * ROWS);
	assert_true(letters > messages);
}

static int
start(void **state)
{
	struct fault fault;
	size_t i;

	(void)state;
	rig_start(&rig);
	for (i = 0; i < 2; i++)
		if (!store_new(&rig.redis, &stores[i], &fault))
			return -1;
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	store_free(&stores[0]);
	store_free(&stores[1]);
	rig_stop(&rig);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_talks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("store property", tests, start,
	    stop);
}
