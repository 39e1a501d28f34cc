/*
 * harmless: part headers that say nothing; see harmless.h.
 */
#include <string.h>

#include "core/charset.h"
#include "core/description.h"
#include "core/harmless.h"
#include "core/mediatype.h"
#include "core/phrase.h"
#include "core/prose.h"

#define OTHER	"text in a part header field"
#define SAVED	"X-Content-PGP-Universal-Saved-"
#define WORDS_MAX	6	/* in what a program made up */
#define LOCAL_WORDS_MAX	3	/* before the "@": "alpine.DEB.2.21.1@host" */
#define PART_FIELDS_MAX	12	/* a short list: nobody needs it twice */

static bool
is_of(struct span s, const char *chars, size_t max)
{
	size_t i;

	if (s.len > max)
		return false;
	for (i = 0; i < s.len; i++)
		if (!text_is_alnum(s.data[i]) &&
		    (s.data[i] == '\0' || strchr(chars, s.data[i]) == NULL))
			return false;
	return true;
}

static bool
is_word(struct span s, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_is_nocase(s, words[i]))
			return true;
	return false;
}
#define IS_WORD(s, list) is_word(s, list, sizeof(list) / sizeof((list)[0]))

static const char *const encodings[] = { "7bit", "8bit", "binary", "base64",
    "quoted-printable" };

static bool
is_number(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!text_is_digit(s.data[i]))
			return false;
	return s.len <= 12;
}

/* "the_hole-is.in_foo": words of letters alone, whatever joins them. */
static size_t
count_words(struct span s)
{
	size_t i, letters = 0, words = 0;
	bool pure = true;

	for (i = 0; i <= s.len; i++) {
		if (i < s.len && text_is_alnum(s.data[i])) {
			letters++;
			pure = pure && text_is_alpha(s.data[i]);
			continue;
		}
		if (pure && letters > 1)
			words++;
		letters = 0;
		pure = true;
	}
	return words;
}

/* "gmail" token, UUID, <id@host>: no blanks, no sentence. */
static bool
is_identifier(struct span s)
{
	return is_of(s, "<>@._-+=$/%!?*#:", 128) &&
	    count_words(s) < WORDS_MAX;
}

/* An identifier of a part: its left side is not meant to be read. */
static bool
is_part_id(struct span s)
{
	return is_identifier(s) && count_words(text_sub(s, 0,
	    text_find_nocase(s, "@"))) < LOCAL_WORDS_MAX;
}

/* Parameters whose values are words of a list. */
static const struct {
	const char	*name;
	const char	*values[8];
} worded[] = {
	{ "protocol", { "application/pgp-encrypted",
	    "application/pgp-signature" } },
	{ "format", { "flowed", "fixed", "text", "mime" } },
	{ "x-action", { "encrypt", "encryptsign", "pgp-encrypted", "sign",
	    "signclear", "pgp-signed" } },	/* Mutt, exmh: inline PGP */
	{ "delsp", { "yes", "no" } },
	{ "micalg", { "pgp-md5", "pgp-sha1", "pgp-sha224", "pgp-sha256",
	    "pgp-sha384", "pgp-sha512", "pgp-ripemd160" } },
	{ "protected-headers", { "v1", "1" } },
	{ "hp", { "cipher", "clear" } },
	{ "hp-legacy-display", { "1" } },
	{ "smime-type", { "enveloped-data", "authenveloped-data" } },
	{ "reply-type", { "original", "response" } },	/* Outlook Express */
	{ "markup", { "markdown" } },			/* MailMate */
	{ "x-mac-hide-extension", { "yes", "no" } },
};

static bool
is_worded(struct span name, struct span value)
{
	size_t i, k;

	for (i = 0; i < sizeof(worded) / sizeof(worded[0]); i++)
		for (k = 0; text_is(name, worded[i].name) && k < 8 &&
		    worded[i].values[k] != NULL; k++)
			if (text_is_nocase(value, worded[i].values[k]))
				return true;
	return false;
}

static bool
is_harmless_param(const struct param *p)
{
	struct span name = text_span(p->name), value = text_span(p->value);

	if (text_is(name, "charset"))
		return value.len == 0 || charset_keeps_ascii(value);
	if (text_is(name, "boundary"))
		return is_of(value, "'()+_,-./:=?#$&*@^{}|~!%", 70) &&
		    count_words(value) < WORDS_MAX;
	if (text_is(name, "name") || text_is(name, "filename"))
		return phrase_is_neutral_name(value);
	if (text_is(name, "size") || text_is(name, "x-unix-mode") ||
	    text_is(name, "x-mac-type") || text_is(name, "x-mac-creator"))
		return is_number(value);
	if (text_is(name, "creation-date") || text_is(name, "read-date") ||
	    text_is(name, "modification-date"))
		return phrase_is_date(value);
	return is_worded(name, value);
}

/* A checksum of 16 bytes, RFC 1864. */
static bool
is_md5(struct span s)
{
	return s.len == 24 && is_of(s, "+/=", 24) && s.data[22] == '=' &&
	    s.data[23] == '=';
}

static const char *
check_value(const struct mime_value *value, struct span type)
{
	size_t i;

	if (!is_of(type, "/-+.", 60))
		return "text in a Content field";
	for (i = 0; i < value->nparams; i++)
		if (!is_harmless_param(&value->params[i]))
			return strcmp(value->params[i].name, "name") == 0 ||
			    strcmp(value->params[i].name, "filename") == 0 ?
			    "a telling file name" :
			    "text in a parameter of a Content field";
	return NULL;
}

/* A type that stands in another field than Content-Type. */
static bool
is_type(struct span s)
{
	struct mime_value value;
	bool harmless;

	field_parse_mime(s, &value);
	harmless = mediatype_is_known(value.type) && !value.is_broken &&
	    !value.is_ambiguous &&
	    check_value(&value, text_span(value.type)) == NULL;
	field_clear_mime(&value);
	return harmless;
}

static const char *
check_disposition(const struct entity *e)
{
	static const char *const known[] = { "", "inline", "attachment" };
	struct span type = text_span(e->disposition.type);

	if (!IS_WORD(type, known))
		return "text in Content-Disposition";
	return check_value(&e->disposition, type);
}

/* "1.0", or "1.0 (Mac OS X Mail 16.0 \(3696.120.41\))": RFC 2045 4. */
static bool
is_mime_version(struct span value)
{
	static const char *const words[] = { "mac", "os", "mail",
	    "iphone", "ipad", "apple", "message", "framework", "by",
	    "generated", "produced", "metasend", "sogomail", "next",
	    /* Emacs */ "semi", "epg", "maruoka", "harue", "tm", "edit" };
	size_t i, start = 0;

	if (!text_starts(value, "1.0") || value.len > 80)
		return false;
	for (i = 0; i <= value.len; i++) {
		if (i < value.len && text_is_alpha(value.data[i]))
			continue;
		if ((i - start > 1 &&
		    !IS_WORD(text_sub(value, start, i - start), words)) ||
		    (i < value.len && value.data[i] >= 0x7f))
			return false;
		start = i + 1;
	}
	return true;
}

/* "en-US, de": RFC 3282. */
static bool
is_languages(struct span value)
{
	size_t i, start = 0;

	for (i = 0; i <= value.len; i++) {
		if (i < value.len && value.data[i] != ',' &&
		    value.data[i] != ' ')
			continue;
		if (!is_of(text_sub(value, start, i - start), "-", 8) ||
		    (i - start > 3 && value.data[start + 2] != '-'))
			return false;
		start = i + 1;
	}
	return value.len <= 40;
}

/* "from 8bit to quoted-printable by HOST id ID": what sendmail writes. */
static bool
is_conversion(struct span value)
{
	static const char *const words[] = { "from", NULL, "to", NULL, "by",
	    "*", "id", "*" };
	size_t i, len;
	struct span word;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (value.len == 0)
			return i == 4;	/* without host and id */
		len = text_find_nocase(value, " ");
		word = text_sub(value, 0, len);
		value = text_trim(text_sub(value, len, value.len));
		if (words[i] == NULL ? !IS_WORD(word, encodings) :
		    words[i][0] == '*' ? !is_identifier(word) :
		    !text_is_nocase(word, words[i]))
			return false;
	}
	return value.len == 0;
}

static bool
is_encoding(struct span value)
{
	return IS_WORD(value, encodings);
}

static bool
is_description(struct span value)
{
	return phrase_is_neutral_name(value) || description_is_known(value);
}

static bool
is_class(struct span value)
{
	return text_is_nocase(value, "urn:content-classes:message");
}

static const char *
check_field(const struct entity *e, const struct field *f)
{
	static const struct {
		const char	*name;
		bool		 (*is_harmless)(struct span value);
		const char	*what;
	} known[] = {
		{ "Content-Description", is_description,
		    "text in Content-Description" },
		{ "Content-Transfer-Encoding", is_encoding,
		    "text in Content-Transfer-Encoding" },
		{ SAVED "Content-Transfer-Encoding", is_encoding, OTHER },
		{ SAVED "Content-Description", is_description, OTHER },
		{ SAVED "Content-Type", is_type, OTHER },
		{ "MIME-Version", is_mime_version, "text in MIME-Version" },
		{ "Content-Language", is_languages,
		    "text in Content-Language" },
		{ "Content-Location", phrase_is_neutral_name, OTHER },
		{ "Content-Length", is_number, OTHER },
		{ "Content-MD5", is_md5, OTHER },
		{ "Content-Class", is_class, OTHER },
		{ "X-Content-Type", is_type, OTHER },
		{ "X-MIME-Autoconverted", is_conversion, OTHER },
		{ "Content-ID", is_part_id, OTHER },
		{ "X-Attachment-Id", is_part_id, OTHER },
		{ "X-EC-ID", is_part_id, OTHER },
	};
	size_t i;

	if (text_is_nocase(f->name, "Content-Type"))
		return check_value(&e->type, text_span(e->type.type));
	if (text_is_nocase(f->name, "Content-Disposition"))
		return check_disposition(e);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_is_nocase(f->name, known[i].name))
			return known[i].is_harmless(text_trim(f->value)) ?
			    NULL : known[i].what;
	return "a part header field that could hold text";
}

/* Many fields of somebody's own, and a Subject behind the one that the list
 * looks at. */
static const char *
check_root(const struct fields *fields)
{
	size_t i, words = 0;

	if (field_count(fields, "Subject") > 1)
		return "a second Subject";
	for (i = 0; i < fields->n; i++)
		words += prose_count_loose(&fields->v[i]);
	return words < PROSE_WORDS_IN_ALL ? NULL : "text in header fields";
}

const char *
harmless_check(const struct entity *e)
{
	const struct field *f;
	const char *what;
	size_t i;

	if (e->parent >= 0 && e->fields.n > PART_FIELDS_MAX)
		return "more fields in a part header than programs write";
	for (i = 0; i < e->fields.n; i++) {
		f = &e->fields.v[i];
		if (e->parent < 0 &&
		    !text_is_nocase(f->name, "MIME-Version") &&
		    (!text_starts_nocase(f->name, "Content-") ||
		    text_is_nocase(f->name, "Content-Language")))
			what = prose_check(f);
		else
			what = check_field(e, f);
		if (what != NULL)
			return what;
	}
	return e->parent < 0 ? check_root(&e->fields) : NULL;
}
