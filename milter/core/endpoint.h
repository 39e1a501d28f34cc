/*
 * endpoint: where a server listens, "unix:/path" or "tcp:host:port".
 *
 * An IPv6 address stands in brackets: "tcp:[::1]:6379".  Nothing is looked up.
 */
#ifndef CORE_ENDPOINT_H
#define CORE_ENDPOINT_H

#include "core/text.h"

#define ENDPOINT_PATH_SIZE	108	/* as struct sockaddr_un has it */
#define ENDPOINT_HOST_SIZE	256
#define ENDPOINT_TEXT_SIZE	280

struct endpoint {
	char	path[ENDPOINT_PATH_SIZE];	/* "" for TCP */
	char	host[ENDPOINT_HOST_SIZE];
	int	port;				/* 1 to 65535 */
};

/* What may stand before host:port. */
enum endpoint_scheme {
	ENDPOINT_TCP,		/* "tcp:" must */
	ENDPOINT_BARE		/* "tcp:" may */
};

bool	endpoint_parse(struct span s, enum endpoint_scheme scheme,
	    struct endpoint *out) __attribute__((warn_unused_result));

/* From a host, without brackets, and the digits of a port. */
bool	endpoint_of(struct span host, struct span port, struct endpoint *out)
	    __attribute__((warn_unused_result));

bool	endpoint_is_same(const struct endpoint *a, const struct endpoint *b);

/* As endpoint_parse() reads it; dst holds ENDPOINT_TEXT_SIZE bytes. */
void	endpoint_print(const struct endpoint *endpoint, char *dst);

#endif
