/*
 * embargo-warnd: the deadline daemon: sleep until something is due, warn,
 * record, mail, again.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "daemon.h"
#include "edge/clock.h"
#include "edge/conf.h"
#include "edge/job.h"
#include "edge/log.h"
#include "edge/process.h"
#include "edge/store.h"
#include "flow/inside.h"
#include "flow/keywatch.h"
#include "flow/mailer.h"
#include "flow/privileges.h"
#include "flow/reminder.h"

#define PROGRAM		"embargo-warnd"
#define MAX_SLEEP_SECS	30	/* new issues come without a call */
#define RETRY_SECS	5	/* after trouble with Redis */

static const struct daemon_program program = {
	.name = PROGRAM,
	.usage =
	    "usage: " PROGRAM " [-c FILE] [-F] [-n] [-v] [--once]\n"
	    "  -c FILE  the configuration (default " CONF_DEFAULT_PATH ")\n"
	    "  -F       stay in the foreground and log to stderr\n"
	    "  -n       check the configuration and exit\n"
	    "  -v       log more\n"
	    "  --once   make one pass and exit (for cron)\n"
	    "  --help, --version\n"
	    "SIGUSR1 reads the configuration again, SIGTERM ends.\n",
	.letters = "c:Fnv",
	.has_once = true
};

/* All that a pass needs. */
struct watch {
	struct settings	*settings;
	struct store	*store;
	struct keywatch	 keywatch;
	struct mailer	 mailer;
};

/* Both, or neither: a bad new configuration keeps the old one. */
static bool
load(const char *path, struct watch *w, struct fault *fault)
{
	struct settings *settings;
	struct store *store;

	if (!conf_load(path, &settings, fault))
		return false;
	if (!store_new(&settings->redis, &store, fault)) {
		conf_free(&settings);
		return false;
	}
	store_free(&w->store);
	conf_free(&w->settings);
	w->settings = settings;
	w->store = store;
	w->keywatch.next_ms = 0;
	return true;
}

/* The calendar first; false when the store is in trouble. */
static bool
pass(struct watch *w, int64_t now, int64_t *next_at_out, struct fault *fault)
{
	bool more, was_bare = w->mailer.is_bare;

	if (!reminder_pass(w->store, w->settings, now, next_at_out, fault) ||
	    !keywatch_pass(&w->keywatch, w->store, w->settings, now, fault) ||
	    !mailer_pass(&w->mailer, w->store, w->settings, now, &more,
	    fault))
		return false;
	if (w->mailer.is_bare && !was_bare) {
		w->keywatch.next_ms = 0;	/* which key is it? */
		more = true;
	}
	if (more)
		*next_at_out = now;
	return true;
}

static int
seconds_until(int64_t at, int64_t now)
{
	if (at <= now)
		return 1;
	return at - now > MAX_SLEEP_SECS ? MAX_SLEEP_SECS : (int)(at - now);
}

static void
serve(const struct daemon_options *o, struct watch *w)
{
	struct fault fault;
	int64_t now, next_at;

	process_ready();
	log_notice("watching %zu lists", w->settings->nlists);
	while (!process_must_stop()) {
		now = clock_now();
		if (pass(w, now, &next_at, &fault))
			process_sleep(seconds_until(next_at, now));
		else {
			log_error("%s; trying again", fault.text);
			process_sleep(RETRY_SECS);
		}
		if (!process_must_reload())
			continue;
		if (load(o->conf_path, w, &fault))
			log_notice("the configuration was read again");
		else
			log_error("%s; the old configuration stays in force",
			    fault.text);
	}
	log_notice("ended");
}

/* For cron: what could not be mailed is a failure. */
static bool
serve_once(struct watch *w, struct fault *fault)
{
	int64_t now = clock_now(), next_at;

	do
		if (!pass(w, now, &next_at, fault))
			return false;
	while (next_at == now);
	if (!w->mailer.is_failing && !w->mailer.is_waiting)
		return true;
	fault_set(fault, FAULT_SITE, "not all mail was sent");
	return false;
}

static bool
run(const struct daemon_options *o, struct fault *fault)
{
	struct watch w = { .settings = NULL };
	bool ok;

	ok = privileges_drop(o->conf_path, fault) &&
	    load(o->conf_path, &w, fault);
	if (!ok || o->check_only)
		goto out;
	log_open(PROGRAM, o->foreground || o->once ||
	    w.settings->log_to == LOG_TO_STDERR, o->verbose);
	if (o->once)
		ok = serve_once(&w, fault);
	else
		serve(o, &w);
out:
	job_end();
	store_free(&w.store);
	conf_free(&w.settings);
	return ok;
}

int
main(int argc, char **argv)
{
	struct daemon_options options;
	struct fault fault;

	process_init();
	job_main(argv, inside_serve, inside_prepare);
	daemon_parse_options(argc, argv, &program, &options);
	log_open(PROGRAM, true, options.verbose);
	process_catch();
	if (!options.foreground && !options.check_only && !options.once &&
	    !process_detach(&fault)) {
		log_error("%s", fault.text);
		return EX_OSERR;
	}
	if (!run(&options, &fault)) {
		log_error("%s", fault.text);
		return fault.kind == FAULT_CONFIG ? EX_CONFIG :
		    EX_UNAVAILABLE;
	}
	if (options.check_only)
		printf("%s: the configuration is good\n", options.conf_path);
	return EX_OK;
}
