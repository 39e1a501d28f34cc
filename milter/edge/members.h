/*
 * members: the file that says who may sign mail to a list.
 *
 * A line for each: an address and the full fingerprint of the primary key,
 * divided by a comma or blanks; blanks inside a fingerprint are taken off.  "#"
 * begins a comment.  An address may stand in several lines, and so may a key.
 */
#ifndef EDGE_MEMBERS_H
#define EDGE_MEMBERS_H

#include "core/fault.h"
#include "core/keyset.h"

/* Fills keys->members; FAULT_CONFIG with file and line otherwise. */
bool	members_load(const char *path, struct keyset *keys,
	    struct fault *fault) __attribute__((warn_unused_result));
void	members_clear(struct keyset *keys);

#endif
