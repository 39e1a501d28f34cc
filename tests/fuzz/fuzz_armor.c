/*
 * libFuzzer target: armour, base64 and quoted-printable.
 *
 * What armor takes is a block of lines that anybody can check one by one, and
 * a plain decoder that knows no rules finds the same bytes in it.
 */
#include <stdlib.h>
#include <string.h>

#include "core/armor.h"
#include "core/base64.h"
#include "core/quoted.h"
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"

static void
check_taken(struct span text, const struct buf *data)
{
	struct naive_bytes plain;

	naive_dearmor(text.data, text.len, &plain);
	fuzz_check(plain.len == data->len && (data->len == 0 ||
	    memcmp(plain.data, data->data, data->len) == 0),
	    "a plain decoder finds the same", text);
	fuzz_check(naive_is_armor_only(text.data, text.len),
	    "armour holds nothing but its lines", text);
	free(plain.data);
}

/* LF as CRLF; the same must be read. */
static void
check_crlf(struct span text, const struct armor *want)
{
	struct buf crlf, data;
	struct armor got;
	size_t i;

	if (memchr(text.data, '\r', text.len) != NULL)
		return;
	buf_init(&crlf, SIZE_MAX / 2);
	buf_init(&data, text.len);
	for (i = 0; i < text.len; i++)
		if (!buf_add(&crlf, text.data[i] == '\n' ? "\r\n" :
		    (const char *)text.data + i,
		    text.data[i] == '\n' ? 2 : 1))
			abort();
	armor_parse(buf_span(&crlf), &data, &got);
	fuzz_check(got.kind == want->kind && got.state == want->state &&
	    got.line == want->line, "CRLF is read like LF", text);
	buf_clear(&crlf);
	buf_clear(&data);
}

static void
check_decoders(struct span text)
{
	struct buf out;

	buf_init(&out, text.len + 1);
	if (base64_decode(text, &out))
		fuzz_check(out.len <= text.len / 4 * 3, "base64 shrinks",
		    text);
	buf_clear(&out);
	if (quoted_decode(text, &out))
		fuzz_check(out.len <= text.len,
		    "quoted-printable does not grow", text);
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct span text = { bytes, size };
	struct armor a;
	struct buf data;

	buf_init(&data, size);
	armor_parse(text, &data, &a);
	if (a.kind == ARMOR_MESSAGE && a.state == ARMOR_OK)
		check_taken(text, &data);
	if (a.kind != ARMOR_NONE) {
		fuzz_check(a.state == ARMOR_OK || a.what[0] != '\0',
		    "a refusal has a text", text);
		check_crlf(text, &a);
	}
	buf_clear(&data);
	check_decoders(text);
	return 0;
}
