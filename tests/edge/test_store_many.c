/*
 * Many messages from two processes at once, each with connections of its own:
 * none is lost or counted twice, and what each one costs in Redis.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/wait.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "lib/rig_group.h"
#include "lib/talk.h"

#define PROCESSES	2
#define TALKS		1000
#define PER_TALK	10
#define MESSAGES	(TALKS * PER_TALK)
#define MAX_BYTES	120	/* of Redis for a message */

static struct talk *talks;

/* The order in which a process records; some messages go to both. */
struct feed {
	unsigned	messages[MESSAGES];
	size_t		n;
};

static struct feed feeds[PROCESSES];

/* What a process does; false when a message was not recorded. */
typedef bool worker(struct store *store, unsigned me, unsigned n);

static void
run_processes(worker *work, unsigned n)
{
	struct store *store;
	struct fault fault;
	pid_t pids[PROCESSES];
	unsigned i;
	int status;

	for (i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			_exit(store_new(&rig.redis, &store, &fault) &&
			    work(store, i, n) ? 0 : 1);
	}
	for (i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
}

static bool
record(struct store *store, const struct store_mail *mail)
{
	struct store_answer answer;
	struct fault fault;

	return store_record(store, mail, &answer, &fault) &&
	    answer.refused == REASON_LATER;
}

static bool
record_feed(struct store *store, unsigned me, unsigned n)
{
	const struct feed *f = &feeds[me];
	struct store_mail mail;
	bool ok = true;
	size_t i;

	(void)n;
	for (i = 0; i < f->n && ok; i++) {
		talk_mail(&talks[f->messages[i] / PER_TALK],
		    f->messages[i] % PER_TALK, &rig.list, RIG_NOW, &mail);
		ok = record(store, &mail);
	}
	return ok;
}

/* All messages, shuffled; every tenth goes to both; gives how many do. */
static size_t
deal(void)
{
	static const struct talk_shape shape = { TALK_MIXED, TALK_THREE, false,
	    true, PER_TALK };
	unsigned order[MESSAGES], t, i, k;
	uint64_t random = UINT64_C(0xfeed);
	size_t both = 0;

	for (t = 0; t < TALKS; t++)
		talk_make(&shape, t, &random, &talks[t]);
	for (i = 0; i < MESSAGES; i++) {	/* inside-out shuffle */
		k = (unsigned)talk_random(&random, i + 1);
		order[i] = order[k];
		order[k] = i;
	}
	for (i = 0; i < MESSAGES; i++) {
		k = i % PROCESSES;
		feeds[k].messages[feeds[k].n++] = order[i];
		if (talk_random(&random, 10) != 0)
			continue;
		k = (k + 1) % PROCESSES;
		feeds[k].messages[feeds[k].n++] = order[i];
		both++;
	}
	return both;
}

static int64_t
counter(const char *name)
{
	char words[80];

	snprintf(words, sizeof(words), "HGET embargo:{distros}:counters %s",
	    name);
	return rig_number(&rig, words);
}

/* Each message is known, in the issue of its talk, which has them all. */
static void
check_talk(const struct talk *talk)
{
	char id[ISSUE_ID_SIZE] = "";
	struct store_answer answer;
	struct store_mail mail;
	struct issue issue;
	struct fault fault;
	size_t i;

	for (i = 0; i < talk->n; i++) {
		talk_mail(talk, i, &rig.list, RIG_NOW, &mail);
		rig_record(&rig, &mail, &answer);
		assert_true(answer.is_retry);
		if (i == 0)
			strcpy(id, answer.issue);
		assert_string_equal(answer.issue, id);
	}
	assert_true(store_load(rig.store, "distros", id, &issue, &fault));
	assert_int_equal(issue.messages, talk->n);
	issue_clear(&issue);
}

static void
test_none_lost(void **state)
{
	struct issue *issues;
	struct fault fault;
	size_t both, n, i, merged = 0;

	(void)state;
	talks = buf_alloc_zero(TALKS, sizeof(*talks));
	both = deal();
	run_processes(record_feed, 0);
	assert_int_equal(counter("accepted"), MESSAGES);
	assert_int_equal(counter("retried"), both);
	for (i = 0; i < TALKS; i++)
		check_talk(&talks[i]);
	assert_true(store_list(rig.store, "distros", STORE_ALL, &issues, &n,
	    &fault));
	for (i = 0; i < n; i++)
		merged += issues[i].merged_into[0] != '\0';
	assert_int_equal(n - merged, TALKS);
	store_free_issues(&issues, n);
	assert_int_equal(counter("accepted"), MESSAGES);
	print_message("# %d messages, %zu of them twice, %zu issues merged\n",
	    MESSAGES, both, merged);
	free(talks);
}

#define ISSUES 100

/* Replies to the issues, with a seal each. */
static bool
record_replies(struct store *store, unsigned me, unsigned n)
{
	char id[32], root[32];
	struct store_mail mail;
	bool ok = true;
	unsigned i;

	for (i = me; i < n && ok; i += PROCESSES) {
		memset(&mail, 0, sizeof(mail));
		snprintf(id, sizeof(id), "%u@reply", i);
		snprintf(root, sizeof(root), "%u@root", i % ISSUES);
		mail.list = &rig.list;
		mail.now = RIG_NOW;
		mail.message_id = mail.body = text_span(id);
		mail.author = mail.sender = text_span("a@example.org");
		mail.seals[mail.nseals++] = text_span(id);
		mail.ancestors[mail.nancestors++] = text_span(root);
		ok = record(store, &mail);
	}
	return ok;
}

/* Keys of one kind, and what Redis says that they take. */
struct usage {
	int64_t	keys;
	int64_t	bytes;
};

static struct usage
measure(const char *pattern)
{
	struct usage usage = { 0, 0 };
	struct kv_reply *keys;
	char words[160];
	size_t i;

	snprintf(words, sizeof(words), "KEYS embargo:{distros}:%s", pattern);
	keys = rig_ask(&rig, words);
	usage.keys = (int64_t)kv_count(keys);
	for (i = 0; i < kv_count(keys); i++) {
		snprintf(words, sizeof(words), "MEMORY USAGE %.*s SAMPLES 0",
		    (int)kv_text(kv_at(keys, i)).len,
		    (const char *)kv_text(kv_at(keys, i)).data);
		usage.bytes += rig_number(&rig, words);
	}
	kv_reply_free(&keys);
	return usage;
}

static int64_t
used_memory(void)
{
	struct kv_reply *reply = rig_ask(&rig, "INFO memory");
	struct span info = kv_text(reply);
	size_t at = text_find_nocase(info, "used_memory:");
	int64_t bytes;

	assert_true(at < info.len);
	bytes = strtoll((const char *)info.data + at + 12, NULL, 10);
	kv_reply_free(&reply);
	return bytes;
}

/* In the table of expiry times each key of a seal has an entry. */
#define EXPIRY_BYTES 48

static void
test_memory(void **state)
{
	static const unsigned counts[] = { 10000, 100000 };
	struct store_answer answer;
	struct store_mail mail;
	int64_t before, used, own;
	struct usage index, seals;
	char id[32];
	unsigned i;

	(void)state;
	rig_reset(&rig);
	for (i = 0; i < ISSUES; i++) {
		snprintf(id, sizeof(id), "%u@root", i);
		rig_mail(&rig, id, &mail);
		rig_record(&rig, &mail, &answer);
	}
	before = used_memory();
	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		run_processes(record_replies, counts[i]);
		used = used_memory() - before;
		index = measure("msg:*");
		seals = measure("seal:*");
		own = used - seals.bytes - seals.keys * EXPIRY_BYTES;
		print_message("# %u messages: %.1f bytes of Redis each, of "
		    "the index %.1f; with its seal %.1f\n", counts[i],
		    (double)own / counts[i], (double)index.bytes / counts[i],
		    (double)used / counts[i]);
		assert_in_range(own / counts[i], 20, MAX_BYTES);
		assert_in_range(index.bytes / counts[i], 20, MAX_BYTES);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none_lost),
		cmocka_unit_test(test_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("store many", tests, group_start,
	    group_stop);
}
