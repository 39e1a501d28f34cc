/*
 * mediatype: is a content type one that programs write?
 *
 * Mail clients print the type of a part that they cannot show, or that is
 * empty: "no-fix-until-monday/see-libfoo" is a text.  So a part beside
 * ciphertext, or round it, must be of a type that is known here.
 */
#ifndef CORE_MEDIATYPE_H
#define CORE_MEDIATYPE_H

#include <stdbool.h>

/* type: "text/plain", in lower case (struct mime_value). */
bool	mediatype_is_known(const char *type);

#endif
