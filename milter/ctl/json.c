/*
 * json: issues and stream entries as JSON; see json.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/crd.h"
#include "ctl/json.h"

json_t *
json_of_time(int64_t at)
{
	char text[CRD_PRINT_SIZE];

	if (at == 0)
		return json_null();
	crd_print(at, text);
	return json_string(text);
}

/* NULL when the bytes are no UTF-8: then as Latin-1 would be a lie. */
static json_t *
text_or_null(const char *text)
{
	json_t *value = text[0] == '\0' ? NULL : json_string(text);

	return value == NULL ? json_null() : value;
}

json_t *
json_of_issue(const struct issue *issue, const char *tracker)
{
	return json_pack("{ss ss ss ss so so so so sI sb sb sb sb so so so sb "
	    "so so}",
	    "id", issue->id, "tracker", tracker, "list", issue->list,
	    "state", issue_state_name(issue->state),
	    "opened_at", json_of_time(issue->opened_at),
	    "due_at", json_of_time(issue->due_at),
	    "last_at", json_of_time(issue->last_at),
	    "public_at", json_of_time(issue->public_at),
	    "messages", (json_int_t)issue->messages,
	    "assumed", issue->is_assumed, "capped", issue->is_capped,
	    "over_max", issue->is_over_max,
	    "needs_human", issue->needs_human,
	    "url", text_or_null(issue->url),
	    "subject", text_or_null(issue->subject),
	    "cve", text_or_null(issue->cve),
	    "exploit", issue->has_exploit,
	    "exploit_at", json_of_time(issue->exploit_at),
	    "merged_into", text_or_null(issue->merged_into),
	    "hour_assumed", issue->is_hour_assumed);
}

static bool
is_time(const char *name)
{
	return strcmp(name, "at") == 0 || strcmp(name, "due_at") == 0;
}

json_t *
json_of_entry(const struct store_entry *entry)
{
	json_t *object = json_object();
	size_t i;

	json_object_set_new(object, "entry", json_string(entry->id));
	for (i = 0; i < entry->n; i++)
		json_object_set_new(object, entry->names[i],
		    is_time(entry->names[i]) ?
		    json_of_time(strtoll(entry->values[i], NULL, 10)) :
		    text_or_null(entry->values[i]));
	return object;
}

void
json_finish(json_t *value, size_t flags)
{
	json_dumpf(value, stdout, flags);
	putchar('\n');
	fflush(stdout);
	json_decref(value);
}
