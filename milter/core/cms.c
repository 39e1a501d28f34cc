/*
 * cms: the walk through an S/MIME message; see cms.h for the grammar.
 *
 * One function per rule.  Each reads from a struct der with a sticky error; the
 * reader checks by itself that what was entered was consumed.
 */
#include <stdlib.h>
#include <string.h>

#include "core/cms.h"
#include "core/cms_recipient.h"
#include "core/der.h"
#include "core/noise.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Beginnings of object identifiers. */
#define PKCS7	0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07
#define SMIME	0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10
#define AES	0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01
#define CAMELLIA 0x2a, 0x83, 0x08, 0x8c, 0x9a, 0x4b, 0x3d, 0x01, 0x01, 0x01

struct oid {
	uint8_t	bytes[12];
	size_t	len;
};

static const struct content {
	struct oid	 oid;
	enum cms_shape	 shape;
	const char	*what;
	bool		 is_inner; /* may stand inside encrypted content */
} contents[] = {
	{ { { PKCS7, 3 }, 9 }, CMS_ENCRYPTED, "enveloped data", true },
	{ { { SMIME, 1, 23 }, 11 }, CMS_ENCRYPTED,
	    "authenticated-enveloped data", true },
	{ { { PKCS7, 1 }, 9 }, CMS_NOT_ENCRYPTED, "plain data", true },
	{ { { PKCS7, 2 }, 9 }, CMS_SIGNED, "S/MIME signed data", true },
	{ { { SMIME, 1, 9 }, 11 }, CMS_NOT_ENCRYPTED, "compressed data",
	    true },
	{ { { PKCS7, 5 }, 9 }, CMS_NOT_ENCRYPTED, "digested data", false },
	{ { { PKCS7, 6 }, 9 }, CMS_NOT_ENCRYPTED,
	    "encrypted data without a recipient", false },
	{ { { SMIME, 1, 2 }, 11 }, CMS_NOT_ENCRYPTED, "authenticated data",
	    false },
};
#define IS_ENVELOPED(content) ((content) == &contents[0])

enum mode {
	MODE_CBC,		/* parameters: an initialisation vector */
	MODE_AEAD,		/* nonce and length of the tag */
	MODE_NONCE		/* an AEAD with a nonce alone */
};

/* What is not here is unknown or, as DES and RC2 are, too weak. */
static const struct cipher {
	struct oid	 oid;
	enum mode	 mode;
	size_t		 block;
} ciphers[] = {
	{ { { AES, 0x02 }, 9 }, MODE_CBC, 16 },
	{ { { AES, 0x16 }, 9 }, MODE_CBC, 16 },
	{ { { AES, 0x2a }, 9 }, MODE_CBC, 16 },
	{ { { AES, 0x06 }, 9 }, MODE_AEAD, 1 },		/* GCM */
	{ { { AES, 0x1a }, 9 }, MODE_AEAD, 1 },
	{ { { AES, 0x2e }, 9 }, MODE_AEAD, 1 },
	{ { { AES, 0x07 }, 9 }, MODE_AEAD, 1 },		/* CCM */
	{ { { AES, 0x1b }, 9 }, MODE_AEAD, 1 },
	{ { { AES, 0x2f }, 9 }, MODE_AEAD, 1 },
	{ { { SMIME, 3, 18 }, 11 }, MODE_NONCE, 1 },	/* ChaCha20-Poly1305 */
	{ { { CAMELLIA, 2 }, 11 }, MODE_CBC, 16 },
	{ { { CAMELLIA, 3 }, 11 }, MODE_CBC, 16 },
	{ { { CAMELLIA, 4 }, 11 }, MODE_CBC, 16 },
	{ { { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07 }, 8 },
	    MODE_CBC, 8 },				/* Triple DES */
};

static bool
is_oid(const struct oid *oid, struct span s)
{
	return s.len == oid->len && memcmp(s.data, oid->bytes, s.len) == 0;
}

static const struct content *
take_content_type(struct der *d)
{
	struct span oid = der_take(d, DER_OID);
	size_t i;

	for (i = 0; i < COUNT(contents); i++)
		if (is_oid(&contents[i].oid, oid))
			return &contents[i];
	d->c.failed = true;
	return NULL;
}

static bool
stop(struct cms *m, enum cms_shape shape, const char *what)
{
	m->shape = shape;
	m->what = what;
	return false;
}

/* ---- encrypted content, RFC 5652 6.1 ---- */

static const struct cipher *
take_cipher(struct der *d)
{
	struct span oid = der_take(d, DER_OID);
	size_t i;

	for (i = 0; i < COUNT(ciphers); i++)
		if (is_oid(&ciphers[i].oid, oid))
			return &ciphers[i];
	d->c.failed = true;
	return NULL;
}

/* False for what is unknown or does not fit the kind of message. */
static bool
read_cipher(struct der *d, bool is_enveloped, size_t *block_out)
{
	const struct cipher *cipher;
	size_t len;

	der_enter(d, DER_SEQUENCE);
	cipher = take_cipher(d);
	if (cipher == NULL || (cipher->mode == MODE_CBC) != is_enveloped)
		return false;
	*block_out = cipher->block;
	if (cipher->mode == MODE_AEAD)
		der_enter(d, DER_SEQUENCE);
	len = der_take(d, DER_OCTET_STRING).len;
	if (cipher->mode == MODE_CBC ? len != cipher->block :
	    len < 7 || len > 16)
		return false;
	if (cipher->mode == MODE_AEAD) {
		if (!der_is_end(d) && der_take(d, DER_INTEGER).len != 1)
			return false;
		der_leave(d);
	}
	der_leave(d);
	return !d->c.failed;
}

/* In one piece or in many; their bytes. */
static size_t
read_ciphertext(struct der *d, struct noise *noise)
{
	struct span s;
	size_t len = 0;

	if (der_peek(d) == DER_PRIMITIVE(0)) {
		s = der_take(d, DER_PRIMITIVE(0));
		noise_add(noise, s);
		return s.len;
	}
	der_enter(d, DER_CONTEXT(0));
	while (!der_is_end(d)) {
		s = der_take(d, DER_OCTET_STRING);
		noise_add(noise, s);
		len += s.len;
	}
	der_leave(d);
	return len;
}

/* EncryptedContentInfo. */
static bool
read_content(struct cms *m, struct der *d, bool is_enveloped,
    const struct content **type_out)
{
	struct noise noise;
	size_t block, len;

	noise_init(&noise);
	der_enter(d, DER_SEQUENCE);
	*type_out = take_content_type(d);
	if (*type_out == NULL || !(*type_out)->is_inner)
		return stop(m, CMS_BROKEN, "content of an unknown type");
	if (!read_cipher(d, is_enveloped, &block))
		return stop(m, CMS_BROKEN,
		    "a cipher that is unknown, too weak or out of place");
	if (der_is_end(d) && !d->c.failed)
		return stop(m, CMS_NOT_ENCRYPTED, "no encrypted content");
	len = read_ciphertext(d, &noise);
	der_leave(d);
	if (d->c.failed || len == 0 || len % block != 0)
		return stop(m, CMS_BROKEN, "broken encrypted content");
	if (noise_has_text(&noise))
		return stop(m, CMS_READABLE,
		    "readable bytes where ciphertext should be");
	return true;
}

/* ---- what stands round it ---- */

static bool
read_recipients(struct cms *m, struct der *d, size_t max)
{
	const char *what;

	der_enter(d, DER_SET);
	while (!der_is_end(d))
		if (!cms_recipient_read(d, max, m, &what))
			return stop(m, d->c.failed ? CMS_BROKEN :
			    CMS_TOO_MANY, what);
	der_leave(d);
	if (d->c.failed)
		return stop(m, CMS_BROKEN, "broken list of recipients");
	if (m->nrecipients + m->npassphrases == 0)
		return stop(m, CMS_NOT_ENCRYPTED,
		    "encrypted data without a recipient");
	return true;
}

/*
 * Authenticated attributes may only repeat the type of the content, which is a
 * must where that is not plain data: RFC 5083 2.1.
 */
static bool
read_attributes(struct der *d, const struct content *type)
{
	static const struct oid content_type = { { 0x2a, 0x86, 0x48, 0x86,
	    0xf7, 0x0d, 0x01, 0x09, 0x03 }, 9 };

	der_enter(d, DER_CONTEXT(1));
	der_enter(d, DER_SEQUENCE);
	if (!is_oid(&content_type, der_take(d, DER_OID)))
		return false;
	der_enter(d, DER_SET);
	if (take_content_type(d) != type)
		return false;
	der_leave(d);
	der_leave(d);
	der_leave(d);
	return !d->c.failed;
}

/* Behind the content of AuthEnvelopedData. */
static bool
read_authentication(struct cms *m, struct der *d, const struct content *type)
{
	size_t len;

	if (der_peek(d) == DER_CONTEXT(1) && !read_attributes(d, type))
		return stop(m, CMS_PARTLY,
		    "attributes beside the encrypted content");
	len = der_take(d, DER_OCTET_STRING).len;
	if (len < 4 || len > 16)
		return stop(m, CMS_BROKEN, "a broken authentication code");
	return true;
}

/* EnvelopedData or AuthEnvelopedData. */
static bool
read_envelope(struct cms *m, struct der *d, size_t max, bool is_enveloped)
{
	const struct content *type;

	der_enter(d, DER_SEQUENCE);
	if (der_take(d, DER_INTEGER).len != 1)
		return stop(m, CMS_BROKEN, "a broken S/MIME message");
	if (der_peek(d) == DER_CONTEXT(0))
		return stop(m, CMS_PARTLY,
		    "certificates beside the encrypted content");
	if (!read_recipients(m, d, max) ||
	    !read_content(m, d, is_enveloped, &type) ||
	    (!is_enveloped && !read_authentication(m, d, type)))
		return false;
	if (der_peek(d) == DER_CONTEXT(is_enveloped ? 1 : 2))
		return stop(m, CMS_PARTLY,
		    "attributes beside the encrypted content");
	der_leave(d);
	return true;
}

static bool
is_line_end(struct span s)
{
	return s.len == 0 || text_is(s, "\n") || text_is(s, "\r\n");
}

static bool
read_message(struct cms *m, struct der *d, size_t max)
{
	const struct content *content;

	der_enter(d, DER_SEQUENCE);
	content = take_content_type(d);
	if (content == NULL)
		return stop(m, CMS_BROKEN, "no S/MIME data");
	if (content->shape != CMS_ENCRYPTED)
		return stop(m, content->shape, content->what);
	der_enter(d, DER_CONTEXT(0));
	if (!read_envelope(m, d, max, IS_ENVELOPED(content)))
		return false;
	der_leave(d);
	der_leave(d);
	if (d->c.failed)
		return stop(m, CMS_BROKEN, "lengths that do not add up");
	if (!is_line_end(d->c.rest))
		return stop(m, CMS_PARTLY,
		    "more data behind the encrypted data");
	m->shape = CMS_ENCRYPTED;
	m->what = content->what;
	return true;
}

void
cms_walk(struct span data, size_t max_recipients, struct cms *out)
{
	struct der d = der_init(data);

	memset(out, 0, sizeof(*out));
	(void)read_message(out, &d, max_recipients);
	out->offset = d.c.pos;
}

void
cms_clear(struct cms *message)
{
	size_t i;

	for (i = 0; i < message->nrecipients; i++)
		free(message->recipients[i].id);
	free(message->recipients);
	memset(message, 0, sizeof(*message));
}

bool
cms_is_for(const struct cms_recipient *recipient,
    const struct certificate *certificate)
{
	struct span id = { recipient->id, recipient->len };
	struct der serial;

	if (recipient->issuer_len == 0)
		return id.len > 0 && text_equal(id, certificate->key_id);
	if (!text_equal(text_sub(id, 0, recipient->issuer_len),
	    certificate->issuer))
		return false;
	serial = der_init(text_sub(id, recipient->issuer_len, id.len));
	return text_equal(der_take(&serial, DER_INTEGER),
	    certificate->serial) && der_is_done(&serial);
}
