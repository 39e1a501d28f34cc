/*
 * postfix: what postconf(1) says; see postfix.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/postfix.h"
#include "edge/child.h"

#define MAX_BYTES	(4 * 1024 * 1024)
#define TIMEOUT_MS	10000
#define MAX_EXPANSION	16	/* levels of $name */
#define FIELDS		7	/* of a line before the program */

static bool
ask(const char *option, struct buf *out, struct fault *fault)
{
	char program[512];
	const char *const argv[] = { program, option, NULL };
	const struct child_call call = { argv, -1, out, TIMEOUT_MS };

	buf_init(out, MAX_BYTES);
	if (!child_find("postconf", program, sizeof(program))) {
		fault_set(fault, FAULT_MISSING, "there is no postconf here");
		return false;
	}
	return child_run(&call, fault);
}

static char *
take_word(struct span *rest)
{
	struct span word;
	size_t i = 0;

	*rest = text_trim(*rest);
	while (i < rest->len && rest->data[i] != ' ' && rest->data[i] != '\t')
		i++;
	word = text_sub(*rest, 0, i);
	*rest = text_sub(*rest, i, rest->len);
	return buf_strndup(word);
}

/* "{ name = value }" with its braces, or a word. */
static struct span
take_override(struct span *rest)
{
	struct span all = text_trim(*rest), one;
	size_t i = 0;

	if (text_starts(all, "{")) {
		while (i < all.len && all.data[i] != '}')
			i++;
		one = text_trim(text_sub(all, 1, i - 1));
		*rest = text_sub(all, i + 1, all.len);
		return one;
	}
	while (i < all.len && all.data[i] != ' ' && all.data[i] != '\t')
		i++;
	*rest = text_sub(all, i, all.len);
	return text_sub(all, 0, i);
}

/* A line "name = value", however it is spaced. */
static void
add_override(struct postfix_service *s, struct span one)
{
	size_t at = text_find_nocase(one, "=");
	struct span name = text_trim(text_sub(one, 0, at));
	struct span value = text_trim(text_sub(one, at + 1, one.len));

	if (at < one.len && !buf_print(&s->overrides, "%.*s = %.*s\n",
	    (int)name.len, (const char *)name.data, (int)value.len,
	    (const char *)value.data))
		s->overrides.len = 0;
}

/* "smtp inet n - y - - smtpd -o name=value -v" */
static void
read_service(struct span line, struct postfix_service *s)
{
	char *word;
	size_t i;

	s->name = take_word(&line);
	s->type = take_word(&line);
	for (i = 2; i < FIELDS; i++)
		free(take_word(&line));
	s->program = take_word(&line);
	buf_init(&s->overrides, 65536);
	while (!text_is_blank(line)) {
		word = take_word(&line);
		if (strcmp(word, "-o") == 0)
			add_override(s, take_override(&line));
		free(word);
	}
}

bool
postfix_load(struct postfix *out, struct fault *fault)
{
	struct buf master;
	struct span rest, line;

	memset(out, 0, sizeof(*out));
	if (!ask("-M", &master, fault)) {
		buf_clear(&master);
		return false;
	}
	if (!ask("-x", &out->values, fault)) {
		buf_clear(&master);
		buf_clear(&out->values);
		return false;
	}
	rest = buf_span(&master);
	while (text_next_line(&rest, &line)) {
		if (text_is_blank(line))
			continue;
		out->services = buf_realloc(out->services,
		    out->nservices + 1, sizeof(*out->services));
		read_service(line, &out->services[out->nservices++]);
	}
	buf_clear(&master);
	return true;
}

void
postfix_clear(struct postfix *postfix)
{
	size_t i;

	for (i = 0; i < postfix->nservices; i++) {
		free(postfix->services[i].name);
		free(postfix->services[i].type);
		free(postfix->services[i].program);
		buf_clear(&postfix->services[i].overrides);
	}
	free(postfix->services);
	buf_clear(&postfix->values);
	memset(postfix, 0, sizeof(*postfix));
}

/* The value in lines "name = value". */
static bool
find(struct span lines, struct span name, struct span *out)
{
	struct span line;

	while (text_next_line(&lines, &line)) {
		if (line.len < name.len + 2 || memcmp(line.data, name.data,
		    name.len) != 0 || line.data[name.len] != ' ' ||
		    line.data[name.len + 1] != '=')
			continue;
		*out = text_trim(text_sub(line, name.len + 2, line.len));
		return true;
	}
	return false;
}

static bool
is_name(int c)
{
	return text_is_alnum(c) || c == '_';
}

/* The name behind a "$", with braces or parentheses or without. */
static struct span
take_name(struct span text, size_t *at)
{
	size_t from = *at + 1, to;
	bool is_in_braces = from < text.len && (text.data[from] == '{' ||
	    text.data[from] == '(');

	from += is_in_braces;
	for (to = from; to < text.len && is_name(text.data[to]); to++)
		continue;
	*at = to + (is_in_braces && to < text.len);
	return text_sub(text, from, to - from);
}

static void	expand(const struct postfix *postfix,
		    const struct postfix_service *service, struct span text,
		    int depth, struct buf *out);

static void
expand_name(const struct postfix *postfix,
    const struct postfix_service *service, struct span name, int depth,
    struct buf *out)
{
	struct span value;

	if (depth > MAX_EXPANSION)
		return;
	if ((service != NULL && find(buf_span(&service->overrides), name,
	    &value)) || find(buf_span(&postfix->values), name, &value))
		expand(postfix, service, value, depth + 1, out);
}

static void
expand(const struct postfix *postfix, const struct postfix_service *service,
    struct span text, int depth, struct buf *out)
{
	size_t at = 0;

	while (at < text.len) {
		if (text.data[at] != '$') {
			if (!buf_add(out, text.data + at, 1))
				return;
			at++;
		} else
			expand_name(postfix, service, take_name(text, &at),
			    depth, out);
	}
}

char *
postfix_value(const struct postfix *postfix,
    const struct postfix_service *service, const char *name)
{
	struct buf out;
	char *value;

	buf_init(&out, 65536);
	expand_name(postfix, service, text_span(name), 0, &out);
	value = buf_strndup(buf_span(&out));
	buf_clear(&out);
	return value;
}

int64_t
postfix_secs(const char *value)
{
	char *unit;
	int64_t n = strtoll(value, &unit, 10);

	switch (unit[0]) {
	case 'w':
		return n * 7 * 86400;
	case 'd':
		return n * 86400;
	case 'h':
		return n * 3600;
	case 'm':
		return n * 60;
	default:
		return n;
	}
}
