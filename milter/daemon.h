/*
 * daemon: the command line that embargo-milter and embargo-warnd share.
 */
#ifndef DAEMON_H
#define DAEMON_H

#include <stdbool.h>

struct daemon_program {
	const char	*name;
	const char	*usage;		/* what --help prints */
	const char	*letters;	/* for getopt: of "c:Fnp:v" */
	bool		 has_once;	/* knows --once */
};

/* Its strings are borrowed from argv. */
struct daemon_options {
	const char	*conf_path;
	const char	*socket;	/* NULL: as configured */
	bool		 foreground;
	bool		 check_only;
	bool		 once;
	bool		 verbose;
};

/*
 * Does not return for --help and --version, nor (EX_USAGE, having said why)
 * when it cannot understand the command line.
 */
void	daemon_parse_options(int argc, char **argv,
	    const struct daemon_program *program,
	    struct daemon_options *options_out);

#endif
