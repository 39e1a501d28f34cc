/*
 * libFuzzer target: header fields, message-ids, addresses, MIME values, the
 * prose and the phrases in them.
 */
#include <stdlib.h>
#include <string.h>

#include "core/charset.h"
#include "core/description.h"
#include "core/field.h"
#include "core/phrase.h"
#include "core/prose.h"
#include "fuzz/fuzz.h"

static bool
is_inside(struct span inner, struct span outer)
{
	return inner.len == 0 || (inner.data >= outer.data &&
	    inner.data + inner.len <= outer.data + outer.len);
}

static void
check_ids(struct span value)
{
	struct span all[32], last[2];
	size_t n = field_message_ids(value, all, 32), k, i;

	k = field_message_ids(value, last, 2);
	fuzz_check(k == (n < 2 ? n : 2), "the last ones of all", value);
	for (i = 0; i < k; i++)
		fuzz_check(text_equal(last[i], all[n - k + i]),
		    "the same ones", value);
	for (i = 0; i < n; i++)
		fuzz_check(is_inside(all[i], value) && all[i].len > 0 &&
		    all[i].data[-1] == '<' &&
		    all[i].data[all[i].len] == '>' &&
		    memchr(all[i].data, ' ', all[i].len) == NULL,
		    "an id stands between brackets", value);
}

static void
check_addresses(struct span value)
{
	struct span rest = value, address;
	size_t before = rest.len;

	while (field_next_address(&rest, &address)) {
		fuzz_check(rest.len < before, "the list gets shorter", value);
		fuzz_check(address.len > 0 && is_inside(address, value),
		    "an address is a part of it", value);
		before = rest.len;
	}
	fuzz_check(rest.len == 0, "the list is read to its end", value);
}

/* What is read to the letter can be written and read again. */
static void
check_mime(struct span value)
{
	struct mime_value v, again;
	struct buf text;
	size_t i;
	bool ok;

	field_parse_mime(value, &v);
	buf_init(&text, SIZE_MAX / 2);
	ok = buf_print(&text, "%s", v.type);
	for (i = 0; i < v.nparams; i++)
		ok = ok && buf_print(&text, "; %s=\"%s\"", v.params[i].name,
		    v.params[i].value);
	if (!ok)
		abort();
	if (!v.is_broken && !v.is_ambiguous) {
		field_parse_mime(buf_span(&text), &again);
		fuzz_check(!again.is_broken && again.nparams == v.nparams &&
		    strcmp(again.type, v.type) == 0, "read again", value);
		for (i = 0; i < v.nparams; i++)
			fuzz_check(strcmp(v.params[i].value,
			    again.params[i].value) == 0, "the same value",
			    value);
		field_clear_mime(&again);
	}
	buf_clear(&text);
	field_clear_mime(&v);
}

/* Whatever passes as a phrase holds no control character and is short. */
static void
check_phrases(struct span value)
{
	size_t i;

	if (phrase_is_neutral_name(value) || charset_keeps_ascii(value) ||
	    phrase_is_date(value))
		for (i = 0; i < value.len; i++)
			fuzz_check(value.len <= 80 && value.data[i] >= ' ' &&
			    value.data[i] <= '~', "a clean phrase", value);
	if (phrase_is_armor_header(value))
		fuzz_check(memchr(value.data, ':', value.len) != NULL &&
		    value.len < 200, "a short armour header", value);
	if (phrase_is_preamble(value))
		fuzz_check(value.len < 200 || text_trim(value).len < 200,
		    "a short preamble", value);
	(void)description_is_known(value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct span all = { bytes, size }, header, body;
	struct fields fields;
	size_t i, line;

	field_split(all, &header, &body);
	fuzz_check(is_inside(header, all) && is_inside(body, all) &&
	    header.len + body.len <= size, "header and body", all);
	(void)field_parse(header, fuzz_limits.max_fields, &fields, &line);
	for (i = 0; i < fields.n; i++) {
		fuzz_check(is_inside(fields.v[i].name, header) &&
		    is_inside(fields.v[i].value, header),
		    "a field is a part of the header", all);
		check_mime(fields.v[i].value);
		check_ids(fields.v[i].value);
		check_addresses(fields.v[i].value);
		check_phrases(text_trim(fields.v[i].value));
		(void)prose_check(&fields.v[i]);
	}
	field_clear(&fields);
	check_ids(all);
	check_addresses(all);
	check_mime(all);
	check_phrases(all);
	return 0;
}
