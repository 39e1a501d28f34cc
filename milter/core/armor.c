/*
 * armor: one armour block and nothing else; see armor.h.
 *
 * A small machine over lines: before, headers, data, behind.  It stops at the
 * first thing that is wrong; the first thing is the one we name.
 */
#include <string.h>

#include "core/armor.h"
#include "core/base64.h"
#include "core/phrase.h"

#define CRC24_INIT	0xb704ce	/* RFC 9580 6.1 */
#define HEADERS_MAX	12	/* real ones have up to four */

enum place {
	BEFORE,
	IN_HEADER,
	IN_DATA,
	BEHIND
};

struct state {
	struct armor	*armor;
	struct buf	*data;
	struct base64	 base64;
	enum place	 place;
	size_t		 line;
	size_t		 nheaders;
	bool		 has_crc;
};

static const struct {
	const char	*label;
	enum armor_kind	 kind;
} labels[] = {
	{ "MESSAGE",		ARMOR_MESSAGE },
	{ "SIGNED MESSAGE",	ARMOR_CLEARSIGNED },
	{ "SIGNATURE",		ARMOR_SIGNATURE },
	{ "PUBLIC KEY BLOCK",	ARMOR_KEY },
	{ "PRIVATE KEY BLOCK",	ARMOR_KEY },
};

static struct span
cut_trailing(struct span line)
{
	while (line.len > 0 && (line.data[line.len - 1] == ' ' ||
	    line.data[line.len - 1] == '\t'))
		line.len--;
	return line;
}

static bool
is_blank_line(struct span line)
{
	return cut_trailing(line).len == 0;
}

/* What a "-----BEGIN PGP ...-----" line announces. */
static enum armor_kind
begin_kind(struct span line)
{
	const size_t head = sizeof("-----BEGIN PGP ") - 1;
	struct span label;
	size_t i;

	line = cut_trailing(line);
	if (!text_starts(line, "-----BEGIN PGP ") || line.len < head + 5)
		return ARMOR_NONE;
	label = text_sub(line, head, line.len - head - 5);
	if (!text_is(text_sub(line, line.len - 5, 5), "-----"))
		return ARMOR_OTHER;
	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (text_is(label, labels[i].label))
			return labels[i].kind;
	return ARMOR_OTHER;
}

static bool
is_end(struct span line, enum armor_kind kind)
{
	const size_t head = sizeof("-----END PGP ") - 1;
	struct span label;
	size_t i;

	line = cut_trailing(line);
	if (!text_starts(line, "-----END PGP ") || line.len < head + 5 ||
	    !text_is(text_sub(line, line.len - 5, 5), "-----"))
		return false;
	label = text_sub(line, head, line.len - head - 5);
	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (text_is(label, labels[i].label))
			return labels[i].kind == kind;
	return false;
}

static bool
stop(struct state *s, enum armor_state state, const char *what)
{
	s->armor->state = state;
	s->armor->line = s->line;
	s->armor->what = what;
	return false;
}

/* RFC 9580 6.1, four bits at a time: what 0 to 15 << 20 become. */
static uint32_t
crc24(struct span data)
{
	static const uint32_t steps[16] = {
		0x000000, 0x864cfb, 0x8ad50d, 0x0c99f6,
		0x93e6e1, 0x15aa1a, 0x1933ec, 0x9f7f17,
		0xa18139, 0x27cdc2, 0x2b5434, 0xad18cf,
		0x3267d8, 0xb42b23, 0xb8b2d5, 0x3efe2e
	};
	uint32_t crc = CRC24_INIT;
	size_t i;

	for (i = 0; i < data.len; i++) {
		crc ^= (uint32_t)data.data[i] << 16;
		crc = (crc << 4 ^ steps[crc >> 20]) & 0xffffff;
		crc = (crc << 4 ^ steps[crc >> 20]) & 0xffffff;
	}
	return crc;
}

/* "=" and four characters, RFC 9580 6.1. */
static bool
take_crc(struct state *s, struct span line)
{
	struct base64 base64;
	struct buf sum;
	uint32_t want = 0;
	bool ok;

	base64_init(&base64);
	buf_init(&sum, 3);
	ok = base64_is_whole(&s->base64) &&
	    base64_add_line(&base64, text_sub(line, 1, line.len), &sum) &&
	    sum.len == 3;
	if (ok)
		want = (uint32_t)sum.data[0] << 16 |
		    (uint32_t)sum.data[1] << 8 | sum.data[2];
	buf_clear(&sum);
	s->has_crc = true;
	if (!ok || want != crc24(buf_span(s->data)))
		return stop(s, ARMOR_BROKEN, "wrong armour checksum");
	return true;
}

static bool
take_begin(struct state *s, struct span line)
{
	if (is_blank_line(line))
		return true;
	if (begin_kind(line) == ARMOR_NONE)
		return stop(s, ARMOR_TEXT_BEFORE,
		    "text before the encrypted block");
	if (s->armor->kind == ARMOR_CLEARSIGNED ||
	    s->armor->kind == ARMOR_OTHER)
		return stop(s, ARMOR_BROKEN, "not a single encrypted block");
	s->place = IN_HEADER;
	return true;
}

static bool
take_header(struct state *s, struct span line)
{
	if (is_blank_line(line)) {
		s->place = IN_DATA;
		return true;
	}
	if (text_find_nocase(line, ": ") == line.len &&
	    line.data[line.len - 1] != ':')
		return stop(s, ARMOR_BROKEN,
		    "no blank line behind the armour header");
	/* a bare CR ends the line for some programs */
	if (++s->nheaders > HEADERS_MAX ||
	    memchr(line.data, '\r', line.len) != NULL ||
	    !phrase_is_armor_header(cut_trailing(line)))
		return stop(s, ARMOR_TEXT_IN_HEADER,
		    "text in an armour header line");
	return true;
}

static bool
take_data(struct state *s, struct span line)
{
	if (is_end(line, s->armor->kind)) {
		if (!base64_is_whole(&s->base64))
			return stop(s, ARMOR_BROKEN, "cut-off base64");
		s->place = BEHIND;
		return true;
	}
	if (is_blank_line(line))
		return true;
	if (s->has_crc)
		return stop(s, ARMOR_BROKEN, "data behind the checksum");
	if (line.data[0] == '=' && cut_trailing(line).len == 5)
		return take_crc(s, line);
	if (!base64_add_line(&s->base64, line, s->data))
		return stop(s, ARMOR_BROKEN, "no base64 in the armour");
	return true;
}

static bool
take_line(struct state *s, struct span line)
{
	s->line++;
	switch (s->place) {
	case BEFORE:
		return take_begin(s, line);
	case IN_HEADER:
		return take_header(s, line);
	case IN_DATA:
		return take_data(s, line);
	case BEHIND:
		break;
	}
	if (is_blank_line(line))
		return true;
	return stop(s, ARMOR_TEXT_BEHIND, "text behind the encrypted block");
}

/* The kind of the first block anywhere, so that text before it is noticed. */
static enum armor_kind
find_kind(struct span text)
{
	enum armor_kind kind = ARMOR_NONE;
	struct span line;

	while (kind == ARMOR_NONE && text_next_line(&text, &line))
		kind = begin_kind(line);
	return kind;
}

void
armor_parse(struct span text, struct buf *data_out, struct armor *out)
{
	struct state s = { .armor = out, .data = data_out, .place = BEFORE };
	struct span line;

	out->kind = find_kind(text);
	out->state = ARMOR_OK;
	out->line = 0;
	out->what = "";
	base64_init(&s.base64);
	if (out->kind == ARMOR_NONE)
		return;
	while (text_next_line(&text, &line))
		if (!take_line(&s, line))
			return;
	if (s.place != BEHIND)
		(void)stop(&s, ARMOR_BROKEN, "no END line");
}
