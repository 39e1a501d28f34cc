/*
 * change: set-date, the states, note: one change to one issue.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/buf.h"
#include "ctl/ctl.h"
#include "edge/clock.h"

static int
change(struct ctl *ctl, const char *id, struct store_change *c)
{
	struct issue issue;
	struct fault fault;
	const char *tracker;
	int code = EX_OK;

	tracker = ctl_find_issue(ctl, id, &issue, &code);
	if (tracker == NULL)
		return code;
	issue_clear(&issue);
	c->who = ctl_operator();
	c->now = clock_now();
	if (!store_change(ctl->store, tracker, id, c, &fault))
		return ctl_fail(ctl, &fault);
	return EX_OK;
}

/* The words of a date, joined by blanks. */
static void
join(int argc, char **argv, struct buf *out)
{
	int i;

	for (i = 0; i < argc; i++)
		if (!buf_print(out, "%s%s", i == 0 ? "" : " ", argv[i]))
			return;
}

/* The default hour of the list that has the issue is not known yet: the first
 * one's will do, and what is understood is printed. */
static int
parse_date(struct ctl *ctl, int argc, char **argv, int64_t *at_out)
{
	struct buf text;
	struct crd crd;

	buf_init(&text, 200);
	join(argc, argv, &text);
	crd_parse_operator(buf_span(&text), clock_now(),
	    ctl->settings->lists[0].embargo.default_hour_secs, &crd);
	buf_clear(&text);
	*at_out = crd.at;
	if (crd.kind == CRD_DATE)
		return EX_OK;
	fprintf(stderr, "embargoctl %s: no date: %s; accepted: "
	    "\"2026-12-01 14:00 UTC\", \"1 Dec 2026 14:00 +0000\"\n",
	    ctl->command, crd.kind == CRD_HUMAN ? crd.reason : "empty");
	return EX_USAGE;
}

int
cmd_set_date(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_SET_DATE };
	char date[CRD_PRINT_SIZE];
	int code;

	if (argc < 2)
		return ctl_usage(ctl, "ISSUE DATE");
	code = ctl_open(ctl);
	if (code == EX_OK)
		code = parse_date(ctl, argc - 1, argv + 1, &c.due_at);
	if (code == EX_OK)
		code = change(ctl, argv[0], &c);
	if (code != EX_OK)
		return code;
	crd_print(c.due_at, date);
	printf("%s: the embargo ends at %s\n", argv[0], date);
	return EX_OK;
}

int
cmd_ack(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_ACK };
	int code;

	if (argc < 1 || argc > 2)
		return ctl_usage(ctl, "ISSUE [KIND]");
	if (argc == 2 && !issue_alert_parse(text_span(argv[1]), &c.alert)) {
		fprintf(stderr, "embargoctl ack: %s is no kind of alert that "
		    "repeats; accepted: overdue, no-date, needs-human, quiet, "
		    "no-progress, posting-missing, exploit-overdue\n",
		    argv[1]);
		return EX_USAGE;
	}
	code = ctl_open(ctl);
	if (code == EX_OK)
		code = change(ctl, argv[0], &c);
	if (code == EX_OK)
		printf("%s: %s will not be repeated\n", argv[0],
		    argc == 2 ? argv[1] : "what was told");
	return code;
}

int
cmd_exploit(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_SET_EXPLOIT };
	char date[CRD_PRINT_SIZE];
	int code;

	if (argc < 2)
		return ctl_usage(ctl, "ISSUE DATE|yes|none");
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	if (strcmp(argv[1], "none") == 0)
		c.due_at = STORE_NO_EXPLOIT;
	else if (strcmp(argv[1], "yes") != 0)
		code = parse_date(ctl, argc - 1, argv + 1, &c.due_at);
	if (code == EX_OK)
		code = change(ctl, argv[0], &c);
	if (code != EX_OK)
		return code;
	crd_print(c.due_at < 0 ? 0 : c.due_at, date);
	printf("%s: %s%s\n", argv[0], c.due_at > 0 ?
	    "the exploit is due at " : c.due_at == 0 ?
	    "an exploit will follow" : "no exploit",
	    c.due_at > 0 ? date : "");
	return EX_OK;
}

int
cmd_cve(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_ADD_CVE };
	struct notice notice;
	struct buf text;
	int code;

	if (argc < 2)
		return ctl_usage(ctl, "ISSUE CVE-ID...");
	buf_init(&text, 4096);
	memset(&notice, 0, sizeof(notice));
	if (buf_print(&text, "Embargo-CVE: "))
		join(argc - 1, argv + 1, &text);
	notice_add_text(buf_span(&text), clock_now(), 0, &notice);
	buf_clear(&text);
	if (notice.problem != NOTICE_CLEAR) {
		fprintf(stderr, "embargoctl cve: accepted: CVE ids, as "
		    "CVE-2026-1234\n");
		return EX_USAGE;
	}
	c.text = notice.cve;
	code = ctl_open(ctl);
	if (code == EX_OK)
		code = change(ctl, argv[0], &c);
	if (code == EX_OK)
		printf("%s: %s\n", argv[0], notice.cve);
	return code;
}

int
cmd_merge(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_MERGE };
	int code;

	if (argc != 2)
		return ctl_usage(ctl, "ISSUE INTO-ISSUE");
	c.text = argv[1];
	code = ctl_open(ctl);
	if (code == EX_OK)
		code = change(ctl, argv[0], &c);
	if (code == EX_OK)
		printf("%s: merged into %s\n", argv[0], argv[1]);
	return code;
}

int
cmd_state(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_SET_STATE };
	int code;

	if (argc < 1 || argc > 2)
		return ctl_usage(ctl, "ISSUE [URL]");
	if (strcmp(ctl->command, "reopen") == 0)
		c.op = STORE_REOPEN;
	else if (!issue_state_parse(text_span(ctl->command), &c.state))
		return EX_SOFTWARE;
	c.text = argc == 2 ? argv[1] : NULL;
	code = ctl_open(ctl);
	if (code == EX_OK)
		code = change(ctl, argv[0], &c);
	if (code == EX_OK)
		printf("%s: %s\n", argv[0], c.op == STORE_REOPEN ?
		    "embargoed again" : ctl->command);
	return code;
}

int
cmd_note(struct ctl *ctl, int argc, char **argv)
{
	struct store_change c = { .op = STORE_NOTE };
	int code;

	if (argc != 2)
		return ctl_usage(ctl, "ISSUE TEXT");
	c.text = argv[1];
	code = ctl_open(ctl);
	if (code == EX_OK)
		code = change(ctl, argv[0], &c);
	if (code == EX_OK)
		printf("%s: noted\n", argv[0]);
	return code;
}
