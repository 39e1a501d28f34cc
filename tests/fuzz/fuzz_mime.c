/*
 * libFuzzer target: GMime beside our own parser.
 *
 * Where a mail is taken and GMime agrees with its structure (the filter asks
 * both), GMime's own walk finds no part that can be read, and nothing before
 * or behind the parts.
 */
#include <gmime/gmime.h>

#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/classify.h"
#include "core/phrase.h"
#include "edge/mime.h"
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"

static struct span message;

static void
check_part(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GByteArray *bytes = g_byte_array_new();
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);

	if (content != NULL)
		g_mime_data_wrapper_write_to_stream(content, stream);
	fuzz_check(naive_is_harmless(bytes->data, bytes->len),
	    "GMime can read a part", message);
	g_object_unref(stream);
}

static void
check_round(const char *text)
{
	struct span s = text_span(text);

	fuzz_check(text_is_blank(s) || phrase_is_preamble(s),
	    "GMime finds text round the parts", message);
}

static void
look(GMimeObject *parent, GMimeObject *object, gpointer data)
{
	(void)parent;
	(void)data;
	if (GMIME_IS_MULTIPART(object)) {
		check_round(g_mime_multipart_get_prologue(
		    GMIME_MULTIPART(object)));
		check_round(g_mime_multipart_get_epilogue(
		    GMIME_MULTIPART(object)));
	} else if (GMIME_IS_PART(object))
		check_part(GMIME_PART(object));
	else
		fuzz_fail("GMime finds a message inside", message);
}

static void
look_with_gmime(struct span all)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(
	    (const char *)all.data, all.len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);

	message = all;
	if (m != NULL) {
		g_mime_message_foreach(m, look, NULL);
		g_object_unref(m);
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

static bool
is_taken(const struct fields *fields, struct span body)
{
	struct entities tree;
	struct mail mail;
	bool taken, agrees;

	memset(&mail, 0, sizeof(mail));
	entity_parse(fields, body, &fuzz_limits, &tree);
	classify_tree(&tree, &fuzz_limits, &mail);
	taken = mail.finding.reason == REASON_PGP_MIME ||
	    mail.finding.reason == REASON_PGP_INLINE;
	agrees = !tree.too_complex && mime_agrees(fields, body, &tree);
	classify_clear(&mail);
	entity_clear(&tree);
	return taken && agrees;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static bool ready = false;
	struct span all = { bytes, size }, header, body;
	struct fields fields;
	struct buf text;
	size_t line, i;

	if (!ready)
		mime_init();
	ready = true;
	field_split(all, &header, &body);
	if (field_parse(header, fuzz_limits.max_fields, &fields, &line) ==
	    FIELD_OK && is_taken(&fields, body))
		look_with_gmime(all);
	for (i = 0; i < fields.n; i++)
		free(mime_decode_words(fields.v[i].value));
	field_clear(&fields);
	buf_init(&text, 10000);
	mime_new_text(all, &text);
	buf_clear(&text);
	return 0;
}
