/*
 * store: issues in Redis (SPEC section 6; keys and fields: embargo-redis(5)).
 *
 * A port: flow and the operator's tool know nothing of Redis.  All functions
 * are thread-safe; every failure is FAULT_SITE unless said otherwise.  What
 * decides on an issue runs in one Lua script, atomically.
 */
#ifndef EDGE_STORE_H
#define EDGE_STORE_H

#include "core/buf.h"
#include "core/crd.h"
#include "core/fault.h"
#include "core/issue.h"
#include "core/notice.h"
#include "core/settings.h"
#include "core/verdict.h"

struct store;

/* settings must outlive the store.  Does not connect yet. */
bool	store_new(const struct redis_settings *settings,
	    struct store **store_out, struct fault *fault)
	    __attribute__((warn_unused_result));
void	store_free(struct store **store);

#define STORE_MAX_ANCESTORS 32
#define STORE_MAX_SEALS 16

/* One accepted message to a list. */
struct store_mail {
	const struct list_settings	*list;
	/* names of all lists of its tracker that it came to, divided by
	 * blanks; NULL: the list's */
	const char			*lists;
	int64_t				 now;
	struct span			 message_id;	/* empty: none */
	struct span			 ancestors[STORE_MAX_ANCESTORS];
	size_t				 nancestors;	/* nearest first */
	struct span			 body;		/* digested only */
	struct span			 sender;	/* digested only */
	struct span			 author;	/* From, digested */
	/* what no two messages share: ciphertext, signatures; digested */
	struct span			 seals[STORE_MAX_SEALS];
	size_t				 nseals;
	struct span			 subject;	/* for store_subject */
	struct crd			 date;
	struct notice			 notice;
	bool				 is_from_member; /* verified */
	const char			*reply_to; /* whom to tell of a new
						 * issue; or NULL */
	bool				 is_clear; /* let through: an alert */
	int64_t				 recorded_at; /* of the past: the time
						 * it really is; nothing is
						 * told.  Else 0 */
	bool				 is_rehearsal; /* nothing is written,
						 * only out->refused tells */
};

enum store_kind {
	STORE_NEW,		/* opened its issue */
	STORE_REPLY,
	STORE_DUPLICATE,	/* a known Message-ID with another content: a
				 * message of its own, noted in the log */
	STORE_RETRY		/* recorded before: nothing counted */
};

struct store_answer {
	enum reason	refused;	/* REASON_LATER: not refused */
	enum store_kind	kind;
	char		issue[ISSUE_ID_SIZE];
	char		status[16];	/* new, reply, moved, public, ... */
	int64_t		until;		/* 0: no date */
	bool		is_assumed;
	bool		is_hour_assumed; /* the day was stated, the hour not */
	bool		is_capped;
	bool		is_over_max;
	bool		needs_human;
	bool		is_retry;	/* kind is STORE_RETRY */
};

/*
 * One round trip; idempotent: the same message again, also by another list of
 * the tracker, gives the same answer.  A message is known by its Message-ID and
 * its content, without Message-ID by its content alone.  A seal that was seen
 * in the last 90 days under another author or Message-ID is a replay.  What is
 * refused leaves no trace; the caller counts it.
 */
bool	store_record(struct store *store, const struct store_mail *mail,
	    struct store_answer *out, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * Adds one to a counter of the tracker.  Trouble is ignored and costs a quarter
 * of a second at most.
 */
void	store_count(struct store *store, const char *tracker,
	    const char *counter);

/* A message that was refused. */
struct store_refusal {
	const struct list_settings	*list;
	int64_t				 now;
	enum reason			 reason;
	struct span			 sender;	/* its domain is kept */
	bool				 is_told;	/* by store_gather() */
};

/* Counts it, in the manner of store_count(). */
void	store_refuse(struct store *store, const struct store_refusal *refusal);

/*
 * The leak guard.  Mail that is not for a list must not be held up: both
 * functions take a quarter of a second at most, and fail at once for some
 * seconds after any trouble.
 */

/* Other mail, not for a list, that answers something. */
struct store_stray {
	const char	*tracker;
	int64_t		 now;
	bool		 is_trial;	/* nothing is written */
	struct span	 message_id;	/* its own; empty: none */
	struct span	 ancestors[STORE_MAX_ANCESTORS];
	size_t		 nancestors;
	struct span	 sender;	/* digested only */
	const char	*lists;		/* of the tracker, as store_mail has
					 * them */
	struct buf	 recipients;	/* store_add_recipient(); without limit
					 * and the caller's to clear */
};

/*
 * member_of: a character for each of stray->lists, '1' where the recipient is a
 * member or the list's manager, else '0'.
 */
void	store_add_recipient(struct store_stray *stray, struct span address,
	    const char *member_of);

/*
 * Does it answer an open issue and go to somebody outside of its circle?  Then
 * issue_out (ISSUE_ID_SIZE bytes, else "") and *until_out tell which, and an
 * alert is raised.
 */
bool	store_guard(struct store *store, const struct store_stray *stray,
	    char *issue_out, int64_t *until_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * What the list's manager sends out was refused: an alert for each message.
 * Trouble is ignored.
 */
void	store_tell_copy(struct store *store, const struct store_mail *mail,
	    enum reason reason);

enum store_which {
	STORE_OPEN,		/* by deadline, then those without one */
	STORE_ALL		/* by opening time */
};

/* Issues of a tracker; the array and each issue are the caller's. */
bool	store_list(struct store *store, const char *tracker,
	    enum store_which which, struct issue **issues_out,
	    size_t *n_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/* Told before each further round trip of long work. */
struct store_progress {
	void	(*tell)(void *context, size_t done, size_t all);
	void	*context;
};

/* The same, and tells how far it is when it takes more than one. */
bool	store_list_slowly(struct store *store, const char *tracker,
	    enum store_which which, const struct store_progress *progress,
	    struct issue **issues_out, size_t *n_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/* FAULT_MISSING when there is no such issue. */
bool	store_load(struct store *store, const char *tracker, const char *id,
	    struct issue *issue_out, struct fault *fault)
	    __attribute__((warn_unused_result));
void	store_free_issues(struct issue **issues, size_t n);

enum store_op {
	STORE_SET_DATE,
	STORE_SET_STATE,
	STORE_REOPEN,
	STORE_NOTE,
	STORE_SET_EXPLOIT,	/* due_at: its deadline; 0: not known */
	STORE_ADD_CVE,		/* text */
	STORE_MERGE,		/* into the issue named by text */
	STORE_ACK,		/* of alert; ALERT_NONE: of all kinds */
	STORE_ADMIT,		/* text: an address that takes part, */
	STORE_EXPEL		/* or no longer does: for the leak guard */
};

#define STORE_NO_EXPLOIT (-1)	/* due_at: there will be none */

/* What an operator changes; who is written into the issue's log. */
struct store_change {
	enum store_op		 op;
	const char		*who;
	int64_t			 now;
	int64_t			 due_at;	/* STORE_SET_DATE; since when
						 * it is public, 0: now */
	enum issue_state	 state;		/* STORE_SET_STATE */
	const char		*text;		/* URL or note, or NULL */
	enum issue_alert	 alert;		/* STORE_ACK */
};

/* FAULT_MISSING when there is no such issue; FAULT_USAGE when the change makes
 * no sense (merging an issue into itself). */
bool	store_change(struct store *store, const char *tracker,
	    const char *id, const struct store_change *change,
	    struct fault *fault) __attribute__((warn_unused_result));

/*
 * Move one message to an issue, or, with issue NULL, to a new one of the list:
 * the clock starts at now.  issue_out holds ISSUE_ID_SIZE bytes.  FAULT_MISSING
 * when the message or the issue is not known.
 */
bool	store_move(struct store *store, const struct list_settings *list,
	    struct span message_id, const char *issue, const char *who,
	    int64_t now, char *issue_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/* One entry of the alerts stream or of an issue's log: names and values. */
#define STORE_MAX_FIELDS 128
struct store_entry {
	char	*id;			/* of the stream entry */
	char	*names[STORE_MAX_FIELDS];
	char	*values[STORE_MAX_FIELDS];
	size_t	 n;
};

/*
 * Alerts behind the entry `after` ("0" for all), oldest first, at most max;
 * block_ms > 0 waits so long for one.
 */
bool	store_alerts(struct store *store, const char *tracker,
	    const char *after, size_t max, int block_ms,
	    struct store_entry **entries_out, size_t *n_out,
	    struct fault *fault) __attribute__((warn_unused_result));
bool	store_log(struct store *store, const char *tracker, const char *id,
	    struct store_entry **entries_out, size_t *n_out,
	    struct fault *fault) __attribute__((warn_unused_result));
void	store_free_entries(struct store_entry **entries, size_t n);
const char	*store_entry_value(const struct store_entry *entry,
		    const char *name);	/* "" when it is not there */

/* What embargo-warnd has to look at now: issues whose time has come. */
bool	store_due(struct store *store, const char *tracker, int64_t now,
	    struct issue **issues_out, size_t *n_out,
	    int64_t *next_at_out, struct fault *fault)
	    __attribute__((warn_unused_result));

struct store_alert {
	const char	*kind;
	int64_t		 due_at;
	char		 text[200];
};

/*
 * Record the alerts of one look at an issue and when to look next (0: never),
 * unless the issue has changed since it was read; won_out tells.  Atomic.
 */
bool	store_look(struct store *store, const char *tracker,
	    const struct issue *seen, int64_t now,
	    const struct store_alert *alerts, size_t nalerts,
	    int64_t next_at, bool *won_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/* Notes that embargo-warnd has looked at the tracker. */
bool	store_passed(struct store *store, const char *tracker, int64_t now,
	    struct fault *fault) __attribute__((warn_unused_result));

/*
 * Was a message of that sender's domain refused and not told of yet?  It is
 * then forgotten: for a domain that nobody else has.
 */
bool	store_take_refusal(struct store *store, const char *tracker,
	    const char *domain, bool *found_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * One alert of all that was refused in the hours that are over; n_out: how many
 * messages, 0 for none.  Atomic.
 */
bool	store_gather(struct store *store, const char *tracker, int64_t now,
	    int64_t *n_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/* A key, and how near its end is. */
struct store_ending {
	char	name[160];		/* fingerprint and end */
	int	stage;			/* 0: far away; rises */
	bool	is_replaced;		/* by another */
	int64_t	due_at;			/* its end; 0: not by the calendar */
	char	text[500];
};

/*
 * Alerts of those whose stage has risen since anybody looked last.  One that is
 * replaced and seen for the first time is kept in silence.  Atomic.
 */
bool	store_tell_keys(struct store *store, const char *tracker, int64_t now,
	    const struct store_ending *keys, size_t n, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * What is to be mailed.  An entry is taken by one instance, which has lease_ms
 * to see to it; then others may take it.  So each is mailed once unless an
 * instance dies or a mail fails, and then once at least.
 */
enum store_queue {
	STORE_ALERTS,
	STORE_REPLIES		/* to senders of new reports */
};

struct store_parcel {
	struct store_entry	*entry;		/* NULL: nothing to do now */
	int64_t			 times;		/* it was taken, rising */
};

/* The parcel is to be cleared with store_free_parcel(). */
bool	store_take(struct store *store, const char *tracker,
	    enum store_queue queue, int64_t lease_ms,
	    struct store_parcel *out, struct fault *fault)
	    __attribute__((warn_unused_result));
void	store_free_parcel(struct store_parcel *parcel);

/* Right before it is mailed: has nobody else taken it meanwhile? */
bool	store_holds(struct store *store, const char *tracker,
	    enum store_queue queue, const struct store_parcel *parcel,
	    bool *holds_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/* It was mailed.  Of a reply nothing is kept. */
bool	store_done(struct store *store, const char *tracker,
	    enum store_queue queue, const struct store_parcel *parcel,
	    struct fault *fault) __attribute__((warn_unused_result));

/* For how long the oldest alert has waited to be mailed; -1: none does. */
bool	store_backlog(struct store *store, const char *tracker,
	    int64_t *secs_out, struct fault *fault)
	    __attribute__((warn_unused_result));

/*
 * Pieces of a tracker, which are all that is worth keeping: not what passes by
 * itself within days (leaks told of, replies to be mailed).
 */
enum store_piece_kind {
	STORE_PIECE_ISSUE,	/* with its log and circle */
	STORE_PIECE_HASH,	/* counters and the like */
	STORE_PIECE_TABLE,	/* some entries: digests of messages, seals */
	STORE_PIECE_ALERTS,	/* some of the stream's entries */
	STORE_PIECE_GROUP,	/* up to where alerts were mailed */
	STORE_PIECE_KINDS
};

struct store_line {
	char		*id;
	struct strings	 fields;	/* names and values in turn */
};

struct store_piece {
	enum store_piece_kind	 kind;
	char			*name;
	int64_t			 expires_at;	/* 0: never */
	struct strings		 fields;	/* names and values in turn */
	struct strings		 scores;	/* the same: sets, scores */
	struct strings		 circle;
	struct store_line	*lines;
	size_t			 nlines;
};

void	store_free_pieces(struct store_piece **pieces, size_t n);

/* "issue", "hash", ... */
const char	*store_piece_name(enum store_piece_kind kind);

/* A walk through all pieces of a tracker. */
struct store_walk;

bool	store_walk_new(struct store *store, const char *tracker,
	    struct store_walk **walk_out, struct fault *fault)
	    __attribute__((warn_unused_result));
void	store_walk_free(struct store_walk **walk);

/*
 * Some more pieces, perhaps none, for store_free_pieces(); at the end
 * *is_over_out is true.  Each piece is as it was at one moment.
 */
bool	store_walk_next(struct store_walk *walk,
	    struct store_piece **pieces_out, size_t *n_out, bool *is_over_out,
	    struct fault *fault) __attribute__((warn_unused_result));

/* How many steps were taken; they grow with what is there. */
size_t	store_walk_done(const struct store_walk *walk);

enum store_restore_mode {
	STORE_COMPARE,		/* change nothing */
	STORE_FILL,		/* what is there stays */
	STORE_REPLACE
};

enum store_before {
	STORE_ABSENT,		/* or partly */
	STORE_SAME,
	STORE_DIFFERS
};

/*
 * One piece comes back, atomically; before_out: what was there.  *late_out:
 * alerts that have no place in the stream any more, for it only grows.
 */
bool	store_restore(struct store *store, const char *tracker,
	    const struct store_piece *piece, enum store_restore_mode mode,
	    enum store_before *before_out, size_t *late_out,
	    struct fault *fault) __attribute__((warn_unused_result));

/* What ended before a time; really false: it is only counted. */
struct store_purge {
	int64_t	before;
	bool	really;
};

/*
 * Is the issue old, and if so forget it, with log and circle, atomically.  An
 * open one never is.
 */
bool	store_purge_issue(struct store *store, const char *tracker,
	    const struct store_purge *purge, const char *id, bool *is_old_out,
	    struct fault *fault) __attribute__((warn_unused_result));

/*
 * Then the digests of messages whose issues are old or gone, in steps from 0 on
 * until *is_over_out; and the alerts.
 */
bool	store_purge_messages(struct store *store, const char *tracker,
	    const struct store_purge *purge, int64_t step, int64_t *count_out,
	    bool *is_over_out, struct fault *fault)
	    __attribute__((warn_unused_result));
bool	store_purge_alerts(struct store *store, const char *tracker,
	    const struct store_purge *purge, int64_t *count_out,
	    struct fault *fault) __attribute__((warn_unused_result));

/* For `embargoctl check`. */
struct store_health {
	bool	is_master;
	bool	has_aof;
	char	fsync[16];		/* appendfsync; "": not known */
	bool	is_evicting;		/* maxmemory-policy not noeviction */
	bool	is_failing;		/* the last write to disk failed */
	char	version[16];		/* of the server */
	int64_t	used_bytes;
	int64_t	max_bytes;		/* maxmemory; 0: no limit */
	int64_t	replicas;		/* that are connected */
	int64_t	ahead_secs;		/* its clock before ours */
	int64_t	schema;			/* 0: nothing written yet */
	int64_t	last_pass_at;		/* of embargo-warnd, 0: never */
	int64_t	open;
	int64_t	overdue;
	int64_t	dateless;		/* open without a date */
	int64_t	backlog_secs;		/* store_backlog() */
};

/* Counters of the tracker by name, in one entry without id. */
bool	store_counters(struct store *store, const char *tracker,
	    struct store_entry **entries_out, size_t *n_out,
	    struct fault *fault) __attribute__((warn_unused_result));

bool	store_health(struct store *store, const char *tracker, int64_t now,
	    struct store_health *out, struct fault *fault)
	    __attribute__((warn_unused_result));

#endif
