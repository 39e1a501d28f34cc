/*
 * crd_label: which dates of a text are labelled as embargo dates?
 *
 * A label is "CRD", "coordinated release date" and its relatives, or a word of
 * embargo with what a date follows ("until", "ends", "date").  Its date stands
 * behind it in the same sentence or on the next line, or before it
 * ("2026-08-03: CRD", "on 3 August the embargo ends").  What stands
 * between must be harmless: a "not" there, or an event of its own
 * ("discussed"), makes it unclear.
 *
 * Problem cases, each with rows in tests/data/crd.tsv:
 *  1. a label without any date ("until the CRD") says nothing
 *  2. versions, CVE and advisory numbers between label and date
 *  3. time lines: "2018-09-25: CRD" is a date, "2018-09-20: CRD proposed" not
 *  4. the next sentence's date belongs to something else
 *  5. two different labelled dates; the same date twice is one
 *  6. a duration or relative date alone; beside a sure date it does not matter
 *  7. "at the same time as XSA-155"
 *  8. previous dates
 */
#ifndef CORE_CRD_LABEL_H
#define CORE_CRD_LABEL_H

#include "core/crd_eval.h"

/* Labelled dates in text as crd_text_parse() left it. */
void	crd_label_parse(struct span text, const struct crd_context *context,
	    struct crd *crd_out);

/*
 * The label that begins at token i; answers the token behind it, 0 for none.
 * demand_out: how much may stand between it and its date.
 */
enum crd_demand {
	CRD_DEMAND_TIGHT,	/* only fillers: "embargo", "public release" */
	CRD_DEMAND_LOOSE	/* other words too: "CRD for Exim is" */
};
size_t	crd_phrase_find(const struct crd_token *tokens, size_t n, size_t i,
	    enum crd_demand *demand_out);

#endif
