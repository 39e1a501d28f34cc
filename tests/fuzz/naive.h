/*
 * naive: a second, simple-minded opinion on what a message shows.
 *
 * Shares no code with core, on purpose, and forgives where core is strict: it
 * reads lines that end in CR, skips what is no base64, takes any boundary.
 * What it finds readable in a mail that core takes is a hole.
 */
#ifndef TESTS_NAIVE_H
#define TESTS_NAIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct naive_bytes {
	uint8_t	*data;		/* the caller's to free */
	size_t	 len;
};

/* Everything between BEGIN and END that looks like base64, decoded. */
void	naive_dearmor(const uint8_t *text, size_t len,
	    struct naive_bytes *out);

/* Blank lines, armour lines, and no other. */
bool	naive_is_armor_only(const uint8_t *text, size_t len);

/* [marker] session keys, then encrypted data to the last byte. */
bool	naive_is_encrypted(const uint8_t *data, size_t len);

/* Blank, "Version: 1", a detached signature, or encrypted in either form. */
bool	naive_is_harmless(const uint8_t *content, size_t len);

/* NULL, or what a reader of the message may see; fixed text. */
const char	*naive_look(const uint8_t *message, size_t len);

#endif
