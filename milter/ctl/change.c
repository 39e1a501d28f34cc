/*
 * change: set-date, the states, note and others: one change to one issue.
 *
 * Each reads its arguments, finds the issue, checks what it is asked to do, and
 * then calls store_change() once: nothing is done half.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/address.h"
#include "core/buf.h"
#include "core/units.h"
#include "ctl/ask.h"
#include "ctl/ctl.h"
#include "ctl/date.h"
#include "edge/clock.h"

#define MAX_NOTE	1000
#define ACKS	"overdue, no-date, needs-human, quiet, no-progress, " \
	"posting-missing, exploit-overdue"

/* The issue at hand. */
struct target {
	const char	*tracker;
	struct issue	 issue;		/* to be cleared */
};

/* EX_OK, or the exit code with the message printed and nothing to clear. */
static int
find(struct ctl *ctl, const char *id, struct target *out)
{
	int code = ctl_open(ctl);

	if (code == EX_OK) {
		out->tracker = ctl_find_issue(ctl, id, &out->issue, &code);
		if (out->tracker != NULL)
			return EX_OK;
	}
	return code;
}

/* Done with the target, whatever code says so far. */
static int
change(struct ctl *ctl, struct target *target, int code,
    struct store_change *c)
{
	struct fault fault;

	c->who = ctl_operator();
	c->now = clock_now();
	if (code == EX_OK && !store_change(ctl->store, target->tracker,
	    target->issue.id, c, &fault))
		code = ctl_fail(ctl, &fault);
	issue_clear(&target->issue);
	return code;
}

/* One line, blanks between the words; NULL when it is too long. */
static char *
join(int argc, char **argv, size_t max)
{
	struct buf text;
	char *line;
	size_t at;
	int i;

	buf_init(&text, max);
	for (i = 0; i < argc; i++)
		if (!buf_print(&text, "%s%s", i == 0 ? "" : " ", argv[i])) {
			buf_clear(&text);
			return NULL;
		}
	for (at = 0; at < text.len; at++)
		if (text.data[at] < ' ' || text.data[at] == 0x7f)
			text.data[at] = ' ';
	line = buf_strndup(text_trim(buf_span(&text)));
	buf_clear(&text);
	return line;
}

static int
ask_past(const struct ctl *ctl, const struct date *date)
{
	char text[DATE_SIZE], what[DATE_SIZE + 40];

	if (date->at > clock_now())
		return EX_OK;
	date_print(date, text);
	snprintf(what, sizeof(what), "Set a date in the past, %s", text);
	return ask_sure(ctl, what);
}

/* What is unusual about an embargo date is said, not refused. */
static void
remark(const struct list_settings *list, int64_t opened_at, int64_t at)
{
	static const char *const days[7] = { [0] = "Sunday", [5] = "Friday",
	    [6] = "Saturday" };
	const char *day = days[(at / 86400 + 4) % 7];
	char most[32];

	if (at > opened_at + list->embargo.max_secs) {
		units_print_duration(list->embargo.max_secs, most);
		printf("remark: more than %s after the report, the most that "
		    "%s allows\n", most, list->name);
	}
	if (day != NULL)
		printf("remark: a %s\n", day);
}

int
cmd_set_date(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_SET_DATE };
	const struct list_settings *list;
	char text[DATE_SIZE];
	struct target target;
	struct date date;
	int64_t opened_at;
	int code;

	if (argc < 2)
		return ctl_usage(ctl, "ISSUE DATE [--yes]");
	code = find(ctl, argv[0], &target);
	if (code != EX_OK)
		return code;
	opened_at = target.issue.opened_at;
	list = ctl_list_of(ctl, &target.issue);
	code = date_parse(ctl, argc - 1, argv + 1, list, &date);
	if (code == EX_OK)
		code = ask_past(ctl, &date);
	c.due_at = date.at;
	code = change(ctl, &target, code, &c);
	if (code != EX_OK)
		return code;
	date_print(&date, text);
	printf("%s: the embargo ends at %s\n", argv[0], text);
	remark(list, opened_at, date.at);
	return EX_OK;
}

int
cmd_ack(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_ACK };
	struct target target;
	int code;

	if (argc < 1 || argc > 2)
		return ctl_usage(ctl, "ISSUE [KIND]");
	if (argc == 2 && (strstr(ACKS, argv[1]) == NULL ||
	    !issue_alert_parse(text_span(argv[1]), &c.alert))) {
		fprintf(stderr, "embargoctl ack: %s is no kind of alert that "
		    "repeats; accepted: " ACKS "\n", argv[1]);
		return EX_USAGE;
	}
	code = find(ctl, argv[0], &target);
	if (code == EX_OK)
		code = change(ctl, &target, EX_OK, &c);
	if (code == EX_OK)
		printf("%s: %s will not be repeated\n", argv[0],
		    argc == 2 ? argv[1] : "what was told");
	return code;
}

int
cmd_exploit(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_SET_EXPLOIT };
	struct date date = { 0, false };
	struct target target;
	char text[DATE_SIZE] = "";
	int code;

	if (argc < 2)
		return ctl_usage(ctl, "ISSUE DATE|yes|none [--yes]");
	code = find(ctl, argv[0], &target);
	if (code != EX_OK)
		return code;
	if (strcmp(argv[1], "none") == 0)
		date.at = STORE_NO_EXPLOIT;
	else if (strcmp(argv[1], "yes") != 0) {
		code = date_parse(ctl, argc - 1, argv + 1,
		    ctl_list_of(ctl, &target.issue), &date);
		if (code == EX_OK)
			code = ask_past(ctl, &date);
		date_print(&date, text);
	}
	c.due_at = date.at;
	code = change(ctl, &target, code, &c);
	if (code == EX_OK)
		printf("%s: %s%s\n", argv[0], date.at > 0 ?
		    "the exploit is due at " : date.at == 0 ?
		    "an exploit will follow" : "no exploit", text);
	return code;
}

/* field: "Embargo-CVE:" and the like; read as in mail. */
static bool
read_notice(const char *field, const char *value, struct notice *out)
{
	struct buf text;

	memset(out, 0, sizeof(*out));
	buf_init(&text, 4096);
	if (!buf_print(&text, "%s %s", field, value))
		out->problem = NOTICE_TWICE;
	else
		notice_add_text(buf_span(&text), clock_now(), 0, out);
	buf_clear(&text);
	return out->problem == NOTICE_CLEAR;
}

int
cmd_cve(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_ADD_CVE };
	struct notice notice;
	struct target target;
	char *ids;
	bool ok;
	int code;

	if (argc < 2)
		return ctl_usage(ctl, "ISSUE CVE-ID...");
	ids = join(argc - 1, argv + 1, 2000);
	ok = ids != NULL && read_notice("Embargo-CVE:", ids, &notice);
	free(ids);
	if (!ok) {
		fprintf(stderr, "embargoctl cve: accepted: CVE ids, as "
		    "CVE-2026-1234\n");
		return EX_USAGE;
	}
	c.text = notice.cve;
	code = find(ctl, argv[0], &target);
	if (code == EX_OK)
		code = change(ctl, &target, EX_OK, &c);
	if (code == EX_OK)
		printf("%s: %s\n", argv[0], notice.cve);
	return code;
}

int
cmd_merge(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_MERGE };
	struct target target, into;
	char what[160];
	int code;

	if (argc != 2)
		return ctl_usage(ctl, "ISSUE INTO-ISSUE [--yes]");
	code = find(ctl, argv[0], &target);
	if (code != EX_OK)
		return code;
	into.tracker = ctl_find_issue(ctl, argv[1], &into.issue, &code);
	if (into.tracker != NULL) {
		snprintf(what, sizeof(what), "Make %s a part of %s for good",
		    target.issue.id, into.issue.id);
		issue_clear(&into.issue);
		if (strcmp(into.tracker, target.tracker) == 0)
			code = ask_sure(ctl, what);
		else {
			fprintf(stderr, "embargoctl merge: %s and %s are of "
			    "two trackers\n", argv[0], argv[1]);
			code = EX_USAGE;
		}
	}
	c.text = argv[1];
	code = change(ctl, &target, code, &c);
	if (code == EX_OK)
		printf("%s: merged into %s\n", argv[0], argv[1]);
	return code;
}

/* Nothing to do?  Then nothing is told twice. */
static bool
is_so_already(const struct issue *issue, const struct store_change *c)
{
	enum issue_state wanted = c->op == STORE_REOPEN ? ISSUE_EMBARGOED :
	    c->state;

	return issue->state == wanted && c->due_at == 0 &&
	    (c->text == NULL || strcmp(c->text, issue->url) == 0);
}

/* The words behind the issue: a URL, and of public "--at" and a date. */
static int
read_state(struct ctl *ctl, int argc, char **argv, struct notice *notice,
    struct store_change *c, struct target *target)
{
	struct date date;
	int code;

	if (argc > 0 && strcmp(argv[0], "--at") != 0) {
		if (!read_notice("Embargo-Status: public", argv[0], notice)) {
			fprintf(stderr, "embargoctl %s: %s is no URL; "
			    "accepted: https://example.org/advisory\n",
			    ctl->command, argv[0]);
			return EX_USAGE;
		}
		c->text = notice->url;
		argc--;
		argv++;
	}
	if (argc == 0)
		return EX_OK;
	if (c->op != STORE_SET_STATE || c->state != ISSUE_PUBLIC ||
	    strcmp(argv[0], "--at") != 0)
		return ctl_usage(ctl, "ISSUE [URL]");
	code = date_parse(ctl, argc - 1, argv + 1,
	    ctl_list_of(ctl, &target->issue), &date);
	c->due_at = date.at;
	if (code == EX_OK && date.at > clock_now()) {
		fprintf(stderr, "embargoctl public: nothing is public before "
		    "its time; see embargoctl set-date\n");
		return EX_USAGE;
	}
	return code;
}

int
cmd_state(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_SET_STATE };
	struct notice notice;
	struct target target;
	bool is_done = false;
	int code;

	if (strcmp(ctl->command, "reopen") == 0)
		c.op = STORE_REOPEN;
	else if (!issue_state_parse(text_span(ctl->command), &c.state))
		return EX_SOFTWARE;
	if (argc < 1 || (argc > 1 && (c.op == STORE_REOPEN ||
	    c.state == ISSUE_INVALID)))
		return ctl_usage(ctl, c.op == STORE_REOPEN ||
		    c.state == ISSUE_INVALID ? "ISSUE" : "ISSUE [URL]");
	code = find(ctl, argv[0], &target);
	if (code != EX_OK)
		return code;
	code = read_state(ctl, argc - 1, argv + 1, &notice, &c, &target);
	if (code == EX_OK)
		is_done = is_so_already(&target.issue, &c);
	if (is_done)
		issue_clear(&target.issue);
	else
		code = change(ctl, &target, code, &c);
	if (code == EX_OK)
		printf("%s: %s%s\n", argv[0], c.op == STORE_REOPEN ?
		    "embargoed again" : ctl->command, is_done ?
		    ", as before" : "");
	return code;
}

int
cmd_note(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_NOTE };
	struct target target;
	char *text;
	int code;

	if (argc < 2)
		return ctl_usage(ctl, "ISSUE TEXT...");
	text = join(argc - 1, argv + 1, MAX_NOTE);
	if (text == NULL || text[0] == '\0') {
		fprintf(stderr, "embargoctl note: accepted: 1 to %d bytes\n",
		    MAX_NOTE);
		free(text);
		return EX_USAGE;
	}
	c.text = text;
	code = find(ctl, argv[0], &target);
	if (code == EX_OK)
		code = change(ctl, &target, EX_OK, &c);
	free(text);
	if (code == EX_OK)
		printf("%s: noted\n", argv[0]);
	return code;
}

int
cmd_admit(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_ADMIT };
	char mailbox[ADDRESS_MAILBOX_SIZE];
	struct target target;
	int code;

	if (argc > 0 && strcmp(argv[0], "--undo") == 0) {
		c.op = STORE_EXPEL;
		argc--;
		argv++;
	}
	if (argc != 2)
		return ctl_usage(ctl, "[--undo] ISSUE ADDRESS");
	if (!address_mailbox(text_span(argv[1]), mailbox)) {
		fprintf(stderr, "embargoctl admit: %s is no address; "
		    "accepted: somebody@example.org\n", argv[1]);
		return EX_USAGE;
	}
	c.text = argv[1];
	code = find(ctl, argv[0], &target);
	if (code == EX_OK)
		code = change(ctl, &target, EX_OK, &c);
	if (code == EX_OK)
		printf("%s: %s %s\n", argv[0], mailbox, c.op == STORE_ADMIT ?
		    "takes part" : "takes no part");
	return code;
}
