/*
 * notice: what a message says of its issue beside the date.
 *
 * "Embargo-Status: public URL | semi-public URL | broken | invalid",
 * "Embargo-CVE: CVE-2026-1234 ...", "Embargo-Exploit: yes | DATE" and
 * "Embargo-Issue: VS-2026-0007", as header fields or as lines of their own in
 * new, unquoted text.  Whether the sender may is not decided here.  What cannot
 * be read with certainty is not taken, and said to be unclear.
 */
#ifndef CORE_NOTICE_H
#define CORE_NOTICE_H

#include "core/field.h"
#include "core/issue.h"

#define NOTICE_URL_SIZE	512
#define NOTICE_CVE_SIZE	256

enum notice_problem {
	NOTICE_CLEAR,
	NOTICE_BAD_STATUS,
	NOTICE_BAD_CVE,
	NOTICE_BAD_EXPLOIT,
	NOTICE_BAD_ISSUE,
	NOTICE_TWICE		/* one field with two values */
};

struct notice {
	bool			 has_state;
	enum issue_state	 state;
	char			 url[NOTICE_URL_SIZE];	/* "" without one */
	char			 cve[NOTICE_CVE_SIZE];	/* blanks between */
	bool			 has_exploit;
	int64_t			 exploit_at;		/* 0: no date */
	bool			 exploit_hour_assumed;
	char			 issue[ISSUE_ID_SIZE];	/* "" for none */
	enum notice_problem	 problem;
};

/*
 * Add what a place says to what better places said before: call for the
 * protected header, then the text, then the outer header.  Dates as in
 * crd_parse_field().
 */
void	notice_add_fields(const struct fields *fields, int64_t reference,
	    int default_hour_secs, struct notice *notice);
void	notice_add_text(struct span text, int64_t reference,
	    int default_hour_secs, struct notice *notice);

/* Fixed text for the issue's log; "" for NOTICE_CLEAR. */
const char	*notice_problem_text(enum notice_problem problem);

#endif
