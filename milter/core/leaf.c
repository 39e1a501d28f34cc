/*
 * leaf: what one body part holds; see leaf.h.
 */
#include <string.h>

#include "core/armor.h"
#include "core/base64.h"
#include "core/charset.h"
#include "core/der.h"
#include "core/leaf.h"
#include "core/quoted.h"
#include "core/signature.h"

static void
set(struct leaf *out, enum leaf_kind kind, const char *what, size_t line)
{
	out->kind = kind;
	out->what = what;
	out->line = line;
}

static bool
has_suffix(const char *name, const char *suffix)
{
	struct span s = text_span(name);
	size_t len = strlen(suffix);

	return s.len > len &&
	    text_is_nocase(text_sub(s, s.len - len, len), suffix);
}

static bool
is_named(const struct entity *e, const char *suffix)
{
	return has_suffix(field_param(&e->type, "name"), suffix) ||
	    has_suffix(field_param(&e->disposition, "filename"), suffix);
}

/* May this part be binary OpenPGP data? */
static bool
may_be_openpgp(const struct entity *e)
{
	return strcmp(e->type.type, "application/octet-stream") == 0 ||
	    strcmp(e->type.type, "application/pgp-encrypted") == 0 ||
	    strcmp(e->type.type, "application/pgp") == 0 ||
	    is_named(e, ".gpg") || is_named(e, ".pgp");
}

static bool
is_smime_type(const struct entity *e)
{
	return strcmp(e->type.type, "application/pkcs7-mime") == 0 ||
	    strcmp(e->type.type, "application/x-pkcs7-mime") == 0 ||
	    is_named(e, ".p7m");
}

/* The types in which an armour block may stand: shown as they are. */
static bool
may_hold_armor(const struct entity *e)
{
	return strcmp(e->type.type, "text/plain") == 0 || may_be_openpgp(e);
}

/* Clients would read the ASCII of the armour as something else. */
static bool
has_odd_charset(const struct entity *e)
{
	const char *charset = field_param(&e->type, "charset");

	return charset != NULL && charset[0] != '\0' &&
	    !charset_keeps_ascii(text_span(charset));
}

static void
read_packets(struct span data, size_t max_pkesk, struct leaf *out)
{
	static const struct {
		enum openpgp_shape	shape;
		enum leaf_kind		kind;
	} kinds[] = {
		{ OPENPGP_ENCRYPTED,	LEAF_ENCRYPTED },
		{ OPENPGP_NO_INTEGRITY,	LEAF_NO_INTEGRITY },
		{ OPENPGP_NOT_ENCRYPTED, LEAF_FAKE },
		{ OPENPGP_READABLE,	LEAF_FAKE },
		{ OPENPGP_TRAILING,	LEAF_PARTLY },
		{ OPENPGP_TOO_MANY,	LEAF_TOO_COMPLEX },
		{ OPENPGP_BROKEN,	LEAF_BROKEN },
	};
	size_t i;

	openpgp_walk(data, max_pkesk, &out->message);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].shape == out->message.shape)
			set(out, kinds[i].kind, out->message.what, 0);
	if (out->kind == LEAF_ENCRYPTED && out->message.nrecipients == 0)
		set(out, LEAF_SYMMETRIC, "a passphrase instead of a key", 0);
	if (out->kind != LEAF_ENCRYPTED)
		openpgp_clear(&out->message);
}

static void
read_message(const struct entity *e, const struct armor *a,
    struct span data, size_t max_pkesk, struct leaf *out)
{
	switch (a->state) {
	case ARMOR_OK:
		read_packets(data, max_pkesk, out);
		break;
	case ARMOR_BROKEN:
		set(out, LEAF_BROKEN, a->what, a->line);
		return;
	case ARMOR_TEXT_BEFORE:
	case ARMOR_TEXT_BEHIND:
	case ARMOR_TEXT_IN_HEADER:
		set(out, LEAF_PARTLY, a->what, a->line);
		return;
	}
	if (out->kind != LEAF_ENCRYPTED)
		return;
	if (!may_hold_armor(e))
		set(out, LEAF_PARTLY,
		    "an encrypted block in a part of another type", 0);
	else if (has_odd_charset(e))
		set(out, LEAF_BROKEN, "a charset that hides the block", 0);
	if (out->kind != LEAF_ENCRYPTED)
		openpgp_clear(&out->message);
}

/* No armour block begins here. */
static void
read_other(const struct entity *e, struct span content, bool claims,
    size_t max_pkesk, struct leaf *out)
{
	if (strcmp(e->type.type, "application/pgp-encrypted") == 0 &&
	    text_is_nocase(text_trim(content), "Version: 1")) {
		set(out, LEAF_VERSION, "", 0);
		return;
	}
	if ((content.data[0] & 0x80) != 0 && may_be_openpgp(e)) {
		read_packets(content, max_pkesk, out);
		if (out->kind != LEAF_BROKEN || claims)
			return;
	}
	if (claims)
		set(out, LEAF_FAKE, "no encrypted block", 0);
	else if (text_find_nocase(content, "-----BEGIN PGP MESSAGE") <
	    content.len)
		set(out, LEAF_PARTLY, "an encrypted block inside other text",
		    0);
	else
		set(out, LEAF_TEXT, "readable text", 0);
}

/* A readable block in front, and the encrypted one behind it. */
static bool
hides_message(const struct armor *a, struct span content)
{
	return a->kind != ARMOR_NONE && a->kind != ARMOR_MESSAGE &&
	    a->kind != ARMOR_OTHER && a->state != ARMOR_OK &&
	    text_find_nocase(content, "\n-----BEGIN PGP MESSAGE-----") <
	    content.len;
}

static void
read_armor(const struct entity *e, struct span content, bool claims,
    size_t max_pkesk, struct leaf *out)
{
	struct armor a;
	struct buf data;

	buf_init(&data, content.len);
	armor_parse(content, &data, &a);
	if (hides_message(&a, content)) {
		set(out, LEAF_PARTLY, "text before the encrypted block", 0);
		buf_clear(&data);
		return;
	}
	switch (a.kind) {
	case ARMOR_NONE:
		read_other(e, content, claims, max_pkesk, out);
		break;
	case ARMOR_MESSAGE:
		read_message(e, &a, buf_span(&data), max_pkesk, out);
		break;
	case ARMOR_CLEARSIGNED:
		set(out, LEAF_SIGNED, "a clear-signed text", 0);
		break;
	case ARMOR_SIGNATURE:
		set(out, a.state == ARMOR_OK &&
		    signature_is_plain(buf_span(&data)) ?
		    LEAF_PLAIN_SIGNATURE : LEAF_SIGNED, "a signature", 0);
		break;
	case ARMOR_KEY:
		set(out, a.state == ARMOR_OK ? LEAF_FAKE : LEAF_TEXT,
		    "a key", 0);
		break;
	case ARMOR_OTHER:
		set(out, LEAF_BROKEN, a.what, a.line);
		break;
	}
	buf_clear(&data);
}

/* The types in which programs look for S/MIME: RFC 8551 3.10. */
static bool
may_be_smime(const struct entity *e)
{
	return strcmp(e->type.type, "application/pkcs7-mime") == 0 ||
	    strcmp(e->type.type, "application/x-pkcs7-mime") == 0 ||
	    strcmp(e->type.type, "application/octet-stream") == 0;
}

/* Does smime-type say "encrypted", or nothing?  RFC 8551 3.2.2. */
static bool
claims_smime(const struct entity *e)
{
	const char *type = field_param(&e->type, "smime-type");

	return type == NULL ||
	    text_is_nocase(text_span(type), "enveloped-data") ||
	    text_is_nocase(text_span(type), "authenveloped-data");
}

/* It has the shape of an encrypted message: is it one to everybody? */
static void
read_enveloped(const struct entity *e, struct leaf *out)
{
	if (!claims_smime(e))
		set(out, LEAF_BROKEN, "an smime-type that does not fit", 0);
	else if (!may_be_smime(e))
		set(out, LEAF_PARTLY,
		    "S/MIME encrypted data in a part of another type", 0);
	else if (out->cms.nrecipients == 0)
		set(out, LEAF_SYMMETRIC, "a passphrase instead of a key", 0);
	else
		set(out, LEAF_SMIME, "S/MIME encrypted data", 0);
}

static void
read_cms(const struct entity *e, struct span content, size_t max_recipients,
    struct leaf *out)
{
	enum leaf_kind fake = claims_smime(e) ? LEAF_FAKE : LEAF_TEXT;
	bool is_der = content.data[0] == DER_SEQUENCE;

	cms_walk(content, max_recipients, &out->cms);
	switch (out->cms.shape) {
	case CMS_ENCRYPTED:
		read_enveloped(e, out);
		break;
	case CMS_SIGNED:
		set(out, LEAF_SMIME_SIGNED, out->cms.what, 0);
		break;
	case CMS_NOT_ENCRYPTED:
	case CMS_READABLE:
		set(out, fake, out->cms.what, 0);
		break;
	case CMS_PARTLY:
		set(out, LEAF_PARTLY, out->cms.what, 0);
		break;
	case CMS_TOO_MANY:
		set(out, LEAF_TOO_COMPLEX, out->cms.what, 0);
		break;
	case CMS_BROKEN:
		set(out, fake == LEAF_FAKE && is_der ? LEAF_BROKEN : fake,
		    out->cms.what, 0);
		break;
	}
	if (out->kind != LEAF_SMIME)
		cms_clear(&out->cms);
}

/* False when the encoding is not followed to the letter. */
static bool
decode(const struct entity *e, struct buf *decoded, struct span *content_out)
{
	*content_out = e->body;
	switch (e->encoding) {
	case ENCODING_IDENTITY:
		return true;
	case ENCODING_BASE64:
		if (!base64_decode(e->body, decoded))
			return false;
		break;
	case ENCODING_QUOTED:
		if (!quoted_decode(e->body, decoded))
			return false;
		break;
	case ENCODING_UNKNOWN:
		return false;
	}
	*content_out = buf_span(decoded);
	return true;
}

static bool
speaks_of_pgp(const struct entity *e, bool claims)
{
	return claims ||
	    strncmp(e->type.type, "application/pgp", 15) == 0 ||
	    text_find_nocase(e->body, "-----BEGIN PGP MESSAGE") <
	    e->body.len;
}

void
leaf_read(const struct entity *e, bool claims, size_t max_pkesk,
    struct leaf *out)
{
	struct buf decoded;
	struct span content;

	memset(out, 0, sizeof(*out));
	buf_init(&decoded, e->body.len + 1);
	if (!decode(e, &decoded, &content))
		set(out, speaks_of_pgp(e, claims) ? LEAF_BROKEN : LEAF_TEXT,
		    "a transfer encoding that is not followed", 0);
	else if (text_is_blank(content))
		set(out, LEAF_BLANK, "nothing", 0);
	else if (is_smime_type(e) && !claims)
		read_cms(e, content, max_pkesk, out);
	else
		read_armor(e, content, claims, max_pkesk, out);
	buf_clear(&decoded);
}

void
leaf_clear(struct leaf *leaf)
{
	openpgp_clear(&leaf->message);
	cms_clear(&leaf->cms);
}

bool
leaf_packets(const struct entity *e, struct buf *out)
{
	struct buf decoded;
	struct span content;
	struct armor a;
	bool ok;

	buf_init(&decoded, e->body.len + 1);
	ok = decode(e, &decoded, &content);
	if (ok) {
		armor_parse(content, out, &a);
		ok = a.kind == ARMOR_MESSAGE ? a.state == ARMOR_OK :
		    a.kind == ARMOR_NONE &&
		    buf_add(out, content.data, content.len);
	}
	buf_clear(&decoded);
	return ok;
}

bool
leaf_content(const struct entity *e, struct buf *out)
{
	struct buf decoded;
	struct span content;
	bool ok;

	buf_init(&decoded, e->body.len + 1);
	ok = decode(e, &decoded, &content) &&
	    buf_add(out, content.data, content.len);
	buf_clear(&decoded);
	return ok;
}
