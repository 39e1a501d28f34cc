/*
 * talk: random conversations by mail; see talk.h.
 */
#include <stdio.h>
#include <string.h>

#include "lib/talk.h"

size_t
talk_random(uint64_t *state, size_t n)
{
	/* xorshift64* */
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (size_t)((*state * UINT64_C(2685821657736338717)) >> 33) % n;
}

/* The ancestors of a reply to the mail `parent`. */
static void
name_ancestors(const struct talk *talk, enum talk_references references,
    size_t parent, struct talk_mail *mail)
{
	const struct talk_mail *p = &talk->mails[parent];
	size_t i;

	mail->ancestors[mail->nancestors++] = parent;
	if (references == TALK_PARENT)
		return;
	for (i = 0; i < p->nancestors; i++)
		if (references == TALK_ALL || p->ancestors[i] == 0)
			mail->ancestors[mail->nancestors++] = p->ancestors[i];
}

static bool
is_answered(const struct talk *talk, size_t i)
{
	size_t k;

	for (k = 0; k < talk->n; k++)
		if (talk->mails[k].nancestors > 0 &&
		    talk->mails[k].ancestors[0] == i)
			return true;
	return false;
}

/* Some leaves lose their id, or take that of the leaf before them. */
static void
spoil_ids(const struct talk_shape *shape, uint64_t *state, struct talk *talk)
{
	struct talk_mail *mail, *last = NULL;
	size_t i;

	for (i = 1; i < talk->n; i++) {
		mail = &talk->mails[i];
		if (is_answered(talk, i))
			continue;
		if (shape->lacks_ids && talk_random(state, 3) == 0)
			mail->id[0] = '\0';
		else if (shape->has_twins && last != NULL &&
		    talk_random(state, 2) == 0)
			memcpy(mail->id, last->id, sizeof(mail->id));
		last = mail;
	}
}

static void
state_date(enum talk_dates dates, bool is_report, uint64_t *state,
    struct talk_mail *mail)
{
	switch (dates) {
	case TALK_NONE:
		break;
	case TALK_ONE:
		mail->date = RIG_NOW + 5 * RIG_DAY;
		break;
	case TALK_THREE:
		mail->date = RIG_NOW + RIG_DAY * (3 + 2 *
		    (int64_t)talk_random(state, 3));
		break;
	case TALK_VAGUE:
		mail->is_vague = talk_random(state, 2) == 0;
		mail->date = mail->is_vague ? TALK_VAGUE_AT : TALK_CLEAR_AT;
		break;
	case TALK_LATE:
		if (is_report || mail->is_member)
			mail->date = TALK_LATE_AT;
		break;
	}
}

void
talk_make(const struct talk_shape *shape, unsigned number, uint64_t *state,
    struct talk *out)
{
	enum talk_references references;
	struct talk_mail *mail;
	size_t i;

	memset(out, 0, sizeof(*out));
	out->n = shape->n != 0 ? shape->n :
	    1 + talk_random(state, TALK_MAX);
	for (i = 0; i < out->n; i++) {
		mail = &out->mails[i];
		snprintf(mail->id, sizeof(mail->id), "%zu.%u@talk", i, number);
		snprintf(mail->body, sizeof(mail->body), "body %zu of %u", i,
		    number);
		snprintf(mail->sender, sizeof(mail->sender), "%zu@example.org",
		    talk_random(state, 3));
		mail->is_member = talk_random(state, 3) == 0;
		if (talk_random(state, 2) == 0)
			state_date(shape->dates, i == 0, state, mail);
		if (i == 0)
			continue;
		references = shape->references;
		if (references == TALK_MIXED)
			references = (enum talk_references)talk_random(state,
			    TALK_MIXED);
		name_ancestors(out, references, talk_random(state, i), mail);
	}
	spoil_ids(shape, state, out);
}

void
talk_mail(const struct talk *talk, size_t i,
    const struct list_settings *list, int64_t now, struct store_mail *out)
{
	const struct talk_mail *mail = &talk->mails[i];
	size_t k;

	memset(out, 0, sizeof(*out));
	out->list = list;
	out->now = now;
	out->message_id = text_span(mail->id);
	out->body = text_span(mail->body);
	out->sender = out->author = text_span(mail->sender);
	out->is_from_member = mail->is_member;
	out->seals[out->nseals++] = text_span(mail->body);
	for (k = 0; k < mail->nancestors; k++)
		out->ancestors[out->nancestors++] =
		    text_span(talk->mails[mail->ancestors[k]].id);
	out->date.kind = mail->date == 0 ? CRD_NONE : CRD_DATE;
	out->date.at = mail->date;
	out->date.hour_assumed = mail->is_vague;
}
