/*
 * issues: those of all trackers asked for; see issues.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/buf.h"
#include "core/deadline.h"
#include "ctl/issues.h"
#include "ctl/progress.h"

#define SOON_SECS (2 * 86400)

static int
compare(const void *a, const void *b)
{
	const struct issue *x = ((const struct issues_row *)a)->issue;
	const struct issue *y = ((const struct issues_row *)b)->issue;

	if ((x->due_at == 0) != (y->due_at == 0))
		return x->due_at == 0 ? 1 : -1;
	if (x->due_at != y->due_at)
		return x->due_at < y->due_at ? -1 : 1;
	return strcmp(x->id, y->id);
}

static void
tell(void *context, size_t done, size_t all)
{
	progress_show(context, done, all);
}

static bool
load_tracker(struct ctl *ctl, const char *tracker, enum store_which which,
    struct issues *out, struct fault *fault)
{
	struct progress progress;
	const struct store_progress telling = { tell, &progress };
	size_t t = out->ntrackers, i;
	bool ok;

	out->loaded = buf_realloc(out->loaded, t + 1, sizeof(*out->loaded));
	out->counts = buf_realloc(out->counts, t + 1, sizeof(*out->counts));
	progress_begin(&progress, "reading issues", false);
	ok = store_list_slowly(ctl->store, tracker, which, &telling,
	    &out->loaded[t], &out->counts[t], fault);
	progress_end(&progress);
	if (!ok)
		return false;
	out->ntrackers++;
	out->rows = buf_realloc(out->rows, out->n + out->counts[t] + 1,
	    sizeof(*out->rows));
	for (i = 0; i < out->counts[t]; i++)
		out->rows[out->n++] = (struct issues_row){
		    &out->loaded[t][i], tracker,
		    ctl_list_of(ctl, &out->loaded[t][i]) };
	return true;
}

int
issues_load(struct ctl *ctl, enum store_which which, struct issues *out)
{
	const char *tracker;
	struct fault fault;
	size_t t;
	int code = ctl_open(ctl);

	memset(out, 0, sizeof(*out));
	if (code != EX_OK)
		return code;
	for (t = 0; (tracker = ctl_tracker(ctl, t)) != NULL; t++)
		if (!load_tracker(ctl, tracker, which, out, &fault)) {
			issues_clear(out);
			return ctl_fail(ctl, &fault);
		}
	if (out->n > 0)
		qsort(out->rows, out->n, sizeof(*out->rows), compare);
	return EX_OK;
}

void
issues_clear(struct issues *issues)
{
	size_t t;

	for (t = 0; t < issues->ntrackers; t++)
		store_free_issues(&issues->loaded[t], issues->counts[t]);
	free(issues->loaded);
	free(issues->counts);
	free(issues->rows);
	memset(issues, 0, sizeof(*issues));
}

void
issues_filter(struct issues *issues,
    bool (*keep)(const struct issues_row *row, const void *context),
    const void *context)
{
	size_t i, n = 0;

	for (i = 0; i < issues->n; i++)
		if (keep(&issues->rows[i], context))
			issues->rows[n++] = issues->rows[i];
	issues->n = n;
}

int64_t
issues_exploit_at(const struct issues_row *row, int64_t now)
{
	int64_t at = deadline_of_exploit(row->issue,
	    row->list->embargo.exploit_max_secs);

	return at <= now &&
	    issue_is_acked(row->issue, ALERT_EXPLOIT_OVERDUE) ? 0 : at;
}

enum term_colour
issues_alarm(const struct issue *issue, int64_t now)
{
	if (!issue_is_open(issue))
		return TERM_DIM;
	if (issue->due_at != 0 && issue->due_at <= now)
		return TERM_RED;
	if (issue->needs_human || issue->due_at == 0 ||
	    issue->due_at - now < SOON_SECS)
		return TERM_YELLOW;
	return TERM_PLAIN;
}

enum term_colour
issues_state_colour(enum issue_state state)
{
	switch (state) {
	case ISSUE_EMBARGOED:
		return TERM_PLAIN;
	case ISSUE_SEMI_PUBLIC:
		return TERM_CYAN;
	case ISSUE_PUBLIC:
		return TERM_GREEN;
	case ISSUE_BROKEN:
		return TERM_RED;
	case ISSUE_INVALID:
	case ISSUE_STATE_COUNT:
		break;
	}
	return TERM_DIM;
}

void
issues_print_marks(const struct issue *issue, char *dst)
{
	const struct {
		bool		 is_set;
		const char	*text;
	} marks[] = {
		{ issue->needs_human, "needs-human" },
		{ issue->is_assumed, "assumed" },
		{ issue->is_hour_assumed, "hour assumed" },
		{ issue->is_capped, "capped" },
		{ issue->is_over_max, "over-max" },
	};
	size_t i, len = 0;

	dst[0] = '\0';
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (marks[i].is_set)
			len += (size_t)snprintf(dst + len,
			    ISSUES_MARKS_SIZE - len, "%s%s",
			    len == 0 ? "" : ", ", marks[i].text);
}
