/*
 * policy: S/MIME: the list's certificates ==> verdict, reason, reply.
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
#define NOW 1000
#define MAX_NAMED 6

/* Certificates by their key identifiers of one byte; 6 is somebody else's. */
enum { VALID = 1, ENDED, DISABLED, FUTURE, CERTIFICATES = FUTURE };

struct world {
	struct list_settings	list;
	struct keyset		keys;
	struct certificate	certificates[CERTIFICATES];
	struct mail		mail;
	struct mail_block	blocks[2];
	struct cms_recipient	named[2][MAX_NAMED];
	uint8_t			ids[10];
	bool			any_key;
};

static char *tags[] = { (char *)(uintptr_t)"[vs]" };
static char *keys[] = { (char *)(uintptr_t)"AAAA",
    (char *)(uintptr_t)"BBBB" };
static char *certificates[] = { (char *)(uintptr_t)"CCCC" };

static void
begin(struct world *w)
{
	struct certificate *c = w->certificates;
	size_t i;

	memset(w, 0, sizeof(*w));
	for (i = 0; i < sizeof(w->ids); i++)
		w->ids[i] = (uint8_t)i;
	for (i = 0; i < CERTIFICATES; i++) {
		c[i].key_id = (struct span){ &w->ids[i + 1], 1 };
		c[i].expires_at = NOW;
	}
	c[ENDED - 1].expires_at = NOW - 1;
	c[DISABLED - 1].is_revoked = true;
	c[FUTURE - 1].starts_at = NOW + 1;
	c[FUTURE - 1].expires_at = NOW + 1;
	w->keys.certificates = c;
	w->keys.ncertificates = CERTIFICATES;
	w->list.enforce = w->list.accept_pgp_mime = true;
	w->list.accept_smime = true;
	w->mail.finding.reason = REASON_SMIME;
	w->mail.finding.what = "";
	w->mail.subject = text_span("foo");
	w->mail.blocks = w->blocks;
	for (i = 0; i < 2; i++) {
		w->blocks[i].is_smime = true;
		w->blocks[i].cms.recipients = w->named[i];
	}
}

static void
add_recipient(struct world *w, int number)
{
	struct cms *m;
	struct cms_recipient *r;

	if (w->mail.nblocks == 0)
		w->mail.nblocks = 1;
	m = &w->blocks[w->mail.nblocks - 1].cms;
	r = &m->recipients[m->nrecipients++];
	assert_true(m->nrecipients <= MAX_NAMED);
	r->id = &w->ids[number];
	r->len = 1;
}

static void
set(struct world *w, const char *words)
{
	char copy[200], *word, *rest = copy;

	begin(w);
	assert_true(strlen(words) < sizeof(copy));
	strcpy(copy, words);
	while ((word = strtok_r(rest, " ", &rest)) != NULL)
		if (strncmp(word, "to-", 3) == 0)
			add_recipient(w, word[3] - '0');
		else if (strcmp(word, "block") == 0) {
			strcpy(w->blocks[w->mail.nblocks].label, "2");
			w->mail.nblocks++;
		} else if (strcmp(word, "password") == 0)
			w->blocks[0].cms.npassphrases++;
		else if (strcmp(word, "allowed") == 0)
			w->list.allow_passphrase = true;
		else if (strcmp(word, "openpgp") == 0)
			w->list.accept_smime = false;
		else if (strcmp(word, "sighted") == 0)
			w->list.decrypt = true;
		else if (strcmp(word, "undecryptable") == 0)
			w->mail.inside.result = INSIDE_UNDECRYPTABLE;
		else if (strcmp(word, "tags") == 0)
			w->list.subject_tags = (struct strings){ tags, 1 };
		else if (strcmp(word, "any-key") == 0)
			w->any_key = true;
		else
			fail_msg("no word: %s", word);
}

/* words ==> verdict, reason, place and what */
static const struct row {
	const char	*words, *expected;
} rows[] = {
	{ "to-1", "accept smime" },
	{ "to-6 to-1", "accept smime" },
	{ "to-2 to-1", "accept smime" },
	{ "to-1 to-2", "accept smime" },
	{ "to-6 any-key", "accept smime" },
	{ "to-1 openpgp", "reject smime" },
	{ "to-6 openpgp", "reject smime" },
	{ "openpgp", "reject smime" },
	{ "", "later later" },
	{ "to-6", "reject wrong-key encrypted to other certificates only" },
	{ "to-2", "reject wrong-key encrypted to a certificate of the list "
	    "that has expired" },
	{ "to-3", "reject wrong-key encrypted to a certificate of the list "
	    "that is not valid" },
	{ "to-4", "reject wrong-key encrypted to a certificate of the list "
	    "that is not valid" },
	{ "to-6 sighted", "reject wrong-key encrypted to other certificates "
	    "only" },
	{ "to-1 password", "reject passphrase-too a passphrase beside the "
	    "keys" },
	{ "to-1 password allowed", "accept smime" },
	{ "to-6 password", "reject wrong-key encrypted to other certificates "
	    "only" },
	{ "to-1 to-1 to-1 to-1", "accept smime" },
	{ "to-1 to-1 to-1 to-2 to-1", "reject malformed the list's "
	    "certificate is named again and again" },
	{ "to-1 block to-1", "accept smime" },
	{ "to-1 block to-6", "reject wrong-key 2 encrypted to other "
	    "certificates only" },
	{ "to-1 tags", "reject missing-subject-tag" },
	{ "to-1 sighted", "later later inside" },
	{ "to-1 sighted undecryptable", "reject undecryptable" },
};

static void
test_rows(void **state)
{
	struct judgement j;
	struct world w;
	size_t i, wrong = 0;
	char got[200];

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		set(&w, rows[i].words);
		policy_judge(&w.mail, &w.list, w.any_key ? NULL : &w.keys,
		    NOW, &j);
		snprintf(got, sizeof(got), "%s %s%s%s%s%s%s",
		    verdict_name(j.verdict), verdict_row(j.reason)->name,
		    j.needs_inside ? " inside" : "",
		    j.label[0] == '\0' ? "" : " ", j.label,
		    j.what[0] == '\0' ? "" : " ", j.what);
		if (strcmp(got, rows[i].expected) == 0)
			continue;
		print_error("%s ==> %s, expected %s\n", rows[i].words, got,
		    rows[i].expected);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* The remedy names every key by its kind. */
static void
test_reply(void **state)
{
	static const struct {
		size_t		 nkeys, ncertificates;
		const char	*expected;
	} cases[] = {
		{ 2, 0, "Encrypt it to AAAA BBBB and send it again." },
		{ 1, 1, "Encrypt it to AAAA or CCCC (an S/MIME certificate) "
		    "and send it again." },
		{ 0, 1, "Encrypt it to CCCC (an S/MIME certificate) and send "
		    "it again." },
	};
	struct judgement j;
	struct reply reply;
	struct world w;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		set(&w, "to-6");
		w.list.key = (struct strings){ keys, cases[i].nkeys };
		w.list.certificate = (struct strings){ certificates,
		    cases[i].ncertificates };
		policy_judge(&w.mail, &w.list, &w.keys, NOW, &j);
		policy_reply(&j, &reply);
		assert_int_equal(reply.nlines, 3);
		assert_string_equal(reply.lines[2], cases[i].expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_reply),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
