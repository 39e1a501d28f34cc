/*
 * json: issues and stream entries as JSON (jansson).
 */
#ifndef CTL_JSON_H
#define CTL_JSON_H

#include <jansson.h>

#include "ctl/issues.h"

/* Times are ISO 8601 strings, null for none; the caller owns the result. */
json_t	*json_of_issue(const struct issue *issue, const char *tracker);
json_t	*json_of_issues(const struct issues *issues);
json_t	*json_of_entry(const struct store_entry *entry);
json_t	*json_of_time(int64_t at);

/* null for "", and for bytes that are no UTF-8. */
json_t	*json_of_text(const char *text);

/* Print and release. */
void	json_finish(json_t *value, size_t flags);

#endif
