/*
 * crd_tie: which date stands with a label, and what stands between them; part
 * of crd_label.
 */
#ifndef CORE_CRD_TIE_H
#define CORE_CRD_TIE_H

#include "core/crd_label.h"

#define CRD_WINDOW_TOKENS	1024

struct crd_window {
	struct crd_token	 tokens[CRD_WINDOW_TOKENS + CRD_SCAN_PAD];
	size_t			 n;
	struct crd_item		*items;
	int			 nitems;
};

/* What stands between a label and its date. */
struct crd_between {
	int	unknown;
	bool	negated;
	bool	is_hidden;	/* a control that changes the order */
	bool	is_old;		/* "originally" */
	bool	is_event;	/* "discussed", "sent": another date's verb */
	bool	has_utc;
	bool	has_colon;
	bool	has_is;
	bool	is_empty;	/* nothing but punctuation */
	bool	is_same;	/* "same ... as", "see XSA-1" */
	bool	has_comma;
	bool	has_and;
	bool	has_fraction;	/* "4/8": a date of sorts */
	int	time;		/* an item with the time alone, or -1 */
	int	soft;		/* a duration or relative date, or -1 */
};

/*
 * The date behind the label, tokens [label, end), an index of items, or -1;
 * between must be initialised and gets what was passed on the way.
 */
int	crd_tie_forward(const struct crd_window *w, size_t label, size_t end,
	    struct crd_between *b);

/* The date before the label, or -1. */
int	crd_tie_backward(const struct crd_window *w, size_t label, size_t end);

/*
 * Is the date that was found behind the label another one after all?  The day
 * on which people talked about it; the beginning of the next line.
 */
bool	crd_tie_is_told(const struct crd_window *w, size_t label, size_t end,
	    int item);
bool	crd_tie_is_next_line(const struct crd_window *w, size_t label,
	    size_t end, int item, const struct crd_between *b);

#endif
