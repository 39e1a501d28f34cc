/*
 * field: header fields and the values we need of them.
 *
 * Source: RFC 5322 section 2.2 (fields, folding) and 3.6.4 (message-id lists),
 * RFC 2045 section 5.1 (Content-Type).  What mail clients read in different
 * ways is flagged as ambiguous, not repaired.
 */
#ifndef CORE_FIELD_H
#define CORE_FIELD_H

#include "core/buf.h"

struct field {
	struct span	name;
	struct span	value;		/* raw: still folded */
	size_t		line;		/* 1-based in its header */
};

/* The fields borrow from what they were parsed from. */
struct fields {
	struct field	*v;
	size_t		 n;
	size_t		 size;
};

enum field_result {
	FIELD_OK,
	FIELD_BROKEN,		/* no colon, a blank before it, NUL, ... */
	FIELD_TOO_MANY
};

/*
 * Parse a header: lines up to the end of header (no blank line in it).  On
 * FIELD_BROKEN *line_out is the line; fields_out then holds those before it.
 * To be freed with field_clear() in every case.
 */
enum field_result	field_parse(struct span header, size_t max_fields,
			    struct fields *fields_out, size_t *line_out);
/*
 * Cut a message or body part at its first blank line: header_out has the lines
 * before it, body_out all behind it.
 */
void			field_split(struct span whole,
			    struct span *header_out, struct span *body_out);
void			field_add(struct fields *fields, struct span name,
			    struct span value);
void			field_clear(struct fields *fields);

/* The i-th (from 0) field of that name, or NULL. */
const struct field	*field_find(const struct fields *fields,
			    const char *name, size_t i);
size_t			field_count(const struct fields *fields,
			    const char *name);

/*
 * Message-ids in a References or In-Reply-To value: the angle-bracketed tokens
 * without their brackets, in order.  Over-long (more than 995 bytes) and empty
 * ones and those with control characters are left out.  Stores at most max, the
 * LAST ones, and returns how many.
 */
size_t	field_message_ids(struct span value, struct span *ids_out, size_t max);

/*
 * Every addr-spec in an address list, in order, one call each: *rest moves on.
 * Understands angle brackets, comments, quoted strings and groups well enough
 * to find addresses; answers false at the end.
 */
bool	field_next_address(struct span *rest, struct span *address_out);

#define FIELD_MAX_PARAMS 16

struct param {
	char	*name;		/* lower case */
	char	*value;		/* unquoted */
};

/* A Content-Type or Content-Disposition value. */
struct mime_value {
	char		*type;		/* lower case: "text/plain", "inline" */
	struct param	 params[FIELD_MAX_PARAMS];
	size_t		 nparams;
	bool		 is_broken;	/* does not follow the grammar */
	bool		 is_ambiguous;	/* comments, RFC 2231, quoted pairs,
					 * a parameter twice */
};

/* Always fills out (type "" when there is nothing); field_clear_mime(). */
void		 field_parse_mime(struct span value, struct mime_value *out);
void		 field_clear_mime(struct mime_value *value);
const char	*field_param(const struct mime_value *value, const char *name);

#endif
