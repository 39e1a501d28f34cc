/*
 * outcome: what is to be done with a message, as data.
 *
 * The session makes it, callbacks.c applies it.
 */
#ifndef FLOW_OUTCOME_H
#define FLOW_OUTCOME_H

#include "core/buf.h"
#include "core/field.h"
#include "core/policy.h"

enum edit_kind {
	EDIT_DELETE,		/* the index-th field of that name */
	EDIT_CHANGE,		/* the same, to value */
	EDIT_ADD		/* at the end of the header */
};

struct edit {
	enum edit_kind	 kind;
	char		*name;
	char		*value;		/* NULL for EDIT_DELETE */
	int		 index;		/* 1-based, among fields of the name */
};

struct outcome {
	enum verdict	 verdict;
	struct reply	 reply;		/* for REJECT and LATER */
	const char	*held_for;	/* QUARANTINE: the reason's name */
	struct edit	*edits;		/* in the order to apply them */
	size_t		 nedits;
	struct buf	 body;		/* instead of the message's */
	bool		 has_body;
};

void	outcome_init(struct outcome *outcome);
void	outcome_clear(struct outcome *outcome);
void	outcome_add_edit(struct outcome *outcome, enum edit_kind kind,
	    const char *name, int index, const char *value);

/* EDIT_DELETE for the field with this place in the message's header. */
void	outcome_delete_field(struct outcome *outcome,
	    const struct fields *fields, size_t place);

#endif
