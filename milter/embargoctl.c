/*
 * embargoctl: the operator's table of subcommands and nothing else.
 */
#include <config.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "ctl/ctl.h"
#include "edge/conf.h"
#include "edge/job.h"
#include "edge/log.h"
#include "edge/mime.h"
#include "flow/inside.h"

static const struct command {
	const char	*name;
	int		(*run)(struct ctl *ctl, int argc, char **argv);
	const char	*arguments;
	const char	*text;
} commands[] = {
	{ "list", cmd_list, "[--all] [--due 3d] [--state STATE]",
	    "open issues, the nearest deadline first" },
	{ "due", cmd_due, "[--weeks N]", "a time line of the next weeks" },
	{ "show", cmd_show, "ISSUE", "one issue and its log" },
	{ "alerts", cmd_alerts, "[--follow]", "what embargo-warnd told" },
	{ "stats", cmd_stats, "[--from DATE] [--to DATE] [--csv|--html|--wiki]",
	    "how long embargoes were, for publication" },
	{ "report", cmd_report, "--html [--subjects]",
	    "open issues as a page, for internal use" },
	{ "ics", cmd_ics, "[--subjects]", "deadlines as a calendar" },
	{ "metrics", cmd_metrics, "", "numbers for Prometheus" },
	{ "ack", cmd_ack, "ISSUE [KIND]",
	    "an alert is seen to: it need not be repeated" },
	{ "set-date", cmd_set_date, "ISSUE DATE [--yes]",
	    "set the embargo date" },
	{ "public", cmd_state, "ISSUE [URL] [--at DATE]",
	    "it is published" },
	{ "semi-public", cmd_state, "ISSUE [URL]",
	    "known in part, the deadline stays" },
	{ "broken", cmd_state, "ISSUE [URL]", "it leaked" },
	{ "invalid", cmd_state, "ISSUE", "it is no issue" },
	{ "reopen", cmd_state, "ISSUE", "embargoed again" },
	{ "cve", cmd_cve, "ISSUE CVE-ID...", "note its CVE ids" },
	{ "exploit", cmd_exploit, "ISSUE DATE|yes|none [--yes]",
	    "when the exploit is to be published" },
	{ "merge", cmd_merge, "ISSUE INTO-ISSUE [--yes]",
	    "two issues are one: the first becomes part of the second" },
	{ "move", cmd_move, "MESSAGE-ID ISSUE|new",
	    "a message, and what answers it, belongs to another issue" },
	{ "admit", cmd_admit, "[--undo] ISSUE ADDRESS",
	    "somebody takes part in it: the leak guard lets mail pass" },
	{ "note", cmd_note, "ISSUE TEXT...", "write into the issue's log" },
	{ "classify", cmd_classify, "[--list ADDRESS | --any-key] FILE...",
	    "judge message files as the filter would" },
	{ "export", cmd_export, "", "all that is kept, as JSON Lines" },
	{ "import", cmd_import,
	    "[--keep] [--yes] FILE | --mbox [--closed] FILE...",
	    "an export comes back; or past mail becomes issues" },
	{ "purge", cmd_purge, "--older-than 365d [--dry-run] [--yes]",
	    "forget what ended so long ago" },
	{ "check", cmd_check, "", "is all there that the filter needs?" },
	{ "probe", cmd_probe, "[--smtp host:port] [--wait 30s]",
	    "is cleartext refused by each way into the host?" },
};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
usage(FILE *file)
{
	char call[80];
	size_t i;

	fprintf(file, "usage: embargoctl [-c FILE] COMMAND ...\n\n");
	for (i = 0; i < NCOMMANDS; i++) {
		snprintf(call, sizeof(call), "%s %s", commands[i].name,
		    commands[i].arguments);
		fprintf(file, "  %-50s %s\n", call, commands[i].text);
	}
	fprintf(file, "\n--list NAME narrows to one list; the commands that "
	    "read take --json.\n"
	    "The configuration is " CONF_DEFAULT_PATH " without -c.\n");
}

static int
run(const struct command *command, struct ctl *ctl, int argc, char **argv)
{
	int code;

	if (argc > 0 && strcmp(argv[0], "--help") == 0) {
		printf("usage: embargoctl [-c FILE] %s %s\n\n  %s\n",
		    command->name, command->arguments, command->text);
		return EX_OK;
	}
	ctl->command = command->name;
	(void)ctl_take_options(ctl, &argc, argv);
	code = command->run(ctl, argc, argv);
	ctl_close(ctl);
	job_end();
	if (code != EX_IOERR &&	/* else it was said */
	    (fflush(stdout) != 0 || ferror(stdout) != 0)) {
		perror("embargoctl: standard output");
		return EX_IOERR;
	}
	return code;
}

int
main(int argc, char **argv)
{
	struct ctl ctl = { .conf_path = CONF_DEFAULT_PATH };
	int first = 1;
	size_t i;

	mime_init();
	job_main(argv, inside_serve, inside_prepare);
	log_open("embargoctl", true, false);
	signal(SIGPIPE, SIG_DFL);
	if (argc > 2 && strcmp(argv[1], "-c") == 0) {
		ctl.conf_path = argv[2];
		first = 3;
	}
	if (first >= argc) {
		usage(stderr);
		return EX_USAGE;
	}
	if (strcmp(argv[first], "--help") == 0) {
		usage(stdout);
		return EX_OK;
	}
	if (strcmp(argv[first], "--version") == 0) {
		puts("embargoctl " PACKAGE_VERSION);
		return EX_OK;
	}
	for (i = 0; i < NCOMMANDS; i++)
		if (strcmp(commands[i].name, argv[first]) == 0)
			return run(&commands[i], &ctl, argc - first - 1,
			    argv + first + 1);
	fprintf(stderr, "embargoctl: there is no command %s; "
	    "see embargoctl --help\n", argv[first]);
	return EX_USAGE;
}
