/*
 * reply: a judgement in words that its sender understands; see policy.h.
 *
 * Never a byte of the message.  Lines are short enough for RFC 5321 4.5.3.1.5.
 */
#include <stdio.h>
#include <string.h>

#include "core/policy.h"

static void
add_line(struct reply *out, const char *text)
{
	if (out->nlines == REPLY_LINES || text[0] == '\0')
		return;
	text_print(text_span(text), out->lines[out->nlines++],
	    REPLY_LINE_MAX);
}

static void
append(char *dst, const char *text)
{
	size_t len = strlen(dst);

	snprintf(dst + len, REPLY_LINE_MAX - len, "%s", text);
}

/* All values of a list, separated by blanks. */
static void
append_all(char *dst, const struct strings *values)
{
	size_t i;

	for (i = 0; i < values->n; i++) {
		if (i > 0)
			append(dst, " ");
		append(dst, values->v[i]);
	}
}

/* "0123...", "0123... or 4567... (an S/MIME certificate)". */
static void
append_keys(char *dst, const struct list_settings *list)
{
	append_all(dst, &list->key);
	if (list->certificate.n == 0)
		return;
	append(dst, list->key.n > 0 ? " or " : "");
	append_all(dst, &list->certificate);
	append(dst, list->certificate.n == 1 ? " (an S/MIME certificate)" :
	    " (S/MIME certificates)");
}

/* The remedy with %K and %T filled in. */
static void
add_remedy(struct reply *out, const char *remedy,
    const struct list_settings *list)
{
	char line[REPLY_LINE_MAX] = "", one[2] = "";

	for (; *remedy != '\0'; remedy++) {
		if (remedy[0] == '%' && (remedy[1] == 'K' ||
		    remedy[1] == 'T')) {
			remedy++;
			if (list != NULL && *remedy == 'K')
				append_keys(line, list);
			else if (list != NULL)
				append_all(line, &list->subject_tags);
			continue;
		}
		one[0] = *remedy;
		append(line, one);
	}
	add_line(out, line);
}

void
policy_reply(const struct judgement *j, struct reply *out)
{
	const struct reason_row *row = verdict_row(j->reason);
	char line[REPLY_LINE_MAX];

	memset(out, 0, sizeof(*out));
	out->code = row->code;
	out->enhanced = row->enhanced;
	add_line(out, row->text);
	if (j->what[0] != '\0') {
		policy_explain(j, line, sizeof(line) - 16);
		memmove(line + 7, line, strlen(line) + 1);
		memcpy(line, "Found: ", 7);
		add_line(out, line);
	}
	add_remedy(out, row->remedy, j->list);
	if (j->list != NULL && j->list->subject_url != NULL &&
	    j->verdict == VERDICT_REJECT) {
		snprintf(line, sizeof(line), "The list's policy: %s",
		    j->list->subject_url);
		add_line(out, line);
	}
}
