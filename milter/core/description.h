/*
 * description: what mail programs write as Content-Description.
 *
 * RFC 2045 section 8; some translate it, so that it comes as encoded words
 * (RFC 2047).  Only whole texts of known programs are taken.
 */
#ifndef CORE_DESCRIPTION_H
#define CORE_DESCRIPTION_H

#include "core/text.h"

/* Is the value of the field one of those texts?  Any case, any folding. */
bool	description_is_known(struct span value);

#endif
