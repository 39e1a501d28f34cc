/*
 * guard: the leak guard; see guard.h.
 */
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "edge/clock.h"
#include "edge/log.h"
#include "flow/guard.h"
#include "flow/record.h"

/* Thunderbird names what it forwards in a field of its own. */
static const char *const answers[] = { "In-Reply-To",
    "X-Forwarded-Message-Id", "References" };
#define NANSWERS	(sizeof(answers) / sizeof(answers[0]))
#define DIRECT_MAX	8	/* nobody answers more mails at once */

bool
guard_reads(const char *name)
{
	struct span s = text_span(name);
	size_t i;

	for (i = 0; i < NANSWERS; i++)
		if (text_is_nocase(s, answers[i]))
			return true;
	return text_is_nocase(s, "Message-ID");
}

static void
add_ids(struct span value, size_t max, struct store_stray *out)
{
	struct span ids[STORE_MAX_ANCESTORS];
	size_t room = STORE_MAX_ANCESTORS - out->nancestors, n;

	n = field_message_ids(value, ids, max < room ? max : room);
	while (n > 0)
		out->ancestors[out->nancestors++] = ids[--n];
}

/* Where a thread began is what its References keep longest. */
static struct span
root(struct span references)
{
	return text_sub(references, 0, text_find_nocase(references, ">") + 1);
}

static void
find_ids(const struct message *m, struct store_stray *out)
{
	struct span name, value;
	size_t i, k;

	for (k = 0; k < NANSWERS; k++)
		for (i = 0; i < m->nfields; i++) {
			name = text_span(m->names[i]);
			value = text_span(m->values[i]);
			if (!text_is_nocase(name, answers[k]))
				continue;
			if (k + 1 == NANSWERS)
				add_ids(root(value), 1, out);
			add_ids(value, k + 1 == NANSWERS ?
			    STORE_MAX_ANCESTORS : DIRECT_MAX, out);
		}
	for (i = 0; i < m->nfields; i++)
		if (text_is_nocase(text_span(m->names[i]), "Message-ID"))
			(void)field_message_ids(text_span(m->values[i]),
			    &out->message_id, 1);
}

/* A member of the list, or its manager, who gets what bounces. */
static bool
belongs(const struct list_settings *list, const struct keyset *keys,
    struct span address, const char *mailbox)
{
	size_t i;

	for (i = 0; i < keys->nmembers; i++)
		if (keys->members[i].mailbox != NULL &&
		    strcmp(keys->members[i].mailbox, mailbox) == 0)
			return true;
	return address_matches(address, &list->sender);
}

static void
add_recipient(const struct snapshot *s, struct span address,
    struct store_stray *out)
{
	const struct settings *settings = s->settings;
	char mailbox[ADDRESS_MAILBOX_SIZE];
	char *member_of = buf_alloc_zero(settings->nlists + 1, 1);
	size_t i, n = 0;

	if (!address_mailbox(address, mailbox))
		mailbox[0] = '\0';
	for (i = 0; i < settings->nlists; i++)
		if (strcmp(settings->lists[i].tracker, out->tracker) == 0)
			member_of[n++] = belongs(&settings->lists[i],
			    &s->keys[i], address, mailbox) ? '1' : '0';
	store_add_recipient(out, address, member_of);
	free(member_of);
}

/* One tracker's word. */
static bool
look(const struct snapshot *s, const struct message *m,
    const struct list_settings *list, struct store_stray *stray,
    struct store_answer *out, struct fault *fault)
{
	struct buf names;
	size_t i;
	bool ok;

	memset(out, 0, sizeof(*out));
	stray->tracker = list->tracker;
	stray->is_trial = !list->enforce;
	record_list_names(s->settings, list->tracker, NULL, &names);
	stray->lists = (const char *)names.data;
	buf_init(&stray->recipients, SIZE_MAX);
	for (i = 0; i < m->nrecipients; i++)
		add_recipient(s, text_span(m->recipients[i]), stray);
	if (m->is_too_complex)	/* there are more than we remember */
		add_recipient(s, text_span(""), stray);
	ok = store_guard(s->store, stray, out->issue, &out->until, fault);
	buf_clear(&stray->recipients);
	buf_clear(&names);
	return ok;
}

/* Once for each change: other mail may be a thousand times as much. */
static void
note_trouble(struct snapshot *s, bool is_unguarded, const struct fault *fault)
{
	if (atomic_load(&s->is_unguarded) == is_unguarded ||
	    atomic_exchange(&s->is_unguarded, is_unguarded) == is_unguarded)
		return;
	if (is_unguarded)
		log_warning("leak guard: %s: other mail passes unguarded "
		    "until that is mended", fault->text);
	else
		log_notice("leak guard: other mail is guarded again");
}

/* The list that speaks for the tracker: one that is not on trial, if any. */
static const struct list_settings *
guardian(const struct settings *settings, const char *tracker)
{
	const struct list_settings *list, *found = NULL;
	size_t i;

	for (i = 0; i < settings->nlists; i++) {
		list = &settings->lists[i];
		if (list->guard && strcmp(list->tracker, tracker) == 0 &&
		    (found == NULL || (list->enforce && !found->enforce)))
			found = list;
	}
	return found;
}

bool
guard_judge(struct snapshot *s, const struct message *m,
    struct judgement *j_out, struct store_answer *answer_out)
{
	const struct list_settings *list;
	struct store_answer one;
	struct store_stray stray;
	struct fault fault;
	bool found = false;
	size_t i;

	memset(&stray, 0, sizeof(stray));
	find_ids(m, &stray);
	if (stray.nancestors == 0)
		return false;
	stray.now = clock_now();
	stray.sender = text_span(m->sender);
	for (i = 0; i < s->settings->nlists; i++) {
		list = &s->settings->lists[i];
		if (guardian(s->settings, list->tracker) != list)
			continue;
		if (!look(s, m, list, &stray, &one, &fault)) {
			note_trouble(s, true, &fault);
			return found;
		}
		note_trouble(s, false, NULL);
		if (one.issue[0] == '\0')
			continue;
		*answer_out = one;
		policy_refuse(list, REASON_EMBARGO_LEAK, j_out);
		found = true;
		if (j_out->verdict == VERDICT_REJECT)
			break;
	}
	return found;
}
