/*
 * issue: a tracked conversation; see issue.h.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/issue.h"

static const char *const names[] = {
	"embargoed", "semi-public", "public", "broken", "invalid"
};

static const char *const alert_names[] = {
	[ALERT_NONE] = "none",
	[ALERT_APPROACHING] = "approaching",
	[ALERT_TODAY] = "today",
	[ALERT_REACHED] = "reached",
	[ALERT_OVERDUE] = "overdue",
	[ALERT_NO_DATE] = "no-date",
	[ALERT_NEEDS_HUMAN] = "needs-human",
	[ALERT_QUIET] = "quiet",
	[ALERT_NO_PROGRESS] = "no-progress",
	[ALERT_POSTING_MISSING] = "posting-missing",
	[ALERT_EXPLOIT_APPROACHING] = "exploit-approaching",
	[ALERT_EXPLOIT_OVERDUE] = "exploit-overdue",
};

const char *
issue_alert_name(enum issue_alert alert)
{
	assert(alert < ALERT_COUNT);
	return alert_names[alert];
}

bool
issue_alert_parse(struct span name, enum issue_alert *alert_out)
{
	int i;

	for (i = ALERT_NONE + 1; i < ALERT_COUNT; i++)
		if (text_is(name, alert_names[i])) {
			*alert_out = (enum issue_alert)i;
			return true;
		}
	return false;
}

bool
issue_is_acked(const struct issue *issue, enum issue_alert alert)
{
	return issue->is_acked[alert] || issue->is_acked[ALERT_NONE];
}

const char *
issue_state_name(enum issue_state state)
{
	assert(state < ISSUE_STATE_COUNT);
	return names[state];
}

bool
issue_state_parse(struct span name, enum issue_state *state_out)
{
	int i;

	for (i = 0; i < ISSUE_STATE_COUNT; i++)
		if (text_is(name, names[i])) {
			*state_out = (enum issue_state)i;
			return true;
		}
	return false;
}

bool
issue_is_open(const struct issue *issue)
{
	return issue->state == ISSUE_EMBARGOED ||
	    issue->state == ISSUE_SEMI_PUBLIC;
}

static size_t
count_digits(struct span s)
{
	size_t i = 0;

	while (i < s.len && text_is_digit(s.data[s.len - 1 - i]))
		i++;
	return i;
}

bool
issue_id_is_valid(struct span id)
{
	size_t number = count_digits(id), year, i;

	if (id.len >= ISSUE_ID_SIZE || number < 4 || id.len < number + 6 ||
	    id.data[id.len - number - 1] != '-')
		return false;
	id.len -= number + 1;
	year = count_digits(id);
	if (year != 4 || id.len < 6 || id.data[id.len - 5] != '-')
		return false;
	for (i = 0; i < id.len - 5; i++)
		if (!text_is_alnum(id.data[i]) && id.data[i] != '-' &&
		    id.data[i] != '_')
			return false;
	return true;
}

void
issue_clear(struct issue *issue)
{
	free(issue->list);
	free(issue->url);
	free(issue->cve);
	free(issue->merged_into);
	free(issue->subject);
	memset(issue, 0, sizeof(*issue));
}
