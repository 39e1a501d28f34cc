/*
 * mime: what a mail client's MIME library makes of a message.
 *
 * The only user of GMime.  core/entity reads the structure strictly; GMime
 * reads it as clients do.  Where the two disagree the message can be read in
 * more than one way, and an ambiguous message is not encrypted.
 */
#ifndef EDGE_MIME_H
#define EDGE_MIME_H

#include "core/entity.h"

/*
 * Once per program, before threads and processes are made of it: what GMime
 * makes on its first use is there for all of them.
 */
void	mime_init(void);

/*
 * True when GMime finds the same leaves as tree, in the same order, with the
 * same types and the same bytes.  tree has passed the limits of entity_parse(),
 * so that GMime's cost is bounded.  header and body are those tree was made of.
 */
bool	mime_agrees(const struct fields *header, struct span body,
	    const struct entities *tree);

/*
 * Decode the encoded words of a header value (RFC 2047) to UTF-8 and unfold it.
 * The result is the caller's to free.
 */
char	*mime_decode_words(struct span value);

/*
 * A date-time of a header (RFC 5322 3.3) in UTC seconds; 0 when it is none.
 */
int64_t	mime_parse_date(struct span value);

/*
 * The text that the author of a MIME entity wrote: its text/plain parts, or
 * its text/html where there are none; no attachments and no forwarded messages.
 * In UTF-8, transfer encodings and charsets taken off, soft line breaks of
 * format=flowed (RFC 3676) joined.  The entity has passed the limits of
 * entity_parse().
 */
void	mime_new_text(struct span entity, struct buf *out);

#endif
