/*
 * events: the deadlines of issues; see events.h.
 */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/buf.h"
#include "ctl/events.h"

static int
compare(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	int order;

	if ((x->at == 0) != (y->at == 0))
		return x->at == 0 ? 1 : -1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	order = strcmp(x->row->issue->id, y->row->issue->id);
	return order != 0 ? order : x->is_exploit - y->is_exploit;
}

static void
add(struct events *events, const struct issues_row *row, bool is_exploit,
    int64_t at)
{
	events->v[events->n++] = (struct event){ row, is_exploit, at };
}

int
events_load(struct ctl *ctl, int64_t now, struct events *out)
{
	const struct issues_row *row;
	int64_t exploit_at;
	size_t i;
	int code;

	memset(out, 0, sizeof(*out));
	code = issues_load(ctl, STORE_ALL, &out->issues);
	if (code != EX_OK)
		return code;
	out->v = buf_realloc(NULL, 2 * out->issues.n + 1, sizeof(*out->v));
	for (i = 0; i < out->issues.n; i++) {
		row = &out->issues.rows[i];
		if (issue_is_open(row->issue))
			add(out, row, false, row->issue->due_at);
		exploit_at = issues_exploit_at(row, now);
		if (exploit_at != 0)
			add(out, row, true, exploit_at);
	}
	if (out->n > 0)
		qsort(out->v, out->n, sizeof(*out->v), compare);
	return EX_OK;
}

void
events_clear(struct events *events)
{
	free(events->v);
	issues_clear(&events->issues);
	events->v = NULL;
	events->n = 0;
}

const char *
events_kind(const struct event *event)
{
	return event->is_exploit ? "exploit" : "embargo";
}
