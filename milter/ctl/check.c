/*
 * check: is everything there that the filter needs?  See check.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>

#include "ctl/check.h"

void
check_say(struct check *c, const char *subject, const char *remedy,
    const char *format, ...)
{
	char text[CHECK_TEXT_SIZE];
	bool good = remedy == NULL;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!good)
		c->problems++;
	if (c->ctl->wants_json) {
		json_array_append_new(c->array, json_pack("{sb ss ss ss}",
		    "good", good, "subject", subject, "text", text,
		    "remedy", good ? "" : remedy));
		return;
	}
	printf("%s%-7s%s %s: %s\n",
	    ctl_colour(good ? "\033[32m" : "\033[1;31m"),
	    good ? "good" : "PROBLEM", ctl_colour("\033[0m"), subject, text);
	if (!good && remedy[0] != '\0')
		printf("        %s\n", remedy);
}

int
cmd_check(struct ctl *ctl, int argc, char **argv)
{
	struct check c = { .ctl = ctl };
	int code;

	(void)argv;
	if (argc != 0)
		return ctl_usage(ctl, "[--list NAME] [--json]");
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	c.array = json_array();
	check_say(&c, "configuration", NULL, "%s", ctl->conf_path);
	check_keys(&c);
	check_redis(&c);
	check_socket(&c);
	check_postfix(&c);
	if (ctl->wants_json)
		json_finish(c.array, JSON_INDENT(2));
	else
		json_decref(c.array);
	if (c.is_away)
		return EX_UNAVAILABLE;
	return c.problems == 0 ? EX_OK : CTL_NO;
}
