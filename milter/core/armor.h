/*
 * armor: one OpenPGP ASCII armour block and nothing else.
 *
 * Source: RFC 9580 section 6.2, RFC 4880 section 6.2.  The whole text must be
 * blank lines, one block, blank lines; blank is SP and HTAB only.  Armour
 * headers must be of the short list in phrase.h, because a lenient client may
 * show any other text.  The checksum may be missing; a wrong one is an error.
 * Lines may have any length and trailing blanks.
 */
#ifndef CORE_ARMOR_H
#define CORE_ARMOR_H

#include "core/buf.h"

enum armor_kind {
	ARMOR_NONE,		/* no line begins a block */
	ARMOR_MESSAGE,		/* BEGIN PGP MESSAGE */
	ARMOR_CLEARSIGNED,	/* BEGIN PGP SIGNED MESSAGE */
	ARMOR_SIGNATURE,	/* BEGIN PGP SIGNATURE */
	ARMOR_KEY,		/* BEGIN PGP PUBLIC/PRIVATE KEY BLOCK */
	ARMOR_OTHER		/* multi-part or unknown */
};

enum armor_state {
	ARMOR_OK,
	ARMOR_TEXT_BEFORE,	/* readable text before the block */
	ARMOR_TEXT_BEHIND,	/* text, or a second block, behind it */
	ARMOR_TEXT_IN_HEADER,	/* an armour header that says something */
	ARMOR_BROKEN		/* no END line, bad base64, wrong checksum */
};

struct armor {
	enum armor_kind		 kind;	/* of the first block in the text */
	enum armor_state	 state;	/* meaningful unless ARMOR_NONE */
	size_t			 line;	/* 1-based: where state arose */
	const char		*what;	/* fixed text */
};

/*
 * Parse text; when kind is not ARMOR_NONE and state is ARMOR_OK, data_out has
 * the decoded bytes.  For ARMOR_CLEARSIGNED and ARMOR_OTHER nothing is decoded
 * and state is ARMOR_BROKEN.
 */
void	armor_parse(struct span text, struct buf *data_out,
	    struct armor *out);

#endif
