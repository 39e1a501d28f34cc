/*
 * reminder: one look at the calendar; see reminder.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/crd.h"
#include "core/deadline.h"
#include "core/units.h"
#include "edge/log.h"
#include "flow/reminder.h"
#include "flow/tracker.h"

#define LOOK_AGAIN_SECS	3600

/* One sentence: what is, and what to do; %D is the date, %S the time to it. */
static const struct {
	enum issue_alert	 kind;
	const char		*text;
} words[] = {
	{ ALERT_APPROACHING, "The embargo ends in %S, at %D: have the public "
	    "posting ready." },
	{ ALERT_TODAY, "The embargo ends today, at %D: see that the public "
	    "posting is ready." },
	{ ALERT_REACHED, "The embargo ended at %D: see to the public posting, "
	    "then use embargoctl public." },
	{ ALERT_OVERDUE, "The embargo ended %S ago and no posting is known: "
	    "publish, then use embargoctl public." },
	{ ALERT_NO_DATE, "There is still no embargo date: ask the reporter, "
	    "then use embargoctl set-date." },
	{ ALERT_NEEDS_HUMAN, "Something in a mail still waits for a person: "
	    "read it, then use embargoctl set-date or ack." },
	{ ALERT_QUIET, "Nobody has answered the report yet: confirm its "
	    "receipt to the reporter." },
	{ ALERT_NO_PROGRESS, "Nobody has written on this for long: ask how "
	    "far it is." },
	{ ALERT_POSTING_MISSING, "It should be public and no posting is "
	    "known: post it, then use embargoctl public with its URL." },
	{ ALERT_EXPLOIT_APPROACHING, "The exploit is to be published in %S, "
	    "at %D: have its posting ready." },
	{ ALERT_EXPLOIT_OVERDUE, "The exploit was to be published at %D: "
	    "publish it, then use embargoctl exploit with none." },
};

static void
fill_in(const char *text, int64_t due_at, int64_t now, char *dst,
    size_t size)
{
	char date[CRD_PRINT_SIZE], span[32];
	size_t len = 0;

	crd_print(due_at, date);
	units_print_duration(due_at - now, span);
	dst[0] = '\0';
	for (; *text != '\0' && len + 1 < size; text++) {
		if (text[0] == '%')
			len += (size_t)snprintf(dst + len, size - len, "%s",
			    *++text == 'D' ? date : span);
		else
			len += (size_t)snprintf(dst + len, size - len, "%c",
			    *text);
	}
}

static void
word(const struct deadline_told *told, int64_t now, struct store_alert *out)
{
	size_t i;

	out->kind = issue_alert_name(told->kind);
	out->due_at = told->due_at;
	out->text[0] = '\0';
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].kind == told->kind)
			fill_in(words[i].text, told->due_at, now, out->text,
			    sizeof(out->text));
}

/* embargo.exploit_max of the issue's list; of the first one without it. */
static int64_t
exploit_max(const struct settings *settings, const struct issue *issue)
{
	size_t i;

	for (i = 0; i < settings->nlists; i++)
		if (strcmp(settings->lists[i].name, issue->list) == 0)
			return settings->lists[i].embargo.exploit_max_secs;
	return settings->lists[0].embargo.exploit_max_secs;
}

static bool
look(struct store *store, const char *tracker,
    const struct settings *settings, const struct issue *issue, int64_t now,
    bool *progress, struct fault *fault)
{
	struct store_alert alerts[DEADLINE_FAMILIES];
	struct deadline deadline;
	bool won;
	size_t i;

	deadline_find(issue, &settings->alerts, exploit_max(settings, issue),
	    now, &deadline);
	for (i = 0; i < deadline.n; i++)
		word(&deadline.told[i], now, &alerts[i]);
	if (!store_look(store, tracker, issue, now, alerts, deadline.n,
	    deadline.next_at, &won, fault))
		return false;
	*progress = *progress || won;
	for (i = 0; won && i < deadline.n; i++)
		log_notice("alert: %s issue=%s list=%s %s", alerts[i].kind,
		    issue->id, issue->list, alerts[i].text);
	return true;
}

/* What was refused in the hours that are over. */
static bool
gather(struct store *store, const char *tracker, int64_t now,
    struct fault *fault)
{
	int64_t n;

	if (!store_gather(store, tracker, now, &n, fault))
		return false;
	if (n > 0)
		log_notice("alert: refused tracker=%s %" PRId64 " messages",
		    tracker, n);
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
	return ok && gather(store, tracker, now, fault) &&
	    store_passed(store, tracker, now, fault);
}

bool
reminder_pass(struct store *store, const struct settings *settings,
    int64_t now, int64_t *next_at_out, struct fault *fault)
{
	const char *tracker;
	size_t i;

	*next_at_out = now + LOOK_AGAIN_SECS;
	for (i = 0; (tracker = tracker_name(settings, i)) != NULL; i++)
		if (!pass(store, tracker, settings, now, next_at_out, fault))
			return false;
	return true;
}
