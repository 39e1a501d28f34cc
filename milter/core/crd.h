/*
 * crd: embargo dates (coordinated release dates) as people write them.
 *
 * Two phases: the text is cut into fields (year, month, day, weekday, time,
 * zone), then the fields are evaluated against a reference time, which the
 * caller gives: the module reads no clock and no locale.  It never guesses.
 *
 * All times are seconds since 1970-01-01T00:00Z.  The work is linear in the
 * length of the text.
 */
#ifndef CORE_CRD_H
#define CORE_CRD_H

#include "core/text.h"

enum crd_kind {
	CRD_NONE,	/* no date is stated */
	CRD_DATE,	/* at, hour_assumed are valid */
	CRD_HUMAN	/* a date is meant but must not be taken: see reason */
};

struct crd {
	enum crd_kind	 kind;
	int64_t		 at;
	bool		 hour_assumed;	/* no time was stated */
	const char	*reason;	/* fixed text; NULL unless CRD_HUMAN */
};

/*
 * The value of an Embargo-Until field: a date and nothing else.  Empty is
 * CRD_NONE.
 */
void	crd_parse_field(struct span value, int64_t reference,
	    int default_hour_secs, struct crd *crd_out);

/*
 * A [CRD date], [embargo date] or [embargo until date] tag in a Subject (which
 * the caller has decoded).  No such tag is CRD_NONE.
 */
void	crd_parse_subject(struct span subject, int64_t reference,
	    int default_hour_secs, struct crd *crd_out);

/*
 * The new text of a message, UTF-8, lines ended by LF or CRLF: an
 * Embargo-Until line of its own, a labelled date, or an OSS-Sec-Bot line.
 * Quoted lines do not count.
 */
void	crd_parse_text(struct span text, int64_t reference,
	    int default_hour_secs, struct crd *crd_out);

/*
 * What an operator types: a date as above, or "tomorrow 14:00", "+3d", "+36h".
 */
void	crd_parse_operator(struct span text, int64_t now,
	    int default_hour_secs, struct crd *crd_out);

/* "2026-12-01T14:00:00Z"; dst holds CRD_PRINT_SIZE bytes. */
#define CRD_PRINT_SIZE 32
void	crd_print(int64_t at, char *dst);

#endif
