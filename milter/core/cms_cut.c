/*
 * cms_cut: S/MIME data with parts of it left out; see cms.h.
 *
 * Source: RFC 5652 sections 5.1 and 6.1.  The parts that stay are copied as
 * they are; what was round them is written anew, with indefinite lengths.
 */
#include <stdio.h>

#include "core/cms.h"
#include "core/cms_recipient.h"

static const uint8_t open_sequence[] = { DER_SEQUENCE, 0x80 };
static const uint8_t open_explicit[] = { DER_CONTEXT(0), 0x80 };
static const uint8_t open_set[] = { DER_SET, 0x80 };
static const uint8_t contents_end[] = { 0, 0 };
static const uint8_t signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x07, 0x02 };

#define ADD(out, bytes) buf_add(out, bytes, sizeof(bytes))

static bool
copy(struct span s, struct buf *out)
{
	return s.len > 0 && buf_add(out, s.data, s.len);
}

/* ContentInfo up to its content; the type as it stands. */
static struct span
enter(struct der *d)
{
	struct span type;

	der_enter(d, DER_SEQUENCE);
	type = der_whole(d);
	der_enter(d, DER_CONTEXT(0));
	der_enter(d, DER_SEQUENCE);
	return type;
}

static void
leave(struct der *d)
{
	der_leave(d);
	der_leave(d);
	der_leave(d);
}

static bool
add_head(struct span type, struct buf *out)
{
	return ADD(out, open_sequence) && copy(type, out) &&
	    ADD(out, open_explicit) && ADD(out, open_sequence);
}

static bool
add_tail(struct buf *out)
{
	return ADD(out, contents_end) && ADD(out, contents_end) &&
	    ADD(out, contents_end);
}

/* ---- encrypted messages ---- */

/* Is a RecipientInfo of one of these certificates? */
static bool
is_wanted(struct span recipient, const struct certificate *certificates,
    size_t n)
{
	struct der d = der_init(recipient);
	struct cms one = { .recipients = NULL };
	const char *what;
	bool wanted = false;
	size_t r, i;

	if (cms_recipient_read(&d, SIZE_MAX, &one, &what))
		for (r = 0; r < one.nrecipients; r++)
			for (i = 0; i < n; i++)
				wanted = wanted || cms_is_for(
				    &one.recipients[r], &certificates[i]);
	cms_clear(&one);
	return wanted;
}

size_t
cms_narrow(struct span data, const struct certificate *certificates,
    size_t n, struct buf *out)
{
	struct der d = der_init(data);
	struct span type = enter(&d), version = der_whole(&d), one;
	size_t before = out->len, found = 0;
	bool ok;

	ok = add_head(type, out) && copy(version, out) && ADD(out, open_set);
	der_enter(&d, DER_SET);
	while (ok && !der_is_end(&d)) {
		one = der_whole(&d);
		if (!is_wanted(one, certificates, n))
			continue;
		ok = copy(one, out);
		found++;
	}
	der_leave(&d);
	ok = ok && ADD(out, contents_end);
	while (ok && !der_is_end(&d))	/* content, authentication code */
		ok = copy(der_whole(&d), out);
	leave(&d);
	if (ok && found > 0 && !d.c.failed && add_tail(out))
		return found;
	out->len = before;
	return 0;
}

/* ---- signed data ---- */

/* SignerInfo: RFC 5652 5.3. */
static struct span
find_signature(struct span signers)
{
	struct der d = der_init(signers);
	struct span signature;

	der_enter(&d, DER_SET);
	der_enter(&d, DER_SEQUENCE);
	(void)der_whole(&d);		/* version */
	(void)der_whole(&d);		/* signer */
	(void)der_whole(&d);		/* digest algorithm */
	if (der_peek(&d) == DER_CONTEXT(0))
		(void)der_whole(&d);	/* signed attributes */
	(void)der_whole(&d);		/* signature algorithm */
	signature = der_take(&d, DER_OCTET_STRING);
	return signature;
}

static void
print_seal(struct span signature, char dst[CMS_SEAL_SIZE])
{
	size_t i;

	dst[0] = '\0';
	for (i = 0; i < signature.len && 2 * i + 2 < CMS_SEAL_SIZE; i++)
		snprintf(dst + 2 * i, 3, "%02x", signature.data[i]);
}

static bool
is_signed_data(struct span type)
{
	struct der d = der_init(type);

	return text_equal(der_take(&d, DER_OID),
	    (struct span){ signed_data, sizeof(signed_data) });
}

bool
cms_strip(struct span data, struct buf *out, char seal_out[CMS_SEAL_SIZE])
{
	struct der d = der_init(data);
	struct span type = enter(&d), kept[4];
	size_t i;

	if (!is_signed_data(type))
		return false;
	for (i = 0; i < 3; i++)	/* version, digest algorithms, content */
		kept[i] = der_whole(&d);
	while (der_peek(&d) == DER_CONTEXT(0) ||
	    der_peek(&d) == DER_CONTEXT(1))
		(void)der_whole(&d);
	kept[3] = der_whole(&d);
	leave(&d);
	print_seal(find_signature(kept[3]), seal_out);
	return !d.c.failed && add_head(type, out) && copy(kept[0], out) &&
	    copy(kept[1], out) && copy(kept[2], out) && copy(kept[3], out) &&
	    add_tail(out);
}
