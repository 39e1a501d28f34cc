/*
 * json: issues and stream entries as JSON (jansson).
 */
#ifndef CTL_JSON_H
#define CTL_JSON_H

#include <jansson.h>

#include "edge/store.h"

/* Times are ISO 8601 strings, null for none; the caller owns the result. */
json_t	*json_of_issue(const struct issue *issue, const char *tracker);
json_t	*json_of_entry(const struct store_entry *entry);
json_t	*json_of_time(int64_t at);

/* Print and release. */
void	json_finish(json_t *value, size_t flags);

#endif
