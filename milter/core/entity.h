/*
 * entity: the MIME structure of a message, read strictly.
 *
 * Source: RFC 2045, RFC 2046 section 5.1, RFC 2183.  The tree tiles the body:
 * every byte is in a preamble, a delimiter line, a part header, a leaf body or
 * an epilogue.  message/rfc822 is a leaf.  What clients read differently is
 * noted with its place, and never repaired: in `problem` when the MIME is
 * broken, in `doubt` when it is legal.
 *
 * Limits (a reached one sets too_complex): depth of multiparts, number of
 * parts, header fields of a part, bytes of all part headers.
 */
#ifndef CORE_ENTITY_H
#define CORE_ENTITY_H

#include "core/field.h"
#include "core/settings.h"

enum entity_encoding {
	ENCODING_IDENTITY,	/* 7bit, 8bit, binary, none */
	ENCODING_BASE64,
	ENCODING_QUOTED,
	ENCODING_UNKNOWN	/* uuencode and whatever else */
};

struct entity {
	int			 parent;	/* index, -1 for the root */
	size_t			 depth;
	char			 label[24];	/* "2.1", "" for the root */
	struct fields		 fields;	/* root: the message's header */
	struct mime_value	 type;		/* never without a type */
	struct mime_value	 disposition;
	enum entity_encoding	 encoding;
	bool			 is_multipart;
	struct span		 raw;		/* header and body, as they
						 * stand; empty for the root */
	struct span		 body;		/* leaf: as transferred */
	struct span		 preamble;
	struct span		 epilogue;
	size_t			 line;		/* 1-based, of the body */
	size_t			 nchildren;
};

struct entities {
	struct entity	*v;		/* parents before children, in order */
	size_t		 n;
	bool		 too_complex;
	const char	*problem;	/* fixed text: broken MIME, or NULL */
	const char	*doubt;		/* read differently, or NULL */
	char		 problem_label[24];	/* of problem, else doubt */
	size_t		 problem_line;
};

/*
 * header: the fields of the message (copied as spans: what they borrow must
 * outlive the tree).  body: all after the blank line.  To be freed with
 * entity_clear() in every case.
 */
void	entity_parse(const struct fields *header, struct span body,
	    const struct limit_settings *limits, struct entities *out);
void	entity_clear(struct entities *entities);

/* The i-th (from 0) child of a multipart, or NULL. */
const struct entity	*entity_child(const struct entities *entities,
			    const struct entity *parent, size_t i);

#endif
