/*
 * The store on a Redis Cluster node.  It serves one slot only, that of the
 * tracker: a key outside of it fails at once, also within a script.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "edge/clock.h"
#include "lib/rig_all.h"
#include "lib/rig_group.h"

static bool
record(const char *tracker, struct fault *fault)
{
	struct store_answer answer;
	struct store_mail mail;

	rig.list.tracker = (char *)(uintptr_t)tracker;
	rig_mail(&rig, "x", &mail);
	return store_record(rig.store, &mail, &answer, fault);
}

static void
expect_fault(const char *tracker, const char *word)
{
	struct fault fault;

	assert_false(record(tracker, &fault));
	assert_int_equal(fault.kind, FAULT_SITE);
	if (strstr(fault.text, word) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", fault.text, word);
}

static int64_t
slot_of(const char *key)
{
	char words[240];

	snprintf(words, sizeof(words), "CLUSTER KEYSLOT %s", key);
	return rig_number(&rig, words);
}

static void
serve_slot(int64_t slot)
{
	int64_t until = clock_monotonic_ms() + 10000;
	struct kv_reply *reply;
	char words[80];
	bool ok = false;

	snprintf(words, sizeof(words), "CLUSTER ADDSLOTS %d", (int)slot);
	reply = rig_ask(&rig, words);
	kv_reply_free(&reply);
	while (!ok && clock_monotonic_ms() < until) {
		reply = rig_ask(&rig, "CLUSTER INFO");
		ok = text_find_nocase(kv_text(reply), "cluster_state:ok") <
		    kv_text(reply).len;
		kv_reply_free(&reply);
		usleep(20000);
	}
	assert_true(ok);
}

static void
test_no_slot(void **state)
{
	(void)state;
	expect_fault("distros", "CLUSTERDOWN");
}

static void
test_all(void **state)
{
	struct kv_reply *keys;
	char key[200];
	int64_t slot;
	size_t i;

	(void)state;
	slot = slot_of("{distros}");
	serve_slot(slot);
	rig_reset(&rig);
	rig_all(&rig);
	keys = rig_ask(&rig, "KEYS *");
	assert_true(kv_count(keys) >= 10);
	for (i = 0; i < kv_count(keys); i++) {
		text_print(kv_text(kv_at(keys, i)), key, sizeof(key));
		assert_int_equal(slot_of(key), slot);
	}
	kv_reply_free(&keys);
}

/* Another tracker is in another slot, which nobody serves. */
static void
test_other_slot(void **state)
{
	(void)state;
	assert_int_not_equal(slot_of("{other}"), slot_of("{distros}"));
	expect_fault("other", "CLUSTERDOWN");
}

static int
start(void **state)
{
	static const char *const options[] = { "--cluster-enabled", "yes",
	    "--cluster-require-full-coverage", "no", NULL };

	(void)state;
	rig_start_with(&rig, options);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_slot),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_other_slot),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("store cluster", tests, start,
	    group_stop);
}
