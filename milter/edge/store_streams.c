/*
 * store_streams: alerts, logs and the health of the store; see store.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/store_key.h"

void
store_fill_entry(struct span id, const struct kv_reply *flat,
    struct store_entry *out)
{
	size_t i;

	memset(out, 0, sizeof(*out));
	out->id = buf_strndup(id);
	for (i = 0; i + 1 < kv_count(flat) && out->n < STORE_MAX_FIELDS;
	    i += 2) {
		out->names[out->n] = buf_strndup(kv_text(kv_at(flat, i)));
		out->values[out->n++] =
		    buf_strndup(kv_text(kv_at(flat, i + 1)));
	}
}

static void
read_entries(const struct kv_reply *reply, struct store_entry **entries_out,
    size_t *n_out)
{
	size_t i;

	*n_out = kv_count(reply);
	*entries_out = buf_alloc_zero(*n_out + 1, sizeof(**entries_out));
	for (i = 0; i < *n_out; i++)
		store_fill_entry(kv_text(kv_at(kv_at(reply, i), 0)),
		    kv_at(kv_at(reply, i), 1), &(*entries_out)[i]);
}

bool
store_alerts(struct store *store, const char *tracker, const char *after,
    size_t max, int block_ms, struct store_entry **entries_out,
    size_t *n_out, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;
	struct kv_reply *reply;

	store_key(store, tracker, "alerts", key);
	kv_begin(&command);
	kv_add(&command, "XREAD");
	kv_add(&command, "COUNT");
	kv_add_number(&command, (int64_t)max);
	if (block_ms > 0) {
		kv_add(&command, "BLOCK");
		kv_add_number(&command, block_ms);
	}
	kv_add(&command, "STREAMS");
	kv_add(&command, key);
	kv_add(&command, after);
	if (!kv_call(store->kv, &command, block_ms, &reply, fault))
		return false;
	/* nil, or one stream: its name and its entries */
	read_entries(kv_at(kv_at(reply, 0), 1), entries_out, n_out);
	kv_reply_free(&reply);
	return true;
}

bool
store_log(struct store *store, const char *tracker, const char *id,
    struct store_entry **entries_out, size_t *n_out, struct fault *fault)
{
	char key[STORE_KEY_SIZE], name[ISSUE_ID_SIZE + 8] = "log:";
	struct kv_command command;
	struct kv_reply *reply;

	text_print(text_span(id), name + 4, ISSUE_ID_SIZE);
	store_key(store, tracker, name, key);
	kv_begin(&command);
	kv_add(&command, "XRANGE");
	kv_add(&command, key);
	kv_add(&command, "-");
	kv_add(&command, "+");
	if (!kv_call(store->kv, &command, 0, &reply, fault))
		return false;
	read_entries(reply, entries_out, n_out);
	kv_reply_free(&reply);
	return true;
}

void
store_free_entries(struct store_entry **entries, size_t n)
{
	size_t i, k;

	if (*entries == NULL)
		return;
	for (i = 0; i < n; i++) {
		free((*entries)[i].id);
		for (k = 0; k < (*entries)[i].n; k++) {
			free((*entries)[i].names[k]);
			free((*entries)[i].values[k]);
		}
	}
	free(*entries);
	*entries = NULL;
}

const char *
store_entry_value(const struct store_entry *entry, const char *name)
{
	size_t i;

	for (i = 0; i < entry->n; i++)
		if (strcmp(entry->names[i], name) == 0)
			return entry->values[i];
	return "";
}

/* A command of words only; the array ends with NULL. */
static bool
ask(struct store *store, const char *const *words, struct kv_reply **out,
    struct fault *fault)
{
	struct kv_command command;

	kv_begin(&command);
	for (; *words != NULL; words++)
		kv_add(&command, *words);
	return kv_call(store->kv, &command, 0, out, fault);
}

static bool
ask_number(struct store *store, const char *const *words,
    int64_t *number_out, struct fault *fault)
{
	struct kv_reply *reply;

	if (!ask(store, words, &reply, fault))
		return false;
	*number_out = kv_number(reply);
	kv_reply_free(&reply);
	return true;
}

bool
store_counters(struct store *store, const char *tracker,
    struct store_entry **entries_out, size_t *n_out, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	const char *const words[] = { "HGETALL", key, NULL };
	struct kv_reply *reply;

	store_key(store, tracker, "counters", key);
	if (!ask(store, words, &reply, fault))
		return false;
	*n_out = 1;
	*entries_out = buf_alloc_zero(1, sizeof(**entries_out));
	store_fill_entry(text_span(""), reply, *entries_out);
	kv_reply_free(&reply);
	return true;
}

bool
store_passed(struct store *store, const char *tracker, int64_t now,
    struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;
	struct kv_reply *reply;

	store_key(store, tracker, "counters", key);
	kv_begin(&command);
	kv_add(&command, "HSET");
	kv_add(&command, key);
	kv_add(&command, "last_pass_at");
	kv_add_number(&command, now);
	if (!kv_call(store->kv, &command, 0, &reply, fault))
		return false;
	kv_reply_free(&reply);
	return true;
}

/* The value in INFO's "name:value" line; "" without it. */
static struct span
info_value(struct span info, const char *name)
{
	size_t len = strlen(name);
	struct span line;

	while (text_next_line(&info, &line))
		if (text_starts(line, name) && line.len > len &&
		    line.data[len] == ':')
			return text_trim(text_sub(line, len + 1, line.len));
	return text_span("");
}

static int64_t
info_number(struct span info, const char *name)
{
	char text[24];

	text_print(info_value(info, name), text, sizeof(text));
	return strtoll(text, NULL, 10);
}

static bool
read_info(struct store *store, struct store_health *out,
    struct fault *fault)
{
	static const char *const words[] = { "INFO", NULL };
	struct kv_reply *reply;
	struct span info;

	if (!ask(store, words, &reply, fault))
		return false;
	info = kv_text(reply);
	out->is_master = text_is(info_value(info, "role"), "master");
	out->has_aof = info_number(info, "aof_enabled") == 1;
	out->is_evicting = !text_is(info_value(info, "maxmemory_policy"),
	    "noeviction");
	out->is_failing = text_is(info_value(info, "aof_last_write_status"),
	    "err") || text_is(info_value(info, "rdb_last_bgsave_status"),
	    "err");
	text_print(info_value(info, "redis_version"), out->version,
	    sizeof(out->version));
	out->used_bytes = info_number(info, "used_memory");
	out->max_bytes = info_number(info, "maxmemory");
	out->replicas = info_number(info, "connected_slaves");
	kv_reply_free(&reply);
	return true;
}

/* What an account may not ask for stays unknown. */
static void
read_fsync(struct store *store, struct store_health *out)
{
	static const char *const words[] = { "CONFIG", "GET", "appendfsync",
	    NULL };
	struct kv_reply *reply;
	struct fault ignored;

	if (!ask(store, words, &reply, &ignored))
		return;
	text_print(kv_value_of(reply, "appendfsync"), out->fsync,
	    sizeof(out->fsync));
	kv_reply_free(&reply);
}

static bool
read_clock(struct store *store, int64_t now, struct store_health *out,
    struct fault *fault)
{
	static const char *const words[] = { "TIME", NULL };
	struct kv_reply *reply;
	char text[24];

	if (!ask(store, words, &reply, fault))
		return false;
	text_print(kv_text(kv_at(reply, 0)), text, sizeof(text));
	out->ahead_secs = strtoll(text, NULL, 10) - now;
	kv_reply_free(&reply);
	return true;
}

bool
store_health(struct store *store, const char *tracker, int64_t now,
    struct store_health *out, struct fault *fault)
{
	char counters[STORE_KEY_SIZE], schema[STORE_KEY_SIZE];
	char due[STORE_KEY_SIZE], until[24];
	const char *const last[] = { "HGET", counters, "last_pass_at", NULL };
	const char *const version[] = { "GET", schema, NULL };
	const char *const open[] = { "ZCARD", due, NULL };
	const char *const over[] = { "ZCOUNT", due, "-inf", until, NULL };
	const char *const without[] = { "ZCOUNT", due, "+inf", "+inf", NULL };

	memset(out, 0, sizeof(*out));
	store_key(store, tracker, "counters", counters);
	store_key(store, tracker, "schema", schema);
	store_key(store, tracker, "due", due);
	snprintf(until, sizeof(until), "%" PRId64, now);
	read_fsync(store, out);
	if (!read_clock(store, now, out, fault) ||
	    !read_info(store, out, fault) ||
	    !ask_number(store, last, &out->last_pass_at, fault) ||
	    !ask_number(store, version, &out->schema, fault) ||
	    !ask_number(store, open, &out->open, fault) ||
	    !ask_number(store, over, &out->overdue, fault) ||
	    !ask_number(store, without, &out->dateless, fault))
		return false;
	return store_backlog(store, tracker, &out->backlog_secs, fault);
}
