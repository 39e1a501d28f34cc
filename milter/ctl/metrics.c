/*
 * metrics: numbers for Prometheus, in its text format 0.0.4.
 *
 * Numbers, trackers and reasons only: no issue, no date, no address.
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "core/escape.h"
#include "ctl/ctl.h"
#include "ctl/json.h"
#include "edge/clock.h"

enum family {
	BUILD_INFO, OPEN, OVERDUE, DATELESS, NEEDS_HUMAN, OPENED, ACCEPTED,
	RETRIED, REFUSED, WOULD_REJECT, QUARANTINED, LAST_PASS, MAIL_BACKLOG,
	IS_MASTER, HAS_AOF, IS_EVICTING, FAMILY_COUNT
};

static const struct family_row {
	const char	*name, *type, *help;
} families[FAMILY_COUNT] = {
	[BUILD_INFO] = { "embargo_build_info", "gauge",
	    "The version of embargoctl, as a label; always 1." },
	[OPEN] = { "embargo_issues_open", "gauge",
	    "Issues that are embargoed or semi-public." },
	[OVERDUE] = { "embargo_issues_overdue", "gauge",
	    "Open issues whose embargo date has passed." },
	[DATELESS] = { "embargo_issues_dateless", "gauge",
	    "Open issues without an embargo date." },
	[NEEDS_HUMAN] = { "embargo_issues_need_human", "gauge",
	    "Open issues whose date a person has to settle." },
	[OPENED] = { "embargo_issues_opened_total", "counter",
	    "Issues opened." },
	[ACCEPTED] = { "embargo_messages_accepted_total", "counter",
	    "Messages to lists that were recorded." },
	[RETRIED] = { "embargo_messages_retried_total", "counter",
	    "Messages that came again." },
	[REFUSED] = { "embargo_messages_refused_total", "counter",
	    "Messages refused, by reason." },
	[WOULD_REJECT] = { "embargo_messages_would_reject_total", "counter",
	    "Messages that a trial run let pass, by reason." },
	[QUARANTINED] = { "embargo_messages_quarantined_total", "counter",
	    "Messages held by the MTA, by reason." },
	[LAST_PASS] = { "embargo_warnd_last_pass_timestamp_seconds", "gauge",
	    "When embargo-warnd last finished a pass; 0 for never." },
	[MAIL_BACKLOG] = { "embargo_alert_mail_backlog_seconds", "gauge",
	    "Age of the oldest alert that was not mailed; 0 when none "
	    "waits." },
	[IS_MASTER] = { "embargo_redis_master", "gauge",
	    "1 when Redis is a master." },
	[HAS_AOF] = { "embargo_redis_append_only", "gauge",
	    "1 when Redis writes its append-only file." },
	[IS_EVICTING] = { "embargo_redis_evicting", "gauge",
	    "1 when Redis may evict keys, which loses issues." },
};

struct sample {
	enum family	 family;
	const char	*label, *value;	/* besides the tracker; or NULL */
	const char	*tracker;	/* or NULL */
	int64_t		 number;
};

struct samples {
	struct sample	*v;
	size_t		 n;
};

static void
add(struct samples *s, enum family family, const char *tracker,
    const char *label, const char *value, int64_t number)
{
	if (s->n % 64 == 0)
		s->v = buf_realloc(s->v, s->n + 64, sizeof(*s->v));
	s->v[s->n++] = (struct sample){ family, label, value, tracker,
	    number };
}

static int64_t
number_of(const struct store_entry *counters, const char *name)
{
	return strtoll(store_entry_value(counters, name), NULL, 10);
}

/* Each reason from the beginning on, so that its first time is an increase. */
static void
add_reasons(struct samples *s, const struct store_entry *counters,
    const char *tracker)
{
	static const struct {
		enum family	 family;
		const char	*prefix;
	} kinds[] = {
		{ REFUSED, "refused" }, { WOULD_REJECT, "would-reject" },
		{ QUARANTINED, "quarantined" },
	};
	const struct reason_row *row;
	char name[80];
	size_t k;
	int i;

	for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (i = 0; i < REASON_COUNT; i++) {
			row = verdict_row((enum reason)i);
			if (row->verdict != VERDICT_REJECT)
				continue;
			snprintf(name, sizeof(name), "%s:%s", kinds[k].prefix,
			    row->name);
			add(s, kinds[k].family, tracker, "reason", row->name,
			    number_of(counters, name));
		}
}

static void
add_counters(struct samples *s, const struct store_entry *counters,
    const char *tracker)
{
	int64_t opened = 0;
	size_t i;

	for (i = 0; i < counters->n; i++)
		if (strncmp(counters->names[i], "issues:", 7) == 0)
			opened += strtoll(counters->values[i], NULL, 10);
	add(s, OPENED, tracker, NULL, NULL, opened);
	add(s, ACCEPTED, tracker, NULL, NULL,
	    number_of(counters, "accepted"));
	add(s, RETRIED, tracker, NULL, NULL, number_of(counters, "retried"));
	add_reasons(s, counters, tracker);
}

static void
add_health(struct samples *s, const struct store_health *h,
    const char *tracker)
{
	add(s, OPEN, tracker, NULL, NULL, h->open);
	add(s, OVERDUE, tracker, NULL, NULL, h->overdue);
	add(s, DATELESS, tracker, NULL, NULL, h->dateless);
	add(s, LAST_PASS, tracker, NULL, NULL, h->last_pass_at);
	add(s, MAIL_BACKLOG, tracker, NULL, NULL,
	    h->backlog_secs < 0 ? 0 : h->backlog_secs);
	add(s, IS_MASTER, tracker, NULL, NULL, h->is_master);
	add(s, HAS_AOF, tracker, NULL, NULL, h->has_aof);
	add(s, IS_EVICTING, tracker, NULL, NULL, h->is_evicting);
}

static bool
add_tracker(struct ctl *ctl, const char *tracker, struct samples *s,
    struct fault *fault)
{
	struct store_entry *counters;
	struct store_health health;
	struct issue *issues;
	int64_t waiting = 0;
	size_t i, n;

	if (!store_health(ctl->store, tracker, clock_now(), &health, fault) ||
	    !store_list(ctl->store, tracker, STORE_OPEN, &issues, &n, fault))
		return false;
	for (i = 0; i < n; i++)
		waiting += issues[i].needs_human;
	store_free_issues(&issues, n);
	if (!store_counters(ctl->store, tracker, &counters, &n, fault))
		return false;
	add_health(s, &health, tracker);
	add(s, NEEDS_HUMAN, tracker, NULL, NULL, waiting);
	add_counters(s, counters, tracker);
	store_free_entries(&counters, n);
	return true;
}

/* ---- the text format ---- */

static void
put_label(const char *name, const char *value, const char *before)
{
	struct buf out;

	buf_init(&out, 4096);
	(void)!escape_label(text_span(value), &out);	/* or cut */
	printf("%s%s=\"%.*s\"", before, name, (int)out.len,
	    out.len == 0 ? "" : (const char *)out.data);
	buf_clear(&out);
}

static void
put_sample(const struct sample *sample)
{
	bool has_both = sample->tracker != NULL && sample->label != NULL;

	printf("%s{", families[sample->family].name);
	if (sample->tracker != NULL)
		put_label("tracker", sample->tracker, "");
	if (sample->label != NULL)
		put_label(sample->label, sample->value, has_both ? "," : "");
	printf("} %" PRId64 "\n", sample->number);
}

static void
put_text(const struct samples *s)
{
	size_t i;
	int f;

	for (f = 0; f < FAMILY_COUNT; f++) {
		printf("# HELP %s %s\n# TYPE %s %s\n", families[f].name,
		    families[f].help, families[f].name, families[f].type);
		for (i = 0; i < s->n; i++)
			if (s->v[i].family == (enum family)f)
				put_sample(&s->v[i]);
	}
}

static void
put_json(const struct samples *s)
{
	json_t *array = json_array(), *labels;
	const struct sample *sample;
	size_t i;

	for (i = 0; i < s->n; i++) {
		sample = &s->v[i];
		labels = json_object();
		if (sample->tracker != NULL)
			json_object_set_new(labels, "tracker",
			    json_of_text(sample->tracker));
		if (sample->label != NULL)
			json_object_set_new(labels, sample->label,
			    json_of_text(sample->value));
		json_array_append_new(array, json_pack("{ss ss so sI}",
		    "name", families[sample->family].name,
		    "type", families[sample->family].type,
		    "labels", labels, "value", (json_int_t)sample->number));
	}
	json_finish(array, JSON_INDENT(2));
}

/* All is read before the first line is written: no half answers. */
int
cmd_metrics(struct ctl *ctl, int argc, char **argv)
{
	struct samples samples = { NULL, 0 };
	const char *tracker;
	struct fault fault;
	size_t t;
	int code;

	(void)argv;
	if (argc != 0)
		return ctl_usage(ctl, "[--list NAME] [--json]");
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	add(&samples, BUILD_INFO, NULL, "version", PACKAGE_VERSION, 1);
	for (t = 0; (tracker = ctl_tracker(ctl, t)) != NULL; t++)
		if (!add_tracker(ctl, tracker, &samples, &fault)) {
			free(samples.v);
			return ctl_fail(ctl, &fault);
		}
	if (ctl->wants_json)
		put_json(&samples);
	else
		put_text(&samples);
	free(samples.v);
	return EX_OK;
}
