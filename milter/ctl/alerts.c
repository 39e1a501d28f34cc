/*
 * alerts: the stream of alerts, once or as they come.
 *
 * Who follows stays through a restart of Redis; SIGINT and SIGTERM end it
 * between two lines.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "core/buf.h"
#include "ctl/ctl.h"
#include "ctl/json.h"
#include "ctl/term.h"

#define AT_ONCE		500
#define BLOCK_MS	500
#define RETRY_MS	500
#define KIND_COLUMNS	19	/* exploit-approaching */
#define ISSUE_COLUMNS	12
#define NARROW		110	/* the text goes below the rest */

static volatile sig_atomic_t is_over;

struct follower {
	struct ctl	*ctl;
	struct term	 term;
	char		**after;	/* by tracker: the last entry seen */
	size_t		 n;
	bool		 is_away;	/* Redis is, and that was told */
};

static enum term_colour
colour_of(const char *kind)
{
	static const char *const red[] = { "reached", "overdue", "broken",
	    "leak-blocked", "exploit-overdue", "posting-missing" };
	static const char *const yellow[] = { "approaching", "today",
	    "no-date", "needs-human", "over-max", "proposed", "cleartext",
	    "exploit-approaching", "key-expiring", "quiet", "no-progress" };
	size_t i;

	for (i = 0; i < sizeof(red) / sizeof(red[0]); i++)
		if (strcmp(kind, red[i]) == 0)
			return TERM_RED;
	for (i = 0; i < sizeof(yellow) / sizeof(yellow[0]); i++)
		if (strcmp(kind, yellow[i]) == 0)
			return TERM_YELLOW;
	return TERM_PLAIN;
}

static void
print(const struct follower *f, const struct store_entry *e)
{
	const char *kind = store_entry_value(e, "kind");
	char at[24];
	int indent = 18, used;

	if (f->ctl->wants_json) {
		json_finish(json_of_entry(e), JSON_COMPACT);
		return;
	}
	ctl_print_time(strtoll(store_entry_value(e, "at"), NULL, 10), at);
	printf("%s  ", at);
	term_begin(&f->term, colour_of(kind));
	used = term_put(&f->term, kind, KIND_COLUMNS);
	term_end(&f->term, colour_of(kind));
	term_pad(KIND_COLUMNS - used + 2);
	used = term_put(&f->term, store_entry_value(e, "issue"), 0);
	if (f->term.is_tty && f->term.columns < NARROW) {
		putchar('\n');
		term_pad(indent);
	} else {
		term_pad(ISSUE_COLUMNS - used + 2);
		indent += KIND_COLUMNS + 2 + ISSUE_COLUMNS + 2;
	}
	term_wrap(&f->term, store_entry_value(e, "text"), indent);
}

/* What is new in a tracker; *n_out: how many there were. */
static bool
print_new(struct follower *f, size_t t, int block_ms, size_t *n_out,
    struct fault *fault)
{
	struct store_entry *entries;
	size_t i;

	if (!store_alerts(f->ctl->store, ctl_tracker(f->ctl, t),
	    f->after[t], AT_ONCE, block_ms, &entries, n_out, fault))
		return false;
	for (i = 0; i < *n_out; i++)
		print(f, &entries[i]);
	if (*n_out > 0) {
		free(f->after[t]);
		f->after[t] = buf_strdup(entries[*n_out - 1].id);
	}
	store_free_entries(&entries, *n_out);
	fflush(stdout);
	return true;
}

static bool
print_all(struct follower *f, struct fault *fault)
{
	size_t t, got;

	for (t = 0; t < f->n; t++)
		do
			if (!print_new(f, t, 0, &got, fault))
				return false;
		while (got == AT_ONCE && is_over == 0);
	return true;
}

static void
pause_ms(long ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&time, NULL);
}

/* All trackers in turn.  Redis may go and come back; that is told once. */
static void
follow(struct follower *f)
{
	struct fault fault;
	size_t t, got;

	for (t = 0; is_over == 0 && ferror(stdout) == 0;
	    t = t + 1 < f->n ? t + 1 : 0) {
		if (print_new(f, t, BLOCK_MS, &got, &fault)) {
			if (f->is_away)
				fprintf(stderr, "embargoctl alerts: Redis "
				    "is back\n");
			f->is_away = false;
			continue;
		}
		if (is_over != 0)
			break;
		if (!f->is_away)
			fprintf(stderr, "embargoctl alerts: %s; waiting for "
			    "it\n", fault.text);
		f->is_away = true;
		pause_ms(RETRY_MS);
	}
}

static void
end(int number)
{
	(void)number;
	is_over = 1;
}

static void
catch_signals(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = end;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static int
run(struct follower *f, bool is_following)
{
	struct fault fault;
	bool ok;

	while (ctl_tracker(f->ctl, f->n) != NULL) {
		f->after = buf_realloc(f->after, f->n + 1, sizeof(*f->after));
		f->after[f->n++] = buf_strdup("0");
	}
	if (is_following)
		catch_signals();
	ok = print_all(f, &fault);
	if (ok && is_following)
		follow(f);
	while (f->n > 0)
		free(f->after[--f->n]);
	free(f->after);
	return ok ? EX_OK : ctl_fail(f->ctl, &fault);
}

int
cmd_alerts(struct ctl *ctl, int argc, char **argv)
{
	bool is_following = argc == 1 && strcmp(argv[0], "--follow") == 0;
	struct follower f = { .ctl = ctl };
	int code;

	if (argc > 1 || (argc == 1 && !is_following))
		return ctl_usage(ctl, "[--follow] [--list NAME] [--json]");
	code = ctl_open(ctl);
	term_look(&f.term);
	return code != EX_OK ? code : run(&f, is_following);
}
