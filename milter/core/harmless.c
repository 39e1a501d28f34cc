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
	return is_of(s, "<>@._-+=$/%!?*#", 128) && !has_many_words(s);
}

static bool
is_harmless_param(const struct param *p)
{
	static const char *const flowed[] = { "flowed", "fixed" };
	static const char *const yes_no[] = { "yes", "no" };
	static const char *const protected[] = { "v1", "cipher", "clear" };
	static const char *const hashes[] = { "pgp-md5", "pgp-sha1",
	    "pgp-sha224", "pgp-sha256", "pgp-sha384", "pgp-sha512",
	    "pgp-ripemd160" };
	static const char *const protocols[] = { "application/pgp-encrypted",
	    "application/pgp-signature" };
	struct span name = text_span(p->name), value = text_span(p->value);

	if (text_is(name, "charset"))
		return value.len == 0 || phrase_is_charset(value);
	if (text_is(name, "boundary"))
		return is_of(value, "'()+_,-./:=?#$&*@^{}|~!%", 70) &&
		    !has_many_words(value);
	if (text_is(name, "name") || text_is(name, "filename"))
		return phrase_is_neutral_name(value);
	if (text_is(name, "protocol"))
		return IS_WORD(value, protocols);
	if (text_is(name, "format"))
		return IS_WORD(value, flowed);
	if (text_is(name, "delsp"))
		return IS_WORD(value, yes_no);
	if (text_is(name, "micalg"))
		return IS_WORD(value, hashes);
	if (text_is(name, "protected-headers") || text_is(name, "hp") ||
	    text_is(name, "hp-legacy-display"))
		return IS_WORD(value, protected) || text_is(value, "1");
	if (text_is(name, "size") || text_is(name, "x-unix-mode") ||
	    text_is(name, "x-mac-type") || text_is(name, "x-mac-creator"))
		return is_number(value);
	if (text_is(name, "creation-date") || text_is(name, "read-date") ||
	    text_is(name, "modification-date"))
		return phrase_is_date(value);
	if (text_is(name, "smime-type"))
		return text_is_nocase(value, "enveloped-data") ||
		    text_is_nocase(value, "authenveloped-data");
	return false;
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

/* A field other than Content-Type and Content-Disposition. */
static const char *
check_field(const struct entity *e, const struct field *f)
{
	static const char *const encodings[] = { "7bit", "8bit", "binary",
	    "base64", "quoted-printable" };
	static const char *const ids[] = { "Content-ID", "X-Attachment-Id",
	    "Content-Language", "X-Content-Type", "Content-Location",
	    "Content-MD5", "Content-Length", "X-EC-ID" };
	struct span value = text_trim(f->value);

	if (text_is_nocase(f->name, "Content-Type"))
		return check_value(&e->type, text_span(e->type.type));
	if (text_is_nocase(f->name, "Content-Disposition"))
		return check_disposition(e);
	if (text_is_nocase(f->name, "Content-Description"))
		return phrase_is_neutral_name(value) ||
		    description_is_known(value) ? NULL :
		    "text in Content-Description";
	if (text_is_nocase(f->name, "Content-Transfer-Encoding"))
		return IS_WORD(value, encodings) ? NULL :
		    "text in Content-Transfer-Encoding";
	if (text_is_nocase(f->name, "MIME-Version"))
		return is_of(value, " .()", 24) && text_starts(value, "1.0") ?
		    NULL : "text in MIME-Version";
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
