/*
 * deadline: which warnings an issue is due; see deadline.h.
 *
 * Every warning has its moment: due - before[i], due, due + repeat, due + 2
 * repeat, ...  A look tells the last moment in (looked_at, now], whose kind is
 * also the strongest, and asks to be woken at the first moment after now.  A
 * further kind is a further call of add_moment().
 */
#include <string.h>

#include "core/deadline.h"

struct look {
	int64_t		 looked_at, now;
	int64_t		 told_at;	/* the moment of out->kind */
	struct deadline	*out;
};

const char *
deadline_name(enum deadline_kind kind)
{
	switch (kind) {
	case DEADLINE_NONE:
		break;
	case DEADLINE_APPROACHING:
		return "approaching";
	case DEADLINE_REACHED:
		return "reached";
	case DEADLINE_OVERDUE:
		return "overdue";
	}
	return "none";
}

static void
add_moment(struct look *look, int64_t at, enum deadline_kind kind)
{
	struct deadline *out = look->out;

	if (at > look->now) {
		if (out->next_at == 0 || at < out->next_at)
			out->next_at = at;
		return;
	}
	if (at <= look->looked_at ||
	    (out->kind != DEADLINE_NONE && at < look->told_at))
		return;
	out->kind = kind;
	look->told_at = at;
}

/* Of the repetitions only the last one passed and the next one matter. */
static void
add_repeats(struct look *look, int64_t from, int64_t repeat_secs,
    enum deadline_kind kind)
{
	int64_t n;

	if (repeat_secs <= 0)
		return;
	n = look->now < from ? 0 : (look->now - from) / repeat_secs;
	if (n > 0)
		add_moment(look, from + n * repeat_secs, kind);
	add_moment(look, from + (n + 1) * repeat_secs, kind);
}

void
deadline_find(const struct issue *issue, const struct alert_settings *alerts,
    int64_t now, struct deadline *out)
{
	struct look look = { issue->looked_at, now, 0, out };
	size_t i;

	memset(out, 0, sizeof(*out));
	out->due_at = issue->due_at;
	if (!issue_is_open(issue) || issue->due_at == 0)
		return;
	for (i = 0; i < alerts->nbefore; i++)
		add_moment(&look, issue->due_at - alerts->before_secs[i],
		    DEADLINE_APPROACHING);
	add_moment(&look, issue->due_at, DEADLINE_REACHED);
	add_repeats(&look, issue->due_at, alerts->repeat_secs,
	    DEADLINE_OVERDUE);
}
