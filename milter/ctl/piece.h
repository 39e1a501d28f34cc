/*
 * piece: a piece of a tracker as a line of JSON, and back.
 *
 * Strings are strings; one that is no UTF-8 is an object { "hex": "..." }.
 */
#ifndef CTL_PIECE_H
#define CTL_PIECE_H

#include "ctl/json.h"

/* The first line of an export, and what of it an import must find. */
#define PIECE_HEADER	"embargo-milter export"
#define PIECE_VERSION	1

json_t	*piece_to_json(const struct store_piece *piece, const char *tracker);

/*
 * False when it is no piece; tracker_out borrows from the object.  The result
 * is for store_free_pieces() either way.
 */
bool	piece_of_json(const json_t *object, const char **tracker_out,
	    struct store_piece **piece_out) __attribute__((warn_unused_result));

#endif
