/*
 * daemon: the command line of both daemons; see daemon.h.
 */
#include <config.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "daemon.h"
#include "edge/conf.h"

#define ONCE	1	/* --once has no letter */

static void
take_option(int c, const struct daemon_program *program,
    struct daemon_options *o)
{
	switch (c) {
	case 'c':
		o->conf_path = optarg;
		break;
	case 'F':
		o->foreground = true;
		break;
	case 'n':
		o->check_only = true;
		break;
	case 'p':
		o->socket = optarg;
		break;
	case ONCE:
		o->once = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case 'h':
		fputs(program->usage, stdout);
		exit(EX_OK);
	case 'V':
		printf("%s %s\n", program->name, PACKAGE_VERSION);
		exit(EX_OK);
	default:
		fputs(program->usage, stderr);
		exit(EX_USAGE);
	}
}

void
daemon_parse_options(int argc, char **argv,
    const struct daemon_program *program, struct daemon_options *options_out)
{
	/* the first without a name ends the table */
	const struct option longs[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ program->has_once ? "once" : NULL, no_argument, NULL, ONCE },
		{ NULL, 0, NULL, 0 }
	};
	struct daemon_options *o = options_out;
	int c;

	memset(o, 0, sizeof(*o));
	o->conf_path = CONF_DEFAULT_PATH;
	while ((c = getopt_long(argc, argv, program->letters, longs,
	    NULL)) != -1)
		take_option(c, program, o);
	if (o->socket != NULL && !conf_is_socket(o->socket)) {
		fprintf(stderr, "%s: -p %s: accepted: unix:/path, "
		    "inet:port@host\n", program->name, o->socket);
		exit(EX_USAGE);
	}
	if (optind < argc) {
		fprintf(stderr, "%s: unexpected argument %s\n",
		    program->name, argv[optind]);
		exit(EX_USAGE);
	}
}
