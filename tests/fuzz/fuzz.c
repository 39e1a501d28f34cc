/*
 * fuzz: what the fuzz targets share; see fuzz.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/fuzz.h"

const struct limit_settings fuzz_limits = {
	.max_pkesk = 4, .max_depth = 5, .max_parts = 20, .max_fields = 20,
	.max_header_bytes = 2000,
};

void
fuzz_fail(const char *what, struct span about)
{
	fprintf(stderr, "does not hold: %s\n%.*s\n", what, (int)about.len,
	    about.len == 0 ? "" : (const char *)about.data);
	abort();
}

void
fuzz_check(bool ok, const char *what, struct span about)
{
	if (!ok)
		fuzz_fail(what, about);
}
