/*
 * move: a message belongs to another issue, or to a new one.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/field.h"
#include "ctl/ctl.h"
#include "edge/clock.h"

/* With or without its angle brackets. */
static struct span
message_id(const char *given)
{
	struct span id = text_trim(text_span(given)), inner;

	return field_message_ids(id, &inner, 1) == 1 ? inner : id;
}

/* The first list of the tracker that has the issue; of --list without one. */
static const struct list_settings *
find_list(struct ctl *ctl, const char *id, int *code_out)
{
	const struct settings *s = ctl->settings;
	const char *tracker = ctl_tracker(ctl, 0);
	struct issue issue;
	size_t i;

	if (id != NULL) {
		tracker = ctl_find_issue(ctl, id, &issue, code_out);
		if (tracker == NULL)
			return NULL;
		issue_clear(&issue);
	}
	for (i = 0; tracker != NULL && i < s->nlists; i++)
		if (strcmp(s->lists[i].tracker, tracker) == 0)
			return &s->lists[i];
	fprintf(stderr, "embargoctl move: there is no list %s\n", ctl->list);
	*code_out = EX_USAGE;
	return NULL;
}

int
cmd_move(struct ctl *ctl, int argc, char **argv)
{
	const struct list_settings *list;
	char issue[ISSUE_ID_SIZE];
	const char *to;
	struct fault fault;
	int code;

	if (argc != 2)
		return ctl_usage(ctl, "MESSAGE-ID ISSUE|new [--list NAME]");
	to = strcmp(argv[1], "new") == 0 ? NULL : argv[1];
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	list = find_list(ctl, to, &code);
	if (list == NULL)
		return code;
	if (!store_move(ctl->store, list, message_id(argv[0]), to,
	    ctl_operator(), clock_now(), issue, &fault))
		return ctl_fail(ctl, &fault);
	printf("%s: has the message now\n", issue);
	return EX_OK;
}
