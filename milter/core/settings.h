/*
 * settings: what the configuration says, as plain data.
 *
 * Filled by edge/conf.c, read by everyone, changed by nobody: a reload makes a
 * new one.  Durations are seconds, sizes are bytes, strings are owned by the
 * settings and are never NULL unless said so.  embargo-milter.conf(5) is the
 * text for people.
 */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strings {
	char	**v;
	size_t	  n;
};

enum settings_log {
	LOG_TO_SYSLOG,
	LOG_TO_STDERR
};

enum settings_cleartext {
	CLEARTEXT_REJECT,
	CLEARTEXT_QUARANTINE,
	CLEARTEXT_ENCRYPT,
	CLEARTEXT_WARN
};

enum settings_signature {
	SIGNATURE_IGNORE,
	SIGNATURE_VALID,
	SIGNATURE_MEMBER
};

enum settings_bounces {
	BOUNCES_REJECT,
	BOUNCES_QUARANTINE
};

enum settings_missing {
	MISSING_ASSUME,
	MISSING_REJECT,
	MISSING_LEAVE
};

enum settings_over_max {
	OVER_MAX_FLAG,
	OVER_MAX_CAP,
	OVER_MAX_REJECT
};

enum settings_changes {
	CHANGES_MEMBERS,
	CHANGES_ANYONE,
	CHANGES_OPERATORS
};

struct embargo_settings {
	int64_t			max_secs;
	enum settings_missing	missing;
	enum settings_over_max	over_max;
	int			default_hour_secs;	/* since 00:00 UTC */
	enum settings_changes	changes;
	int64_t			exploit_max_secs;
};

struct list_settings {
	char			*name;
	struct strings		 address;
	struct strings		 certificate;	/* those of `key` that are
						 * X.509: keyring_sort() */
	struct strings		 key;		/* fingerprints, upper case */
	bool			 decrypt;
	bool			 accept_pgp_mime;
	bool			 accept_pgp_inline;
	bool			 accept_smime;
	bool			 allow_passphrase;
	bool			 repair;
	enum settings_cleartext	 cleartext;
	enum settings_signature	 signature;
	char			*members;	/* a file, or NULL */
	bool			 enforce;
	struct strings		 subject_tags;	/* empty: no tag is asked for */
	char			*subject_url;	/* NULL when not set */
	bool			 hide_subject;
	bool			 store_subject;
	bool			 guard;
	struct strings		 sender;
	struct strings		 public_lists;
	enum settings_bounces	 bounces;
	char			*tracker;	/* default: the name */
	char			*issue_prefix;	/* default: "VS" */
	struct embargo_settings	 embargo;
};

struct redis_settings {
	/* as core/endpoint.h has it; not with sentinels */
	char		*address;
	struct strings	 sentinels;	/* the same, "tcp:" may be missing */
	char		*master;	/* NULL without sentinels */
	char		*sentinel_username;		/* NULL when not set */
	char		*sentinel_password_file;	/* NULL when not set */
	char		*username;	/* NULL when not set */
	char		*password_file;	/* NULL when not set */
	int		 database;
	char		*prefix;
	int		 timeout_ms;
	int		 replicas;
};

struct gnupg_settings {
	char	*home;
	int	 timeout_ms;
	int	 jobs;
};

struct limit_settings {
	size_t	max_pkesk;		/* 64 */
	size_t	max_depth;		/* 100 levels of MIME */
	size_t	max_parts;		/* 1,000 */
	size_t	max_fields;		/* 1,000 header fields */
	size_t	max_header_bytes;	/* 1 MiB */
	size_t	max_expansion;		/* plaintext: times max_message */
};

struct alert_settings {
	int64_t		*before_secs;	/* longest first */
	size_t		 nbefore;
	int64_t		 repeat_secs;
	int64_t		 quiet_after_secs;
	int64_t		 no_progress_after_secs;
	int64_t		 posting_within_secs;
	struct strings	 mail_to;
	char		*mail_from;
	struct strings	 encrypt_to;
	bool		 acknowledge;
	char		*sendmail;
};

struct settings {
	char			*file;		/* where it was read */
	char			*socket;
	int			 socket_mode;	/* e.g. 0660 */
	char			*socket_group;	/* NULL: leave as it is */
	char			*user;		/* NULL: stay who we are */
	enum settings_log	 log_to;
	size_t			 max_message;
	struct redis_settings	 redis;
	struct gnupg_settings	 gnupg;
	struct limit_settings	 limits;
	struct list_settings	*lists;
	size_t			 nlists;	/* at least 1 */
	struct alert_settings	 alerts;
};

#endif
