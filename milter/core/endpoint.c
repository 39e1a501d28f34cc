/*
 * endpoint: where a server listens; see endpoint.h.
 */
#include <stdio.h>
#include <string.h>

#include "core/endpoint.h"

/* Printable ASCII without blanks, terminated; false when it does not fit. */
static bool
copy_word(struct span s, char *dst, size_t size)
{
	size_t i;

	if (s.len == 0 || s.len >= size)
		return false;
	for (i = 0; i < s.len; i++)
		if (s.data[i] <= ' ' || s.data[i] > '~')
			return false;
	memcpy(dst, s.data, s.len);
	dst[s.len] = '\0';
	return true;
}

static bool
parse_port(struct span s, int *port_out)
{
	int port = 0;
	size_t i;

	if (s.len == 0 || s.len > 5)
		return false;
	for (i = 0; i < s.len; i++) {
		if (!text_is_digit(s.data[i]))
			return false;
		port = port * 10 + (s.data[i] - '0');
	}
	*port_out = port;
	return port >= 1 && port <= 65535;
}

bool
endpoint_of(struct span host, struct span port, struct endpoint *out)
{
	memset(out, 0, sizeof(*out));
	return copy_word(host, out->host, sizeof(out->host)) &&
	    parse_port(port, &out->port);
}

/* "host:port" or "[address]:port" */
static bool
parse_host_port(struct span s, struct endpoint *out)
{
	size_t colon = s.len;
	struct span host;

	while (colon > 0 && s.data[colon - 1] != ':')
		colon--;
	if (colon == 0)
		return false;
	host = text_sub(s, 0, colon - 1);
	if (host.len > 2 && host.data[0] == '[' &&
	    host.data[host.len - 1] == ']')
		host = text_sub(host, 1, host.len - 2);
	else if (text_find_nocase(host, ":") < host.len ||
	    text_starts(host, "["))
		return false;
	return endpoint_of(host, text_sub(s, colon, s.len), out);
}

bool
endpoint_parse(struct span s, enum endpoint_scheme scheme,
    struct endpoint *out)
{
	memset(out, 0, sizeof(*out));
	if (text_starts(s, "unix:/"))
		return copy_word(text_sub(s, 5, s.len), out->path,
		    sizeof(out->path));
	if (text_starts(s, "tcp:"))
		s = text_sub(s, 4, s.len);
	else if (scheme == ENDPOINT_TCP)
		return false;
	return parse_host_port(s, out);
}

bool
endpoint_is_same(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && strcmp(a->path, b->path) == 0 &&
	    strcmp(a->host, b->host) == 0;
}

void
endpoint_print(const struct endpoint *endpoint, char *dst)
{
	bool is_v6 = strchr(endpoint->host, ':') != NULL;

	if (endpoint->path[0] != '\0')
		snprintf(dst, ENDPOINT_TEXT_SIZE, "unix:%s", endpoint->path);
	else
		snprintf(dst, ENDPOINT_TEXT_SIZE, "tcp:%s%s%s:%d",
		    is_v6 ? "[" : "", endpoint->host, is_v6 ? "]" : "",
		    endpoint->port);
}
