/*
 * field: header fields; see field.h.
 */
#include <stdlib.h>
#include <string.h>

#include "core/field.h"

#define MESSAGE_ID_MAX 995

void
field_add(struct fields *fields, struct span name, struct span value)
{
	struct field *f;

	if (fields->n == fields->size) {
		fields->size = fields->size == 0 ? 32 : fields->size * 2;
		fields->v = buf_realloc(fields->v, fields->size,
		    sizeof(*fields->v));
	}
	f = &fields->v[fields->n++];
	f->name = name;
	f->value = value;
	f->line = 0;
}

void
field_clear(struct fields *fields)
{
	free(fields->v);
	memset(fields, 0, sizeof(*fields));
}

/* ftext: printable ASCII but the colon, RFC 5322 3.6.8. */
static bool
is_name(struct span name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (name.data[i] <= ' ' || name.data[i] >= 0x7f)
			return false;
	return name.len > 0;
}

static bool
is_clean(struct span line)
{
	return line.len == 0 || (memchr(line.data, '\0', line.len) == NULL &&
	    memchr(line.data, '\r', line.len) == NULL);
}

static bool
is_folded(struct span line)
{
	return line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t');
}

static bool
parse_line(struct fields *fields, struct span line, size_t number)
{
	struct field *last;
	size_t colon;

	if (!is_clean(line))
		return false;
	if (is_folded(line)) {
		if (fields->n == 0)
			return false;
		last = &fields->v[fields->n - 1];
		last->value.len = (size_t)(line.data + line.len -
		    last->value.data);
		return true;
	}
	colon = text_find_nocase(line, ":");
	if (colon == line.len || !is_name(text_sub(line, 0, colon)))
		return false;
	field_add(fields, text_sub(line, 0, colon),
	    text_sub(line, colon + 1, line.len));
	fields->v[fields->n - 1].line = number;
	return true;
}

enum field_result
field_parse(struct span header, size_t max_fields, struct fields *fields_out,
    size_t *line_out)
{
	struct span line;

	memset(fields_out, 0, sizeof(*fields_out));
	*line_out = 0;
	while (text_next_line(&header, &line)) {
		++*line_out;
		if (!parse_line(fields_out, line, *line_out))
			return FIELD_BROKEN;
		if (fields_out->n > max_fields)
			return FIELD_TOO_MANY;
	}
	return FIELD_OK;
}

void
field_split(struct span whole, struct span *header_out,
    struct span *body_out)
{
	struct span rest = whole, line;

	*header_out = whole;
	*body_out = text_sub(whole, whole.len, 0);
	while (text_next_line(&rest, &line))
		if (line.len == 0) {
			*header_out = text_sub(whole, 0,
			    (size_t)(line.data - whole.data));
			*body_out = rest;
			return;
		}
}

const struct field *
field_find(const struct fields *fields, const char *name, size_t i)
{
	size_t n;

	for (n = 0; n < fields->n; n++)
		if (text_is_nocase(fields->v[n].name, name) && i-- == 0)
			return &fields->v[n];
	return NULL;
}

size_t
field_count(const struct fields *fields, const char *name)
{
	size_t i, count = 0;

	for (i = 0; i < fields->n; i++)
		if (text_is_nocase(fields->v[i].name, name))
			count++;
	return count;
}

static bool
is_message_id(struct span id)
{
	size_t i;

	for (i = 0; i < id.len; i++)
		if (id.data[i] <= ' ' || id.data[i] == 0x7f ||
		    id.data[i] == '<')
			return false;
	return id.len > 0 && id.len <= MESSAGE_ID_MAX;
}

size_t
field_message_ids(struct span value, struct span *ids_out, size_t max)
{
	struct span id;
	const uint8_t *open, *end;
	size_t n = 0;

	while (value.len > 0 && max > 0) {
		open = memchr(value.data, '<', value.len);
		if (open == NULL)
			break;
		value = text_sub(value, (size_t)(open - value.data) + 1,
		    value.len);
		end = value.len == 0 ? NULL :
		    memchr(value.data, '>', value.len);
		if (end == NULL)
			break;
		id = text_sub(value, 0, (size_t)(end - value.data));
		value = text_sub(value, id.len + 1, value.len);
		if (!is_message_id(id))
			continue;
		if (n == max)
			memmove(ids_out, ids_out + 1, --n * sizeof(*ids_out));
		ids_out[n++] = id;
	}
	return n;
}

/* Length of the comment or quoted string that begins at s.data[0]. */
static size_t
skip_group(struct span s)
{
	int depth = 0;
	bool quoted = s.data[0] == '"';
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '\\')
			i++;
		else if (quoted ? i > 0 && s.data[i] == '"' :
		    s.data[i] == ')' && --depth == 0)
			return i + 1;
		else if (!quoted && s.data[i] == '(')
			depth++;
	}
	return s.len;
}

/* "(x) user@host (The User)" -> "user@host", RFC 5322 3.2.2. */
static struct span
cut_comments(struct span s)
{
	size_t i;

	s = text_trim(s);
	while (s.len > 0 && s.data[0] == '(')
		s = text_trim(text_sub(s, skip_group(s), s.len));
	for (i = 0; i < s.len && s.data[i] != '(';)
		i += s.data[i] == '"' ?
		    skip_group(text_sub(s, i, s.len)) : 1;
	return text_trim(text_sub(s, 0, i));
}

bool
field_next_address(struct span *rest, struct span *address_out)
{
	size_t i, start = 0;

	/* an address runs up to the comma, semicolon or ">" that ends it */
	for (i = 0; i < rest->len;) {
		if (rest->data[i] == '(' || rest->data[i] == '"')
			i += skip_group(text_sub(*rest, i, rest->len));
		else if (rest->data[i] == '<' || rest->data[i] == ':')
			start = ++i;
		else if (rest->data[i] == ',' || rest->data[i] == ';' ||
		    rest->data[i] == '>') {
			*address_out = cut_comments(text_sub(*rest, start,
			    i - start));
			*rest = text_sub(*rest, i + 1, rest->len);
			if (address_out->len > 0)
				return true;
			i = start = 0;
		} else
			i++;
	}
	*address_out = cut_comments(text_sub(*rest, start, rest->len));
	*rest = text_sub(*rest, rest->len, 0);
	return address_out->len > 0;
}
