/*
 * mime: GMime's reading of a message; see mime.h.
 */
#include <gmime/gmime.h>

#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/flowed.h"
#include "core/html.h"
#include "edge/mime.h"

struct comparison {
	const struct entities	*tree;
	size_t			 next;	/* entity to compare with */
	bool			 differs;
};

/* The fields that say how the body is to be read, as a header. */
static void
print_header(const struct fields *header, struct buf *out)
{
	const struct field *f;
	size_t i;

	for (i = 0; i < header->n; i++) {
		f = &header->v[i];
		if (!text_starts_nocase(f->name, "Content-") &&
		    !text_starts_nocase(f->name, "MIME-Version"))
			continue;
		if (!buf_add(out, f->name.data, f->name.len) ||
		    !buf_add(out, ":", 1) ||
		    !buf_add(out, f->value.data, f->value.len) ||
		    !buf_add(out, "\n", 1))
			return;
	}
	if (!buf_add(out, "\n", 1))
		return;
}

/* A stream over bytes that stay ours. */
static GMimeStream *
stream_of(struct span s, GByteArray **array_out)
{
	static uint8_t nothing[1];
	GMimeStream *stream;

	*array_out = g_byte_array_new_take(s.len == 0 ? nothing :
	    (guint8 *)(uintptr_t)s.data, s.len);
	stream = g_mime_stream_mem_new_with_byte_array(*array_out);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	return stream;
}

static const struct entity *
next_leaf(struct comparison *c)
{
	while (c->next < c->tree->n)
		if (!c->tree->v[c->next++].is_multipart)
			return &c->tree->v[c->next - 1];
	return NULL;
}

/* Line ends at the end of a part are counted differently; they say nothing. */
static struct span
cut_line_ends(struct span s)
{
	while (s.len > 0 && (s.data[s.len - 1] == '\n' ||
	    s.data[s.len - 1] == '\r'))
		s.len--;
	return s;
}

static bool
has_same_bytes(GMimePart *part, struct span want)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *stream = content == NULL ? NULL :
	    g_mime_data_wrapper_get_stream(content);
	GByteArray *bytes = g_byte_array_new();
	GMimeStream *copy = g_mime_stream_mem_new_with_byte_array(bytes);
	struct span got;
	bool same;

	if (stream != NULL) {
		g_mime_stream_reset(stream);
		g_mime_stream_write_to_stream(stream, copy);
	}
	got.data = bytes->data;
	got.len = bytes->len;
	same = text_equal(cut_line_ends(got), cut_line_ends(want));
	g_object_unref(copy);
	return same;
}

static bool
has_same_type(GMimeObject *object, const struct entity *e)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	char *name = type == NULL ? NULL :
	    g_mime_content_type_get_mime_type(type);
	bool same = name != NULL &&
	    text_is_nocase(text_span(name), e->type.type);

	g_free(name);
	return same;
}

static void
compare(GMimeObject *parent, GMimeObject *object, gpointer data)
{
	struct comparison *c = data;
	const struct entity *e;

	(void)parent;
	if (GMIME_IS_MULTIPART(object))
		return;
	e = next_leaf(c);
	if (e == NULL || !GMIME_IS_PART(object) ||
	    !has_same_type(object, e) ||
	    !has_same_bytes(GMIME_PART(object), e->body))
		c->differs = true;
}

bool
mime_agrees(const struct fields *header, struct span body,
    const struct entities *tree)
{
	struct comparison c = { tree, 0, false };
	GMimeStream *all = g_mime_stream_cat_new(), *parts[2];
	GMimeMessage *message;
	GMimeParser *parser;
	GByteArray *arrays[2];
	struct buf head;
	int i;

	buf_init(&head, SIZE_MAX / 2);
	print_header(header, &head);
	parts[0] = stream_of(buf_span(&head), &arrays[0]);
	parts[1] = stream_of(body, &arrays[1]);
	for (i = 0; i < 2; i++)
		g_mime_stream_cat_add_source(GMIME_STREAM_CAT(all), parts[i]);
	parser = g_mime_parser_new_with_stream(all);
	g_mime_parser_set_persist_stream(parser, TRUE);
	message = g_mime_parser_construct_message(parser, NULL);
	if (message == NULL)
		c.differs = true;
	else {
		g_mime_message_foreach(message, compare, &c);
		g_object_unref(message);
	}
	if (next_leaf(&c) != NULL)
		c.differs = true;
	g_object_unref(parser);
	g_object_unref(all);
	for (i = 0; i < 2; i++) {
		g_object_unref(parts[i]);
		g_byte_array_free(arrays[i], FALSE);
	}
	buf_clear(&head);
	return !c.differs;
}

int64_t
mime_parse_date(struct span value)
{
	char *text = buf_strndup(value);
	GDateTime *date = g_mime_utils_header_decode_date(text);
	int64_t at = date == NULL ? 0 : g_date_time_to_unix(date);

	if (date != NULL)
		g_date_time_unref(date);
	free(text);
	return at;
}

char *
mime_decode_words(struct span value)
{
	char *raw = buf_strndup(value), *text, *copy;

	text = g_mime_utils_header_decode_text(NULL, raw);
	copy = buf_strdup(text == NULL ? raw : text);
	g_free(text);
	free(raw);
	return copy;
}

static bool
is_attachment(GMimeObject *object)
{
	GMimeContentDisposition *d =
	    g_mime_object_get_content_disposition(object);

	return d != NULL && g_ascii_strcasecmp(
	    g_mime_content_disposition_get_disposition(d), "inline") != 0;
}

static bool
has_param(GMimePart *part, const char *name, const char *value)
{
	const char *is = g_mime_content_type_get_parameter(
	    g_mime_object_get_content_type(GMIME_OBJECT(part)), name);

	return is != NULL && g_ascii_strcasecmp(is, value) == 0;
}

/* A full out is a text longer than any report: what fits is read. */
static void
add_text(GMimeTextPart *part, struct buf *out)
{
	char *raw = g_mime_text_part_get_text(part);
	struct span text = text_span(raw);
	bool all = false;

	if (has_param(GMIME_PART(part), "format", "flowed"))
		all = flowed_print(text,
		    has_param(GMIME_PART(part), "delsp", "yes"), out);
	else
		all = buf_add(out, text.data, text.len);
	(void)(all && buf_add(out, "\n", 1));
	g_free(raw);
}

static bool
is_text(GMimeObject *object, const char *subtype)
{
	return GMIME_IS_TEXT_PART(object) && g_mime_content_type_is_type(
	    g_mime_object_get_content_type(object), "text", subtype);
}

static void
add_html(GMimeTextPart *part, struct buf *out)
{
	char *html = g_mime_text_part_get_text(part);
	bool all = html_print_text(text_span(html), out);

	(void)(all && buf_add(out, "\n", 1));
	g_free(html);
}

/* Depth first; of alternatives the plain one is taken, where there is one. */
static void
collect(GMimeObject *object, const char *subtype, struct buf *out)
{
	GMimeMultipart *parts;
	int i, n;

	if (is_attachment(object))
		return;
	if (GMIME_IS_MULTIPART(object)) {
		parts = GMIME_MULTIPART(object);
		n = g_mime_multipart_get_count(parts);
		for (i = 0; i < n; i++)
			collect(g_mime_multipart_get_part(parts, i), subtype,
			    out);
	} else if (is_text(object, subtype)) {
		if (strcmp(subtype, "html") == 0)
			add_html(GMIME_TEXT_PART(object), out);
		else
			add_text(GMIME_TEXT_PART(object), out);
	}
}

void
mime_new_text(struct span entity, struct buf *out)
{
	GByteArray *array;
	GMimeStream *stream = stream_of(entity, &array);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeObject *root;

	g_mime_parser_set_persist_stream(parser, TRUE);
	root = g_mime_parser_construct_part(parser, NULL);
	if (root != NULL) {
		collect(root, "plain", out);
		if (text_is_blank(buf_span(out)))	/* HTML only */
			collect(root, "html", out);
		g_object_unref(root);
	}
	g_object_unref(parser);
	g_object_unref(stream);
	g_byte_array_free(array, FALSE);
}

/* One of each kind that there may be. */
static const char sample[] =
    "From: a@example.org\n"
    "Content-Type: multipart/mixed; boundary=x\n\n"
    "--x\nContent-Type: text/plain; charset=iso-8859-1\n"
    "Content-Transfer-Encoding: quoted-printable\n\n=E4\n"
    "--x\nContent-Type: text/html; charset=utf-8\n"
    "Content-Transfer-Encoding: base64\n\neAo=\n"
    "--x\nContent-Type: multipart/encrypted; boundary=y\n\n"
    "--y\nContent-Type: application/pgp-encrypted\n\nx\n--y--\n"
    "--x\nContent-Type: multipart/signed; boundary=z\n\n"
    "--z\n\nx\n--z--\n"
    "--x\nContent-Type: message/rfc822\n\nFrom: b@example.org\n\nx\n"
    "--x\nContent-Disposition: attachment; filename=x\n\nx\n--x--\n";

void
mime_init(void)
{
	const struct limit_settings limits = { .max_depth = 8,
	    .max_parts = 64, .max_fields = 64, .max_header_bytes = 4096 };
	struct fields fields;
	struct span header, body;
	struct entities tree;
	struct buf text;
	size_t line;

	g_mime_init();
	field_split(text_span(sample), &header, &body);
	(void)field_parse(header, limits.max_fields, &fields, &line);
	entity_parse(&fields, body, &limits, &tree);
	(void)mime_agrees(&fields, body, &tree);
	entity_clear(&tree);
	field_clear(&fields);
	buf_init(&text, sizeof(sample));
	mime_new_text(text_span(sample), &text);
	buf_clear(&text);
	free(mime_decode_words(text_span("=?utf-8?q?x?=")));
	(void)mime_parse_date(text_span("1 Jan 2026 00:00:00 +0000"));
}
