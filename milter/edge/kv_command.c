/*
 * kv_command: building commands for Redis; see kv.h.
 */
#include <glib.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/kv.h"

void
kv_begin(struct kv_command *command)
{
	command->n = 0;
}

void
kv_add_span(struct kv_command *command, struct span arg)
{
	if (command->n == KV_MAX_ARGS)
		abort();
	if (arg.data == NULL)
		arg = text_span("");
	command->args[command->n++] = arg;
}

void
kv_add(struct kv_command *command, const char *text)
{
	kv_add_span(command, text_span(text));
}

void
kv_add_number(struct kv_command *command, int64_t number)
{
	char *text;

	if (command->n == KV_MAX_ARGS)
		abort();
	text = command->numbers[command->n];
	snprintf(text, sizeof(command->numbers[0]), "%" PRId64, number);
	kv_add(command, text);
}

void
kv_script_name(const char *script, char sha1[KV_SCRIPT_NAME_SIZE])
{
	char *text = g_compute_checksum_for_string(G_CHECKSUM_SHA1, script,
	    -1);

	memcpy(sha1, text, KV_SCRIPT_NAME_SIZE);
	g_free(text);
}
