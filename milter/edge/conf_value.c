/*
 * conf_value: one configuration value; see conf_value.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/endpoint.h"
#include "core/units.h"
#include "edge/conf_value.h"

#define SOCKET_PATH_MAX 107	/* unix(7) */

bool
conf_value_is_array(enum conf_type type)
{
	return type == CONF_STRINGS || type == CONF_ADDRESSES ||
	    type == CONF_FINGERPRINTS || type == CONF_ENDPOINTS ||
	    type == CONF_DURATIONS;
}

static bool
refuse(struct conf_reader *r, const char *accepted)
{
	snprintf(r->what, sizeof(r->what), "accepted: %s", accepted);
	return false;
}

static bool
add_string(struct strings *strings, struct span s)
{
	strings->v = buf_realloc(strings->v, strings->n + 1,
	    sizeof(*strings->v));
	strings->v[strings->n++] = buf_strndup(s);
	return true;
}

static bool
set_address(struct conf_reader *r, struct strings *out, const char *text)
{
	const char *at = text == NULL ? NULL : strchr(text, '@');

	if (at == NULL || at == text || at[1] == '\0' ||
	    strchr(at + 1, '@') != NULL || strpbrk(text, " \t<>,;") != NULL)
		return refuse(r, "addresses, as \"list@example.org\"");
	return add_string(out, text_span(text));
}

static bool
set_fingerprint(struct conf_reader *r, struct strings *out, const char *text)
{
	char digits[65];
	size_t n = 0;

	for (; text != NULL && *text != '\0'; text++) {
		if (*text == ' ')
			continue;
		if (n == 64 || strchr("0123456789abcdefABCDEF", *text) ==
		    NULL) {
			n = 0;
			break;
		}
		digits[n++] = *text >= 'a' ? (char)(*text - 'a' + 'A') :
		    *text;
	}
	if (n != 40 && n != 64)
		return refuse(r, "full fingerprints of 40 or 64 hexadecimal "
		    "digits");
	digits[n] = '\0';
	return add_string(out, text_span(digits));
}

/* A server's address; the caller stores it. */
static bool
check_endpoint(struct conf_reader *r, const char *text,
    enum endpoint_scheme scheme)
{
	struct endpoint endpoint;
	struct span s = text_span(text);

	if (endpoint_parse(s, scheme, &endpoint))
		return true;
	if (text_starts(s, "tls:") || text_starts(s, "rediss:"))
		return refuse(r, "no TLS in this version: use a tunnel, see "
		    "embargo-milter.conf(5)");
	return refuse(r, scheme == ENDPOINT_TCP ? "\"unix:/path\", "
	    "\"tcp:host:port\"" : "\"host:port\", \"unix:/path\"");
}

/* alerts.before, kept longest first. */
static bool
add_duration(struct conf_reader *r, struct alert_settings *alerts,
    const char *text)
{
	int64_t secs;
	size_t i;

	if (text == NULL || !units_parse_duration(text_span(text), &secs) ||
	    secs == 0 || alerts->nbefore == 16)
		return refuse(r, "at most 16 durations, as \"7d\", \"36h\"");
	alerts->before_secs = buf_realloc(alerts->before_secs,
	    alerts->nbefore + 1, sizeof(int64_t));
	for (i = alerts->nbefore++; i > 0 &&
	    alerts->before_secs[i - 1] < secs; i--)
		alerts->before_secs[i] = alerts->before_secs[i - 1];
	alerts->before_secs[i] = secs;
	return true;
}

static bool
set_choice(struct conf_reader *r, const struct conf_key *key, int *out,
    const char *text)
{
	size_t len = 0;
	int i;

	for (i = 0; key->choices[i] != NULL; i++)
		if (text != NULL && strcmp(text, key->choices[i]) == 0) {
			*out = i;
			return true;
		}
	for (i = 0; key->choices[i] != NULL; i++)
		len += (size_t)snprintf(r->what + len, sizeof(r->what) - len,
		    "%s\"%s\"", i == 0 ? "accepted: " : ", ",
		    key->choices[i]);
	return false;
}

static bool
set_mode(struct conf_reader *r, int *out, const char *text)
{
	char *end = NULL;
	long mode = text == NULL ? -1 : strtol(text, &end, 8);

	if (text == NULL || *text == '\0' || *end != '\0' || mode < 0 ||
	    mode > 0777)
		return refuse(r, "octal digits, as \"0660\"");
	*out = (int)mode;
	return true;
}

static bool
parse_number(const char *text, int64_t *out)
{
	char *end;

	if (text == NULL || *text == '\0')
		return false;
	*out = strtoll(text, &end, 10);
	return *end == '\0';
}

/* A number of some unit, checked against the key's range. */
static bool
set_number(struct conf_reader *r, const struct conf_key *key, int64_t *out,
    const char *text)
{
	struct span s = text_span(text);
	bool ok = text != NULL;
	const char *form = "a whole number";

	if (key->type == CONF_SECS || key->type == CONF_MSECS) {
		ok = ok && units_parse_duration(s, out);
		form = "a duration as \"14d\", \"36h\", \"30m\", \"10s\"";
		if (ok && key->type == CONF_MSECS)
			*out *= 1000;
	} else if (key->type == CONF_SIZE) {
		ok = ok && units_parse_size(s, out);
		form = "a size as \"25M\", \"512K\"";
	} else
		ok = parse_number(text, out);
	if (ok && *out >= key->min && (key->max == 0 || *out <= key->max))
		return true;
	snprintf(r->what, sizeof(r->what), "accepted: %s, from %lld to %lld%s",
	    form, (long long)key->min, (long long)key->max,
	    key->type == CONF_SECS ? " seconds" : key->type == CONF_MSECS ?
	    " milliseconds" : key->type == CONF_SIZE ? " bytes" : "");
	return false;
}

/* "8895@127.0.0.1" */
static bool
is_port_at_host(const char *text)
{
	const char *at = strchr(text, '@');
	char port[8];
	int64_t number;

	if (at == NULL || at[1] == '\0' || at - text >= (long)sizeof(port))
		return false;
	snprintf(port, sizeof(port), "%.*s", (int)(at - text), text);
	return strspn(port, "0123456789") == strlen(port) &&
	    parse_number(port, &number) && number >= 1 && number <= 65535;
}

bool
conf_value_is_socket(const char *text)
{
	if (strncmp(text, "inet:", 5) == 0)
		return is_port_at_host(text + 5);
	if (strncmp(text, "inet6:", 6) == 0)
		return is_port_at_host(text + 6);
	if (strncmp(text, "unix:", 5) == 0)
		text += 5;
	else if (strncmp(text, "local:", 6) == 0)
		text += 6;
	return text[0] == '/' && strlen(text) <= SOCKET_PATH_MAX;
}

static bool
set_string(struct conf_reader *r, char **out, const char *text)
{
	if (text == NULL || text[0] == '\0' || strpbrk(text, "\r\n") != NULL)
		return refuse(r, "a string \"...\" that is not empty");
	free(*out);
	*out = buf_strdup(text);
	return true;
}

bool
conf_value_set(struct conf_reader *r, const struct conf_key *key, void *base,
    const char *text)
{
	char *at = (char *)base + key->offset;
	int64_t number = 0;
	bool ok;

	switch (key->type) {
	case CONF_STRING:
		return set_string(r, (char **)(void *)at, text);
	case CONF_SOCKET:
		return text != NULL && conf_value_is_socket(text) ?
		    set_string(r, (char **)(void *)at, text) :
		    refuse(r, "\"unix:/path\", \"inet:port@host\"");
	case CONF_STRINGS:
		if (text == NULL)
			return refuse(r, "an array of strings");
		return add_string((struct strings *)(void *)at,
		    text_span(text));
	case CONF_ADDRESSES:
		return set_address(r, (struct strings *)(void *)at, text);
	case CONF_FINGERPRINTS:
		return set_fingerprint(r, (struct strings *)(void *)at, text);
	case CONF_ENDPOINT:
		return check_endpoint(r, text, ENDPOINT_TCP) &&
		    set_string(r, (char **)(void *)at, text);
	case CONF_ENDPOINTS:
		return check_endpoint(r, text, ENDPOINT_BARE) &&
		    add_string((struct strings *)(void *)at, text_span(text));
	case CONF_DURATIONS:
		return add_duration(r, base, text);
	case CONF_CHOICE:
		return set_choice(r, key, (int *)(void *)at, text);
	case CONF_MODE:
		return set_mode(r, (int *)(void *)at, text);
	case CONF_CLOCK:
		return (text != NULL && units_parse_clock(text_span(text),
		    (int *)(void *)at)) || refuse(r, "a time as \"14:00\"");
	case CONF_BOOL:
		*(bool *)(void *)at = text != NULL &&
		    strcmp(text, "true") == 0;
		return text != NULL || refuse(r, "true, false");
	case CONF_INT:
	case CONF_MSECS:
		ok = set_number(r, key, &number, text);
		*(int *)(void *)at = (int)number;
		return ok;
	case CONF_COUNT:
	case CONF_SIZE:
		ok = set_number(r, key, &number, text);
		*(size_t *)(void *)at = (size_t)number;
		return ok;
	case CONF_SECS:
		return set_number(r, key, (int64_t *)(void *)at, text);
	case CONF_SPECIAL:
		break;
	}
	return true;
}

bool
conf_value_set_default(struct conf_reader *r, const struct conf_key *key,
    void *base)
{
	struct span rest = text_span(key->fallback);
	char *word;
	size_t len;
	bool ok = true;

	if (!conf_value_is_array(key->type))
		return conf_value_set(r, key, base, key->fallback);
	while (ok && rest.len > 0) {
		len = text_find_nocase(rest, " ");
		word = buf_strndup(text_sub(rest, 0, len));
		ok = conf_value_set(r, key, base, word);
		free(word);
		rest = text_sub(rest, len + 1, rest.len);
	}
	return ok;
}

void
conf_value_free(const struct conf_key *key, void *base)
{
	char *at = (char *)base + key->offset;
	struct strings *strings;
	size_t i;

	if (key->type == CONF_STRING || key->type == CONF_SOCKET ||
	    key->type == CONF_ENDPOINT)
		free(*(char **)(void *)at);
	if (!conf_value_is_array(key->type) || key->type == CONF_DURATIONS)
		return;
	strings = (struct strings *)(void *)at;
	for (i = 0; i < strings->n; i++)
		free(strings->v[i]);
	free(strings->v);
}
