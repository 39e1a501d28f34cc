/*
 * store_dump: all that a tracker holds, piece by piece, and back; see store.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/store_key.h"

#define HASHES_AT_ONCE	64	/* of a table */
#define ALERTS_AT_ONCE	100
#define PAYLOAD_MAX	((size_t)256 * 1024 * 1024)

/* The parts of the walk, in their order. */
enum part {
	PART_HASHES,		/* those of hash_names */
	PART_ISSUES,
	PART_TABLES,
	PART_ALERTS,
	PART_GROUP,
	PART_OVER
};

static const char *const hash_names[] = { "counters", "keys", "refused" };

#define NHASHES (sizeof(hash_names) / sizeof(hash_names[0]))

struct store_walk {
	struct store	*store;
	char		*tracker;
	struct strings	 ids;
	struct strings	 tables;
	enum part	 part;
	size_t		 index;		/* within the part */
	int64_t		 first;		/* hash of a table */
	size_t		 done;
	char		*after;		/* the last entry of the alerts */
};

static const char *const kinds[] = { "issue", "hash", "table", "alerts",
    "group" };

const char *
store_piece_name(enum store_piece_kind kind)
{
	return kinds[kind];
}

static void
free_strings(struct strings *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
	memset(s, 0, sizeof(*s));
}

void
store_free_pieces(struct store_piece **pieces, size_t n)
{
	struct store_piece *p;
	size_t i, k;

	for (i = 0; *pieces != NULL && i < n; i++) {
		p = &(*pieces)[i];
		free(p->name);
		free_strings(&p->fields);
		free_strings(&p->scores);
		free_strings(&p->circle);
		for (k = 0; k < p->nlines; k++) {
			free(p->lines[k].id);
			free_strings(&p->lines[k].fields);
		}
		free(p->lines);
	}
	free(*pieces);
	*pieces = NULL;
}

static void
read_strings(const struct kv_reply *list, struct strings *out)
{
	size_t i;

	out->n = kv_count(list);
	out->v = buf_alloc_zero(out->n + 1, sizeof(*out->v));
	for (i = 0; i < out->n; i++)
		out->v[i] = buf_strndup(kv_text(kv_at(list, i)));
}

static void
read_piece(const struct kv_reply *reply, enum store_piece_kind kind,
    struct store_piece *out)
{
	const struct kv_reply *lines = kv_at(reply, 5);
	size_t i;

	out->kind = kind;
	out->name = buf_strndup(kv_text(kv_at(reply, 0)));
	out->expires_at = kv_number(kv_at(reply, 1));
	read_strings(kv_at(reply, 2), &out->fields);
	read_strings(kv_at(reply, 3), &out->scores);
	read_strings(kv_at(reply, 4), &out->circle);
	out->nlines = kv_count(lines);
	out->lines = buf_alloc_zero(out->nlines + 1, sizeof(*out->lines));
	for (i = 0; i < out->nlines; i++) {
		out->lines[i].id = buf_strndup(kv_text(kv_at(kv_at(lines, i),
		    0)));
		read_strings(kv_at(kv_at(lines, i), 1),
		    &out->lines[i].fields);
	}
}

/* The words of dump.lua; number < 0: none. */
static bool
dump(struct store_walk *walk, const char *what, const char *name,
    int64_t number, int64_t count, struct kv_reply **reply_out,
    struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;

	store_begin(walk->store, walk->tracker, key, &command);
	kv_add(&command, what);
	kv_add(&command, name);
	if (number >= 0)
		kv_add_number(&command, number);
	kv_add_number(&command, count);
	return store_eval(walk->store, STORE_DUMP, &command, reply_out,
	    fault);
}

static bool
list_names(struct store_walk *walk, const char *what, struct strings *out,
    struct fault *fault)
{
	struct kv_reply *reply;

	if (!dump(walk, what, "", -1, 0, &reply, fault))
		return false;
	read_strings(reply, out);
	kv_reply_free(&reply);
	return true;
}

bool
store_walk_new(struct store *store, const char *tracker,
    struct store_walk **walk_out, struct fault *fault)
{
	struct store_walk *walk = buf_alloc_zero(1, sizeof(*walk));

	walk->store = store;
	walk->tracker = buf_strdup(tracker);
	walk->after = buf_strdup("0-0");
	if (!list_names(walk, "ids", &walk->ids, fault) ||
	    !list_names(walk, "tables", &walk->tables, fault)) {
		store_walk_free(&walk);
		return false;
	}
	*walk_out = walk;
	return true;
}

void
store_walk_free(struct store_walk **walk)
{
	struct store_walk *w = *walk;

	*walk = NULL;
	if (w == NULL)
		return;
	free(w->tracker);
	free(w->after);
	free_strings(&w->ids);
	free_strings(&w->tables);
	free(w);
}

size_t
store_walk_done(const struct store_walk *walk)
{
	return walk->done;
}

static bool
ask_step(struct store_walk *walk, struct kv_reply **reply_out,
    struct fault *fault)
{
	size_t i = walk->index;

	switch (walk->part) {
	case PART_HASHES:
		return dump(walk, "hash", hash_names[i], -1, 0, reply_out,
		    fault);
	case PART_ISSUES:
		return dump(walk, "issue", walk->ids.v[i], -1, 0, reply_out,
		    fault);
	case PART_TABLES:
		return dump(walk, "table", walk->tables.v[i], walk->first,
		    HASHES_AT_ONCE, reply_out, fault);
	case PART_ALERTS:
		return dump(walk, "alerts", walk->after, -1, ALERTS_AT_ONCE,
		    reply_out, fault);
	case PART_GROUP:
	case PART_OVER:
		break;
	}
	return dump(walk, "group", "", -1, 0, reply_out, fault);
}

static enum store_piece_kind
kind_of(enum part part)
{
	switch (part) {
	case PART_ISSUES:
		return STORE_PIECE_ISSUE;
	case PART_TABLES:
		return STORE_PIECE_TABLE;
	case PART_ALERTS:
		return STORE_PIECE_ALERTS;
	case PART_GROUP:
		return STORE_PIECE_GROUP;
	case PART_HASHES:
	case PART_OVER:
		break;
	}
	return STORE_PIECE_HASH;
}

/* How many things a part has. */
static size_t
count_things(const struct store_walk *walk)
{
	switch (walk->part) {
	case PART_HASHES:
		return NHASHES;
	case PART_ISSUES:
		return walk->ids.n;
	case PART_TABLES:
		return walk->tables.n;
	case PART_ALERTS:
	case PART_GROUP:
	case PART_OVER:
		break;
	}
	return 1;
}

/* To the next step; tables and alerts go on while there are some. */
static void
advance(struct store_walk *walk, const struct kv_reply *reply)
{
	const struct kv_reply *lines = kv_at(kv_at(reply, 0), 5);

	walk->done++;
	if (walk->part == PART_TABLES && kv_count(reply) > 0) {
		walk->first += HASHES_AT_ONCE;
		return;
	}
	if (walk->part == PART_ALERTS && kv_count(reply) > 0) {
		free(walk->after);
		walk->after = buf_strndup(kv_text(kv_at(kv_at(lines,
		    kv_count(lines) - 1), 0)));
		return;
	}
	walk->index++;
	walk->first = 0;
	while (walk->part != PART_OVER && walk->index >= count_things(walk)) {
		walk->part = (enum part)(walk->part + 1);
		walk->index = 0;
	}
}

bool
store_walk_next(struct store_walk *walk, struct store_piece **pieces_out,
    size_t *n_out, bool *is_over_out, struct fault *fault)
{
	const struct kv_reply *one;
	struct kv_reply *reply;
	size_t i;

	*pieces_out = NULL;
	*n_out = 0;
	*is_over_out = walk->part == PART_OVER;
	if (*is_over_out)
		return true;
	if (!ask_step(walk, &reply, fault))
		return false;
	*pieces_out = buf_alloc_zero(kv_count(reply) + 1,
	    sizeof(**pieces_out));
	for (i = 0; i < kv_count(reply); i++) {
		one = kv_at(reply, i);
		if (kv_count(kv_at(one, 2)) + kv_count(kv_at(one, 5)) > 0)
			read_piece(one, kind_of(walk->part),
			    &(*pieces_out)[(*n_out)++]);
	}
	advance(walk, reply);
	kv_reply_free(&reply);
	return true;
}

/* As restore.lua reads it. */
static bool
add_text(struct buf *out, const char *text)
{
	return buf_print(out, "%zu:%s", strlen(text), text);
}

static bool
add_count(struct buf *out, size_t n)
{
	char number[24];

	snprintf(number, sizeof(number), "%zu", n);
	return add_text(out, number);
}

static bool
add_strings(struct buf *out, const struct strings *list)
{
	bool ok = add_count(out, list->n);
	size_t i;

	for (i = 0; ok && i < list->n; i++)
		ok = add_text(out, list->v[i]);
	return ok;
}

static bool
add_piece(struct buf *out, const struct store_piece *p)
{
	bool ok = add_strings(out, &p->fields) &&
	    add_strings(out, &p->scores) && add_strings(out, &p->circle) &&
	    add_count(out, p->nlines);
	size_t i;

	for (i = 0; ok && i < p->nlines; i++)
		ok = add_text(out, p->lines[i].id) &&
		    add_strings(out, &p->lines[i].fields);
	return ok;
}

static const char *
mode_name(enum store_restore_mode mode)
{
	switch (mode) {
	case STORE_COMPARE:
		return "look";
	case STORE_FILL:
		return "add";
	case STORE_REPLACE:
		return "replace";
	}
	return "look";
}

static bool
restore(struct store *store, const char *tracker,
    const struct store_piece *piece, enum store_restore_mode mode,
    struct span payload, struct kv_reply **reply_out, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;

	store_begin(store, tracker, key, &command);
	kv_add(&command, mode_name(mode));
	kv_add(&command, store_piece_name(piece->kind));
	kv_add(&command, piece->name);
	kv_add_number(&command, piece->expires_at);
	kv_add_span(&command, payload);
	return store_eval(store, STORE_RESTORE, &command, reply_out, fault);
}

bool
store_restore(struct store *store, const char *tracker,
    const struct store_piece *piece, enum store_restore_mode mode,
    enum store_before *before_out, size_t *late_out, struct fault *fault)
{
	struct kv_reply *reply;
	struct span before;
	struct buf payload;
	bool ok;

	buf_init(&payload, PAYLOAD_MAX);
	ok = add_piece(&payload, piece);
	if (!ok)
		fault_set(fault, FAULT_USAGE, "%s: too large", piece->name);
	ok = ok && restore(store, tracker, piece, mode, buf_span(&payload),
	    &reply, fault);
	buf_clear(&payload);
	if (!ok)
		return false;
	before = kv_text(kv_at(reply, 0));
	*before_out = text_is(before, "absent") ? STORE_ABSENT :
	    text_is(before, "same") ? STORE_SAME : STORE_DIFFERS;
	*late_out = (size_t)kv_number(kv_at(reply, 1));
	kv_reply_free(&reply);
	return true;
}
