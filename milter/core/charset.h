/*
 * charset: does ASCII stand for itself in a charset?
 *
 * Armour is ASCII.  A client shows something else instead of it where the
 * charset gives those bytes another meaning (UTF-7, UTF-16, EBCDIC), and then
 * we have judged another text.  Charsets that leave ASCII only behind an escape
 * (ISO-2022) begin with it, and no escape is part of an armour block.
 */
#ifndef CORE_CHARSET_H
#define CORE_CHARSET_H

#include "core/text.h"

/* Names that programs write, IANA's and others; case does not matter. */
bool	charset_keeps_ascii(struct span name);

#endif
