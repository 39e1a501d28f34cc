/*
 * record: an accepted message becomes part of an issue; see record.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/clock.h"
#include "flow/record.h"

/* In-Reply-To first, then References from the last to the first. */
static void
find_ancestors(const struct fields *fields, struct store_mail *out)
{
	static const char *const names[] = { "In-Reply-To", "References" };
	struct span ids[STORE_MAX_ANCESTORS];
	const struct field *f;
	size_t i, n, room;

	for (i = 0; i < 2; i++) {
		f = field_find(fields, names[i], 0);
		room = STORE_MAX_ANCESTORS - out->nancestors;
		if (f == NULL || room == 0)
			continue;
		/* nobody answers eight mails at once */
		n = field_message_ids(f->value, ids,
		    i == 0 && room > 8 ? 8 : room);
		while (n > 0)
			out->ancestors[out->nancestors++] = ids[--n];
	}
}

/* What was found inside the encryption, with the list's default hour. */
static bool
find_date_inside(const struct inside *in, const struct list_settings *list,
    struct crd *out)
{
	if (in->result != INSIDE_READ || in->date.kind == CRD_NONE)
		return false;
	*out = in->date;
	if (out->kind == CRD_HUMAN)
		out->reason = in->date_reason;
	if (out->kind == CRD_DATE && out->hour_assumed)
		out->at += list->embargo.default_hour_secs;
	return true;
}

/* The date inside, else an Embargo-Until field, else a tag in the Subject. */
static void
find_date(const struct facts *facts, const struct list_settings *list,
    int64_t now, struct crd *out)
{
	const struct field *f;
	struct crd other;
	size_t i;

	if (find_date_inside(&facts->mail.inside, list, out))
		return;
	out->kind = CRD_NONE;
	for (i = 0; (f = field_find(&facts->fields, "Embargo-Until", i)) !=
	    NULL; i++) {
		crd_parse_field(text_trim(f->value), now,
		    list->embargo.default_hour_secs, &other);
		if (out->kind == CRD_DATE && other.kind == CRD_DATE &&
		    out->at != other.at) {
			out->kind = CRD_HUMAN;
			out->reason = "two different dates";
		} else if (out->kind == CRD_NONE || other.kind == CRD_HUMAN)
			*out = other;
	}
	if (out->kind == CRD_NONE)
		crd_parse_subject(facts->mail.subject, now,
		    list->embargo.default_hour_secs, out);
}

/* What stands inside wins over the outer header. */
static void
find_notice(const struct facts *facts, const struct list_settings *list,
    int64_t now, struct notice *out)
{
	int hour = list->embargo.default_hour_secs;

	*out = facts->mail.inside.notice;
	if (out->has_exploit && out->exploit_hour_assumed)
		out->exploit_at += hour;
	notice_add_fields(&facts->fields, now, hour, out);
}

static void
add_seal(struct store_mail *out, const uint8_t *data, size_t len)
{
	if (out->nseals + 1 == STORE_MAX_SEALS)	/* one is for a signature */
		return;
	out->seals[out->nseals].data = data;
	out->seals[out->nseals++].len = len;
}

/* Its keys as they are encrypted to the list, see core/cms.h. */
static void
find_smime_seals(const struct cms *m, const struct keyset *keys,
    struct store_mail *out)
{
	size_t r, k;

	for (r = 0; r < m->nrecipients; r++)
		for (k = 0; k < keys->ncertificates; k++)
			if (cms_is_for(&m->recipients[r],
			    &keys->certificates[k])) {
				add_seal(out, m->recipients[r].seal,
				    m->recipients[r].seal_len);
				break;
			}
}

/* What no two messages share, and the signature inside. */
static void
find_seals(const struct mail *mail, const struct keyset *keys,
    struct store_mail *out)
{
	const struct mail_block *b;
	size_t i;

	for (i = 0; i < mail->nblocks; i++) {
		b = &mail->blocks[i];
		if (b->is_smime)
			find_smime_seals(&b->cms, keys, out);
		else
			add_seal(out, b->message.seal, b->message.seal_len);
	}
	if (mail->inside.seal[0] != '\0')
		out->seals[out->nseals++] = text_span(mail->inside.seal);
}

void
record_list_names(const struct settings *settings, const char *tracker,
    const bool *is_for, struct buf *out)
{
	const struct list_settings *list;
	size_t i;

	buf_init(out, settings->nlists * 80 + 1);
	for (i = 0; i < settings->nlists; i++) {
		list = &settings->lists[i];
		if ((is_for == NULL || is_for[i]) &&
		    strcmp(list->tracker, tracker) == 0 &&
		    !buf_print(out, "%s%s", out->len == 0 ? "" : " ",
		    list->name))
			abort();
	}
	if (!buf_add(out, "", 1))
		abort();
}

/* What the header says of the thread. */
static void
begin_mail(const struct list_settings *list, const struct fields *fields,
    struct store_mail *out)
{
	const struct field *id = field_find(fields, "Message-ID", 0);

	memset(out, 0, sizeof(*out));
	out->list = list;
	out->now = clock_now();
	if (id != NULL && field_message_ids(id->value, &out->message_id,
	    1) == 0)
		out->message_id = text_span("");
	find_ancestors(fields, out);
}

void
record_refused_copy(const struct snapshot *snapshot, const struct facts *facts,
    const struct judgement *j)
{
	struct store_mail mail;

	begin_mail(j->list, &facts->fields, &mail);
	store_tell_copy(snapshot->store, &mail, j->reason);
}

bool
record_message(const struct snapshot *snapshot, size_t index,
    const struct message *m, const struct facts *facts,
    const struct record_way *way, struct store_answer *out,
    struct fault *fault)
{
	const struct list_settings *list = &snapshot->settings->lists[index];
	const struct keyset *keys = &snapshot->keys[index];
	struct store_mail mail;
	struct buf names;
	bool ok;

	begin_mail(list, &facts->fields, &mail);
	if (way->past_at != 0) {
		mail.recorded_at = mail.now;
		mail.now = way->past_at;
	}
	record_list_names(snapshot->settings, list->tracker, m->is_for,
	    &names);
	mail.lists = (const char *)names.data;
	mail.body = buf_span(&m->body);
	mail.sender = text_span(m->sender);
	mail.author = facts->mail.from;
	find_seals(&facts->mail, keys, &mail);
	mail.subject = facts->mail.subject;
	find_date(facts, list, mail.now, &mail.date);
	find_notice(facts, list, mail.now, &mail.notice);
	mail.is_clear = way->is_clear;
	mail.is_rehearsal = way->is_rehearsal;
	if (way->past_at == 0 && snapshot->settings->alerts.acknowledge &&
	    message_wants_answer(m, &facts->fields, snapshot->settings))
		mail.reply_to = m->sender;
	mail.is_from_member = policy_is_from_member(&facts->mail, keys);
	ok = store_record(snapshot->store, &mail, out, fault);
	buf_clear(&names);
	return ok;
}

void
record_remove_forged(const struct facts *facts, struct outcome *outcome)
{
	const struct fields *f = &facts->fields;
	size_t i;

	for (i = f->n; i > 0; i--)
		if (text_starts_nocase(f->v[i - 1].name, "X-Embargo-"))
			outcome_delete_field(outcome, f, i - 1);
}

static void
print_until(const struct store_answer *a, char *dst, size_t size)
{
	char date[CRD_PRINT_SIZE] = "none";

	if (a->until != 0)
		crd_print(a->until, date);
	snprintf(dst, size, "%s%s%s%s%s", date,
	    a->is_assumed || a->is_hour_assumed ? "; assumed" : "",
	    a->is_capped ? "; capped" : "",
	    a->is_over_max ? "; over-max" : "",
	    a->needs_human ? "; needs-human" : "");
}

/* The tag that the Subject has, else the list's first. */
static const char *
subject_tag(const struct facts *facts, const struct list_settings *list)
{
	const struct strings *tags = &list->subject_tags;
	size_t i;

	for (i = 0; i < tags->n; i++)
		if (text_find_nocase(facts->mail.subject, tags->v[i]) <
		    facts->mail.subject.len)
			return tags->v[i];
	return tags->n > 0 ? tags->v[0] : "";
}

/* "[vs-plain]" for "[vs]", where the list has such a tag; else the same. */
static const char *
plain_tag(const char *tag, const struct list_settings *list)
{
	const struct strings *tags = &list->subject_tags;
	size_t len = strlen(tag), i;
	const char *t;

	for (i = 0; i < tags->n && len > 0; i++) {
		t = tags->v[i];
		if (strncmp(t, tag, len - 1) == 0 &&
		    strcmp(t + len - 1, "-plain]") == 0)
			return t;
	}
	return tag;
}

/* Fields in which mail programs keep the Subject once more. */
static void
drop_copies(const struct facts *facts, struct outcome *outcome)
{
	static const char *const copies[] = { "Thread-Topic",
	    "X-Original-Subject", "Original-Subject", "Old-Subject",
	    "X-Subject" };
	size_t i, n;

	for (i = 0; i < sizeof(copies) / sizeof(copies[0]); i++)
		for (n = field_count(&facts->fields, copies[i]); n > 0; n--)
			outcome_add_edit(outcome, EDIT_DELETE, copies[i],
			    (int)n, NULL);
}

static void
hide_subject(const struct facts *facts, const struct store_answer *answer,
    const struct list_settings *list, bool is_wrapped,
    struct outcome *outcome)
{
	const char *tag = subject_tag(facts, list);
	char subject[200];
	size_t i;

	if (is_wrapped)
		tag = plain_tag(tag, list);
	snprintf(subject, sizeof(subject), "%s%s%s", tag,
	    tag[0] == '\0' ? "" : " ", answer->issue);
	drop_copies(facts, outcome);
	for (i = field_count(&facts->fields, "Subject"); i > 1; i--)
		outcome_add_edit(outcome, EDIT_DELETE, "Subject", (int)i,
		    NULL);
	if (i == 0)
		outcome_add_edit(outcome, EDIT_ADD, "Subject", 0, subject);
	else
		outcome_add_edit(outcome, EDIT_CHANGE, "Subject", 1, subject);
}

void
record_tag(const struct facts *facts, const struct store_answer *answer,
    const struct list_settings *list, bool is_wrapped,
    struct outcome *outcome)
{
	char until[128];

	print_until(answer, until, sizeof(until));
	outcome_add_edit(outcome, EDIT_ADD, "X-Embargo-Issue", 0,
	    answer->issue);
	outcome_add_edit(outcome, EDIT_ADD, "X-Embargo-Until", 0, until);
	outcome_add_edit(outcome, EDIT_ADD, "X-Embargo-Status", 0,
	    answer->status);
	if (list->hide_subject)
		hide_subject(facts, answer, list, is_wrapped, outcome);
}

const char *
record_verdict_name(const struct judgement *j)
{
	if (j->is_trial)
		return "would-reject";
	if (j->is_wrapped)
		return "encrypt";
	return j->is_warned ? "warn" : verdict_name(j->verdict);
}

void
record_tag_verdict(const struct judgement *j, struct outcome *outcome)
{
	char text[64];

	snprintf(text, sizeof(text), "%s %s", record_verdict_name(j),
	    verdict_row(j->reason)->name);
	outcome_add_edit(outcome, EDIT_ADD, "X-Embargo-Verdict", 0, text);
}
