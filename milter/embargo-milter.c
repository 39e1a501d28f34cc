/*
 * embargo-milter: the filter daemon: options, configuration, socket, user.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "callbacks.h"
#include "core/buf.h"
#include "daemon.h"
#include "edge/conf.h"
#include "edge/job.h"
#include "edge/log.h"
#include "edge/mime.h"
#include "edge/process.h"
#include "flow/privileges.h"
#include "flow/service.h"

#define PROGRAM		"embargo-milter"
#define GRACE_SECS	60	/* for messages in flight after SIGTERM */

static const struct daemon_program program = {
	.name = PROGRAM,
	.usage =
	    "usage: " PROGRAM " [-c FILE] [-F] [-n] [-v] [-p SOCKET]\n"
	    "  -c FILE    the configuration (default " CONF_DEFAULT_PATH ")\n"
	    "  -F         stay in the foreground and log to stderr\n"
	    "  -n         check the configuration and the keys, and exit\n"
	    "  -p SOCKET  unix:/path or inet:port@host, instead of `socket'\n"
	    "  -v         log more\n"
	    "  --help, --version\n"
	    "SIGUSR1 reads the configuration again, SIGTERM ends.\n",
	.letters = "c:Fnp:v"
};

static int
exit_code(const struct fault *fault)
{
	return fault->kind == FAULT_CONFIG ? EX_CONFIG : EX_UNAVAILABLE;
}

static void
reload(void *arg)
{
	struct service *service = arg;
	struct fault fault;

	if (service_reload(service, &fault))
		log_notice("the configuration was read again");
	else
		log_error("%s; the old configuration stays in force",
		    fault.text);
}

/* "unix:/path", "local:/path" or "/path" -> "/path"; NULL for TCP. */
static const char *
unix_path(const char *socket)
{
	const char *colon;

	if (socket[0] == '/')
		return socket;
	colon = strchr(socket, ':');
	if (colon != NULL && (strncmp(socket, "unix:", 5) == 0 ||
	    strncmp(socket, "local:", 6) == 0))
		return colon + 1;
	return NULL;
}

/* Serve until we are told to end; *has_begun_out: libmilter has threads. */
static bool
serve(struct service *service, const char *socket,
    const struct settings *settings, bool *has_begun_out,
    struct fault *fault)
{
	const char *path = unix_path(socket);
	bool ok;

	if (path != NULL && (!process_check_place(path, fault) ||
	    !process_lock(path, fault)))
		return false;
	if (!callbacks_open(service, socket, fault))
		return false;
	if (path != NULL && !process_set_mode(path, settings->socket_mode,
	    settings->socket_group, fault)) {
		(void)unlink(path);
		return false;
	}
	if (!process_on_reload(reload, service, fault) ||
	    !service_watch(service, fault))
		return false;
	process_ready();
	log_notice("serving %zu lists on %s", settings->nlists, socket);
	*has_begun_out = true;
	ok = callbacks_run(path, GRACE_SECS);
	if (!ok)
		fault_set(fault, FAULT_SITE, "libmilter failed on %s",
		    socket);
	else
		log_notice("ended");
	return ok;
}

static bool
run(const struct daemon_options *o, struct fault *fault)
{
	struct service *service = NULL;
	struct snapshot *snapshot = NULL;
	const struct settings *settings;
	char *socket = NULL;
	bool ok, has_begun = false;

	ok = privileges_drop(o->conf_path, fault) &&
	    service_new(o->conf_path, &service, fault);
	if (!ok || o->check_only)
		goto out;
	snapshot = service_hold(service);
	settings = snapshot->settings;
	socket = buf_strdup(o->socket != NULL ? o->socket : settings->socket);
	log_open(PROGRAM, o->foreground || settings->log_to == LOG_TO_STDERR,
	    o->verbose);
	ok = serve(service, socket, settings, &has_begun, fault);
out:
	service_drop(service, &snapshot);
	job_end();	/* first: the watch may wait for a job */
	if (!has_begun)	/* else libmilter's threads have it still */
		service_free(&service);
	free(socket);
	return ok;
}

int
main(int argc, char **argv)
{
	struct daemon_options options;
	struct fault fault;

	process_init();
	mime_init();
	job_main(argv, inside_serve, inside_prepare);
	daemon_parse_options(argc, argv, &program, &options);
	log_open(PROGRAM, true, options.verbose);
	if (!options.foreground && !options.check_only &&
	    !process_detach(&fault)) {
		log_error("%s", fault.text);
		return EX_OSERR;
	}
	if (!run(&options, &fault)) {
		log_error("%s", fault.text);
		return exit_code(&fault);
	}
	if (options.check_only)
		printf("%s: the configuration is good\n", options.conf_path);
	return EX_OK;
}
