/*
 * aliases: addresses that Postfix turns into a list's.
 *
 * A filter sees recipients before that: an alias that does not stand in the
 * list's `address' is a way in for cleartext.
 */
#ifndef CTL_ALIASES_H
#define CTL_ALIASES_H

#include "core/settings.h"
#include "ctl/postfix.h"

/*
 * What leads to the list by virtual_alias_maps and alias_maps, at any number of
 * removes, and is not the list's by its settings; unread_out: tables that
 * cannot be listed.  Both are the caller's, for aliases_clear().
 */
void	aliases_find(const struct postfix *postfix,
	    const struct list_settings *list, struct strings *out,
	    struct strings *unread_out);
void	aliases_clear(struct strings *aliases);

#endif
