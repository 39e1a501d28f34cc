/*
 * libFuzzer target: the configuration, and the file of members.
 *
 * What is taken has its limits and at least one list; what is not taken is
 * explained with file and line.  The first byte says which of the two it is.
 */
#include <config.h>

#include <sys/mman.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/endpoint.h"
#include "edge/conf.h"
#include "edge/members.h"
#include "fuzz/fuzz.h"

static void
check_settings(const struct settings *s, struct span text)
{
	struct endpoint endpoint;
	size_t i;

	fuzz_check(s->nlists > 0, "a list", text);
	for (i = 0; i < s->nlists; i++)
		fuzz_check(s->lists[i].name != NULL &&
		    s->lists[i].tracker != NULL &&
		    s->lists[i].address.n > 0 &&
		    s->lists[i].key.n > 0 &&
		    s->lists[i].embargo.max_secs > 0 &&
		    s->lists[i].embargo.default_hour_secs < 86400,
		    "a whole list", text);
	fuzz_check(s->max_message > 0 && s->max_message <=
	    (size_t)4 << 30, "a size", text);
	fuzz_check(s->limits.max_pkesk > 0 && s->limits.max_parts > 0 &&
	    s->limits.max_depth > 0 && s->limits.max_fields > 0, "limits",
	    text);
	fuzz_check(s->redis.timeout_ms > 0 && s->gnupg.timeout_ms > 0 &&
	    s->gnupg.jobs > 0, "times", text);
	fuzz_check(endpoint_parse(text_span(s->redis.address), ENDPOINT_TCP,
	    &endpoint), "an address", text);
	fuzz_check((s->redis.sentinels.n > 0) == (s->redis.master != NULL),
	    "sentinels and their master", text);
	for (i = 1; i < s->alerts.nbefore; i++)
		fuzz_check(s->alerts.before_secs[i - 1] >=
		    s->alerts.before_secs[i], "longest first", text);
}

static void
read_conf(const char *path, struct span text)
{
	struct settings *settings = NULL;
	struct fault fault = { FAULT_SITE, "" };

	if (conf_load(path, &settings, &fault))
		check_settings(settings, text);
	else
		fuzz_check(fault.kind == FAULT_CONFIG &&
		    strstr(fault.text, path) != NULL, "an explanation",
		    text_span(fault.text));
	conf_free(&settings);
}

static void
read_members(const char *path, struct span text)
{
	struct keyset keys = { .v = NULL };
	struct fault fault = { FAULT_SITE, "" };
	size_t i;

	if (!members_load(path, &keys, &fault))
		fuzz_check(fault.kind == FAULT_CONFIG && fault.text[0] !=
		    '\0', "an explanation", text);
	for (i = 0; i < keys.nmembers; i++)
		fuzz_check(strchr(keys.members[i].address, '@') != NULL &&
		    (strlen(keys.members[i].fingerprint) == 40 ||
		    strlen(keys.members[i].fingerprint) == 64), "a member",
		    text);
	members_clear(&keys);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct span text;
	char path[64];
	int fd;

	/* "@include" would read files that are not part of the input */
	if (size == 0 || memmem(bytes, size, "@include", 8) != NULL)
		return 0;
	text = (struct span){ bytes + 1, size - 1 };
	fd = memfd_create("conf", 0);
	if (fd < 0 || write(fd, text.data, text.len) != (ssize_t)text.len)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (bytes[0] == 'm')
		read_members(path, text);
	else
		read_conf(path, text);
	close(fd);
	return 0;
}
