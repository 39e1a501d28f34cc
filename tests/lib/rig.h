/*
 * rig: a redis-server of the test's own, and a store that uses it.
 *
 * The server listens on a unix socket in a folder of its own and keeps nothing;
 * rig_stop() ends it and removes the folder.  Each key that a test has left
 * must have its tracker in braces.  Trouble ends the test program.
 */
#ifndef TEST_RIG_H
#define TEST_RIG_H

#include <sys/types.h>

#include "edge/kv.h"
#include "edge/store.h"

struct rig {
	char			 folder[64];
	char			 socket[96];
	char			 address[104];
	const char *const	*options;
	pid_t			 pid;
	struct redis_settings	 redis;
	struct list_settings	 list;		/* "distros", max 14 days */
	struct store		*store;
	struct kv		*kv;		/* to look behind the store */
};

#define RIG_NOW		INT64_C(1800000000)	/* 2027-01-15T08:00Z */
#define RIG_DAY		INT64_C(86400)

void	rig_start(struct rig *rig);
/* With more options for the server, up to NULL; they must outlive the rig. */
void	rig_start_with(struct rig *rig, const char *const *options);
void	rig_stop(struct rig *rig);

/* The server alone, with the same socket. */
void	rig_start_server(struct rig *rig);
void	rig_kill_server(struct rig *rig);

/* Open store and kv again, after a change to rig->redis. */
void	rig_reopen(struct rig *rig);

/* Empty the database, defaults for the list. */
void	rig_reset(struct rig *rig);

/*
 * One message: "root", "root <- parent" and so on: its Message-ID, then its
 * ancestors, nearest first.  The content is that of the Message-ID.
 */
void	rig_mail(struct rig *rig, const char *lineage,
	    struct store_mail *mail_out);
void	rig_record(struct rig *rig, const struct store_mail *mail,
	    struct store_answer *out);

/* A command of words; the reply is the caller's. */
struct kv_reply	*rig_ask(struct rig *rig, const char *words);
int64_t		 rig_number(struct rig *rig, const char *words);
void		 rig_text(struct rig *rig, const char *words, char *dst,
		    size_t size);

/* The kinds of all alerts, in order, with blanks between. */
void		 rig_alerts(struct rig *rig, char *dst, size_t size);

#endif
