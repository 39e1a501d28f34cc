/*
 * piece: a piece of a tracker as JSON; see piece.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "ctl/piece.h"

static json_t *
hex_of(const char *text)
{
	size_t len = strlen(text), i;
	char *hex = buf_alloc(2 * len + 1);
	json_t *object;

	for (i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned char)text[i]);
	hex[2 * len] = '\0';
	object = json_pack("{ss}", "hex", hex);
	free(hex);
	return object;
}

static json_t *
json_of_bytes(const char *text)
{
	json_t *value = json_string(text);

	return value == NULL ? hex_of(text) : value;
}

/* Names, which are ours and ASCII, and values. */
static json_t *
json_of_map(const struct strings *flat)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i + 1 < flat->n; i += 2)
		json_object_set_new(object, flat->v[i],
		    json_of_bytes(flat->v[i + 1]));
	return object;
}

static json_t *
json_of_list(const struct strings *list)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < list->n; i++)
		json_array_append_new(array, json_of_bytes(list->v[i]));
	return array;
}

static json_t *
json_of_lines(const struct store_piece *piece)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < piece->nlines; i++)
		json_array_append_new(array, json_pack("{ss so}", "id",
		    piece->lines[i].id, "fields",
		    json_of_map(&piece->lines[i].fields)));
	return array;
}

json_t *
piece_to_json(const struct store_piece *piece, const char *tracker)
{
	json_t *object = json_pack("{ss ss ss}", "tracker", tracker, "kind",
	    store_piece_name(piece->kind), "name", piece->name);

	if (piece->expires_at != 0)
		json_object_set_new(object, "expires_at",
		    json_integer(piece->expires_at));
	if (piece->fields.n > 0)
		json_object_set_new(object, "fields",
		    json_of_map(&piece->fields));
	if (piece->scores.n > 0)
		json_object_set_new(object, "scores",
		    json_of_map(&piece->scores));
	if (piece->circle.n > 0)
		json_object_set_new(object, "circle",
		    json_of_list(&piece->circle));
	if (piece->nlines > 0)
		json_object_set_new(object, piece->kind ==
		    STORE_PIECE_ISSUE ? "log" : "entries",
		    json_of_lines(piece));
	return object;
}

static int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* NULL when it is neither a string nor hexadecimal. */
static char *
text_of(const json_t *value)
{
	const char *hex = json_string_value(json_object_get(value, "hex"));
	size_t len = hex == NULL ? 0 : strlen(hex), i;
	char *text;

	if (json_is_string(value))
		return buf_strdup(json_string_value(value));
	if (hex == NULL || len % 2 != 0)
		return NULL;
	text = buf_alloc(len / 2 + 1);
	for (i = 0; i < len / 2; i++) {
		if (digit_of(hex[2 * i]) < 0 || digit_of(hex[2 * i + 1]) < 0) {
			free(text);
			return NULL;
		}
		text[i] = (char)(digit_of(hex[2 * i]) * 16 +
		    digit_of(hex[2 * i + 1]));
	}
	text[i] = '\0';
	return text;
}

static bool
add(struct strings *list, char *text)
{
	if (text == NULL)
		return false;
	list->v = buf_realloc(list->v, list->n + 1, sizeof(*list->v));
	list->v[list->n++] = text;
	return true;
}

/* One that is not there is empty. */
static bool
read_map(const json_t *object, struct strings *out)
{
	const char *name;
	json_t *value, *map = (json_t *)(uintptr_t)object;

	if (object != NULL && !json_is_object(object))
		return false;
	json_object_foreach(map, name, value)
		if (!add(out, buf_strdup(name)) || !add(out, text_of(value)))
			return false;
	return true;
}

static bool
read_list(const json_t *array, struct strings *out)
{
	size_t i;

	if (array != NULL && !json_is_array(array))
		return false;
	for (i = 0; i < json_array_size(array); i++)
		if (!add(out, text_of(json_array_get(array, i))))
			return false;
	return true;
}

static bool
read_lines(const json_t *array, struct store_piece *piece)
{
	size_t n = json_array_size(array), i;
	const json_t *line;
	const char *id;

	if (array != NULL && !json_is_array(array))
		return false;
	piece->lines = buf_alloc_zero(n + 1, sizeof(*piece->lines));
	for (i = 0; i < n; i++) {
		line = json_array_get(array, i);
		id = json_string_value(json_object_get(line, "id"));
		if (id == NULL || id[0] < '0' || id[0] > '9' ||
		    strspn(id, "0123456789-") != strlen(id))
			return false;
		piece->lines[piece->nlines++].id = buf_strdup(id);
		if (!read_map(json_object_get(line, "fields"),
		    &piece->lines[i].fields) || piece->lines[i].fields.n == 0)
			return false;
	}
	return true;
}

/* Only what an export writes: nothing else of Redis is touched. */
static bool
is_name_good(enum store_piece_kind kind, const char *name)
{
	switch (kind) {
	case STORE_PIECE_ISSUE:
		return issue_id_is_valid(text_span(name));
	case STORE_PIECE_HASH:
		return strcmp(name, "counters") == 0 ||
		    strcmp(name, "keys") == 0 || strcmp(name, "refused") == 0;
	case STORE_PIECE_TABLE:
		return strcmp(name, "msg") == 0 ||
		    (strncmp(name, "seal:", 5) == 0 && strlen(name) < 20 &&
		    strspn(name + 5, "0123456789") == strlen(name + 5));
	case STORE_PIECE_ALERTS:
		return strcmp(name, "alerts") == 0;
	case STORE_PIECE_GROUP:
		return strcmp(name, "mail") == 0;
	case STORE_PIECE_KINDS:
		break;
	}
	return false;
}

static bool
is_hex(const char *text, size_t len)
{
	return strlen(text) >= len && strspn(text, "0123456789abcdef") >= len;
}

/* "VS-2026-0007:", and of a message that was seen a digest and a letter. */
static bool
is_message(const char *value)
{
	const char *colon = strchr(value, ':');
	struct span id = text_span(value);

	if (colon == NULL)
		return false;
	id.len = (size_t)(colon - value);
	return issue_id_is_valid(id) && (colon[1] == '\0' ||
	    (is_hex(colon + 1, 16) && strlen(colon) == 18 &&
	    strchr("nrm", colon[17]) != NULL));
}

static bool
is_table(const struct store_piece *piece)
{
	bool has_messages = strcmp(piece->name, "msg") == 0;
	const char *value;
	size_t i;

	for (i = 0; i + 1 < piece->fields.n; i += 2) {
		value = piece->fields.v[i + 1];
		if (!is_hex(piece->fields.v[i], 24) ||
		    strlen(piece->fields.v[i]) != 24 ||
		    !(has_messages ? is_message(value) : is_hex(value, 16) &&
		    strlen(value) == 16))
			return false;
	}
	return piece->fields.n > 0;
}

static bool
read_head(const json_t *object, const char **tracker_out,
    struct store_piece *piece)
{
	const char *kind = json_string_value(json_object_get(object, "kind"));
	const char *name = json_string_value(json_object_get(object, "name"));
	int i;

	*tracker_out = json_string_value(json_object_get(object, "tracker"));
	if (kind == NULL || name == NULL || *tracker_out == NULL)
		return false;
	for (i = 0; i < STORE_PIECE_KINDS; i++)
		if (strcmp(kind, store_piece_name((enum store_piece_kind)i)) ==
		    0)
			break;
	piece->kind = (enum store_piece_kind)i;
	piece->name = buf_strdup(name);
	piece->expires_at = json_integer_value(json_object_get(object,
	    "expires_at"));
	return i < STORE_PIECE_KINDS && is_name_good(piece->kind, name);
}

/* An issue has its hash and its place, and calls itself by its name. */
static bool
is_whole(const struct store_piece *piece)
{
	bool is_issue = piece->kind == STORE_PIECE_ISSUE;
	bool has_id = false, has_state = false, has_place = false;
	enum issue_state state;
	size_t i;

	for (i = 0; i + 1 < piece->fields.n; i += 2) {
		if (strcmp(piece->fields.v[i], "id") == 0)
			has_id = strcmp(piece->fields.v[i + 1],
			    piece->name) == 0;
		if (strcmp(piece->fields.v[i], "state") == 0)
			has_state = issue_state_parse(text_span(
			    piece->fields.v[i + 1]), &state);
	}
	for (i = 0; i + 1 < piece->scores.n; i += 2) {
		if (strcmp(piece->scores.v[i], "issues") == 0)
			has_place = true;
		else if (strcmp(piece->scores.v[i], "due") != 0 &&
		    strcmp(piece->scores.v[i], "warn") != 0)
			return false;
	}
	if (piece->kind == STORE_PIECE_TABLE && !is_table(piece))
		return false;
	return is_issue ? has_id && has_state && has_place :
	    piece->scores.n == 0 && (piece->fields.n > 0 ||
	    piece->nlines > 0);
}

bool
piece_of_json(const json_t *object, const char **tracker_out,
    struct store_piece **piece_out)
{
	struct store_piece *piece = buf_alloc_zero(1, sizeof(*piece));
	const json_t *lines = json_object_get(object, "log");

	*piece_out = piece;
	if (lines == NULL)
		lines = json_object_get(object, "entries");
	return read_head(object, tracker_out, piece) &&
	    read_map(json_object_get(object, "fields"), &piece->fields) &&
	    read_map(json_object_get(object, "scores"), &piece->scores) &&
	    read_list(json_object_get(object, "circle"), &piece->circle) &&
	    read_lines(lines, piece) && is_whole(piece);
}
