/*
 * show: one issue and its log.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/buf.h"
#include "ctl/issues.h"
#include "ctl/json.h"
#include "edge/clock.h"

#define INDENT		11
#define WHAT_COLUMNS	12
#define LOG_INDENT	32	/* behind the time and the word */

static void
print_line(const struct term *term, const char *label, const char *text,
    enum term_colour colour)
{
	if (text[0] == '\0')
		return;
	term_begin(term, TERM_DIM);
	printf("%-*s", INDENT, label);
	term_end(term, TERM_DIM);
	term_begin(term, colour);
	term_wrap(term, text, INDENT);
	term_end(term, colour);
}

static void
print_time(const struct term *term, const char *label, int64_t at,
    const char *remark, enum term_colour colour)
{
	char text[24], relative[48], line[200];

	if (at == 0)
		return;
	ctl_print_time(at, text);
	ctl_print_relative(at, clock_now(), relative);
	snprintf(line, sizeof(line), "%s UTC (%s)%s%s", text, relative,
	    remark[0] == '\0' ? "" : ", ", remark);
	print_line(term, label, line, colour);
}

static void
print_deadline(const struct term *term, const struct issue *i)
{
	enum term_colour alarm = issues_alarm(i, clock_now());
	char marks[ISSUES_MARKS_SIZE];

	issues_print_marks(i, marks);
	if (i->due_at == 0)
		print_line(term, "deadline", "none", alarm);
	print_time(term, "deadline", i->due_at, marks, alarm);
	if (i->needs_human)
		print_line(term, "attention", "a person must read the mail "
		    "and use embargoctl set-date", TERM_YELLOW);
}

static void
print_issue(const struct term *term, const struct issue *i)
{
	char mails[24];

	snprintf(mails, sizeof(mails), "%" PRId64, i->messages);
	print_line(term, "issue", i->id, TERM_BOLD);
	print_deadline(term, i);
	print_line(term, "state", issue_state_name(i->state),
	    issues_state_colour(i->state));
	print_line(term, "list", i->list, TERM_PLAIN);
	print_time(term, "opened", i->opened_at, "", TERM_PLAIN);
	print_time(term, "answered", i->answered_at, "", TERM_PLAIN);
	print_time(term, "last mail", i->last_at, "", TERM_PLAIN);
	print_time(term, "public", i->public_at, "", TERM_PLAIN);
	if (i->has_exploit && i->exploit_at == 0)
		print_line(term, "exploit", "will follow, no date",
		    TERM_PLAIN);
	print_time(term, "exploit", i->exploit_at, "", TERM_PLAIN);
	print_line(term, "messages", mails, TERM_PLAIN);
	print_line(term, "cve", i->cve, TERM_PLAIN);
	print_line(term, "merged", i->merged_into, TERM_PLAIN);
	print_line(term, "url", i->url, TERM_PLAIN);
	print_line(term, "subject", i->subject, TERM_PLAIN);
}

/* Of these entries the text begins with times, which people cannot read. */
static bool
has_times(const char *what)
{
	static const char *const words[] = { "date", "moved", "proposed",
	    "exploit" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(what, words[i]) == 0)
			return true;
	return false;
}

/* "1796133600" -> "2026-12-01 14:00"; false for any other word. */
static bool
print_word_as_time(struct span word, char *dst)
{
	int64_t at = 0;
	size_t i;

	if (word.len < 9 || word.len > 11)
		return false;
	for (i = 0; i < word.len; i++) {
		if (!text_is_digit(word.data[i]))
			return false;
		at = at * 10 + (word.data[i] - '0');
	}
	ctl_print_time(at, dst);
	return true;
}

/* The words of an entry, blanks between; "moved" tells from and to. */
static void
add_words(const char *what, struct span rest, struct buf *out)
{
	const char *between = strcmp(what, "moved") == 0 ? " to " : " ";
	struct span word;
	char at[24];
	size_t end;
	bool ok = true;

	while (ok && rest.len > 0) {
		for (end = 0; end < rest.len && rest.data[end] != ' '; end++)
			;
		word = text_sub(rest, 0, end);
		rest = text_sub(rest, end + 1, rest.len);
		if (out->len > 0)
			ok = buf_print(out, "%s", between);
		if (ok && text_is(word, "0"))
			ok = buf_print(out, "no date");
		else if (ok && print_word_as_time(word, at))
			ok = buf_print(out, "%s", at);
		else if (ok)
			ok = buf_add(out, word.data, word.len);
	}
}

/* The text of an entry for people, and who made it. */
static void
add_line(const struct store_entry *e, struct buf *out)
{
	const char *what = store_entry_value(e, "what");
	const char *text = store_entry_value(e, "text");

	if (has_times(what))
		add_words(what, text_span(text), out);
	else if (!buf_print(out, "%s", text))
		return;
	if (!buf_print(out, "%s(%s)", out->len == 0 ? "" : "  ",
	    store_entry_value(e, "by")))
		return;
}

static void
print_entry(const struct term *term, const struct store_entry *e)
{
	struct buf line;
	char at[24], *text;

	buf_init(&line, 65536);
	add_line(e, &line);
	text = buf_strndup(buf_span(&line));
	ctl_print_time(strtoll(store_entry_value(e, "at"), NULL, 10), at);
	printf("%s  ", at);
	term_pad(WHAT_COLUMNS - term_put(term, store_entry_value(e, "what"),
	    WHAT_COLUMNS) + 2);
	term_wrap(term, text, LOG_INDENT);
	free(text);
	buf_clear(&line);
}

static void
print_log(const struct term *term, const struct store_entry *log, size_t n)
{
	size_t i;

	if (n == 0)
		return;
	putchar('\n');
	for (i = 0; i < n; i++)
		print_entry(term, &log[i]);
}

static void
print_json(const struct issue *issue, const char *tracker,
    const struct store_entry *log, size_t n)
{
	json_t *object = json_of_issue(issue, tracker), *array = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(array, json_of_entry(&log[i]));
	json_object_set_new(object, "log", array);
	json_finish(object, JSON_INDENT(2));
}

int
cmd_show(struct ctl *ctl, int argc, char **argv)
{
	struct store_entry *log;
	struct issue issue;
	struct fault fault;
	struct term term;
	const char *tracker;
	size_t n;
	int code;

	if (argc != 1)
		return ctl_usage(ctl, "ISSUE [--list NAME] [--json]");
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	tracker = ctl_find_issue(ctl, argv[0], &issue, &code);
	if (tracker == NULL)
		return code;
	if (!store_log(ctl->store, tracker, issue.id, &log, &n, &fault)) {
		issue_clear(&issue);
		return ctl_fail(ctl, &fault);
	}
	term_look(&term);
	if (ctl->wants_json)
		print_json(&issue, tracker, log, n);
	else {
		print_issue(&term, &issue);
		print_log(&term, log, n);
	}
	store_free_entries(&log, n);
	issue_clear(&issue);
	return EX_OK;
}
