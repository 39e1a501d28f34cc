/*
 * cms_recipient: who can open an S/MIME message; see cms_recipient.h.
 */
#include <string.h>

#include "core/cms_recipient.h"
#include "core/noise.h"
#include "core/prose.h"

#define NAME_MAX_BYTES	512	/* an issuer, encoded */
#define VALUE_MAX	256	/* one attribute of it */
#define WIDE_MAX	128	/* the same where no words are seen */
#define BMP_STRING	0x1e
#define OID_MAX		16
#define SERIAL_MAX	32	/* RFC 5280 has 20 */
#define KEY_ID_MAX	64	/* a digest */
#define ALGORITHM_MAX	160	/* OAEP with all its parameters: 70 */
#define PARAM_MAX	32	/* an initialisation vector, a salt */
#define KEY_MIN		16	/* bytes: no key is shorter */
#define KEY_MAX		2048	/* RSA of 16,384 bits */
#define NUMBER_MAX	8	/* a version, an iteration count */

static void
require(struct der *d, bool good)
{
	if (!good)
		d->c.failed = true;
}

static void
skip_version(struct der *d)
{
	require(d, der_take(d, DER_INTEGER).len == 1);
}

/* ---- names ---- */

static bool
is_string(int tag)
{
	/* UTF8, Numeric, Printable, Teletex, IA5 */
	return tag == 0x0c || tag == 0x12 || tag == 0x13 || tag == 0x14 ||
	    tag == 0x16 || tag == BMP_STRING;
}

/* AttributeTypeAndValue: RFC 5280 4.1.2.4. */
static void
skip_attribute(struct der *d)
{
	struct span value;
	int tag;

	der_enter(d, DER_SEQUENCE);
	require(d, der_take(d, DER_OID).len <= OID_MAX);
	tag = der_peek(d);
	require(d, is_string(tag));
	value = der_take(d, tag);
	require(d, value.len <= (tag == BMP_STRING ? WIDE_MAX : VALUE_MAX) &&
	    !prose_is_text(value));
	der_leave(d);
}

static bool
is_name(struct span whole)
{
	struct der d = der_init(whole);

	der_enter(&d, DER_SEQUENCE);
	while (!der_is_end(&d)) {
		der_enter(&d, DER_SET);
		while (!der_is_end(&d))
			skip_attribute(&d);
		der_leave(&d);
	}
	der_leave(&d);
	return der_is_done(&d) && whole.len <= NAME_MAX_BYTES;
}

/* ---- algorithms ---- */

static bool
is_param(int tag, struct span value)
{
	switch (tag) {
	case DER_OID:
		return value.len <= OID_MAX;
	case DER_NULL:
		return value.len == 0;
	case DER_INTEGER:
		return value.len <= NUMBER_MAX;
	case DER_OCTET_STRING:
		return value.len <= PARAM_MAX;
	default:
		return false;
	}
}

bool
cms_recipient_is_algorithm(struct span whole)
{
	struct der d = der_init(whole);
	int tag;

	der_enter(&d, DER_SEQUENCE);
	require(&d, der_take(&d, DER_OID).len <= OID_MAX);
	while (d.depth > 0 && !d.c.failed) {
		tag = der_peek(&d);
		if (tag == -1)
			der_leave(&d);
		else if ((tag & DER_CONSTRUCTED) != 0)
			der_enter(&d, tag);
		else
			require(&d, is_param(tag, der_take(&d, tag)));
	}
	return der_is_done(&d) && whole.len <= ALGORITHM_MAX;
}

static void
skip_algorithm(struct der *d)
{
	require(d, cms_recipient_is_algorithm(der_whole(d)));
}

/* ---- recipients ---- */

/* Random by its nature. */
static struct span
take_material(struct der *d, int tag, size_t min, size_t max)
{
	struct span s = der_take(d, tag);

	require(d, s.len >= min && s.len <= max && !noise_is_text(s));
	return s;
}

static struct span
take_key(struct der *d)
{
	return take_material(d, DER_OCTET_STRING, KEY_MIN, KEY_MAX);
}

/* IssuerAndSerialNumber, its parts still encoded one after the other. */
struct name {
	struct span	id;
	size_t		issuer_len;	/* 0: a key identifier */
};

static void
take_issuer(struct der *d, struct name *out)
{
	struct span issuer, serial;

	der_enter(d, DER_SEQUENCE);
	issuer = der_whole(d);
	serial = der_take(d, DER_INTEGER);
	der_leave(d);
	require(d, is_name(issuer) && serial.len > 0 &&
	    serial.len <= SERIAL_MAX);
	out->id.data = issuer.data;	/* up to the end of the serial */
	out->id.len = d->c.failed ? 0 :
	    (size_t)(serial.data + serial.len - issuer.data);
	out->issuer_len = issuer.len;
}

static void
take_name(struct der *d, struct name *out)
{
	if (der_peek(d) == DER_SEQUENCE) {
		take_issuer(d, out);
		return;
	}
	out->id = take_material(d, DER_PRIMITIVE(0), 1, KEY_ID_MAX);
	out->issuer_len = 0;
}

/* KeyAgreeRecipientIdentifier: the key identifier comes in a sequence. */
static void
take_agreed_name(struct der *d, struct name *out)
{
	if (der_peek(d) == DER_SEQUENCE) {
		take_issuer(d, out);
		return;
	}
	der_enter(d, DER_CONTEXT(0));
	out->id = take_material(d, DER_OCTET_STRING, 1, KEY_ID_MAX);
	out->issuer_len = 0;
	der_leave(d);
}

static void
add(struct cms *m, const struct name *name, struct span key)
{
	struct cms_recipient *r;

	m->recipients = buf_realloc(m->recipients, m->nrecipients + 1,
	    sizeof(*m->recipients));
	r = &m->recipients[m->nrecipients++];
	r->id = buf_alloc(name->id.len);
	memcpy(r->id, name->id.data, name->id.len);
	r->len = name->id.len;
	r->issuer_len = name->issuer_len;
	r->seal_len = key.len < sizeof(r->seal) ? key.len : sizeof(r->seal);
	memcpy(r->seal, key.data, r->seal_len);
}

/* Room for one more; else the answer to the whole walk is known. */
static bool
has_room(const struct cms *m, size_t max)
{
	return m->nrecipients + m->npassphrases < max;
}

/* KeyTransRecipientInfo: RFC 5652 6.2.1. */
static void
read_transported(struct der *d, struct cms *m)
{
	struct name name;
	struct span key;

	der_enter(d, DER_SEQUENCE);
	skip_version(d);
	take_name(d, &name);
	skip_algorithm(d);
	key = take_key(d);
	der_leave(d);
	if (!d->c.failed)
		add(m, &name, key);
}

/* OriginatorIdentifierOrKey: RFC 5652 6.2.2. */
static void
skip_originator(struct der *d)
{
	struct name name;

	der_enter(d, DER_CONTEXT(0));
	if (der_peek(d) == DER_CONTEXT(1)) {
		der_enter(d, DER_CONTEXT(1));
		skip_algorithm(d);
		(void)take_material(d, DER_BIT_STRING, KEY_MIN, KEY_MAX);
		der_leave(d);
	} else
		take_name(d, &name);
	der_leave(d);
}

/* KeyAgreeRecipientInfo: RFC 5652 6.2.2.  False when max is reached. */
static bool
read_agreed(struct der *d, size_t max, struct cms *m)
{
	struct name name;
	struct span key;

	der_enter(d, DER_CONTEXT(1));
	skip_version(d);
	skip_originator(d);
	if (der_peek(d) == DER_CONTEXT(1)) {	/* user keying material */
		der_enter(d, DER_CONTEXT(1));
		(void)take_material(d, DER_OCTET_STRING, 1, KEY_ID_MAX);
		der_leave(d);
	}
	skip_algorithm(d);
	der_enter(d, DER_SEQUENCE);
	while (!der_is_end(d)) {
		if (!has_room(m, max))
			return false;
		der_enter(d, DER_SEQUENCE);
		take_agreed_name(d, &name);
		key = take_key(d);
		der_leave(d);
		if (!d->c.failed)
			add(m, &name, key);
	}
	der_leave(d);
	der_leave(d);
	return true;
}

/* KEKRecipientInfo: RFC 5652 6.2.3. */
static void
read_wrapped(struct der *d, struct cms *m)
{
	der_enter(d, DER_CONTEXT(2));
	skip_version(d);
	der_enter(d, DER_SEQUENCE);
	require(d, der_take(d, DER_OCTET_STRING).len <= PARAM_MAX);
	der_leave(d);
	skip_algorithm(d);
	(void)take_key(d);
	der_leave(d);
	m->npassphrases++;
}

/* PasswordRecipientInfo: RFC 5652 6.2.4. */
static void
read_passphrase(struct der *d, struct cms *m)
{
	struct span derivation;
	uint8_t copy[ALGORITHM_MAX];

	der_enter(d, DER_CONTEXT(3));
	skip_version(d);
	if (der_peek(d) == DER_CONTEXT(0)) {
		derivation = der_whole(d);
		require(d, derivation.len <= sizeof(copy));
		if (d->c.failed)
			return;
		/* an AlgorithmIdentifier whose tag is implicit */
		memcpy(copy, derivation.data, derivation.len);
		copy[0] = DER_SEQUENCE;
		derivation.data = copy;
		require(d, cms_recipient_is_algorithm(derivation));
	}
	skip_algorithm(d);
	(void)take_key(d);
	der_leave(d);
	m->npassphrases++;
}

bool
cms_recipient_read(struct der *d, size_t max, struct cms *m,
    const char **what_out)
{
	bool fits = has_room(m, max);

	*what_out = "too many recipients";
	if (!fits)
		return false;
	switch (der_peek(d)) {
	case DER_SEQUENCE:
		read_transported(d, m);
		break;
	case DER_CONTEXT(1):
		fits = read_agreed(d, max, m);
		break;
	case DER_CONTEXT(2):
		read_wrapped(d, m);
		break;
	case DER_CONTEXT(3):
		read_passphrase(d, m);
		break;
	default:	/* OtherRecipientInfo can hold anything */
		require(d, false);
		break;
	}
	if (d->c.failed)
		*what_out = "a broken or unknown recipient";
	return fits && !d->c.failed;
}
