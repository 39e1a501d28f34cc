/*
 * talk: random conversations by mail, from a seed, to be recorded in any order.
 *
 * A tree of messages whose first one is the report.  The same seed gives the
 * same talk everywhere.
 */
#ifndef TEST_TALK_H
#define TEST_TALK_H

#include "edge/store.h"

#define TALK_MAX	12
#define TALK_DATES	3

/* Which ancestors a reply names. */
enum talk_references {
	TALK_ALL,		/* up to the report, as References should */
	TALK_ENDS,		/* its parent and the report */
	TALK_PARENT		/* In-Reply-To alone */
};

struct talk_shape {
	enum talk_references	references;
	int			dates;		/* distinct ones, at most 3 */
	bool			has_twins;	/* one id, two contents */
	bool			lacks_ids;	/* leaves without Message-ID */
};

struct talk_mail {
	char	id[48];				/* "" for none */
	char	body[48];			/* no two are the same */
	char	sender[48];
	size_t	ancestors[TALK_MAX];		/* nearest first */
	size_t	nancestors;
	bool	is_member;
	int64_t	date;				/* 0: states none */
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
