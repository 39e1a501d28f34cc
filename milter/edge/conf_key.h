/*
 * conf_key: the keys of the configuration as tables.  conf.c and conf_key.c
 * only.
 */
#ifndef EDGE_CONF_KEY_H
#define EDGE_CONF_KEY_H

#include <stddef.h>
#include <stdint.h>

enum conf_type {
	CONF_STRING,		/* char * */
	CONF_SOCKET,		/* the same, where the filter listens */
	CONF_STRINGS,		/* struct strings: an array or one string */
	CONF_ADDRESSES,		/* the same, each with one @ */
	CONF_FINGERPRINTS,	/* the same, 40 or 64 hexadecimal digits */
	CONF_ENDPOINT,		/* char *, as core/endpoint.h has it */
	CONF_ENDPOINTS,		/* struct strings of them, "tcp:" may lack */
	CONF_BOOL,
	CONF_INT,		/* int, min to max */
	CONF_COUNT,		/* size_t, min to max */
	CONF_SECS,		/* int64_t, a duration */
	CONF_MSECS,		/* int, a duration of at most an hour */
	CONF_SIZE,		/* size_t, bytes */
	CONF_CLOCK,		/* int, seconds since midnight */
	CONF_MODE,		/* int, octal digits in a string */
	CONF_CHOICE,		/* enum (int): one of choices */
	CONF_DURATIONS,		/* alerts.before */
	CONF_SPECIAL		/* a group or list: read by conf.c itself */
};

struct conf_key {
	const char		*name;
	enum conf_type		 type;
	size_t			 offset;	/* in the group's struct */
	const char		*fallback;	/* the default, arrays with
						 * blanks between; or NULL */
	const char *const	*choices;	/* CONF_CHOICE, in enum order */
	int64_t			 min, max;
};

struct conf_group {
	const char		*name;		/* "" for the top */
	const struct conf_key	*keys;
	size_t			 n;
};

extern const struct conf_group conf_top, conf_redis, conf_gnupg, conf_limits,
    conf_list, conf_embargo, conf_alerts;

#endif
