/*
 * gpg_status: lines of gpg, as doc/DETAILS of GnuPG has them, and others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edge/gpg_status.h"

#define SUBKEY	"1111111111111111111111111111111111111111"
#define PRIMARY	"2222222222222222222222222222222222222222"
#define OTHER	"3333333333333333333333333333333333333333"
#define LONG	PRIMARY PRIMARY "4444"

/* "KEYWORD arguments", one after the other. */
static void
note_all(struct gpg_status *s, const char *const *lines)
{
	char keyword[40];
	size_t len;

	memset(s, 0, sizeof(*s));
	for (; *lines != NULL; lines++) {
		len = strcspn(*lines, " ");
		memcpy(keyword, *lines, len);
		keyword[len] = '\0';
		gpg_status_note(s, keyword, *lines + len +
		    ((*lines)[len] == ' '));
	}
}

static void
test_a_good_message(void **state)
{
	static const char *const lines[] = { "ENC_TO BA62215C2E2A7B8A 18 0",
	    "KEY_CONSIDERED " OTHER " 0", "DECRYPTION_KEY " SUBKEY " " PRIMARY
	    " u", "BEGIN_DECRYPTION", "DECRYPTION_INFO 2 9 0",
	    "PLAINTEXT 62 1795618550 ", "NEWSIG", "SIG_ID 874nw7KgpfvGWXqDORh"
	    "LdeOvD/I 2026-11-25 1795618550", "GOODSIG 5654A7B41E57AD59 A",
	    "VALIDSIG " SUBKEY " 2026-11-25 1795618550 0 4 0 22 10 00 "
	    PRIMARY, "DECRYPTION_OKAY", NULL };
	struct gpg_status s;

	(void)state;
	note_all(&s, lines);
	assert_true(s.has_read);
	assert_false(s.has_bad_signature);
	assert_string_equal(s.key_used, PRIMARY);
	assert_string_equal(s.sig_id,
	    "874nw7KgpfvGWXqDORhLdeOvD/I 2026-11-25 1795618550");
	assert_string_equal(gpg_status_primary(&s, SUBKEY), PRIMARY);
	assert_string_equal(gpg_status_primary(&s, PRIMARY), "");
	assert_string_equal(gpg_status_primary(&s, NULL), "");
}

/* Lines ==> has gpg begun with the data?  is a signature bad? */
static void
test_failures(void **state)
{
	static const struct {
		const char	*lines[3];
		bool		 has_read, is_bad;
	} rows[] = {
		{ { NULL }, false, false },
		{ { "KEY_CONSIDERED " OTHER " 0", "FAILURE gpg-exit 33554433",
		    NULL }, false, false },
		{ { "ERROR pkdecrypt_failed 1", "PROGRESS x", NULL }, false,
		    false },
		{ { "ENC_TO 0 0 0", NULL }, true, false },
		{ { "NODATA 1", NULL }, true, false },
		{ { "ERRSIG 0 0 0", NULL }, true, false },
		{ { "BADARMOR", NULL }, true, false },
		{ { "NEWSIG", "BADSIG 5654A7B41E57AD59 A", NULL }, true,
		    true },
		{ { "ENC_TO 0 0 0", "EXPSIG 5654A7B41E57AD59 A", NULL }, true,
		    true },
		{ { "NEWSIG", "EXPKEYSIG 5654A7B41E57AD59 A", NULL }, true,
		    false },
	};
	struct gpg_status s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		note_all(&s, rows[i].lines);
		assert_int_equal(s.has_read, rows[i].has_read);
		assert_int_equal(s.has_bad_signature, rows[i].is_bad);
		assert_string_equal(s.key_used, "");
		assert_string_equal(s.sig_id, "");
	}
}

/* Several signatures: each with its key, the first seal, not too many. */
static void
test_many_signatures(void **state)
{
	struct gpg_status s;
	size_t i;

	(void)state;
	memset(&s, 0, sizeof(s));
	gpg_status_note(&s, "SIG_ID", "one");
	gpg_status_note(&s, "VALIDSIG", SUBKEY " x " PRIMARY);
	gpg_status_note(&s, "SIG_ID", "two");
	gpg_status_note(&s, "VALIDSIG", OTHER " x " OTHER);
	assert_string_equal(s.sig_id, "one");
	assert_string_equal(gpg_status_primary(&s, SUBKEY), PRIMARY);
	assert_string_equal(gpg_status_primary(&s, OTHER), OTHER);
	for (i = 0; i < 100; i++)
		gpg_status_note(&s, "VALIDSIG", "a b " PRIMARY);
	assert_int_equal(s.nvalid, GPG_STATUS_SIGNATURES);
}

/* Nothing runs over, nothing is taken that is not there. */
static void
test_odd_lines(void **state)
{
	static const char *const words[] = { "VALIDSIG", "DECRYPTION_KEY",
	    "SIG_ID", "", "validsig" };
	static const char *const args[] = { "", " ", "  ", "a", "a ", " a",
	    LONG, LONG " " LONG, LONG " " LONG " " LONG };
	struct gpg_status s;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (k = 0; k < sizeof(args) / sizeof(args[0]); k++) {
			memset(&s, 0, sizeof(s));
			gpg_status_note(&s, words[i], args[k]);
			assert_false(s.has_read);
			assert_in_range(strlen(s.key_used), 0,
			    SIGNER_SIZE - 1);
			assert_in_range(strlen(s.sig_id), 0, SEAL_SIZE - 1);
			assert_in_range(strlen(s.primary[0]), 0,
			    SIGNER_SIZE - 1);
		}
	memset(&s, 0, sizeof(s));
	gpg_status_note(&s, "DECRYPTION_KEY", SUBKEY);
	assert_string_equal(s.key_used, "");
	gpg_status_note(&s, "DECRYPTION_KEY", SUBKEY "   " PRIMARY);
	assert_string_equal(s.key_used, PRIMARY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_good_message),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_many_signatures),
		cmocka_unit_test(test_odd_lines),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
