/*
 * policy: what a list's manager sends out is judged like mail to the list, only
 * that it may be encrypted to anybody and be automatic.
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
#define NOW INT64_C(1800000000)

/* Of one block: whom it names. */
enum recipient {
	TO_NOBODY,		/* nothing was examined */
	TO_LIST,
	TO_OTHERS,
	TO_HIDDEN
};

static const struct row {
	enum reason	 finding;
	enum recipient	 to;
	const char	*words;		/* what is special about it */
	const char	*expected;	/* verdict, reason */
} rows[] = {
	{ REASON_PGP_MIME, TO_LIST, "", "accept pgp-mime" },
	{ REASON_PGP_MIME, TO_OTHERS, "", "accept pgp-mime" },
	{ REASON_PGP_MIME, TO_HIDDEN, "", "accept pgp-mime" },
	{ REASON_PGP_INLINE, TO_OTHERS, "", "accept pgp-inline" },
	{ REASON_PGP_MIME, TO_OTHERS, "sighted", "accept pgp-mime" },
	{ REASON_PGP_MIME, TO_OTHERS, "automatic", "accept pgp-mime" },
	{ REASON_SMIME, TO_OTHERS, "smime", "accept smime" },
	{ REASON_SMIME, TO_OTHERS, "", "reject smime" },
	{ REASON_PGP_INLINE, TO_OTHERS, "no-inline", "reject pgp-inline" },
	{ REASON_PGP_MIME, TO_OTHERS, "passphrase", "reject passphrase-too" },
	{ REASON_PGP_MIME, TO_OTHERS, "tags", "reject missing-subject-tag" },
	{ REASON_PGP_MIME, TO_OTHERS, "public", "reject public-copy" },
	{ REASON_PGP_MIME, TO_OTHERS, "big", "reject too-big" },
	{ REASON_PGP_MIME, TO_NOBODY, "", "later later" },
	{ REASON_CLEARTEXT, TO_NOBODY, "", "reject cleartext" },
	{ REASON_CLEARTEXT, TO_NOBODY, "automatic", "reject cleartext" },
	{ REASON_CLEARTEXT, TO_NOBODY, "quarantine", "quarantine cleartext" },
	{ REASON_CLEARTEXT, TO_NOBODY, "trial", "accept cleartext" },
	{ REASON_NO_INTEGRITY, TO_NOBODY, "", "reject no-integrity" },
};

struct world {
	struct list_settings	 list;
	struct subkey		 subkey;
	struct keyset		 keys;
	struct openpgp_recipient recipient;
	struct mail_block	 block;
	struct span		 address;
	struct mail		 mail;
};

static void
begin(struct world *w, const struct row *row)
{
	memset(w, 0, sizeof(*w));
	w->list.enforce = true;
	w->list.accept_pgp_mime = w->list.accept_pgp_inline = true;
	memset(w->subkey.fingerprint, 1, w->subkey.len = 20);
	w->keys.v = &w->subkey;
	w->keys.n = 1;
	w->mail.is_copy = true;
	w->mail.finding.reason = row->finding;
	w->mail.finding.what = "";
	w->mail.subject = text_span("Re: report");
	w->mail.blocks = &w->block;
	w->mail.nblocks = row->to == TO_NOBODY ? 0 : 1;
	w->block.is_smime = row->finding == REASON_SMIME;
	w->block.message.nrecipients = 1;
	w->block.message.recipients = &w->recipient;
	w->recipient.len = row->to == TO_HIDDEN ? 0 : 8;
	memset(w->recipient.id, row->to == TO_LIST ? 1 : 2, 8);
}

static void
set(struct world *w, const char *word)
{
	static char tag[] = "[vs]", public[] = "*@public.test";
	static char *tags[] = { tag }, *lists[] = { public };

	w->list.decrypt = strcmp(word, "sighted") == 0;
	w->list.accept_smime = strcmp(word, "smime") == 0;
	w->list.enforce = strcmp(word, "trial") != 0;
	w->mail.is_automatic = strcmp(word, "automatic") == 0;
	w->mail.is_too_big = strcmp(word, "big") == 0;
	w->block.message.nskesks = strcmp(word, "passphrase") == 0;
	if (strcmp(word, "no-inline") == 0)
		w->list.accept_pgp_inline = false;
	else if (strcmp(word, "quarantine") == 0)
		w->list.cleartext = CLEARTEXT_QUARANTINE;
	else if (strcmp(word, "tags") == 0)
		w->list.subject_tags = (struct strings){ tags, 1 };
	else if (strcmp(word, "public") == 0) {
		w->list.public_lists = (struct strings){ lists, 1 };
		w->address = text_span("x@public.test");
		w->mail.addresses = &w->address;
		w->mail.naddresses = 1;
	}
}

static void
test_rows(void **state)
{
	struct judgement j;
	struct world w;
	char got[80];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		begin(&w, &rows[i]);
		set(&w, rows[i].words);
		policy_judge(&w.mail, &w.list, &w.keys, NOW, &j);
		snprintf(got, sizeof(got), "%s %s", verdict_name(j.verdict),
		    verdict_row(j.reason)->name);
		if (strcmp(got, rows[i].expected) != 0 || j.needs_inside ||
		    j.is_trial != (strcmp(rows[i].words, "trial") == 0))
			fail_msg("row %zu: %s: %s", i, rows[i].words, got);
	}
}

/* The same to the list: only its own key, and nothing automatic. */
static void
test_others(void **state)
{
	struct judgement j;
	struct world w;

	(void)state;
	begin(&w, &rows[1]);
	w.mail.is_copy = false;
	policy_judge(&w.mail, &w.list, &w.keys, NOW, &j);
	assert_int_equal(j.reason, REASON_WRONG_KEY);
	w.mail.is_automatic = true;
	policy_judge(&w.mail, &w.list, &w.keys, NOW, &j);
	assert_int_equal(j.reason, REASON_AUTOMATIC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_others),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
