/*
 * store: a ciphertext or signature that comes again is its bearer's only.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/rig_group.h"

/* A mail of an author with one seal; refused, or REASON_LATER. */
static enum reason
send(const char *id, const char *author, const char *seal, int64_t at)
{
	struct store_answer answer;
	struct store_mail mail;

	rig_mail(&rig, id, &mail);
	mail.author = text_span(author);
	mail.now = RIG_NOW + at;
	mail.seals[mail.nseals++] = text_span(seal);
	mail.seals[mail.nseals++] = text_span("a signature of "
	    "nobody else" + (seal[0] == 'x'));
	rig_record(&rig, &mail, &answer);
	return answer.refused;
}

static void
test_replay(void **state)
{
	(void)state;
	rig_reset(&rig);
	assert_int_equal(send("a", "alice@x", "s1", 0), REASON_LATER);
	/* the same again, and the copy by a nested list */
	assert_int_equal(send("a", "alice@x", "s1", 60), REASON_LATER);
	assert_int_equal(send("a", "ALICE@X", "s1", 60), REASON_LATER);
	assert_int_equal(send("b", "alice@x", "s1", 60), REASON_REPLAYED);
	assert_int_equal(send("a2", "mallory@x", "s1", 60), REASON_REPLAYED);
	/* the signature alone is enough: the ciphertext is new */
	assert_int_equal(send("c", "mallory@x", "s2", 60), REASON_REPLAYED);
	assert_int_equal(send("d", "bob@x", "x3", 60), REASON_LATER);
}

static void
test_ninety_days(void **state)
{
	(void)state;
	rig_reset(&rig);
	assert_int_equal(send("a", "alice@x", "s1", 0), REASON_LATER);
	assert_int_equal(send("b", "mallory@x", "s1", 89 * RIG_DAY),
	    REASON_REPLAYED);
	assert_int_equal(send("c", "bob@x", "s1", 121 * RIG_DAY),
	    REASON_LATER);
}

/* What is refused leaves no trace: its own seals neither. */
static void
test_refused_keeps_nothing(void **state)
{
	(void)state;
	rig_reset(&rig);
	assert_int_equal(send("a", "alice@x", "s1", 0), REASON_LATER);
	assert_int_equal(send("b", "mallory@x", "s2", 0), REASON_REPLAYED);
	assert_int_equal(send("c", "alice@x", "x2", 0), REASON_LATER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_ninety_days),
		cmocka_unit_test(test_refused_keeps_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, group_start, group_stop);
}
