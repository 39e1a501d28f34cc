/*
 * certificate: the fields of an X.509 certificate; see certificate.h.
 */
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/certificate.h"
#include "core/civil.h"
#include "core/der.h"

static const uint8_t key_id_oid[] = { 0x55, 0x1d, 0x0e };

static int
two_digits(struct span s, size_t at, bool *ok)
{
	if (at + 2 > s.len || !text_is_digit(s.data[at]) ||
	    !text_is_digit(s.data[at + 1])) {
		*ok = false;
		return 0;
	}
	return (s.data[at] - '0') * 10 + s.data[at + 1] - '0';
}

/* YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ: RFC 5280 4.1.2.5. */
static int64_t
take_time(struct der *d)
{
	bool is_long = der_peek(d) == DER_TIME, ok = true;
	struct span s = der_take(d, is_long ? DER_TIME : DER_UTC_TIME);
	struct civil t = { 0 };
	size_t at = is_long ? 4 : 2;

	t.year = two_digits(s, 0, &ok);
	if (is_long)
		t.year = t.year * 100 + two_digits(s, 2, &ok);
	else
		t.year += t.year < 50 ? 2000 : 1900;
	t.month = two_digits(s, at, &ok);
	t.day = two_digits(s, at + 2, &ok);
	t.hour = two_digits(s, at + 4, &ok);
	t.minute = two_digits(s, at + 6, &ok);
	t.second = two_digits(s, at + 8, &ok);
	if (!ok || s.len != at + 11 || s.data[at + 10] != 'Z' ||
	    !civil_is_date(t.year, t.month, t.day) || t.hour > 23 ||
	    t.minute > 59 || t.second > 59) {
		d->c.failed = true;
		return 0;
	}
	return civil_seconds(&t);
}

/* Extension ::= SEQUENCE { OID, critical BOOLEAN DEFAULT FALSE, value }. */
static void
read_extension(struct der *d, struct certificate *out)
{
	struct span oid, value;
	struct der inner;

	der_enter(d, DER_SEQUENCE);
	oid = der_take(d, DER_OID);
	if (der_peek(d) == DER_BOOLEAN)
		(void)der_take(d, DER_BOOLEAN);
	value = der_take(d, DER_OCTET_STRING);
	der_leave(d);
	if (oid.len != sizeof(key_id_oid) ||
	    memcmp(oid.data, key_id_oid, oid.len) != 0)
		return;
	inner = der_init(value);
	out->key_id = der_take(&inner, DER_OCTET_STRING);
	if (!der_is_done(&inner))
		d->c.failed = true;
}

/* TBSCertificate, behind the version. */
static void
read_fields(struct der *d, struct certificate *out)
{
	out->serial = der_take(d, DER_INTEGER);
	(void)der_whole(d);		/* signature algorithm */
	out->issuer = der_whole(d);
	der_enter(d, DER_SEQUENCE);
	out->starts_at = take_time(d);
	out->expires_at = take_time(d);
	der_leave(d);
	(void)der_whole(d);		/* subject */
	(void)der_whole(d);		/* its key */
	while (!der_is_end(d) && der_peek(d) != DER_CONTEXT(3))
		(void)der_whole(d);	/* unique identifiers */
	if (der_is_end(d))
		return;
	der_enter(d, DER_CONTEXT(3));
	der_enter(d, DER_SEQUENCE);
	while (!der_is_end(d))
		read_extension(d, out);
	der_leave(d);
	der_leave(d);
}

bool
certificate_parse(struct span der, struct certificate *out)
{
	struct der d;

	memset(out, 0, sizeof(*out));
	out->der.data = (const uint8_t *)buf_strndup(der);
	out->der.len = der.len;
	d = der_init(out->der);
	der_enter(&d, DER_SEQUENCE);
	der_enter(&d, DER_SEQUENCE);
	if (der_peek(&d) == DER_CONTEXT(0))
		(void)der_whole(&d);	/* version */
	read_fields(&d, out);
	der_leave(&d);
	(void)der_whole(&d);		/* signature algorithm */
	(void)der_take(&d, DER_BIT_STRING);
	der_leave(&d);
	return der_is_done(&d) && out->serial.len > 0 && out->issuer.len > 0;
}

void
certificate_clear(struct certificate *certificate)
{
	free((void *)(uintptr_t)certificate->der.data);
	memset(certificate, 0, sizeof(*certificate));
}
