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

/* Bytes that are no UTF-8 as Latin-1 would be a lie. */
json_t *
json_of_text(const char *text)
{
	json_t *value = text[0] == '\0' ? NULL : json_string(text);

	return value == NULL ? json_null() : value;
}

json_t *
json_of_issue(const struct issue *issue, const char *tracker)
{
	return json_pack("{ss so so ss so so so so so sI sb sb sb sb so so so "
	    "sb so so sb}",
	    "id", issue->id, "tracker", json_of_text(tracker),
	    "list", json_of_text(issue->list),
	    "state", issue_state_name(issue->state),
	    "opened_at", json_of_time(issue->opened_at),
	    "due_at", json_of_time(issue->due_at),
	    "last_at", json_of_time(issue->last_at),
	    "answered_at", json_of_time(issue->answered_at),
	    "public_at", json_of_time(issue->public_at),
	    "messages", (json_int_t)issue->messages,
	    "assumed", issue->is_assumed, "capped", issue->is_capped,
	    "over_max", issue->is_over_max,
	    "needs_human", issue->needs_human,
	    "url", json_of_text(issue->url),
	    "subject", json_of_text(issue->subject),
	    "cve", json_of_text(issue->cve),
	    "exploit", issue->has_exploit,
	    "exploit_at", json_of_time(issue->exploit_at),
	    "merged_into", json_of_text(issue->merged_into),
	    "hour_assumed", issue->is_hour_assumed);
}

json_t *
json_of_issues(const struct issues *issues)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < issues->n; i++)
		json_array_append_new(array, json_of_issue(
		    issues->rows[i].issue, issues->rows[i].tracker));
	return array;
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
		    json_of_text(entry->values[i]));
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
