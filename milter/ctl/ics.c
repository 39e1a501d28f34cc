/*
 * ics: deadlines as a calendar (RFC 5545).
 *
 * The same deadline keeps its UID; each change of its date raises SEQUENCE and
 * renews DTSTAMP, so that an unchanged calendar is the same file.
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/escape.h"
#include "core/ical.h"
#include "ctl/events.h"
#include "ctl/json.h"
#include "edge/clock.h"

#define MAX_LINE (16 * 1024)

/* How often the date of an event was changed, and when last. */
struct history {
	int64_t	changes;
	int64_t	at;
};

static void
put_line(const char *line)
{
	struct buf out;

	buf_init(&out, 2 * MAX_LINE);
	if (ical_put_line(text_span(line), &out))
		fwrite(out.data, 1, out.len, stdout);
	buf_clear(&out);
}

/* A property whose value is text of others; more may follow it. */
static void
put_text(const char *name, const char *text, const char *more)
{
	struct buf line;
	char *whole;

	buf_init(&line, MAX_LINE);
	if (buf_print(&line, "%s:", name) &&
	    escape_ical(text_span(text), &line) &&
	    buf_print(&line, "%s", more)) {
		whole = buf_strndup(buf_span(&line));
		put_line(whole);
		free(whole);
	}
	buf_clear(&line);
}

static void
put_time(const char *name, int64_t at)
{
	char time[ICAL_TIME_SIZE], line[64];

	ical_print_time(at, time);
	snprintf(line, sizeof(line), "%s:%s", name, time);
	put_line(line);
}

static const char *
title_of(const struct event *event)
{
	return event->is_exploit ? ": exploit due" : ": embargo ends";
}

/* ---- an event ---- */

static void
put_alarm(const struct event *event, int64_t before_secs)
{
	char before[ICAL_DURATION_SIZE], line[ICAL_DURATION_SIZE + 16];

	ical_print_before(before_secs, before);
	snprintf(line, sizeof(line), "TRIGGER:%s", before);
	put_line("BEGIN:VALARM");
	put_line("ACTION:DISPLAY");
	put_line(line);
	put_text("DESCRIPTION", event->row->issue->id, title_of(event));
	put_line("END:VALARM");
}

/* Lines of the description; "\n" divides them in a value. */
static bool
add_detail(struct buf *out, const char *name, const char *text)
{
	return text[0] == '\0' || (buf_print(out, "%s%s: ",
	    out->len == 0 ? "DESCRIPTION:" : "\\n", name) &&
	    escape_ical(text_span(text), out));
}

static void
put_details(const struct event *event, bool has_subject)
{
	const struct issue *issue = event->row->issue;
	char marks[ISSUES_MARKS_SIZE], *line;
	struct buf out;

	issues_print_marks(issue, marks);
	buf_init(&out, MAX_LINE);
	if (add_detail(&out, "State", issue_state_name(issue->state)) &&
	    add_detail(&out, "List", issue->list) &&
	    add_detail(&out, "Remarks", marks) &&
	    add_detail(&out, "CVE", issue->cve) &&
	    add_detail(&out, "Subject", has_subject ? issue->subject : "")) {
		line = buf_strndup(buf_span(&out));
		put_line(line);
		free(line);
	}
	buf_clear(&out);
}

static void
put_uid(const struct event *event)
{
	struct buf more;
	char *tracker;

	buf_init(&more, MAX_LINE);
	if (buf_print(&more, "-%s@", events_kind(event)) &&
	    escape_ical(text_span(event->row->tracker), &more)) {
		tracker = buf_strndup(buf_span(&more));
		put_text("UID", event->row->issue->id, tracker);
		free(tracker);
	}
	buf_clear(&more);
}

static void
put_event(const struct alert_settings *alerts, const struct event *event,
    const struct history *history, bool has_subject)
{
	char line[48];
	bool is_tentative = !event->is_exploit &&
	    (event->row->issue->is_assumed || event->row->issue->needs_human);
	size_t i;

	put_line("BEGIN:VEVENT");
	put_uid(event);
	put_time("DTSTAMP", history->at);
	put_time("LAST-MODIFIED", history->at);
	snprintf(line, sizeof(line), "SEQUENCE:%" PRId64, history->changes);
	put_line(line);
	put_time("DTSTART", event->at);
	put_text("SUMMARY", event->row->issue->id, title_of(event));
	put_details(event, has_subject);
	put_line(is_tentative ? "STATUS:TENTATIVE" : "STATUS:CONFIRMED");
	put_line("CLASS:CONFIDENTIAL");
	put_line("TRANSP:TRANSPARENT");
	for (i = 0; i < alerts->nbefore; i++)
		put_alarm(event, alerts->before_secs[i]);
	put_alarm(event, 0);
	put_line("END:VEVENT");
}

/* ---- the calendar ---- */

/* Entries of the log that set this date; the first one is no change. */
static bool
sets_date(const struct event *event, const struct store_entry *entry)
{
	const char *what = store_entry_value(entry, "what");

	if (event->is_exploit)
		return strcmp(what, "exploit") == 0;
	return strcmp(what, "date") == 0 || strcmp(what, "moved") == 0;
}

static bool
load_history(struct ctl *ctl, const struct event *event, struct history *out,
    struct fault *fault)
{
	struct store_entry *log;
	size_t i, n;

	out->at = event->row->issue->opened_at;
	out->changes = -1;
	if (!store_log(ctl->store, event->row->tracker, event->row->issue->id,
	    &log, &n, fault))
		return false;
	for (i = 0; i < n; i++)
		if (sets_date(event, &log[i])) {
			out->changes++;
			out->at = strtoll(store_entry_value(&log[i], "at"),
			    NULL, 10);
		}
	if (out->changes < 0)
		out->changes = 0;
	store_free_entries(&log, n);
	return true;
}

/* A calendar must have something in it (section 3.4). */
static void
put_nothing(void)
{
	put_line("BEGIN:VTIMEZONE");
	put_line("TZID:Etc/UTC");
	put_line("BEGIN:STANDARD");
	put_line("DTSTART:19700101T000000");
	put_line("TZOFFSETFROM:+0000");
	put_line("TZOFFSETTO:+0000");
	put_line("END:STANDARD");
	put_line("END:VTIMEZONE");
}

static void
put_calendar(const struct ctl *ctl, const struct events *events,
    const struct history *histories, size_t n, bool has_subjects)
{
	size_t i;

	put_line("BEGIN:VCALENDAR");
	put_line("VERSION:2.0");
	put_line("PRODID:-//embargo-milter//embargoctl " PACKAGE_VERSION
	    "//EN");
	put_line("CALSCALE:GREGORIAN");
	for (i = 0; i < n; i++)
		put_event(&ctl->settings->alerts, &events->v[i],
		    &histories[i], has_subjects);
	if (n == 0)
		put_nothing();
	put_line("END:VCALENDAR");
}

static void
put_json(const struct events *events, const struct history *histories,
    size_t n)
{
	json_t *array = json_array();
	const struct event *e;
	size_t i;

	for (i = 0; i < n; i++) {
		e = &events->v[i];
		json_array_append_new(array, json_pack("{ss so ss so sI so}",
		    "issue", e->row->issue->id,
		    "tracker", json_of_text(e->row->tracker),
		    "kind", events_kind(e), "at", json_of_time(e->at),
		    "sequence", (json_int_t)histories[i].changes,
		    "changed_at", json_of_time(histories[i].at)));
	}
	json_finish(array, JSON_INDENT(2));
}

/* All is read before the first line is written: no half calendars. */
static int
run(struct ctl *ctl, const struct events *events, bool has_subjects)
{
	struct history *histories = buf_realloc(NULL, events->n + 1,
	    sizeof(*histories));
	struct fault fault;
	size_t i, dated = 0;

	for (i = 0; i < events->n && events->v[i].at != 0; i++, dated++)
		if (!load_history(ctl, &events->v[i], &histories[i],
		    &fault)) {
			free(histories);
			return ctl_fail(ctl, &fault);
		}
	if (ctl->wants_json)
		put_json(events, histories, dated);
	else
		put_calendar(ctl, events, histories, dated, has_subjects);
	free(histories);
	return EX_OK;
}

int
cmd_ics(struct ctl *ctl, int argc, char **argv)
{
	bool has_subjects = argc == 1 && strcmp(argv[0], "--subjects") == 0;
	struct events events;
	int code;

	if (argc > 1 || (argc == 1 && !has_subjects))
		return ctl_usage(ctl, "[--subjects] [--list NAME] [--json]");
	code = events_load(ctl, clock_now(), &events);
	if (code != EX_OK)
		return code;
	code = run(ctl, &events, has_subjects);
	events_clear(&events);
	return code;
}
