/*
 * policy: mail x list rules -> verdict; see policy.h.
 *
 * The order of the checks is the order in which a sender can mend things: what
 * the message is, then to whom it is encrypted, then its Subject and copies.
 */
#include <stdio.h>
#include <string.h>

#include "core/address.h"
#include "core/policy.h"

void
policy_begin(struct judgement *out)
{
	memset(out, 0, sizeof(*out));
	out->verdict = VERDICT_LATER;
	out->reason = REASON_LATER;
	out->what = "";
}

static void
refuse(struct judgement *j, enum reason reason, const char *what)
{
	j->is_warned = j->is_wrapped = false;
	j->verdict = verdict_row(reason)->verdict;
	j->reason = reason;
	j->what = what;
	j->label[0] = '\0';
	j->line = 0;
}

static void
take(struct judgement *j, const struct finding *f, enum verdict verdict)
{
	j->verdict = verdict;
	j->reason = f->reason;
	j->what = f->what;
	j->line = f->line;
	memcpy(j->label, f->label, sizeof(j->label));
}

/* What stands for cleartext is judged as the list's `cleartext` says. */
static void
judge_cleartext(const struct finding *f, const struct list_settings *list,
    struct judgement *j)
{
	switch (list->cleartext) {
	case CLEARTEXT_QUARANTINE:
		take(j, f, VERDICT_QUARANTINE);
		return;
	case CLEARTEXT_WARN:
		take(j, f, VERDICT_ACCEPT);
		j->is_warned = true;
		return;
	case CLEARTEXT_ENCRYPT:
		take(j, f, VERDICT_ACCEPT);
		j->is_wrapped = true;
		return;
	case CLEARTEXT_REJECT:
		break;
	}
	take(j, f, VERDICT_REJECT);
}

static bool
is_usable(const struct subkey *key, int64_t now)
{
	return !key->is_revoked &&
	    (key->expires_at == 0 || key->expires_at > now);
}

/* A message that names one more often wants to be taken for several. */
#define NAMED_MAX 4

enum addressed {
	ADDRESSED,
	ADDRESSED_TO_ENDED,	/* an expired or revoked key of the list */
	ADDRESSED_HIDDEN,
	ADDRESSED_TO_OTHERS
};

static enum addressed
addressed(const struct openpgp *m, const struct keyset *keys, int64_t now)
{
	enum addressed best = ADDRESSED_TO_OTHERS;
	struct span fingerprint;
	size_t r, k;

	for (r = 0; r < m->nrecipients; r++) {
		if (m->recipients[r].len == 0 && best == ADDRESSED_TO_OTHERS)
			best = ADDRESSED_HIDDEN;
		for (k = 0; k < keys->n; k++) {
			fingerprint.data = keys->v[k].fingerprint;
			fingerprint.len = keys->v[k].len;
			if (!openpgp_is_for(&m->recipients[r], fingerprint))
				continue;
			if (is_usable(&keys->v[k], now))
				return ADDRESSED;
			best = ADDRESSED_TO_ENDED;
		}
	}
	return best;
}

static bool
is_valid(const struct certificate *c, int64_t now)
{
	return !c->is_revoked && c->starts_at <= now && c->expires_at >= now;
}

/* Whom an S/MIME message names of the list's certificates. */
static enum addressed
addressed_smime(const struct cms *m, const struct keyset *keys, int64_t now,
    size_t *named_out, const char **ended_out)
{
	enum addressed best = ADDRESSED_TO_OTHERS;
	const struct certificate *c;
	size_t r, k;

	*named_out = 0;
	for (r = 0; r < m->nrecipients; r++)
		for (k = 0; k < keys->ncertificates; k++) {
			c = &keys->certificates[k];
			if (!cms_is_for(&m->recipients[r], c))
				continue;
			++*named_out;
			if (is_valid(c, now))
				best = ADDRESSED;
			else if (best == ADDRESSED_TO_OTHERS)
				best = ADDRESSED_TO_ENDED;
			*ended_out = c->expires_at < now ?
			    "encrypted to a certificate of the list that has "
			    "expired" : "encrypted to a certificate of the "
			    "list that is not valid";
		}
	return best;
}

static bool
has_no_name(const struct openpgp *m)
{
	size_t i;

	for (i = 0; i < m->nrecipients; i++)
		if (m->recipients[i].len != 0)
			return false;
	return true;
}

/*
 * False when the block is not for the list; j says why.  What its manager sends
 * out may be for anybody.
 */
static bool
judge_block(const struct mail *mail, size_t i,
    const struct list_settings *list, const struct keyset *keys, int64_t now,
    struct judgement *j)
{
	const char *ended = "encrypted to a key of the list that has ended";
	const struct mail_block *b = &mail->blocks[i];
	enum addressed to = ADDRESSED;
	size_t named = 0;

	if (mail->is_copy || (b->is_smime && keys == NULL))
		to = ADDRESSED;
	else if (b->is_smime)
		to = addressed_smime(&b->cms, keys, now, &named, &ended);
	else if (keys != NULL)
		to = addressed(&b->message, keys, now);
	else if (has_no_name(&b->message))
		to = ADDRESSED_HIDDEN;
	switch (to) {
	case ADDRESSED:
		break;
	case ADDRESSED_TO_ENDED:
		refuse(j, REASON_WRONG_KEY, ended);
		return false;
	case ADDRESSED_HIDDEN:
		if (list->decrypt)
			break;		/* decryption will tell */
		refuse(j, REASON_HIDDEN_RECIPIENT,
		    "all key ids are zero");
		return false;
	case ADDRESSED_TO_OTHERS:
		refuse(j, REASON_WRONG_KEY, b->is_smime ?
		    "encrypted to other certificates only" :
		    "encrypted to other keys only");
		return false;
	}
	if (named > NAMED_MAX) {
		refuse(j, REASON_MALFORMED,
		    "the list's certificate is named again and again");
		return false;
	}
	if (b->message.nskesks + b->cms.npassphrases == 0 ||
	    list->allow_passphrase)
		return true;
	refuse(j, REASON_PASSPHRASE_TOO,
	    "a passphrase beside the keys");
	return false;
}

static bool
is_tagged(struct span subject, const struct strings *tags)
{
	size_t i;

	for (i = 0; i < tags->n; i++)
		if (text_find_nocase(subject, tags->v[i]) < subject.len)
			return true;
	return tags->n == 0;
}

static bool
is_public(const struct mail *mail, const struct list_settings *list)
{
	size_t i;

	for (i = 0; i < mail->naddresses; i++)
		if (address_matches(mail->addresses[i], &list->public_lists))
			return true;
	return false;
}

enum membership {
	MEMBER_NOT,
	MEMBER_OTHER_ADDRESS,	/* the key is a member's, From is not */
	MEMBER_AUTHOR
};

static enum membership
membership(const struct mail *mail, const struct keyset *keys)
{
	enum membership best = MEMBER_NOT;
	const struct member *m;
	size_t i;

	for (i = 0; i < keys->nmembers; i++) {
		m = &keys->members[i];
		if (!text_is_nocase(text_span(mail->inside.signer),
		    m->fingerprint))
			continue;
		if (text_is_nocase(mail->from, m->address))
			return MEMBER_AUTHOR;
		best = MEMBER_OTHER_ADDRESS;
	}
	return best;
}

bool
policy_is_from_member(const struct mail *mail, const struct keyset *keys)
{
	return mail->inside.result == INSIDE_READ &&
	    mail->inside.signed_state == SIGNED_WELL &&
	    membership(mail, keys) == MEMBER_AUTHOR;
}

static const char *
bad_signature(enum signed_state state)
{
	switch (state) {
	case SIGNED_BY_UNKNOWN:
		return "signed with a key that the list does not know";
	case SIGNED_BY_REVOKED:
		return "signed with a key that was revoked";
	case SIGNED_BY_EXPIRED:
		return "signed with a key that has expired";
	case SIGNED_EXPIRED:
		return "the signature has expired";
	case SIGNED_NOT:
	case SIGNED_BADLY:
	case SIGNED_WELL:
		break;
	}
	return "the signature does not match the text";
}

static void
judge_signature(const struct mail *mail, const struct list_settings *list,
    const struct keyset *keys, struct judgement *j)
{
	const struct inside *in = &mail->inside;
	enum membership m = membership(mail, keys);

	if (list->signature == SIGNATURE_IGNORE)
		return;
	if (in->signed_state == SIGNED_NOT)
		refuse(j, REASON_UNSIGNED, "");
	else if (in->signed_state != SIGNED_WELL)
		refuse(j, REASON_BAD_SIGNATURE,
		    bad_signature(in->signed_state));
	else if (list->signature == SIGNATURE_MEMBER && m == MEMBER_NOT)
		refuse(j, REASON_NOT_A_MEMBER, "");
	else if (m != MEMBER_AUTHOR && !in->is_from_signer)
		refuse(j, REASON_NOT_THE_SIGNER, "");
}

/* What a sighted list asks of the text inside. */
static void
judge_inside(const struct mail *mail, const struct list_settings *list,
    const struct keyset *keys, struct judgement *j)
{
	switch (mail->inside.result) {
	case INSIDE_UNREAD:
		policy_begin(j);
		j->list = list;
		j->needs_inside = true;
		break;
	case INSIDE_UNDECRYPTABLE:
		refuse(j, REASON_UNDECRYPTABLE, "");
		break;
	case INSIDE_TOO_BIG:
		refuse(j, REASON_TOO_BIG,
		    "it unpacks to more than this list takes");
		break;
	case INSIDE_READ:
		judge_signature(mail, list, keys, j);
		break;
	}
}

/* Where an accepted message goes besides, and what its Subject says. */
static void
judge_manners(const struct mail *mail, const struct list_settings *list,
    struct judgement *j)
{
	if (is_public(mail, list))
		refuse(j, REASON_PUBLIC_COPY, "");
	else if (!is_tagged(mail->subject, &list->subject_tags))
		refuse(j, REASON_MISSING_SUBJECT_TAG, "");
}

static bool
takes(const struct list_settings *list, enum reason reason)
{
	return reason == REASON_PGP_MIME ? list->accept_pgp_mime :
	    reason == REASON_SMIME ? list->accept_smime :
	    list->accept_pgp_inline;
}

/* The message is encrypted: is it so to this list, and fit for it? */
static void
judge_encrypted(const struct mail *mail, const struct list_settings *list,
    const struct keyset *keys, int64_t now, struct judgement *j)
{
	size_t i;

	if (!takes(list, mail->finding.reason)) {
		take(j, &mail->finding, VERDICT_REJECT);
		return;
	}
	if (mail->nblocks == 0)
		return;		/* nothing was examined: later */
	for (i = 0; i < mail->nblocks; i++)
		if (!judge_block(mail, i, list, keys, now, j)) {
			memcpy(j->label, mail->blocks[i].label,
			    sizeof(j->label));
			return;
		}
	take(j, &mail->finding, VERDICT_ACCEPT);
	judge_manners(mail, list, j);
	if (j->verdict == VERDICT_ACCEPT && list->decrypt && keys != NULL &&
	    !mail->is_copy)
		judge_inside(mail, list, keys, j);
}

static void
judge(const struct mail *mail, const struct list_settings *list,
    const struct keyset *keys, int64_t now, struct judgement *j)
{
	if (mail->is_too_big) {
		refuse(j, REASON_TOO_BIG, "");
		return;
	}
	if (mail->is_automatic && !mail->is_copy) {
		refuse(j, REASON_AUTOMATIC, "");
		if (list->bounces == BOUNCES_QUARANTINE)
			j->verdict = VERDICT_QUARANTINE;
		return;
	}
	switch (mail->finding.reason) {
	case REASON_LATER:
		break;
	case REASON_PGP_MIME:
	case REASON_PGP_INLINE:
	case REASON_SMIME:
		judge_encrypted(mail, list, keys, now, j);
		break;
	case REASON_CLEARTEXT:
	case REASON_PARTLY_CLEARTEXT:
	case REASON_SIGNED_ONLY:
		judge_cleartext(&mail->finding, list, j);
		break;
	default:
		take(j, &mail->finding, VERDICT_REJECT);
		break;
	}
	if (j->is_warned || j->is_wrapped)
		judge_manners(mail, list, j);
}

/* A list on trial refuses nothing. */
static void
apply_trial(struct judgement *j)
{
	if (j->list->enforce || j->verdict == VERDICT_ACCEPT ||
	    j->needs_inside)
		return;
	j->verdict = VERDICT_ACCEPT;
	j->is_trial = true;
}

void
policy_later(const struct list_settings *list, struct judgement *out)
{
	policy_begin(out);
	out->list = list;
	apply_trial(out);
}

void
policy_refuse(const struct list_settings *list, enum reason reason,
    struct judgement *out)
{
	policy_begin(out);
	out->list = list;
	refuse(out, reason, "");
	apply_trial(out);
}

void
policy_judge(const struct mail *mail, const struct list_settings *list,
    const struct keyset *keys, int64_t now, struct judgement *out)
{
	policy_begin(out);
	out->list = list;
	judge(mail, list, keys, now, out);
	apply_trial(out);
}

/* Among those that let a message pass: which has more to say? */
static int
oddness(const struct judgement *j)
{
	return j->is_wrapped ? 3 : j->is_trial ? 2 : j->is_warned ? 1 : 0;
}

void
policy_worse(struct judgement *worst, const struct judgement *other)
{
	if (other->verdict > worst->verdict ||
	    (other->verdict == worst->verdict &&
	    oddness(other) > oddness(worst)))
		*worst = *other;
}

void
policy_explain(const struct judgement *j, char *dst, size_t size)
{
	const char *what = j->what[0] != '\0' ? j->what :
	    verdict_row(j->reason)->text;

	if (j->label[0] != '\0' && j->line > 0)
		snprintf(dst, size, "part %s, line %zu: %s", j->label,
		    j->line, what);
	else if (j->label[0] != '\0')
		snprintf(dst, size, "part %s: %s", j->label, what);
	else if (j->line > 0)
		snprintf(dst, size, "line %zu: %s", j->line, what);
	else
		snprintf(dst, size, "%s", what);
}
