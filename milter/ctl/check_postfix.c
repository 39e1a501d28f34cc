/*
 * check_postfix: does Postfix show the filter all mail, and what does it do
 * while the filter is away?
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/aliases.h"
#include "ctl/check.h"
#include "ctl/postfix.h"

#define SPARE_SECS	20	/* Postfix waits that much longer */

/* The filters of one service. */
struct place {
	const char			*service;	/* for messages */
	const struct postfix_service	*of;		/* NULL: main.cf */
	const char			*parameter;	/* smtpd_milters ... */
};

/* Entries are divided by commas and blanks, but not within braces. */
static struct span
take_milter(struct span *rest)
{
	struct span s = *rest;
	size_t i, from;
	int depth = 0;

	for (from = 0; from < s.len && (s.data[from] == ',' ||
	    s.data[from] <= ' '); from++)
		continue;
	for (i = from; i < s.len; i++) {
		if (s.data[i] == '{')
			depth++;
		else if (s.data[i] == '}')
			depth--;
		else if (depth == 0 && (s.data[i] == ',' ||
		    s.data[i] <= ' '))
			break;
	}
	*rest = text_sub(s, i, s.len);
	return text_sub(s, from, i - from);
}

/* "{ inet:host:port, default_action=accept }": what it says of a setting. */
static char *
milter_option(struct span entry, const char *name)
{
	size_t at = text_find_nocase(entry, name), len = strlen(name), i;
	struct span value;

	if (!text_starts(entry, "{") || at == entry.len)
		return NULL;
	value = text_sub(entry, at + len, entry.len);
	while (value.len > 0 && (value.data[0] == ' ' || value.data[0] == '='))
		value = text_sub(value, 1, value.len);
	for (i = 0; i < value.len && text_is_alnum(value.data[i]); i++)
		continue;
	return buf_strndup(text_sub(value, 0, i));
}

/* The socket alone. */
static struct span
milter_socket(struct span entry)
{
	struct span s;
	size_t i;

	if (!text_starts(entry, "{"))
		return entry;
	s = text_trim(text_sub(entry, 1, entry.len));
	for (i = 0; i < s.len && s.data[i] != ',' && s.data[i] > ' ' &&
	    s.data[i] != '}'; i++)
		continue;
	return text_sub(s, 0, i);
}

/* Postfix has "inet:host:port", Sendmail and we "inet:port@host". */
static bool
is_same_inet(struct span entry, const char *ours)
{
	const char *at = strchr(ours, '@');
	char text[300], port[16], host[256];

	if (at == NULL || !text_starts(entry, "inet:"))
		return false;
	snprintf(port, sizeof(port), "%.*s", (int)(at - ours - 5), ours + 5);
	snprintf(host, sizeof(host), "%s", at + 1);
	snprintf(text, sizeof(text), "inet:%s:%s", host, port);
	if (text_is_nocase(entry, text))
		return true;
	snprintf(text, sizeof(text), "inet:localhost:%s", port);
	return strcmp(host, "127.0.0.1") == 0 && text_is_nocase(entry, text);
}

/* A path is relative to the queue directory. */
static bool
is_ours(const struct check *c, const struct postfix *p, struct span entry)
{
	const char *ours = c->ctl->settings->socket;
	const char *path = ours[0] == '/' ? ours : strchr(ours, ':') + 1;
	char text[1024], real[4096], real_ours[4096];
	char *queue;

	if (strncmp(ours, "inet", 4) == 0)
		return is_same_inet(entry, ours);
	if (!text_starts(entry, "unix:") && !text_starts(entry, "local:"))
		return false;
	while (entry.len > 0 && entry.data[0] != ':')
		entry = text_sub(entry, 1, entry.len);
	entry = text_sub(entry, 1, entry.len);
	queue = postfix_value(p, NULL, "queue_directory");
	snprintf(text, sizeof(text), "%s%s%.*s", text_starts(entry, "/") ?
	    "" : queue, text_starts(entry, "/") ? "" : "/", (int)entry.len,
	    (const char *)entry.data);
	free(queue);
	return strcmp(text, path) == 0 || (realpath(text, real) != NULL &&
	    realpath(path, real_ours) != NULL && strcmp(real, real_ours) == 0);
}

/* As Postfix would write it. */
static void
print_ours(const struct check *c, const struct postfix *p, char *dst,
    size_t size)
{
	const char *ours = c->ctl->settings->socket, *at;
	const char *path = ours[0] == '/' ? ours : strchr(ours, ':') + 1;
	char *queue = postfix_value(p, NULL, "queue_directory");
	size_t len = strlen(queue);

	at = strchr(ours, '@');
	if (strncmp(ours, "inet", 4) == 0 && at != NULL)
		snprintf(dst, size, "inet:%s:%.*s", at + 1,
		    (int)(at - ours - 5), ours + 5);
	else if (strncmp(path, queue, len) == 0 && path[len] == '/')
		snprintf(dst, size, "unix:%s", path + len + 1);
	else
		snprintf(dst, size, "unix:%s", path);
	free(queue);
}

/* "postconf -e" or "postconf -P", for main.cf or master.cf. */
static void
print_remedy(const struct place *place, const char *parameter,
    const char *value, char *dst)
{
	if (place->of == NULL)
		snprintf(dst, CHECK_TEXT_SIZE, "postconf -e '%s = %s' && "
		    "postfix reload", parameter, value);
	else
		snprintf(dst, CHECK_TEXT_SIZE, "postconf -P '%s/%s/%s=%s' && "
		    "postfix reload", place->of->name, place->of->type,
		    parameter, value);
}

/* What happens to mail while the filter is away. */
static void
say_action(struct check *c, const struct postfix *p, const struct place *at,
    struct span entry)
{
	char *action = milter_option(entry, "default_action");
	char remedy[CHECK_TEXT_SIZE];
	bool good;

	if (action == NULL)
		action = postfix_value(p, at->of, "milter_default_action");
	good = strcmp(action, "tempfail") == 0 ||
	    strcmp(action, "shutdown") == 0;
	print_remedy(at, "milter_default_action", "tempfail", remedy);
	check_say(c, at->service, good ? NULL : remedy, "while the filter is "
	    "away: %s%s", action, good ? "" : strcmp(action, "accept") == 0 ?
	    ", so that anything passes" : ", so that mail is lost or held");
	free(action);
}

/* Postfix must not lose patience before the filter does. */
static void
say_patience(struct check *c, const struct postfix *p,
    const struct place *at)
{
	const struct settings *s = c->ctl->settings;
	char *given = postfix_value(p, at->of, "milter_content_timeout");
	char remedy[CHECK_TEXT_SIZE], wanted[24];
	int64_t secs = (s->gnupg.timeout_ms + 2 * s->redis.timeout_ms) / 1000 +
	    SPARE_SECS;

	snprintf(wanted, sizeof(wanted), "%" PRId64 "s", secs);
	print_remedy(at, "milter_content_timeout", wanted, remedy);
	check_say(c, at->service, postfix_secs(given) >= secs ? NULL : remedy,
	    "it waits %s for the filter, which may need %" PRId64 " s", given,
	    secs - SPARE_SECS);
	free(given);
}

/* The value as it should be: with the filter as the last one. */
static void
print_wanted(const struct check *c, const struct postfix *p,
    struct span milters, char *dst, size_t size)
{
	struct span entry;
	size_t used = 0;

	dst[0] = '\0';
	while ((entry = take_milter(&milters)).len > 0)
		if (!is_ours(c, p, milter_socket(entry)) && used < size)
			used += (size_t)snprintf(dst + used, size - used,
			    "%.*s, ", (int)entry.len,
			    (const char *)entry.data);
	if (used < size)
		print_ours(c, p, dst + used, size - used);
}

static void
say_place(struct check *c, const struct postfix *p, const struct place *at)
{
	char *value = postfix_value(p, at->of, at->parameter);
	char wanted[CHECK_TEXT_SIZE / 2], remedy[CHECK_TEXT_SIZE];
	struct span rest = text_span(value), entry, found = text_span("");
	bool is_last = false;

	while ((entry = take_milter(&rest)).len > 0) {
		is_last = is_ours(c, p, milter_socket(entry));
		if (is_last)
			found = entry;
	}
	print_wanted(c, p, text_span(value), wanted, sizeof(wanted));
	print_remedy(at, at->parameter, wanted, remedy);
	check_say(c, at->service, is_last ? NULL : remedy, "%s: %s",
	    at->parameter, is_last ? "has the filter, as the last one" :
	    found.len > 0 ? "has filters behind ours, which could change what "
	    "it saw" : "lacks the filter: this way is open");
	if (found.len > 0) {
		say_action(c, p, at, found);
		say_patience(c, p, at);
	}
	free(value);
}

/* Ways round the filter that a service may have. */
static void
say_bypasses(struct check *c, const struct postfix *p,
    const struct place *at)
{
	static const struct {
		const char *parameter, *word, *what;
	} ways[] = {
		{ "receive_override_options", "no_milters",
		    "switches all filters off" },
		{ "smtpd_proxy_filter", "", "takes mail past the filters" },
		{ "smtpd_milter_maps", "", "may switch filters off for some "
		    "clients" },
	};
	char remedy[CHECK_TEXT_SIZE];
	char *value;
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		value = postfix_value(p, at->of, ways[i].parameter);
		print_remedy(at, ways[i].parameter, "", remedy);
		if (value[0] != '\0' && strstr(value, ways[i].word) != NULL)
			check_say(c, at->service, remedy, "%s = %s: %s",
			    ways[i].parameter, value, ways[i].what);
		free(value);
	}
}

static void
say_services(struct check *c, const struct postfix *p)
{
	const struct postfix_service *s;
	char name[200];
	size_t i;

	for (i = 0; i < p->nservices; i++) {
		s = &p->services[i];
		if (strcmp(s->program, "smtpd") != 0)
			continue;
		snprintf(name, sizeof(name), "postfix %s/%s", s->name,
		    s->type);
		say_place(c, p, &(struct place){ name, s->overrides.len > 0 ?
		    s : NULL, "smtpd_milters" });
		say_bypasses(c, p, &(struct place){ name,
		    s->overrides.len > 0 ? s : NULL, NULL });
	}
	say_place(c, p, &(struct place){ "postfix sendmail", NULL,
	    "non_smtpd_milters" });
}

static void
say_limits(struct check *c, const struct postfix *p)
{
	const size_t max = c->ctl->settings->max_message;
	const struct place main_cf = { "postfix", NULL, NULL };
	char *size = postfix_value(p, NULL, "message_size_limit");
	char *reject = postfix_value(p, NULL, "message_reject_characters");
	char *protocol = postfix_value(p, NULL, "milter_protocol");
	char remedy[CHECK_TEXT_SIZE], number[24];

	snprintf(number, sizeof(number), "%zu", max);
	print_remedy(&main_cf, "message_size_limit", number, remedy);
	check_say(c, "postfix", strtoull(size, NULL, 10) != 0 ? NULL : remedy,
	    "takes mail of up to %s bytes; to a list, of more than %zu is "
	    "refused", strtoull(size, NULL, 10) == 0 ? "any number of" : size,
	    max);
	print_remedy(&main_cf, "message_reject_characters", "\\0", remedy);
	check_say(c, "postfix", strstr(reject, "\\0") != NULL ? NULL : remedy,
	    "%s mail with NUL bytes, behind which a header field could go "
	    "unseen", strstr(reject, "\\0") != NULL ? "refuses" : "takes");
	print_remedy(&main_cf, "milter_protocol", "6", remedy);
	check_say(c, "postfix", protocol[0] >= '6' && protocol[0] <= '9' ?
	    NULL : remedy, "speaks version %s of the protocol", protocol);
	free(size);
	free(reject);
	free(protocol);
}

/* An alias that the filter does not know is a way in for cleartext. */
static void
say_aliases(struct check *c, const struct postfix *p,
    const struct list_settings *list)
{
	struct strings aliases, unread;
	char remedy[CHECK_TEXT_SIZE];
	size_t i;

	aliases_find(p, list, &aliases, &unread);
	for (i = 0; i < aliases.n; i++) {
		snprintf(remedy, sizeof(remedy), "add \"%s\" to its address, "
		    "then: pkill -USR1 -x embargo-milter", aliases.v[i]);
		check_say(c, list->name, remedy, "the alias %s leads to it "
		    "and is not known as its address", aliases.v[i]);
	}
	for (i = 0; i < unread.n; i++)
		check_say(c, list->name, NULL, "are all aliases in %s that "
		    "lead to it in its address?  It cannot be listed",
		    unread.v[i]);
	if (aliases.n + unread.n == 0)
		check_say(c, list->name, NULL, "all aliases that lead to it "
		    "are known");
	aliases_clear(&aliases);
	aliases_clear(&unread);
}

void
check_postfix(struct check *c)
{
	const struct settings *s = c->ctl->settings;
	struct postfix postfix;
	struct fault fault;
	size_t i;

	if (!postfix_load(&postfix, &fault)) {
		check_say(c, "postfix", fault.kind == FAULT_MISSING ? NULL :
		    "postfix check", "%s%s", fault.text, fault.kind ==
		    FAULT_MISSING ? ", so nothing is known of the MTA" : "");
		return;
	}
	say_services(c, &postfix);
	say_limits(c, &postfix);
	for (i = 0; i < s->nlists; i++)
		if (c->ctl->list == NULL ||
		    strcmp(c->ctl->list, s->lists[i].name) == 0)
			say_aliases(c, &postfix, &s->lists[i]);
	postfix_clear(&postfix);
}
