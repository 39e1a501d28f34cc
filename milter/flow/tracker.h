/*
 * tracker: the trackers of the configuration, each once.
 */
#ifndef FLOW_TRACKER_H
#define FLOW_TRACKER_H

#include "core/settings.h"

/*
 * The i-th tracker (from 0) in the order of the lists, which may share one;
 * NULL behind the last.
 */
const char	*tracker_name(const struct settings *settings, size_t i);

#endif
