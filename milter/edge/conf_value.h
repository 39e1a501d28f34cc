/*
 * conf_value: one configuration value, from its text into its struct.
 */
#ifndef EDGE_CONF_VALUE_H
#define EDGE_CONF_VALUE_H

#include "core/fault.h"
#include "core/settings.h"
#include "edge/conf_key.h"

struct conf_reader {
	const char	*path;
	struct fault	*fault;
	char		 what[300];	/* why a value was refused */
};

bool	conf_value_is_array(enum conf_type type);

/*
 * Parse text (NULL: of a wrong type) into the key's place in base; arrays get
 * one more element.  False with r->what, which names the accepted values.
 */
bool	conf_value_set(struct conf_reader *r, const struct conf_key *key,
	    void *base, const char *text)
	    __attribute__((warn_unused_result));
bool	conf_value_set_default(struct conf_reader *r,
	    const struct conf_key *key, void *base)
	    __attribute__((warn_unused_result));
void	conf_value_free(const struct conf_key *key, void *base);

/* "unix:/path", "inet:port@host" and libmilter's other spellings of those. */
bool	conf_value_is_socket(const char *text);

#endif
