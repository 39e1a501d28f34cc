/*
 * conf: the configuration file, read once into struct settings.
 *
 * The only user of libconfig.  A wrong file is refused whole: the fault
 * (FAULT_CONFIG) names file, line, key and the accepted values; a key that we
 * do not know is an error, and so is a value whose feature is not built yet.
 */
#ifndef EDGE_CONF_H
#define EDGE_CONF_H

#include "core/fault.h"
#include "core/settings.h"

/* Where programs look without -c. */
#define CONF_DEFAULT_PATH SYSCONFDIR "/embargo-milter/embargo-milter.conf"

/* settings_out is the caller's, for conf_free(). */
bool	conf_load(const char *path, struct settings **settings_out,
	    struct fault *fault) __attribute__((warn_unused_result));

/* Is text a socket to listen on, as "unix:/path" or "inet:port@host"? */
bool	conf_is_socket(const char *text);

/* The defaults with one list that accepts any key: `classify --any-key`. */
struct settings	*conf_default(void);

/* Frees and nulls; NULL is accepted. */
void	conf_free(struct settings **settings);

#endif
