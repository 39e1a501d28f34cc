/*
 * tracker: the trackers of the configuration, each once; see tracker.h.
 */
#include <string.h>

#include "flow/tracker.h"

/* Does a list before this one have the same? */
static bool
is_repeated(const struct settings *settings, size_t list)
{
	size_t i;

	for (i = 0; i < list; i++)
		if (strcmp(settings->lists[i].tracker,
		    settings->lists[list].tracker) == 0)
			return true;
	return false;
}

const char *
tracker_name(const struct settings *settings, size_t i)
{
	size_t list;

	for (list = 0; list < settings->nlists; list++)
		if (!is_repeated(settings, list) && i-- == 0)
			return settings->lists[list].tracker;
	return NULL;
}
