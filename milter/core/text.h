/*
 * text: borrowed runs of bytes and ASCII helpers on them.
 *
 * A span is a pointer and a length, never a C string: it may hold NUL and is
 * not terminated.  It owns nothing.  Letters are compared as ASCII whatever the
 * locale.  "Blank" is SP and HTAB (RFC 5234 WSP); a line end is LF or CRLF.
 */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const uint8_t	*data;
	size_t		 len;
};

/* The bytes of a C string, without its NUL.  NULL gives an empty span. */
struct span	text_span(const char *s);

/* s[from, from+len), cut to what there is. */
struct span	text_sub(struct span s, size_t from, size_t len);

/* Byte for byte; ASCII letters equal in either case for the _nocase ones. */
bool		text_equal(struct span a, struct span b);
bool		text_is(struct span s, const char *word);
bool		text_is_nocase(struct span s, const char *word);
bool		text_is_same_nocase(struct span a, struct span b);
bool		text_starts(struct span s, const char *prefix);
bool		text_starts_nocase(struct span s, const char *prefix);

/* First place of word in s (ASCII case-blind), or s.len when not there. */
size_t		text_find_nocase(struct span s, const char *word);

/* s without SP, HTAB, CR and LF at either end. */
struct span	text_trim(struct span s);

/* True when s holds nothing but SP, HTAB, CR and LF. */
bool		text_is_blank(struct span s);

/*
 * Cut the first line off *rest.  line_out gets it without its LF or CRLF; a
 * last line without LF counts.  False when *rest is empty.
 */
bool		text_next_line(struct span *rest, struct span *line_out);

bool		text_has_digit(struct span s);

/* For each byte of a message, so not behind a call. */

static inline int
text_lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static inline bool
text_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static inline bool
text_is_alpha(int c)
{
	return text_lower(c) >= 'a' && text_lower(c) <= 'z';
}

static inline bool
text_is_alnum(int c)
{
	return text_is_digit(c) || text_is_alpha(c);
}

/*
 * Copy s into dst as a C string of at most size-1 bytes, for logs and replies:
 * every byte outside printable ASCII becomes '?'.  Always terminated.
 */
void		text_print(struct span s, char *dst, size_t size);

#endif
