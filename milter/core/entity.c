/*
 * entity: the MIME structure of a message; see entity.h.
 *
 * One pass over the lines with a stack of open multiparts.  A line that starts
 * with "--" is compared with every open boundary, innermost first, so that an
 * inner multipart without its end is noticed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/entity.h"

#define BOUNDARY_MAX 70		/* RFC 2046 5.1.1 */

enum mode {
	PREAMBLE,
	HEADER,
	LEAF,
	EPILOGUE
};

struct walk {
	struct entities			*tree;
	const struct limit_settings	*limits;
	int				*open;	/* stack of multiparts */
	struct span			*boundaries;	/* of each of them */
	size_t				 nopen;
	enum mode			 mode;
	int				 current; /* whose region it is */
	const uint8_t			*start;	/* of the region */
	size_t				 line;
	size_t				 header_bytes;
};

static void
note(const char **what, struct walk *w, const char *text, int index)
{
	struct entities *t = w->tree;

	if (t->problem != NULL || *what != NULL)
		return;
	*what = text;
	t->problem_line = w->line;
	memcpy(t->problem_label, t->v[index].label, sizeof(t->problem_label));
}

static void
problem(struct walk *w, const char *text, int index)
{
	note(&w->tree->problem, w, text, index);
}

static void
doubt(struct walk *w, const char *text, int index)
{
	note(&w->tree->doubt, w, text, index);
}

static struct span
value_of(const struct entity *e, const char *name)
{
	const struct field *f = field_find(&e->fields, name, 0);

	return f == NULL ? text_span("") : f->value;
}

static enum entity_encoding
encoding_of(struct span value)
{
	value = text_trim(value);
	if (value.len == 0 || text_is_nocase(value, "7bit") ||
	    text_is_nocase(value, "8bit") || text_is_nocase(value, "binary"))
		return ENCODING_IDENTITY;
	if (text_is_nocase(value, "base64"))
		return ENCODING_BASE64;
	if (text_is_nocase(value, "quoted-printable"))
		return ENCODING_QUOTED;
	return ENCODING_UNKNOWN;
}

static bool
is_boundary(const char *boundary)
{
	size_t len = boundary == NULL ? 0 : strlen(boundary), i;

	if (len == 0 || len > BOUNDARY_MAX || boundary[len - 1] == ' ')
		return false;
	for (i = 0; i < len; i++)
		if (boundary[i] < ' ' || boundary[i] > '~')
			return false;
	return true;
}

/* Fields that may stand once; clients differ in which of two they take. */
static void
check_fields(struct walk *w, int index)
{
	static const char *const once[] = { "Content-Type",
	    "Content-Transfer-Encoding", "Content-Disposition",
	    "MIME-Version", "Content-Description", "Content-ID" };
	const struct entity *e = &w->tree->v[index];
	struct span name;
	size_t i;

	for (i = 0; i < sizeof(once) / sizeof(once[0]); i++)
		if (field_count(&e->fields, once[i]) > 1)
			problem(w, "a Content or MIME field twice", index);
	for (i = 0; i < e->fields.n; i++) {
		name = e->fields.v[i].name;
		if (text_starts_nocase(name, "content-") &&
		    text_trim(name).len != name.len)
			problem(w, "a blank before the colon of a field",
			    index);
	}
}

/* Clients that look for the outer boundary first, or compare only as far as
 * one of the two reaches, see another structure. */
static bool
begins_like_an_open_one(const struct walk *w, struct span boundary)
{
	struct span open;
	size_t i, len;

	for (i = 0; i < w->nopen; i++) {
		open = w->boundaries[i];
		len = open.len < boundary.len ? open.len : boundary.len;
		if (text_equal(text_sub(open, 0, len),
		    text_sub(boundary, 0, len)))
			return true;
	}
	return false;
}

/* Multiparts are pushed; everything else is a leaf. */
static void
begin_body(struct walk *w, int index)
{
	struct entity *e = &w->tree->v[index];
	const char *boundary = field_param(&e->type, "boundary");

	w->current = index;
	w->mode = LEAF;
	e->line = w->line + 1;
	if (!e->is_multipart)
		return;
	if (e->encoding != ENCODING_IDENTITY)
		problem(w, "a multipart with a transfer encoding", index);
	if (e->type.is_ambiguous || e->type.is_broken)
		problem(w, "a multipart type read differently", index);
	if (!is_boundary(boundary)) {
		problem(w, "a multipart without a usable boundary", index);
		e->is_multipart = false;
		return;
	}
	if (begins_like_an_open_one(w, text_span(boundary)))
		doubt(w, "nested boundaries that begin alike", index);
	if (w->nopen == w->limits->max_depth) {
		w->tree->too_complex = true;
		e->is_multipart = false;
		return;
	}
	w->boundaries[w->nopen] = text_span(boundary);
	w->open[w->nopen++] = index;
	w->mode = PREAMBLE;
}

static void
fill(struct walk *w, int index)
{
	struct entity *e = &w->tree->v[index];

	field_parse_mime(value_of(e, "Content-Type"), &e->type);
	field_parse_mime(value_of(e, "Content-Disposition"),
	    &e->disposition);
	e->encoding = encoding_of(value_of(e, "Content-Transfer-Encoding"));
	if (e->type.type[0] == '\0') {
		free(e->type.type);
		e->type.type = buf_strdup("text/plain");
	}
	e->is_multipart = strncmp(e->type.type, "multipart/", 10) == 0;
	check_fields(w, index);
	if (e->type.is_broken || e->disposition.is_broken)
		doubt(w, "a Content field outside the grammar", index);
	if (e->type.is_ambiguous || e->disposition.is_ambiguous)
		doubt(w, "a Content field that clients read differently",
		    index);
}

/* A line of blanks, which some programs take for the end of the header. */
static bool
has_blank_line(struct span value)
{
	struct span line;

	(void)text_next_line(&value, &line);	/* may be empty */
	while (text_next_line(&value, &line))
		if (value.len > 0 && text_is_blank(line))
			return true;
	return false;
}

/*
 * An MTA gives us the values of the message's header.  A CR, or an LF that does
 * not fold, ends the field, or the whole header, for some programs.
 */
static bool
has_stray_line_end(struct span value)
{
	size_t i;
	uint8_t next;

	for (i = 0; i < value.len; i++) {
		next = i + 1 < value.len ? value.data[i + 1] : ' ';
		if (value.data[i] == '\0' ||
		    (value.data[i] == '\r' && next != '\n') ||
		    (value.data[i] == '\n' && next != ' ' && next != '\t'))
			return true;
	}
	return false;
}

static void
check_root(struct walk *w)
{
	const struct fields *fields = &w->tree->v[0].fields;
	size_t i;

	for (i = 0; i < fields->n; i++)
		if (has_stray_line_end(fields->v[i].value) ||
		    has_blank_line(fields->v[i].value))
			doubt(w, "a line end inside a header field", 0);
}

static int
new_entity(struct walk *w, int parent)
{
	struct entities *t = w->tree;
	struct entity *e, *p;

	if ((t->n & (t->n - 1)) == 0)
		t->v = buf_realloc(t->v, t->n == 0 ? 1 : t->n * 2,
		    sizeof(*t->v));
	e = &t->v[t->n];
	memset(e, 0, sizeof(*e));
	e->parent = parent;
	if (parent >= 0) {
		p = &t->v[parent];
		p->nchildren++;
		e->depth = p->depth + 1;
		snprintf(e->label, sizeof(e->label), "%.16s%s%zu", p->label,
		    p->label[0] == '\0' ? "" : ".", p->nchildren);
	}
	return (int)t->n++;
}

static struct span
region(const struct walk *w, const uint8_t *end)
{
	struct span s = { w->start, 0 };

	if (end > w->start)
		s.len = (size_t)(end - w->start);
	return s;
}

/* The line break before a delimiter belongs to it: RFC 2046 5.1.1. */
static const uint8_t *
before_break(const struct walk *w, const uint8_t *line)
{
	if (line > w->start && line[-1] == '\n')
		line--;
	if (line > w->start && line[-1] == '\r')
		line--;
	return line;
}

/* The header of a part is complete: make the part. */
static void
end_header(struct walk *w, const uint8_t *end)
{
	struct entities *t = w->tree;
	struct fields fields;
	enum field_result result;
	size_t line;
	int index;

	w->header_bytes += region(w, end).len;
	index = new_entity(w, w->open[w->nopen - 1]);
	result = field_parse(region(w, end), w->limits->max_fields, &fields,
	    &line);
	t->v[index].fields = fields;
	t->v[index].raw.data = w->start;
	if (result == FIELD_BROKEN)
		problem(w, "a broken field in a part header", index);
	if (result == FIELD_TOO_MANY || t->n > w->limits->max_parts ||
	    w->header_bytes > w->limits->max_header_bytes)
		t->too_complex = true;
	fill(w, index);
	begin_body(w, index);
}

/* What ran up to here belongs to w->current. */
static void
end_region(struct walk *w, const uint8_t *end)
{
	struct entity *e;

	if (w->mode == HEADER) {
		problem(w, "a part without a blank line behind its header",
		    w->open[w->nopen - 1]);
		return;
	}
	e = &w->tree->v[w->current];
	switch (w->mode) {
	case PREAMBLE:
		e->preamble = region(w, end);
		break;
	case LEAF:
		e->body = region(w, end);
		break;
	case EPILOGUE:
		e->epilogue = region(w, end);
		break;
	case HEADER:
		break;
	}
}

enum match {
	NO_MATCH,
	LOOKS_LIKE,
	DELIMITER,
	CLOSE
};

/* Many levels times many lines: look at the length first. */
static enum match
match(struct span boundary, struct span line)
{
	struct span rest;

	if (line.len < 2 + boundary.len ||
	    memcmp(line.data + 2, boundary.data, boundary.len) != 0)
		return NO_MATCH;
	rest = text_sub(line, 2 + boundary.len, line.len);
	if (text_is_blank(rest))
		return DELIMITER;
	if (text_starts(rest, "--") &&
	    text_is_blank(text_sub(rest, 2, rest.len)))
		return CLOSE;
	return LOOKS_LIKE;
}

/* The level whose boundary the line is, innermost first. */
static enum match
find_level(struct walk *w, struct span line, size_t *level_out)
{
	enum match m;
	size_t i;
	bool looks = false;

	if (!text_starts(line, "--"))
		return NO_MATCH;
	for (i = w->nopen; i > 0; i--) {
		m = match(w->boundaries[i - 1], line);
		if (m == DELIMITER || m == CLOSE) {
			*level_out = i - 1;
			return m;
		}
		if (m == LOOKS_LIKE)
			looks = true;
	}
	if (looks)
		doubt(w, "a line that begins like a boundary",
		    w->open[w->nopen - 1]);
	return NO_MATCH;
}

/* The part of the level's multipart that ends here. */
static void
end_child(struct walk *w, size_t level, const uint8_t *end)
{
	int index = level + 1 < w->nopen ? w->open[level + 1] : w->current;
	struct span *raw = &w->tree->v[index].raw;

	if (w->tree->v[index].parent == w->open[level] && end > raw->data)
		raw->len = (size_t)(end - raw->data);
}

static void
take_delimiter(struct walk *w, enum match m, size_t level,
    const uint8_t *line, const uint8_t *next)
{
	end_region(w, before_break(w, line));
	if (w->mode != HEADER)
		end_child(w, level, before_break(w, line));
	if (level + 1 < w->nopen)
		problem(w, "a multipart without its end",
		    w->open[w->nopen - 1]);
	w->nopen = level + 1;
	w->start = next;
	if (m == DELIMITER) {
		w->mode = HEADER;
		return;
	}
	w->mode = EPILOGUE;
	w->current = w->open[--w->nopen];
}

static void
take_line(struct walk *w, struct span line, const uint8_t *next)
{
	size_t level = 0;
	enum match m = find_level(w, line, &level);

	if (line.len > 0 && memchr(line.data, '\r', line.len) != NULL)
		doubt(w, "a bare CR, for some programs a line end",
		    w->mode == HEADER ? w->open[w->nopen - 1] : w->current);
	if (m == DELIMITER || m == CLOSE) {
		take_delimiter(w, m, level, line.data, next);
		return;
	}
	if (w->mode == HEADER && line.len == 0) {
		end_header(w, line.data);
		w->start = next;
	}
}

void
entity_parse(const struct fields *header, struct span body,
    const struct limit_settings *limits, struct entities *out)
{
	struct walk w = { .tree = out, .limits = limits, .start = body.data };
	struct span line;
	size_t i;
	int root;

	memset(out, 0, sizeof(*out));
	w.open = buf_alloc_zero(limits->max_depth + 1, sizeof(*w.open));
	w.boundaries = buf_alloc_zero(limits->max_depth + 1,
	    sizeof(*w.boundaries));
	root = new_entity(&w, -1);
	for (i = 0; i < header->n; i++)
		field_add(&out->v[root].fields, header->v[i].name,
		    header->v[i].value);
	fill(&w, root);
	check_root(&w);
	begin_body(&w, root);
	while (!out->too_complex && text_next_line(&body, &line)) {
		w.line++;
		take_line(&w, line, body.data);
	}
	if (!out->too_complex)
		end_region(&w, body.data);
	if (w.nopen > 0)
		problem(&w, "a multipart without its end",
		    w.open[w.nopen - 1]);
	free(w.open);
	free(w.boundaries);
}

void
entity_clear(struct entities *entities)
{
	size_t i;

	for (i = 0; i < entities->n; i++) {
		field_clear(&entities->v[i].fields);
		field_clear_mime(&entities->v[i].type);
		field_clear_mime(&entities->v[i].disposition);
	}
	free(entities->v);
	memset(entities, 0, sizeof(*entities));
}

const struct entity *
entity_child(const struct entities *entities, const struct entity *parent,
    size_t i)
{
	int index = (int)(parent - entities->v);
	size_t n;

	for (n = (size_t)index + 1; n < entities->n; n++)
		if (entities->v[n].parent == index && i-- == 0)
			return &entities->v[n];
	return NULL;
}
