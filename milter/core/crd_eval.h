/*
 * crd_eval: phase 2 of reading embargo dates: fields -> a time, or why not.
 */
#ifndef CORE_CRD_EVAL_H
#define CORE_CRD_EVAL_H

#include "core/crd.h"
#include "core/crd_scan.h"

/* What an evaluation rests on. */
struct crd_context {
	int64_t	reference;
	int	default_hour_secs;
	bool	zone_is_utc;	/* a time without a zone is UTC */
};

/* day_out (may be NULL): days since 1970 of the date as it was written. */
void	crd_eval(const struct crd_fields *fields,
	    const struct crd_context *context, struct crd *crd_out,
	    int64_t *day_out);

/* CRD_HUMAN with that fixed text. */
void	crd_eval_human(const char *reason, struct crd *crd_out);

/* The reasons that a sure date elsewhere in the text outweighs. */
bool	crd_eval_is_soft(const struct crd *crd);

extern const char crd_reason_duration[];
extern const char crd_reason_relative[];
extern const char crd_reason_other[];
extern const char crd_reason_two[];
extern const char crd_reason_unreadable[];

#endif
