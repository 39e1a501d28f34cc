/*
 * privileges: root starts us, another user runs us; see privileges.h.
 */
#include "edge/conf.h"
#include "edge/process.h"
#include "flow/privileges.h"

bool
privileges_drop(const char *conf_path, struct fault *fault)
{
	struct settings *settings;
	bool ok;

	if (!conf_load(conf_path, &settings, fault))
		return false;
	ok = process_become(settings->user, fault);
	conf_free(&settings);
	return ok;
}
