/*
 * examine: the facts of a message; see examine.h.
 */
#include <stdlib.h>
#include <string.h>

#include "core/classify.h"
#include "core/mangled.h"
#include "edge/clock.h"
#include "edge/keyring.h"
#include "edge/log.h"
#include "edge/mime.h"
#include "flow/examine.h"

static void
add_address(struct mail *mail, struct span address)
{
	if ((mail->naddresses & (mail->naddresses - 1)) == 0)
		mail->addresses = buf_realloc(mail->addresses,
		    mail->naddresses == 0 ? 1 : mail->naddresses * 2,
		    sizeof(*mail->addresses));
	mail->addresses[mail->naddresses++] = address;
}

static bool
is_recipient_field(struct span name)
{
	static const char *const names[] = { "To", "Cc", "Bcc", "Resent-To",
	    "Resent-Cc", "Resent-Bcc" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is_nocase(name, names[i]))
			return true;
	return false;
}

static void
find_addresses(const struct message *m, struct facts *out)
{
	struct span rest, address;
	size_t i;

	for (i = 0; i < m->nrecipients; i++)
		add_address(&out->mail, text_span(m->recipients[i]));
	for (i = 0; i < out->fields.n; i++) {
		if (!is_recipient_field(out->fields.v[i].name))
			continue;
		rest = out->fields.v[i].value;
		while (field_next_address(&rest, &address))
			add_address(&out->mail, address);
	}
}

/* The author; nobody when there are several From fields or none. */
static void
find_author(struct facts *out)
{
	struct span rest;

	out->mail.from = text_span("");
	if (field_count(&out->fields, "From") != 1)
		return;
	rest = field_find(&out->fields, "From", 0)->value;
	if (!field_next_address(&rest, &out->mail.from))
		out->mail.from = text_span("");
}

static void
find(struct mail *mail, enum reason reason, const char *what)
{
	mail->finding.reason = reason;
	mail->finding.what = what;
	mail->finding.label[0] = '\0';
	mail->finding.line = 0;
}

/* Every field but Content fields, then the type of what repair makes. */
static void
repair_fields(const struct fields *fields, struct fields *out)
{
	size_t i;

	for (i = 0; i < fields->n; i++)
		if (!text_starts_nocase(fields->v[i].name, "Content-"))
			field_add(out, fields->v[i].name, fields->v[i].value);
	field_add(out, text_span("Content-Type"), text_span(PGP_MIME_TYPE));
}

/* A mangled message that can be mended is read like any other. */
static void
read_repaired(const struct message *m, const struct entities *tree,
    const struct limit_settings *limits, struct facts *out)
{
	struct entities repaired;

	buf_init(&out->repaired_body, 2 * out->body.len + 4096);
	if (out->mail.finding.reason != REASON_MANGLED ||
	    !mangled_repair(tree, &out->repaired_body))
		return;
	repair_fields(&out->fields, &out->repaired_fields);
	entity_parse(&out->repaired_fields, buf_span(&out->repaired_body),
	    limits, &repaired);
	out->repaired = out->mail;
	out->repaired.blocks = NULL;
	out->repaired.nblocks = 0;
	classify_tree(&repaired, limits, &out->repaired);
	out->has_repaired = classify_is_encrypted(&out->repaired) &&
	    !m->has_odd_field && mime_agrees(&out->repaired_fields,
	    buf_span(&out->repaired_body), &repaired);
	entity_clear(&repaired);
}

static void
read_structure(const struct message *m, const struct limit_settings *limits,
    struct facts *out)
{
	struct entities tree;
	struct span body = buf_span(&m->body);

	entity_parse(&out->fields, body, limits, &tree);
	classify_tree(&tree, limits, &out->mail);
	if (classify_is_encrypted(&out->mail) && m->has_odd_field)
		find(&out->mail, REASON_MALFORMED,
		    "a header field with a broken name");
	if (classify_is_encrypted(&out->mail) &&
	    !mime_agrees(&out->fields, body, &tree))
		find(&out->mail, REASON_MALFORMED,
		    "a structure that mail programs read differently");
	read_repaired(m, &tree, limits, out);
	entity_clear(&tree);
}

void
examine_read(const struct message *m, const struct limit_settings *limits,
    struct facts *out)
{
	const struct field *subject;

	memset(out, 0, sizeof(*out));
	out->body = buf_span(&m->body);
	message_fields(m, &out->fields);
	subject = field_find(&out->fields, "Subject", 0);
	out->subject = mime_decode_words(subject == NULL ? text_span("") :
	    text_trim(subject->value));
	out->mail.subject = text_span(out->subject);
	out->mail.is_too_big = m->is_too_big;
	out->mail.is_copy = m->is_copy;
	out->mail.is_automatic = message_is_automatic(m, &out->fields);
	find_addresses(m, out);
	find_author(out);
	if (m->is_too_complex)
		find(&out->mail, REASON_TOO_COMPLEX,
		    "too many header fields or recipients");
	else if (m->is_too_big)
		find(&out->mail, REASON_TOO_BIG, "");
	else
		read_structure(m, limits, out);
}

void
examine_clear(struct facts *facts)
{
	classify_clear(&facts->mail);
	classify_clear(&facts->repaired);
	field_clear(&facts->fields);
	field_clear(&facts->repaired_fields);
	buf_clear(&facts->repaired_body);
	free(facts->mail.addresses);
	free(facts->subject);
	memset(facts, 0, sizeof(*facts));
}

/* The keyring may know more than when it was read last. */
static bool
load_afresh(const struct examiner *x, struct keyset *out,
    struct fault *fault)
{
	struct gnupg_settings gnupg = x->settings->gnupg;
	int64_t left = x->until_ms - clock_monotonic_ms();

	if (left <= 0) {
		fault_set(fault, FAULT_SITE, "no time is left for gpg");
		return false;
	}
	gnupg.timeout_ms = (int)left;
	if (!keyring_load(&gnupg, x->list, out, fault))
		return false;
	out->members = x->keys->members;	/* borrowed */
	out->nmembers = x->keys->nmembers;
	return true;
}

/* Judge, and look inside where the list wants that. */
static bool
judge_mail(struct mail *mail, const struct examiner *x,
    struct inside_query *query, struct judgement *out, struct fault *fault)
{
	struct keyset fresh = { 0 };
	bool ok = true;

	policy_judge(mail, x->list, x->keys, clock_now(), out);
	if (x->keys == NULL)
		return true;
	if (out->reason == REASON_WRONG_KEY) {
		ok = load_afresh(x, &fresh, fault);
		query->keys = &fresh;
		if (ok)
			policy_judge(mail, x->list, &fresh, clock_now(), out);
	}
	if (ok && out->needs_inside) {
		ok = inside_read(query, &mail->inside, fault);
		if (ok)
			policy_judge(mail, x->list, query->keys, clock_now(),
			    out);
	}
	query->keys = x->keys;
	keyring_clear(&fresh);
	return ok;
}

static bool
is_same(const struct strings *a, const struct strings *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return false;
	return true;
}

static bool
has_same_keys(const struct list_settings *a, const struct list_settings *b)
{
	return is_same(&a->key, &b->key) &&
	    is_same(&a->certificate, &b->certificate);
}

/* What was read with the key of one list says nothing about another's. */
static void
judge_or_defer(struct facts *facts, struct mail *mail,
    const struct examiner *x, struct inside_query *query,
    struct judgement *out)
{
	struct inside before = facts->mail.inside;
	struct fault fault;

	if (facts->read_for != NULL && has_same_keys(facts->read_for, x->list))
		mail->inside = before;
	else
		memset(&mail->inside, 0, sizeof(mail->inside));
	if (!judge_mail(mail, x, query, out, &fault)) {
		log_error("list %s: %s", x->list->name, fault.text);
		policy_later(x->list, out);
	}
	if (mail->inside.result == INSIDE_READ)
		facts->read_for = x->list;
	else
		mail->inside = before;
	facts->mail.inside = mail->inside;	/* for the record */
}

void
examine_judge(struct facts *facts, const struct examiner *x,
    struct judgement *out)
{
	struct inside_query query = { x->settings, x->list, x->keys,
	    x->canary, &facts->fields, facts->body, facts->mail.from,
	    x->until_ms };
	bool repairs = facts->has_repaired && x->list->repair;
	struct mail *mail = &facts->mail;

	if (repairs) {
		mail = &facts->repaired;
		query.header = &facts->repaired_fields;
		query.body = buf_span(&facts->repaired_body);
	}
	judge_or_defer(facts, mail, x, &query, out);
	out->is_repaired = repairs && out->verdict == VERDICT_ACCEPT;
}
