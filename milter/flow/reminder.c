/*
 * reminder: one look at the calendar; see reminder.h.
 */
#include <stdio.h>
#include <string.h>

#include "core/crd.h"
#include "core/deadline.h"
#include "core/units.h"
#include "edge/log.h"
#include "flow/reminder.h"

#define LOOK_AGAIN_SECS	3600

/* One sentence: what is, and what to do. */
static void
word(const struct deadline *d, int64_t now, struct store_alert *out)
{
	char date[CRD_PRINT_SIZE], span[32];

	crd_print(d->due_at, date);
	units_print_duration(d->due_at - now, span);
	out->kind = deadline_name(d->kind);
	out->due_at = d->due_at;
	out->text[0] = '\0';
	switch (d->kind) {
	case DEADLINE_NONE:
		break;
	case DEADLINE_APPROACHING:
		snprintf(out->text, sizeof(out->text), "The embargo ends in "
		    "%s, at %s: have the public posting ready.", span, date);
		break;
	case DEADLINE_REACHED:
		snprintf(out->text, sizeof(out->text), "The embargo ended at "
		    "%s: see to the public posting, then use embargoctl "
		    "public.", date);
		break;
	case DEADLINE_OVERDUE:
		snprintf(out->text, sizeof(out->text), "The embargo ended %s "
		    "ago and no posting is known: publish, then use "
		    "embargoctl public.", span);
		break;
	}
}

static bool
look(struct store *store, const char *tracker,
    const struct settings *settings, const struct issue *issue, int64_t now,
    bool *progress, struct fault *fault)
{
	struct deadline deadline;
	struct store_alert alert;
	bool won;
	size_t n;

	deadline_find(issue, &settings->alerts, now, &deadline);
	word(&deadline, now, &alert);
	n = deadline.kind == DEADLINE_NONE ? 0 : 1;
	if (!store_look(store, tracker, issue, now, &alert, n,
	    deadline.next_at, &won, fault))
		return false;
	*progress = *progress || won;
	if (won && n > 0)
		log_notice("alert: %s issue=%s list=%s %s", alert.kind,
		    issue->id, issue->list, alert.text);
	return true;
}

/*
 * Until nothing is due.  Issues that change under our hands come again, but not
 * for ever: when a round settles none, the rest waits for the next pass.
 */
static bool
pass(struct store *store, const char *tracker,
    const struct settings *settings, int64_t now, int64_t *next_at,
    struct fault *fault)
{
	struct issue *issues;
	int64_t next;
	size_t n, i;
	bool ok = true, progress;

	do {
		progress = false;
		if (!store_due(store, tracker, now, &issues, &n, &next,
		    fault))
			return false;
		for (i = 0; ok && i < n; i++)
			ok = look(store, tracker, settings, &issues[i], now,
			    &progress, fault);
		store_free_issues(&issues, n);
	} while (ok && progress);
	if (next > 0 && next < *next_at)
		*next_at = next;
	return ok && store_passed(store, tracker, now, fault);
}

/* Was the tracker of this list looked at for an earlier list? */
static bool
is_repeated(const struct settings *settings, size_t list)
{
	size_t i;

	for (i = 0; i < list; i++)
		if (strcmp(settings->lists[i].tracker,
		    settings->lists[list].tracker) == 0)
			return true;
	return false;
}

bool
reminder_pass(struct store *store, const struct settings *settings,
    int64_t now, int64_t *next_at_out, struct fault *fault)
{
	size_t i;

	*next_at_out = now + LOOK_AGAIN_SECS;
	for (i = 0; i < settings->nlists; i++)
		if (!is_repeated(settings, i) &&
		    !pass(store, settings->lists[i].tracker, settings, now,
		    next_at_out, fault))
			return false;
	return true;
}
