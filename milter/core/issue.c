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
