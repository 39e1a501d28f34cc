/*
 * description: what mail programs write as Content-Description; see
 * description.h.
 */
#include <string.h>

#include "core/base64.h"
#include "core/description.h"

#define TEXT_MAX 200

/* In UTF-8.  Evolution translates its own; these fit into ISO-8859-1. */
static const char *const known[] = {
	"version code",						/* KMail */
	"This is a digitally encrypted message part",	/* Evolution */
	"This is a digitally signed message part",
	"Dies ist ein digital verschl\xc3\xbcsselter Nachrichtenteil",
	"Ceci est une partie de message num\xc3\xa9riquement sign\xc3\xa9"
	    "e",	/* what its French says of encrypted parts, too */
	"Esta parte del mensaje est\xc3\xa1 cifrada digitalmente",
	"Questa \xc3\xa8 una parte del messaggio cifrata digitalmente",
	"Esta \xc3\xa9 uma parte de mensagem criptografada digitalmente",
	"Esta \xc3\xa9 uma parte de mensagem digitalmente cifrada",
	"Dette er en digitalt krypteret del af brevet",
	"Dette er en digitalt kryptert meldingsdel",
	"Detta \xc3\xa4r en digitalt signerad meddelandedel",
	"Dit berichtdeel is digitaal ondertekend",
	"Digitaalisesti salattu viestin osa",
	"Aix\xc3\xb2 \xc3\xa9s una part del missatge xifrat digitalment",
};

struct text {
	char	bytes[TEXT_MAX];
	size_t	len;
	bool	failed;
};

static void
add(struct text *t, uint8_t c)
{
	if (t->len == sizeof(t->bytes))
		t->failed = true;
	else
		t->bytes[t->len++] = (char)c;
}

static void
add_char(struct text *t, uint8_t c, bool is_latin1)
{
	if (is_latin1 && c >= 0x80) {
		add(t, (uint8_t)(0xc0 | c >> 6));
		c = (uint8_t)(0x80 | (c & 0x3f));
	}
	add(t, c);
}

static int
hex_value(uint8_t c)
{
	c = (uint8_t)text_lower(c);
	if (text_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 2047 4.2. */
static void
add_q(struct text *t, struct span s, bool is_latin1)
{
	size_t i;
	int high, low;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '_')
			add(t, ' ');
		else if (s.data[i] != '=')
			add_char(t, s.data[i], is_latin1);
		else if (i + 2 < s.len) {
			high = hex_value(s.data[i + 1]);
			low = hex_value(s.data[i + 2]);
			if (high < 0 || low < 0)
				t->failed = true;
			else
				add_char(t, (uint8_t)(high << 4 | low),
				    is_latin1);
			i += 2;
		} else
			t->failed = true;
	}
}

static void
add_b(struct text *t, struct span s, bool is_latin1)
{
	struct buf bytes;
	size_t i;

	buf_init(&bytes, TEXT_MAX);
	if (!base64_decode(s, &bytes))
		t->failed = true;
	for (i = 0; i < bytes.len; i++)
		add_char(t, bytes.data[i], is_latin1);
	buf_clear(&bytes);
}

/* "=?charset?Q?text?="; s.len when it is none. */
static size_t
encoded_length(struct span s)
{
	size_t i, marks = 0;

	if (!text_starts(s, "=?"))
		return s.len;
	for (i = 2; i < s.len; i++) {
		if (s.data[i] == '?' && ++marks == 3)
			return i + 1 < s.len && s.data[i + 1] == '=' ?
			    i + 2 : s.len;
		if (s.data[i] == ' ')
			break;
	}
	return s.len + 1;
}

static void
add_encoded(struct text *t, struct span word)
{
	size_t charset_end = text_find_nocase(text_sub(word, 2, word.len),
	    "?") + 2;
	struct span charset = text_sub(word, 2, charset_end - 2);
	struct span text = text_sub(word, charset_end + 3,
	    word.len - charset_end - 5);
	int kind = text_lower(word.data[charset_end + 1]);
	bool is_latin1 = text_is_nocase(charset, "iso-8859-1") ||
	    text_is_nocase(charset, "iso-8859-15");

	if (!is_latin1 && !text_is_nocase(charset, "utf-8") &&
	    !text_is_nocase(charset, "us-ascii"))
		t->failed = true;
	else if (word.data[charset_end + 2] != '?')
		t->failed = true;
	else if (kind == 'q')
		add_q(t, text, is_latin1);
	else if (kind == 'b')
		add_b(t, text, is_latin1);
	else
		t->failed = true;
}

/* Encoded words decoded, those that follow each other joined; unfolded. */
static void
decode(struct span value, struct text *t)
{
	size_t i = 0, len;
	bool was_encoded = false;
	struct span rest;

	while (i < value.len && !t->failed) {
		rest = text_sub(value, i, value.len);
		len = encoded_length(rest);
		if (len <= rest.len && text_starts(rest, "=?") && len >= 8) {
			while (was_encoded && t->len > 0 &&
			    t->bytes[t->len - 1] == ' ')
				t->len--;
			add_encoded(t, text_sub(rest, 0, len));
			was_encoded = true;
			i += len;
			continue;
		}
		if (rest.data[0] != '\r' && rest.data[0] != '\n') {
			add(t, rest.data[0] == '\t' ? ' ' : rest.data[0]);
			was_encoded = was_encoded &&
			    t->bytes[t->len - 1] == ' ';
		}
		i++;
	}
}

bool
description_is_known(struct span value)
{
	struct text t = { "", 0, false };
	struct span text;
	size_t i;

	decode(text_trim(value), &t);
	if (t.failed)
		return false;
	text.data = (const uint8_t *)t.bytes;
	text.len = t.len;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_is_nocase(text, known[i]))
			return true;
	return false;
}
