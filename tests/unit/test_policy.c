/*
 * policy: what is known of a message and its list ==> verdict and reason.
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
#define MAX_BLOCKS 3
#define MAX_RECIPIENTS 3

/* The keys of the list: usable, expired, revoked, v6, and a later expiry. */
enum { USABLE = 1, EXPIRED, REVOKED, VERSION6, LATER, OTHER };

/* Everything that a row can say; see words. */
struct world {
	struct list_settings	 list;
	struct keyset		 keys;
	struct subkey		 subkeys[5];
	struct member		 members[2];
	struct mail		 mail;
	struct mail_block	 blocks[MAX_BLOCKS];
	struct openpgp_recipient recipients[MAX_BLOCKS][MAX_RECIPIENTS];
	struct span		 addresses[2];
	bool			 any_key;
};

static char *tags[] = { (char *)(uintptr_t)"[vs]",
    (char *)(uintptr_t)"[vs-plain]" };
static char *publics[] = { (char *)(uintptr_t)"oss@lists.test",
    (char *)(uintptr_t)"*@public.test" };

static void
add_recipient(struct world *w, int key)
{
	struct openpgp *m;
	struct openpgp_recipient *r;

	if (w->mail.nblocks == 0)
		w->mail.nblocks = 1;
	m = &w->blocks[w->mail.nblocks - 1].message;
	m->recipients = w->recipients[w->mail.nblocks - 1];
	r = &m->recipients[m->nrecipients++];
	assert_true(m->nrecipients <= MAX_RECIPIENTS);
	memset(r->id, key, sizeof(r->id));
	r->len = key == 0 ? 0 : 8;
}

static void
set_finding(struct world *w, const char *name)
{
	int reason;

	for (reason = 0; reason < REASON_COUNT; reason++)
		if (strcmp(verdict_row((enum reason)reason)->name, name) == 0)
			w->mail.finding.reason = (enum reason)reason;
}

static void
set_signed(struct world *w, const char *word)
{
	static const char *const states[] = { "signed-not", "signed-badly",
	    "signed-by-unknown", "signed-by-revoked", "signed-by-expired",
	    "signed-expired", "signed-well" };
	size_t i;

	for (i = 0; i < COUNT(states); i++)
		if (strcmp(word, states[i]) == 0) {
			w->mail.inside.signed_state = (enum signed_state)i;
			w->mail.inside.result = INSIDE_READ;
			return;
		}
	fail_msg("no word: %s", word);
}

/* A word about the mail; false when it is none. */
static bool
set_mail(struct world *w, const char *word)
{
	struct mail *m = &w->mail;

	if (strncmp(word, "to-", 3) == 0)
		add_recipient(w, word[3] - '0');
	else if (strcmp(word, "block") == 0) {
		snprintf(w->blocks[m->nblocks].label, 24, "%zu",
		    m->nblocks + 1);
		m->nblocks++;
	} else if (strcmp(word, "passphrase") == 0)
		w->blocks[m->nblocks - 1].message.nskesks++;
	else if (strcmp(word, "tagged") == 0)
		m->subject = text_span("Re: [VS] foo");
	else if (strcmp(word, "public") == 0)
		w->addresses[m->naddresses++] = text_span("OSS@lists.test");
	else if (strcmp(word, "public-domain") == 0)
		w->addresses[m->naddresses++] = text_span("x@public.test");
	else if (strcmp(word, "private") == 0)
		w->addresses[m->naddresses++] = text_span("a@private.test");
	else if (strcmp(word, "big") == 0)
		m->is_too_big = true;
	else if (strcmp(word, "automatic") == 0)
		m->is_automatic = true;
	else if (strcmp(word, "any-key") == 0)
		w->any_key = true;
	else
		return false;
	return true;
}

/* A word about what stands inside; false when it is none. */
static bool
set_inside(struct world *w, const char *word)
{
	struct inside *in = &w->mail.inside;

	if (strcmp(word, "undecryptable") == 0)
		in->result = INSIDE_UNDECRYPTABLE;
	else if (strcmp(word, "inside-too-big") == 0)
		in->result = INSIDE_TOO_BIG;
	else if (strcmp(word, "by-member") == 0)
		strcpy(in->signer, "AAAA");
	else if (strcmp(word, "by-stranger") == 0)
		strcpy(in->signer, "CCCC");
	else if (strcmp(word, "from-member") == 0)
		w->mail.from = text_span("Alice@member.test");
	else if (strcmp(word, "from-other-member") == 0)
		w->mail.from = text_span("bob@member.test");
	else if (strcmp(word, "from-signer") == 0)
		in->is_from_signer = true;
	else
		return false;
	return true;
}

/* A word about the list; false when it is none. */
static bool
set_list(struct list_settings *list, const char *word)
{
	if (strcmp(word, "no-mime") == 0)
		list->accept_pgp_mime = false;
	else if (strcmp(word, "no-inline") == 0)
		list->accept_pgp_inline = false;
	else if (strcmp(word, "allow-passphrase") == 0)
		list->allow_passphrase = true;
	else if (strcmp(word, "tags") == 0)
		list->subject_tags = (struct strings){ tags, 2 };
	else if (strcmp(word, "quarantine") == 0)
		list->cleartext = CLEARTEXT_QUARANTINE;
	else if (strcmp(word, "warn") == 0)
		list->cleartext = CLEARTEXT_WARN;
	else if (strcmp(word, "encrypt") == 0)
		list->cleartext = CLEARTEXT_ENCRYPT;
	else if (strcmp(word, "bounces-quarantine") == 0)
		list->bounces = BOUNCES_QUARANTINE;
	else if (strcmp(word, "trial") == 0)
		list->enforce = false;
	else if (strcmp(word, "sighted") == 0)
		list->decrypt = true;
	else if (strcmp(word, "valid") == 0)
		list->signature = SIGNATURE_VALID;
	else if (strcmp(word, "member") == 0)
		list->signature = SIGNATURE_MEMBER;
	else
		return false;
	return true;
}

static void
begin(struct world *w)
{
	size_t i;

	memset(w, 0, sizeof(*w));
	w->list.enforce = true;
	w->list.accept_pgp_mime = w->list.accept_pgp_inline = true;
	w->list.public_lists = (struct strings){ publics, 2 };
	w->mail.finding.what = "found";
	strcpy(w->mail.finding.label, "2");
	w->mail.finding.line = 14;
	w->mail.blocks = w->blocks;
	w->mail.addresses = w->addresses;
	w->mail.subject = text_span("foo");
	w->mail.from = text_span("eve@elsewhere.test");
	w->keys.v = w->subkeys;
	w->keys.n = COUNT(w->subkeys);
	for (i = 0; i < COUNT(w->subkeys); i++) {
		memset(w->subkeys[i].fingerprint, (int)i + 1, 32);
		w->subkeys[i].len = i + 1 == VERSION6 ? 32 : 20;
	}
	w->subkeys[EXPIRED - 1].expires_at = NOW;
	w->subkeys[REVOKED - 1].is_revoked = true;
	w->subkeys[LATER - 1].expires_at = NOW + 1;
	w->members[0] = (struct member){
	    (char *)(uintptr_t)"alice@member.test",
	    (char *)(uintptr_t)"AAAA", NULL };
	w->members[1] = (struct member){ (char *)(uintptr_t)"bob@member.test",
	    (char *)(uintptr_t)"BBBB", NULL };
	w->keys.members = w->members;
	w->keys.nmembers = 2;
}

static void
set(struct world *w, const char *words)
{
	char copy[200], *word, *rest;

	begin(w);
	assert_true(strlen(words) < sizeof(copy));
	strcpy(copy, words);
	word = strtok_r(copy, " ", &rest);
	set_finding(w, word);
	while ((word = strtok_r(NULL, " ", &rest)) != NULL)
		if (!set_mail(w, word) && !set_inside(w, word) &&
		    !set_list(&w->list, word))
			set_signed(w, word);
}

/* finding, words ==> verdict, reason, marks, place, what */
static const struct row {
	const char	*words, *expected;
} rows[] = {
	/* encrypted, to whom */
	{ "pgp-mime to-1", "accept pgp-mime" },
	{ "pgp-inline to-1", "accept pgp-inline" },
	{ "pgp-mime to-4", "accept pgp-mime" },
	{ "pgp-mime to-5", "accept pgp-mime" },
	{ "pgp-mime to-6 to-1", "accept pgp-mime" },
	{ "pgp-mime to-2 to-1", "accept pgp-mime" },
	{ "pgp-mime to-0 to-1", "accept pgp-mime" },
	{ "pgp-mime to-6", "reject wrong-key encrypted to other keys only" },
	{ "pgp-mime to-2", "reject wrong-key encrypted to a key of the list "
	    "that has ended" },
	{ "pgp-mime to-3", "reject wrong-key encrypted to a key of the list "
	    "that has ended" },
	{ "pgp-mime to-6 to-2", "reject wrong-key encrypted to a key of the "
	    "list that has ended" },
	{ "pgp-mime to-0 to-2", "reject wrong-key encrypted to a key of the "
	    "list that has ended" },
	{ "pgp-mime to-2 to-0", "reject wrong-key encrypted to a key of the "
	    "list that has ended" },
	{ "pgp-mime to-0", "reject hidden-recipient all key ids are zero" },
	{ "pgp-mime block to-1 block to-1", "accept pgp-mime" },
	{ "pgp-mime block to-1 block to-6", "reject wrong-key 2 encrypted to "
	    "other keys only" },
	{ "pgp-mime block to-6 block to-1", "reject wrong-key 1 encrypted to "
	    "other keys only" },
	{ "pgp-mime", "later later" },
	/* any key */
	{ "pgp-mime any-key to-6", "accept pgp-mime" },
	{ "pgp-mime any-key to-0 to-6", "accept pgp-mime" },
	{ "pgp-mime any-key to-0", "reject hidden-recipient all key ids are "
	    "zero" },
	{ "pgp-mime any-key sighted to-6", "accept pgp-mime" },
	/* passphrases */
	{ "pgp-mime to-1 passphrase", "reject passphrase-too a passphrase "
	    "beside the keys" },
	{ "pgp-mime to-1 passphrase allow-passphrase", "accept pgp-mime" },
	{ "pgp-mime to-6 passphrase", "reject wrong-key encrypted to other "
	    "keys only" },
	{ "pgp-mime any-key to-6 passphrase", "reject passphrase-too a "
	    "passphrase beside the keys" },
	{ "symmetric-only allow-passphrase", "reject symmetric-only 2:14 "
	    "found" },
	/* what the list takes */
	{ "pgp-mime no-mime to-1", "reject pgp-mime 2:14 found" },
	{ "pgp-inline no-inline to-1", "reject pgp-inline 2:14 found" },
	{ "pgp-mime no-inline to-1", "accept pgp-mime" },
	{ "pgp-inline no-mime to-1", "accept pgp-inline" },
	/* Subject and public lists */
	{ "pgp-mime to-1 tags", "reject missing-subject-tag" },
	{ "pgp-mime to-1 tags tagged", "accept pgp-mime" },
	{ "pgp-mime to-1 private", "accept pgp-mime" },
	{ "pgp-mime to-1 public", "reject public-copy" },
	{ "pgp-mime to-1 private public-domain", "reject public-copy" },
	{ "pgp-mime to-1 tags public", "reject public-copy" },
	{ "pgp-mime to-6 public", "reject wrong-key encrypted to other keys "
	    "only" },
	/* cleartext */
	{ "cleartext", "reject cleartext 2:14 found" },
	{ "partly-cleartext", "reject partly-cleartext 2:14 found" },
	{ "signed-only", "reject signed-only 2:14 found" },
	{ "cleartext quarantine", "quarantine cleartext 2:14 found" },
	{ "partly-cleartext quarantine", "quarantine partly-cleartext 2:14 "
	    "found" },
	{ "signed-only warn", "accept signed-only warned 2:14 found" },
	{ "cleartext warn", "accept cleartext warned 2:14 found" },
	{ "cleartext warn public", "reject public-copy" },
	{ "cleartext warn tags", "reject missing-subject-tag" },
	{ "cleartext quarantine public", "quarantine cleartext 2:14 found" },
	{ "cleartext encrypt", "accept cleartext wrapped 2:14 found" },
	{ "partly-cleartext encrypt tags tagged", "accept partly-cleartext "
	    "wrapped 2:14 found" },
	{ "cleartext encrypt public", "reject public-copy" },
	/* cleartext policies mend nothing else */
	{ "malformed warn", "reject malformed 2:14 found" },
	{ "wrong-key warn", "reject wrong-key 2:14 found" },
	{ "not-encrypted-inside quarantine", "reject not-encrypted-inside "
	    "2:14 found" },
	{ "no-integrity encrypt", "reject no-integrity 2:14 found" },
	{ "pgp-mime to-6 warn", "reject wrong-key encrypted to other keys "
	    "only" },
	/* every other finding */
	{ "smime", "reject smime 2:14 found" },
	{ "mangled", "reject mangled 2:14 found" },
	{ "too-complex", "reject too-complex 2:14 found" },
	{ "hidden-recipient", "reject hidden-recipient 2:14 found" },
	{ "later", "later later" },
	/* before anything else */
	{ "pgp-mime to-1 big", "reject too-big" },
	{ "cleartext warn big", "reject too-big" },
	{ "pgp-mime to-1 automatic", "reject automatic" },
	{ "pgp-mime to-1 automatic big", "reject too-big" },
	{ "pgp-mime to-1 automatic bounces-quarantine",
	    "quarantine automatic" },
	{ "cleartext automatic warn", "reject automatic" },
	/* a list on trial */
	{ "cleartext trial", "accept cleartext trial 2:14 found" },
	{ "cleartext trial quarantine", "accept cleartext trial 2:14 found" },
	{ "cleartext trial warn", "accept cleartext warned 2:14 found" },
	{ "pgp-mime trial to-1", "accept pgp-mime" },
	{ "pgp-mime trial to-6", "accept wrong-key trial encrypted to other "
	    "keys only" },
	{ "pgp-mime trial to-1 big", "accept too-big trial" },
	/* sighted lists */
	{ "pgp-mime sighted to-1", "later later inside" },
	{ "pgp-mime sighted trial to-1", "later later inside" },
	{ "pgp-mime sighted to-6", "reject wrong-key encrypted to other keys "
	    "only" },
	{ "pgp-mime sighted to-0", "later later inside" },
	{ "pgp-mime sighted to-1 public", "reject public-copy" },
	{ "cleartext sighted", "reject cleartext 2:14 found" },
	{ "pgp-mime sighted to-0 undecryptable", "reject undecryptable" },
	{ "pgp-mime sighted to-1 inside-too-big", "reject too-big it unpacks "
	    "to more than this list takes" },
	{ "pgp-mime sighted to-1 signed-not", "accept pgp-mime" },
	{ "pgp-mime sighted to-1 signed-badly", "accept pgp-mime" },
	{ "pgp-mime sighted to-1 signed-well by-stranger",
	    "accept pgp-mime" },
	/* valid signatures */
	{ "pgp-mime sighted valid to-1 signed-not", "reject unsigned" },
	{ "pgp-mime sighted valid to-1 signed-badly", "reject bad-signature "
	    "the signature does not match the text" },
	{ "pgp-mime sighted valid to-1 signed-by-unknown", "reject "
	    "bad-signature signed with a key that the list does not know" },
	{ "pgp-mime sighted valid to-1 signed-by-revoked", "reject "
	    "bad-signature signed with a key that was revoked" },
	{ "pgp-mime sighted valid to-1 signed-by-expired", "reject "
	    "bad-signature signed with a key that has expired" },
	{ "pgp-mime sighted valid to-1 signed-expired", "reject "
	    "bad-signature the signature has expired" },
	{ "pgp-mime sighted valid to-1 signed-well by-stranger",
	    "reject not-the-signer" },
	{ "pgp-mime sighted valid to-1 signed-well by-stranger from-signer",
	    "accept pgp-mime" },
	{ "pgp-mime sighted valid to-1 signed-well by-member from-member",
	    "accept pgp-mime" },
	{ "pgp-mime sighted valid to-1 signed-well by-member "
	    "from-other-member", "reject not-the-signer" },
	/* members' signatures */
	{ "pgp-mime sighted member to-1 signed-not from-member",
	    "reject unsigned" },
	{ "pgp-mime sighted member to-1 signed-well by-stranger from-signer",
	    "reject not-a-member" },
	{ "pgp-mime sighted member to-1 signed-well by-stranger from-member",
	    "reject not-a-member" },
	{ "pgp-mime sighted member to-1 signed-well by-member from-member",
	    "accept pgp-mime" },
	{ "pgp-mime sighted member to-1 signed-well by-member",
	    "reject not-the-signer" },
	{ "pgp-mime sighted member to-1 signed-well by-member from-signer",
	    "accept pgp-mime" },
	{ "pgp-mime sighted member to-1 signed-well by-member "
	    "from-other-member", "reject not-the-signer" },
	{ "pgp-mime sighted member to-1 signed-badly by-member from-member",
	    "reject bad-signature the signature does not match the text" },
};

static void
say(char dst[200], const char *text)
{
	size_t len = strlen(dst);

	if (text[0] != '\0')
		snprintf(dst + len, 200 - len, len == 0 ? "%s" : " %s", text);
}

static void
describe(const struct judgement *j, char dst[200])
{
	char place[60];

	dst[0] = '\0';
	say(dst, verdict_name(j->verdict));
	say(dst, verdict_row(j->reason)->name);
	say(dst, j->is_warned ? "warned" : "");
	say(dst, j->is_wrapped ? "wrapped" : "");
	say(dst, j->is_trial ? "trial" : "");
	say(dst, j->needs_inside ? "inside" : "");
	if (j->verdict == VERDICT_ACCEPT && (j->reason == REASON_PGP_MIME ||
	    j->reason == REASON_PGP_INLINE))
		return;
	snprintf(place, sizeof(place), "%s:%zu", j->label, j->line);
	say(dst, j->line > 0 ? place : j->label);
	say(dst, j->what);
}

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
		describe(&j, got);
		assert_ptr_equal(j.list, &w.list);
		if (strcmp(got, rows[i].expected) == 0)
			continue;
		print_error("%s ==> %s, expected %s\n", rows[i].words, got,
		    rows[i].expected);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* Whatever the finding, only two of them are let through as encrypted. */
static void
test_all_findings(void **state)
{
	struct judgement j;
	struct world w;
	int reason;

	(void)state;
	for (reason = 0; reason < REASON_COUNT; reason++) {
		set(&w, "cleartext to-1");
		w.mail.finding.reason = (enum reason)reason;
		policy_judge(&w.mail, &w.list, &w.keys, NOW, &j);
		assert_int_equal(j.verdict == VERDICT_ACCEPT,
		    reason == REASON_PGP_MIME || reason == REASON_PGP_INLINE);
	}
}

static void
test_members(void **state)
{
	/* words ==> does it come from a member? */
	static const struct {
		const char	*words;
		bool		 expected;
	} members[] = {
		{ "pgp-mime signed-well by-member from-member", true },
		{ "pgp-mime signed-well by-member from-other-member", false },
		{ "pgp-mime signed-well by-member from-signer", false },
		{ "pgp-mime signed-well by-stranger from-member", false },
		{ "pgp-mime signed-badly by-member from-member", false },
		{ "pgp-mime signed-expired by-member from-member", false },
		{ "pgp-mime by-member from-member", false },
		{ "pgp-mime signed-well by-member from-member undecryptable",
		    false },
	};
	struct world w;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(members); i++) {
		set(&w, members[i].words);
		assert_int_equal(policy_is_from_member(&w.mail, &w.keys),
		    members[i].expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_all_findings),
		cmocka_unit_test(test_members),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
