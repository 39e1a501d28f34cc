/*
 * crd_turn: words that turn a labelled date into something else; part of
 * crd_label.  "The original CRD", "2026-08-05 as CRD does not work", "if the
 * fix slips", "two days after the CRD".
 */
#ifndef CORE_CRD_TURN_H
#define CORE_CRD_TURN_H

#include "core/crd_tie.h"

/*
 * Why the date in items, before or behind the label [label, end), must not be
 * taken: a fixed text, or NULL.  has_comma: one stands between them.
 */
const char	*crd_turn_find(const struct crd_window *w, size_t label,
		    size_t end, int item, bool has_comma);

/* "from", "starting", "after" before token i: it is where something begins. */
bool	crd_turn_is_start(const struct crd_token *tokens, size_t i);

/* "instead of" before token i: another date takes the place of that one. */
bool	crd_turn_is_replaced(const struct crd_token *tokens, size_t i);

extern const char crd_reason_previous[];

#endif
