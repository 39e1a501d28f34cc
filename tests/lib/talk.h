/*
 * talk: random conversations by mail, from a seed, to be recorded in any order.
 *
 * A tree of messages whose first one is the report.  The same seed gives the
 * same talk everywhere.
 */
#ifndef TEST_TALK_H
#define TEST_TALK_H

#include "lib/rig.h"

#define TALK_MAX	12
#define TALK_LATE_AT	(RIG_NOW + 20 * RIG_DAY)
#define TALK_VAGUE_AT	(RIG_NOW + 9 * RIG_DAY)
#define TALK_CLEAR_AT	(RIG_NOW + 9 * RIG_DAY - 3600)

/* Which ancestors a reply names. */
enum talk_references {
	TALK_ALL,		/* up to the report, as References should */
	TALK_ENDS,		/* its parent and the report */
	TALK_PARENT,		/* In-Reply-To alone */
	TALK_MIXED		/* each reply as it likes */
};

/* Which dates the messages state, if any. */
enum talk_dates {
	TALK_NONE,
	TALK_ONE,
	TALK_THREE,		/* several, all within 14 days */
	TALK_VAGUE,		/* one day, some with an hour */
	TALK_LATE		/* TALK_LATE_AT, by the report or by members */
};

struct talk_shape {
	enum talk_references	references;
	enum talk_dates		dates;
	bool			has_twins;	/* one id, two contents */
	bool			lacks_ids;	/* leaves without Message-ID */
	size_t			n;		/* messages; 0: any number */
};

struct talk_mail {
	char	id[48];				/* "" for none */
	char	body[48];			/* no two are the same */
	char	sender[48];
	size_t	ancestors[TALK_MAX];		/* nearest first */
	size_t	nancestors;
	bool	is_member;
	int64_t	date;				/* 0: states none */
	bool	is_vague;			/* the hour is assumed */
};

struct talk {
	struct talk_mail	mails[TALK_MAX];
	size_t			n;
};

/* A random number below n; the state must not be 0. */
size_t	talk_random(uint64_t *state, size_t n);

/* The number tells talks apart: no two share an id or a content. */
void	talk_make(const struct talk_shape *shape, unsigned number,
	    uint64_t *state, struct talk *out);

/* As the store takes it; borrows from the talk. */
void	talk_mail(const struct talk *talk, size_t i,
	    const struct list_settings *list, int64_t now,
	    struct store_mail *out);

#endif
