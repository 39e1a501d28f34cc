/*
 * outcome: what is to be done with a message; see outcome.h.
 */
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "flow/outcome.h"

void
outcome_init(struct outcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	outcome->verdict = VERDICT_LATER;
}

void
outcome_clear(struct outcome *outcome)
{
	size_t i;

	for (i = 0; i < outcome->nedits; i++) {
		free(outcome->edits[i].name);
		free(outcome->edits[i].value);
	}
	free(outcome->edits);
	buf_clear(&outcome->body);
	outcome_init(outcome);
}

void
outcome_add_edit(struct outcome *outcome, enum edit_kind kind,
    const char *name, int index, const char *value)
{
	struct edit *e;

	outcome->edits = buf_realloc(outcome->edits, outcome->nedits + 1,
	    sizeof(*outcome->edits));
	e = &outcome->edits[outcome->nedits++];
	e->kind = kind;
	e->name = buf_strdup(name);
	e->value = value == NULL ? NULL : buf_strdup(value);
	e->index = index;
}

void
outcome_delete_field(struct outcome *outcome, const struct fields *fields,
    size_t place)
{
	const struct field *f = &fields->v[place];
	size_t i;
	int index = 1;

	for (i = 0; i < place; i++)
		if (text_is_same_nocase(fields->v[i].name, f->name))
			index++;
	outcome_add_edit(outcome, EDIT_DELETE, (const char *)f->name.data,
	    index, NULL);
}
