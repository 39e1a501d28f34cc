/*
 * ctl: what the subcommands of embargoctl share.
 *
 * A subcommand is one function in one file; it returns an exit code of
 * sysexits.h or 1 for a negative answer.
 */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include "core/fault.h"
#include "core/settings.h"
#include "edge/store.h"

struct ctl {
	const char	*command;	/* for messages */
	const char	*conf_path;
	const char	*list;		/* --list NAME, or NULL for all */
	bool		 wants_json;
	bool		 is_sure;	/* --yes: do not ask */
	struct settings	*settings;	/* NULL before ctl_open() */
	struct store	*store;
};

#define CTL_NO 1	/* a negative answer: refused, not found */

int	cmd_ack(struct ctl *ctl, int argc, char **argv);
int	cmd_admit(struct ctl *ctl, int argc, char **argv);
int	cmd_alerts(struct ctl *ctl, int argc, char **argv);
int	cmd_check(struct ctl *ctl, int argc, char **argv);
int	cmd_classify(struct ctl *ctl, int argc, char **argv);
int	cmd_cve(struct ctl *ctl, int argc, char **argv);
int	cmd_due(struct ctl *ctl, int argc, char **argv);
int	cmd_exploit(struct ctl *ctl, int argc, char **argv);
int	cmd_export(struct ctl *ctl, int argc, char **argv);
int	cmd_ics(struct ctl *ctl, int argc, char **argv);
int	cmd_import(struct ctl *ctl, int argc, char **argv);
int	cmd_list(struct ctl *ctl, int argc, char **argv);
int	cmd_merge(struct ctl *ctl, int argc, char **argv);
int	cmd_metrics(struct ctl *ctl, int argc, char **argv);
int	cmd_move(struct ctl *ctl, int argc, char **argv);
int	cmd_note(struct ctl *ctl, int argc, char **argv);
int	cmd_probe(struct ctl *ctl, int argc, char **argv);
int	cmd_purge(struct ctl *ctl, int argc, char **argv);
int	cmd_report(struct ctl *ctl, int argc, char **argv);
int	cmd_set_date(struct ctl *ctl, int argc, char **argv);
int	cmd_show(struct ctl *ctl, int argc, char **argv);
int	cmd_stats(struct ctl *ctl, int argc, char **argv);
int	cmd_state(struct ctl *ctl, int argc, char **argv);

/* Configuration and store; 0, or the exit code with the message printed. */
int	ctl_open(struct ctl *ctl);
void	ctl_close(struct ctl *ctl);

/* Print the fault; the exit code that goes with it. */
int	ctl_fail(const struct ctl *ctl, const struct fault *fault);
int	ctl_usage(const struct ctl *ctl, const char *what);

/* What is wrong with the arguments; "": how they are to be given. */
int	ctl_wrong(const struct ctl *ctl, const char *wrong, const char *what);

/*
 * Takes the options that every command has off argv: --json, --list NAME,
 * --yes; all that stands behind "--" is left alone.
 */
int	ctl_take_options(struct ctl *ctl, int *argc, char **argv);

/*
 * The i-th (from 0) different tracker of the lists asked for, or NULL at the
 * end.
 */
const char	*ctl_tracker(const struct ctl *ctl, size_t i);

/* Which tracker has this issue?  NULL and *code_out when none has. */
const char	*ctl_find_issue(struct ctl *ctl, const char *id,
		    struct issue *issue_out, int *code_out);

/* The list that an issue came to; the first one if it is not configured. */
const struct list_settings	*ctl_list_of(const struct ctl *ctl,
				    const struct issue *issue);

/* Who does this: the name of the operator's account. */
const char	*ctl_operator(void);

/* "2026-12-01 14:00", "-" for 0; dst holds 24 bytes. */
void	ctl_print_time(int64_t at, char *dst);
/* "in 3 d 4 h", "2 h 5 min ago"; dst holds 48 bytes. */
void	ctl_print_relative(int64_t at, int64_t now, char *dst);

/* Colour only on a terminal and without NO_COLOR; "" otherwise. */
const char	*ctl_colour(const char *escape);

#endif
