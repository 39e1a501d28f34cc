/*
 * stats: how long embargoes were, for publication.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/period.h"
#include "ctl/issues.h"
#include "ctl/stats_view.h"
#include "edge/clock.h"

static const char synopsis[] = "[--from DATE] [--to DATE] "
    "[--csv | --html | --json | --wiki] [--list NAME]";

static const struct shape {
	const char	*option;
	void		(*put)(const struct stats_view *view);
} shapes[] = {
	{ "--csv", stats_put_csv },
	{ "--html", stats_put_page },
	{ "--wiki", stats_put_wiki },
};

struct request {
	const char	*from, *to;		/* or NULL */
	void		(*put)(const struct stats_view *view);
};

static bool
take_shape(const char *word, struct request *request)
{
	size_t i;

	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (strcmp(word, shapes[i].option) == 0 &&
		    request->put == NULL) {
			request->put = shapes[i].put;
			return true;
		}
	return false;
}

static bool
parse(const struct ctl *ctl, int argc, char **argv, struct request *request)
{
	int i;

	if (ctl->wants_json)
		request->put = stats_put_json;
	for (i = 0; i < argc; i++)
		if (strcmp(argv[i], "--from") == 0 && i + 1 < argc)
			request->from = argv[++i];
		else if (strcmp(argv[i], "--to") == 0 && i + 1 < argc)
			request->to = argv[++i];
		else if (!take_shape(argv[i], request))
			return false;
	if (request->put == NULL)
		request->put = stats_put_text;
	return true;
}

/* A year, month or day: all of it is meant.  Else a time, as in mail. */
static bool
parse_time(const char *text, int64_t now, bool is_end, int64_t *at_out)
{
	int64_t from, until;
	struct crd crd;

	if (period_parse(text_span(text), &from, &until)) {
		*at_out = is_end ? until : from;
		return true;
	}
	crd_parse_operator(text_span(text), now, 0, &crd);
	*at_out = crd.at;
	return crd.kind == CRD_DATE;
}

static int
refuse(const struct ctl *ctl, const char *option, const char *text)
{
	fprintf(stderr, "embargoctl %s: %s %s is no date; accepted: 2026, "
	    "2026-11, 2026-11-25, \"2026-11-25 14:00 UTC\"\n", ctl->command,
	    option, text);
	return EX_USAGE;
}

/* Nothing is told of what is still to come, whatever is asked for. */
static int
look(const struct ctl *ctl, const struct request *request, int64_t now,
    int64_t *from_out, int64_t *until_out)
{
	*from_out = 0;
	*until_out = now;
	if (request->from != NULL &&
	    !parse_time(request->from, now, false, from_out))
		return refuse(ctl, "--from", request->from);
	if (request->to != NULL &&
	    !parse_time(request->to, now, true, until_out))
		return refuse(ctl, "--to", request->to);
	if (*until_out > now)
		*until_out = now;
	if (*from_out >= *until_out)
		return ctl_wrong(ctl, "--from is not before --to, or not in "
		    "the past", synopsis);
	return EX_OK;
}

int
cmd_stats(struct ctl *ctl, int argc, char **argv)
{
	struct request request = { NULL, NULL, NULL };
	struct stats_view view = { .list = ctl->list, .now = clock_now() };
	struct issues issues;
	struct stats stats;
	int64_t from, until;
	size_t i;
	int code;

	if (!parse(ctl, argc, argv, &request))
		return ctl_usage(ctl, synopsis);
	code = look(ctl, &request, view.now, &from, &until);
	if (code == EX_OK)
		code = issues_load(ctl, STORE_ALL, &issues);
	if (code != EX_OK)
		return code;
	stats_init(&stats, from, until);
	for (i = 0; i < issues.n; i++)
		stats_add(&stats, issues.rows[i].issue,
		    issues.rows[i].list->embargo.max_secs);
	issues_clear(&issues);
	stats_finish(&stats);
	view.stats = &stats;
	request.put(&view);
	stats_clear(&stats);
	return EX_OK;
}
