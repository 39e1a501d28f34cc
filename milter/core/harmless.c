/*
 * harmless: part headers that say nothing; see harmless.h.
 */
#include <string.h>

#include "core/description.h"
#include "core/harmless.h"
#include "core/phrase.h"
#include "core/prose.h"

#define WORDS_MAX	8	/* in what a program made up */
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
static bool
has_many_words(struct span s)
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
	return words >= WORDS_MAX;
}

/* "gmail" token, UUID, <id@host>: no blanks, no sentence. */
static bool
is_identifier(struct span s)
{
	return is_of(s, "<>@._-+=$/%!?*#:", 128) && !has_many_words(s);
}

/* Parameters whose values are words of a list. */
static const struct {
	const char	*name;
	const char	*values[8];
} worded[] = {
	{ "protocol", { "application/pgp-encrypted",
	    "application/pgp-signature" } },
	{ "format", { "flowed", "fixed" } },
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
		return value.len == 0 || phrase_is_charset(value);
	if (text_is(name, "boundary"))
		return is_of(value, "'()+_,-./:=?#$&*@^{}|~!%", 70) &&
		    !has_many_words(value);
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
	static const char *const words[] = { "", "mac", "os", "x", "mail",
	    "iphone", "ipad", "apple", "message", "framework", "v", "by",
	    "generated", "produced", "metasend", "sogomail" };
	size_t i, start = 0;

	if (!text_starts(value, "1.0") || value.len > 80)
		return false;
	for (i = 0; i <= value.len; i++) {
		if (i < value.len && text_is_alpha(value.data[i]))
			continue;
		if (!IS_WORD(text_sub(value, start, i - start), words) ||
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

/* A field other than Content-Type and Content-Disposition. */
static const char *
check_field(const struct entity *e, const struct field *f)
{
	static const char *const ids[] = { "Content-ID", "X-Attachment-Id",
	    "X-Content-Type", "Content-Location", "Content-MD5",
	    "Content-Length", "Content-Class", "X-EC-ID" };
	static const char *const encoding_fields[] = {
	    "Content-Transfer-Encoding",
	    "X-Content-PGP-Universal-Saved-Content-Transfer-Encoding" };
	struct span value = text_trim(f->value);

	if (text_is_nocase(f->name, "Content-Type"))
		return check_value(&e->type, text_span(e->type.type));
	if (text_is_nocase(f->name, "Content-Disposition"))
		return check_disposition(e);
	if (text_is_nocase(f->name, "Content-Description"))
		return phrase_is_neutral_name(value) ||
		    description_is_known(value) ? NULL :
		    "text in Content-Description";
	if (IS_WORD(f->name, encoding_fields))
		return IS_WORD(value, encodings) ? NULL :
		    "text in Content-Transfer-Encoding";
	if (text_is_nocase(f->name, "MIME-Version"))
		return is_mime_version(value) ? NULL : "text in MIME-Version";
	if (text_is_nocase(f->name, "Content-Language"))
		return is_languages(value) ? NULL :
		    "text in Content-Language";
	if (text_is_nocase(f->name, "X-MIME-Autoconverted"))
		return is_conversion(value) ? NULL :
		    "text in a part header field";
	if (IS_WORD(f->name, ids))
		return is_identifier(value) ? NULL :
		    "text in a part header field";
	return "a part header field that could hold text";
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
	return NULL;
}
