/*
 * deadline: which warnings an issue is due; see deadline.h.
 *
 * Every warning has its moment: due - before[i], due, due + repeat, due + 2
 * repeat, ...  A look tells the last moment in (looked_at, now] of a family,
 * whose kind is also the strongest, and asks to be woken at the first moment
 * after now.  A further kind is a further call of add_moment().
 */
#include <string.h>

#include "core/deadline.h"

#define DAY_SECS 86400

struct look {
	const struct issue	*issue;
	int64_t			 repeat_secs;
	int64_t			 now;
	struct deadline		*out;
	/* the family at hand */
	int64_t			 looked_at;
	int64_t			 due_at;
	int64_t			 told_at;	/* the moment of kind */
	enum issue_alert	 kind;
};

static void
begin_family(struct look *look, int64_t looked_at, int64_t due_at)
{
	look->looked_at = looked_at;
	look->due_at = due_at;
	look->told_at = 0;
	look->kind = ALERT_NONE;
}

static void
end_family(struct look *look)
{
	struct deadline_told *told = &look->out->told[look->out->n];

	if (look->kind == ALERT_NONE)
		return;
	told->kind = look->kind;
	told->due_at = look->due_at;
	look->out->n++;
}

static void
add_moment(struct look *look, int64_t at, enum issue_alert kind)
{
	struct deadline *out = look->out;

	if (at > look->now) {
		if (out->next_at == 0 || at < out->next_at)
			out->next_at = at;
		return;
	}
	if (at <= look->looked_at ||
	    (look->kind != ALERT_NONE && at < look->told_at))
		return;
	look->kind = kind;
	look->told_at = at;
}

/*
 * At from, and every repeat_secs after it unless acknowledged.  Of the
 * repetitions only the last one passed and the next one matter.
 */
static void
add_repeats(struct look *look, int64_t from, enum issue_alert kind)
{
	int64_t n;

	if (issue_is_acked(look->issue, kind))
		return;
	add_moment(look, from, kind);
	if (look->repeat_secs <= 0)
		return;
	n = look->now < from ? 0 : (look->now - from) / look->repeat_secs;
	if (n > 0)
		add_moment(look, from + n * look->repeat_secs, kind);
	add_moment(look, from + (n + 1) * look->repeat_secs, kind);
}

static void
add_before(struct look *look, const struct alert_settings *alerts,
    int64_t due_at, enum issue_alert kind)
{
	size_t i;

	for (i = 0; i < alerts->nbefore; i++)
		add_moment(look, due_at - alerts->before_secs[i], kind);
}

static void
find_date(struct look *look, const struct alert_settings *alerts)
{
	const struct issue *issue = look->issue;
	int64_t due_at = issue->due_at;

	if (!issue_is_open(issue) || due_at == 0)
		return;
	begin_family(look, issue->looked_at, due_at);
	add_before(look, alerts, due_at, ALERT_APPROACHING);
	if (due_at % DAY_SECS != 0)
		add_moment(look, due_at - due_at % DAY_SECS, ALERT_TODAY);
	add_moment(look, due_at, ALERT_REACHED);
	if (alerts->repeat_secs > 0)
		add_repeats(look, due_at + alerts->repeat_secs,
		    ALERT_OVERDUE);
	end_family(look);
}

/* What a person has to settle was told when it came; here it is repeated. */
static void
find_unsettled(struct look *look)
{
	const struct issue *issue = look->issue;
	enum issue_alert kind = issue->needs_human ? ALERT_NEEDS_HUMAN :
	    ALERT_NO_DATE;

	if (!issue_is_open(issue) || look->repeat_secs <= 0 ||
	    (!issue->needs_human && issue->due_at != 0))
		return;
	begin_family(look, issue->watched_at, issue->due_at);
	add_repeats(look, issue->opened_at + look->repeat_secs, kind);
	end_family(look);
}

static void
find_silence(struct look *look, const struct alert_settings *alerts)
{
	const struct issue *issue = look->issue;

	if (!issue_is_open(issue))
		return;
	begin_family(look, issue->watched_at, issue->due_at);
	if (issue->answered_at == 0)
		add_repeats(look, issue->opened_at + alerts->quiet_after_secs,
		    ALERT_QUIET);
	else
		add_repeats(look,
		    issue->last_at + alerts->no_progress_after_secs,
		    ALERT_NO_PROGRESS);
	end_family(look);
}

/* While it is open and overdue that repeats; here it is told once. */
static void
find_posting(struct look *look, const struct alert_settings *alerts)
{
	const struct issue *issue = look->issue;
	int64_t within = alerts->posting_within_secs;

	if (issue->url[0] != '\0')
		return;
	begin_family(look, issue->watched_at, issue->due_at);
	if (issue->state == ISSUE_PUBLIC && issue->public_at != 0)
		add_repeats(look, issue->public_at + within,
		    ALERT_POSTING_MISSING);
	else if (issue_is_open(issue) && issue->due_at != 0)
		add_moment(look, issue->due_at + within,
		    ALERT_POSTING_MISSING);
	end_family(look);
}

int64_t
deadline_of_exploit(const struct issue *issue, int64_t exploit_max_secs)
{
	int64_t from = issue->public_at != 0 ? issue->public_at :
	    issue->due_at;

	if (!issue->has_exploit || issue->state == ISSUE_INVALID)
		return 0;
	if (issue->exploit_at != 0)
		return issue->exploit_at;
	return from == 0 ? 0 : from + exploit_max_secs;
}

static void
find_exploit(struct look *look, const struct alert_settings *alerts,
    int64_t exploit_max_secs)
{
	int64_t due_at = deadline_of_exploit(look->issue, exploit_max_secs);

	if (due_at == 0)
		return;
	begin_family(look, look->issue->exploit_looked_at, due_at);
	add_before(look, alerts, due_at, ALERT_EXPLOIT_APPROACHING);
	add_repeats(look, due_at, ALERT_EXPLOIT_OVERDUE);
	end_family(look);
}

void
deadline_find(const struct issue *issue, const struct alert_settings *alerts,
    int64_t exploit_max_secs, int64_t now, struct deadline *out)
{
	struct look look = { .issue = issue,
	    .repeat_secs = alerts->repeat_secs, .now = now, .out = out };

	memset(out, 0, sizeof(*out));
	find_date(&look, alerts);
	find_unsettled(&look);
	find_silence(&look, alerts);
	find_posting(&look, alerts);
	find_exploit(&look, alerts, exploit_max_secs);
}
