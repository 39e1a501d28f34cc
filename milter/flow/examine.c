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

static bool
is_encrypted(const struct mail *mail)
{
	return mail->finding.reason == REASON_PGP_MIME ||
	    mail->finding.reason == REASON_PGP_INLINE;
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
read_repaired(const struct entities *tree,
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
	out->has_repaired = is_encrypted(&out->repaired) &&
	    mime_agrees(&out->repaired_fields,
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
	if (is_encrypted(&out->mail) && m->has_odd_field)
		find(&out->mail, REASON_MALFORMED,
		    "a header field with a broken name");
	if (is_encrypted(&out->mail) &&
	    !mime_agrees(&out->fields, body, &tree))
		find(&out->mail, REASON_MALFORMED,
		    "a structure that mail programs read differently");
	read_repaired(&tree, limits, out);
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
static void
judge_afresh(const struct mail *mail, const struct examiner *x,
    struct judgement *out)
{
	struct keyset fresh;
	struct fault fault;

	if (!keyring_load(&x->settings->gnupg, &x->list->key, &fresh,
	    &fault)) {
		log_error("list %s: %s", x->list->name, fault.text);
		policy_later(x->list, out);
		return;
	}
	fresh.members = x->keys->members;	/* borrowed */
	fresh.nmembers = x->keys->nmembers;
	policy_judge(mail, x->list, &fresh, clock_now(), out);
	keyring_clear(&fresh);
}

/* Judge, and look inside where the list wants that. */
static void
judge_mail(struct mail *mail, const struct examiner *x,
    struct inside_query *query, struct judgement *out)
{
	struct fault fault;

	policy_judge(mail, x->list, x->keys, clock_now(), out);
	if (x->keys == NULL)
		return;
	if (out->reason == REASON_WRONG_KEY)
		judge_afresh(mail, x, out);
	if (!out->needs_inside)
		return;
	if (!inside_read(query, &mail->inside, &fault)) {
		log_error("list %s: %s", x->list->name, fault.text);
		policy_later(x->list, out);
		return;
	}
	policy_judge(mail, x->list, x->keys, clock_now(), out);
}

void
examine_judge(struct facts *facts, const struct examiner *x,
    struct judgement *out)
{
	struct inside_query query = { x->settings, x->list, x->keys,
	    x->canary, &facts->fields, facts->body, facts->mail.from };

	if (!facts->has_repaired || !x->list->repair) {
		judge_mail(&facts->mail, x, &query, out);
		return;
	}
	query.header = &facts->repaired_fields;
	query.body = buf_span(&facts->repaired_body);
	judge_mail(&facts->repaired, x, &query, out);
	out->is_repaired = out->verdict == VERDICT_ACCEPT;
}
