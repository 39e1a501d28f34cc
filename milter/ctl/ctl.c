/*
 * ctl: what the subcommands share; see ctl.h.
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/civil.h"
#include "core/units.h"
#include "ctl/ctl.h"
#include "ctl/term.h"
#include "edge/conf.h"

int
ctl_fail(const struct ctl *ctl, const struct fault *fault)
{
	fprintf(stderr, "embargoctl %s: %s\n", ctl->command, fault->text);
	switch (fault->kind) {
	case FAULT_SITE:
		return EX_UNAVAILABLE;
	case FAULT_SENDER:
	case FAULT_MISSING:
		return CTL_NO;
	case FAULT_USAGE:
		return EX_USAGE;
	case FAULT_CONFIG:
		return EX_CONFIG;
	}
	return EX_SOFTWARE;
}

int
ctl_usage(const struct ctl *ctl, const char *what)
{
	fprintf(stderr, "usage: embargoctl [-c FILE] %s %s\n", ctl->command,
	    what);
	return EX_USAGE;
}

int
ctl_wrong(const struct ctl *ctl, const char *wrong, const char *what)
{
	if (wrong[0] == '\0')
		return ctl_usage(ctl, what);
	fprintf(stderr, "embargoctl %s: %s\n", ctl->command, wrong);
	return EX_USAGE;
}

int
ctl_open(struct ctl *ctl)
{
	struct fault fault;

	if (!conf_load(ctl->conf_path, &ctl->settings, &fault) ||
	    !store_new(&ctl->settings->redis, &ctl->store, &fault))
		return ctl_fail(ctl, &fault);
	if (ctl_tracker(ctl, 0) == NULL) {
		fprintf(stderr, "embargoctl: %s knows no list %s\n",
		    ctl->conf_path, ctl->list);
		return EX_USAGE;
	}
	return EX_OK;
}

void
ctl_close(struct ctl *ctl)
{
	store_free(&ctl->store);
	conf_free(&ctl->settings);
}

int
ctl_take_options(struct ctl *ctl, int *argc, char **argv)
{
	bool is_over = false;
	int i, kept = 0;

	for (i = 0; i < *argc; i++) {
		if (is_over)
			argv[kept++] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			is_over = true;
		else if (strcmp(argv[i], "--json") == 0)
			ctl->wants_json = true;
		else if (strcmp(argv[i], "--yes") == 0)
			ctl->is_sure = true;
		else if (strcmp(argv[i], "--list") == 0 && i + 1 < *argc)
			ctl->list = argv[++i];
		else
			argv[kept++] = argv[i];
	}
	*argc = kept;
	argv[kept] = NULL;
	return EX_OK;
}

static bool
is_asked_for(const struct ctl *ctl, size_t list)
{
	return ctl->list == NULL ||
	    strcmp(ctl->list, ctl->settings->lists[list].name) == 0;
}

/* Of the lists of one tracker the first stands for all. */
static bool
is_wanted(const struct ctl *ctl, size_t list)
{
	const struct settings *s = ctl->settings;
	size_t i;

	if (!is_asked_for(ctl, list))
		return false;
	for (i = 0; i < list; i++)
		if (is_asked_for(ctl, i) && strcmp(s->lists[i].tracker,
		    s->lists[list].tracker) == 0)
			return false;
	return true;
}

const char *
ctl_tracker(const struct ctl *ctl, size_t i)
{
	size_t n;

	for (n = 0; n < ctl->settings->nlists; n++)
		if (is_wanted(ctl, n) && i-- == 0)
			return ctl->settings->lists[n].tracker;
	return NULL;
}

const char *
ctl_find_issue(struct ctl *ctl, const char *id, struct issue *issue_out,
    int *code_out)
{
	const char *tracker;
	struct fault fault;
	size_t i;

	fault_set(&fault, FAULT_MISSING, "there is no issue %s", id);
	if (!issue_id_is_valid(text_span(id))) {
		fault_set(&fault, FAULT_MISSING,
		    "%s is not the id of an issue, as VS-2026-0007", id);
		*code_out = ctl_fail(ctl, &fault);
		return NULL;
	}
	for (i = 0; (tracker = ctl_tracker(ctl, i)) != NULL; i++) {
		if (store_load(ctl->store, tracker, id, issue_out, &fault))
			return tracker;
		if (fault.kind != FAULT_MISSING)
			break;
	}
	*code_out = ctl_fail(ctl, &fault);
	return NULL;
}

const struct list_settings *
ctl_list_of(const struct ctl *ctl, const struct issue *issue)
{
	const struct settings *s = ctl->settings;
	size_t i;

	for (i = 0; i < s->nlists; i++)
		if (strcmp(s->lists[i].name, issue->list) == 0)
			return &s->lists[i];
	return &s->lists[0];
}

/* As accounts are named: it is shown in terminals. */
static bool
is_account(const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++)
		if (!text_is_alnum((unsigned char)name[i]) &&
		    strchr("-_.@$", name[i]) == NULL)
			return false;
	return i > 0 && i <= 64;
}

const char *
ctl_operator(void)
{
	const char *name = getenv("SUDO_USER");
	struct passwd *pw;

	if (name != NULL && is_account(name))
		return name;
	pw = getpwuid(getuid());
	return pw == NULL ? "operator" : pw->pw_name;
}

void
ctl_print_time(int64_t at, char *dst)
{
	struct civil c;

	if (at == 0) {
		snprintf(dst, 24, "-");
		return;
	}
	civil_of(at, &c);
	snprintf(dst, 24, "%04d-%02d-%02d %02d:%02d", c.year % 10000,
	    c.month % 100, c.day % 100, c.hour % 100, c.minute % 100);
}

void
ctl_print_relative(int64_t at, int64_t now, char *dst)
{
	char span[32];

	if (at == 0) {
		snprintf(dst, 48, "-");
		return;
	}
	units_print_duration(at - now, span);
	snprintf(dst, 48, at >= now ? "in %s" : "%s ago", span);
}

const char *
ctl_colour(const char *escape)
{
	struct term term;

	term_look(&term);
	return term.has_colour ? escape : "";
}
