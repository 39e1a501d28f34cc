/*
 * libFuzzer target: S/MIME data and certificates.
 *
 * What the walk calls encrypted has somebody who can open it and no long
 * readable run, is not encrypted with a byte less or more, nor with a line of
 * text anywhere in it; it can be narrowed to any of its recipients, and is then
 * still encrypted.  Signed data that was stripped is stable.
 */
#include <stdlib.h>
#include <string.h>

#include "core/cms.h"
#include "fuzz/fuzz.h"

#define MAX_RECIPIENTS	8
#define MAX_RUN		256	/* the name of an issuer */

static const char line[] = "The hole is in foo.c, line 14; a patch is there\n";

static size_t
longest_run(struct span s)
{
	size_t i, run = 0, longest = 0;

	for (i = 0; i < s.len; i++) {
		run = s.data[i] >= ' ' && s.data[i] < 0x7f ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static bool
is_encrypted(struct span data)
{
	struct cms m;
	bool is;

	cms_walk(data, MAX_RECIPIENTS, &m);
	is = m.shape == CMS_ENCRYPTED;
	fuzz_check(m.offset <= data.len, "the offset is in the data", data);
	fuzz_check(m.what != NULL && m.what[0] != '\0',
	    "every shape has a text", data);
	fuzz_check(m.nrecipients + m.npassphrases <= MAX_RECIPIENTS,
	    "the limit holds", data);
	fuzz_check(!is || m.nrecipients + m.npassphrases > 0,
	    "encrypted to somebody", data);
	fuzz_check(!is || longest_run(data) <= MAX_RUN,
	    "nothing long to read", data);
	cms_clear(&m);
	return is;
}

static bool
is_encrypted_with(struct span data, size_t at, const void *more, size_t len)
{
	struct buf changed;
	bool is;

	buf_init(&changed, data.len + len);
	if (!buf_add(&changed, data.data, at) ||
	    !buf_add(&changed, more, len) ||
	    !buf_add(&changed, data.data + at, data.len - at))
		abort();
	is = is_encrypted(buf_span(&changed));
	buf_clear(&changed);
	return is;
}

static bool
ends_in_line_end(struct span data)
{
	return data.data[data.len - 1] == '\n';
}

static void
check_neighbours(struct span data)
{
	size_t at;

	if (!ends_in_line_end(data)) {	/* one is allowed */
		fuzz_check(!is_encrypted(text_sub(data, 0, data.len - 1)),
		    "a byte less is not encrypted", data);
		fuzz_check(!is_encrypted_with(data, data.len, "x", 1),
		    "a byte more is not encrypted", data);
	}
	for (at = 0; at <= data.len; at++)
		fuzz_check(!is_encrypted_with(data, at, line,
		    sizeof(line) - 1), "a line of text is noticed", data);
}

/* To each recipient as if a certificate were its own. */
static void
check_narrow(struct span data)
{
	struct certificate certificate;
	struct buf out;
	struct cms m;
	size_t i;

	cms_walk(data, MAX_RECIPIENTS, &m);
	for (i = 0; i < m.nrecipients; i++) {
		if (m.recipients[i].issuer_len > 0)
			continue;
		memset(&certificate, 0, sizeof(certificate));
		certificate.key_id.data = m.recipients[i].id;
		certificate.key_id.len = m.recipients[i].len;
		buf_init(&out, data.len + 64);
		fuzz_check(cms_narrow(data, &certificate, 1, &out) > 0,
		    "a recipient is found", data);
		fuzz_check(is_encrypted(buf_span(&out)),
		    "narrowed and still encrypted", data);
		buf_clear(&out);
	}
	cms_clear(&m);
}

static void
check_strip(struct span data)
{
	char seal[CMS_SEAL_SIZE], again_seal[CMS_SEAL_SIZE];
	struct buf out, again;

	buf_init(&out, data.len + 64);
	buf_init(&again, data.len + 64);
	if (cms_strip(data, &out, seal))
		fuzz_check(cms_strip(buf_span(&out), &again, again_seal) &&
		    text_equal(buf_span(&out), buf_span(&again)) &&
		    text_is(text_span(seal), again_seal),
		    "stripped twice is the same", data);
	buf_clear(&out);
	buf_clear(&again);
}

static void
check_certificate(struct span data)
{
	struct certificate c;

	if (certificate_parse(data, &c))
		fuzz_check(c.issuer.len > 0 && c.serial.len > 0 &&
		    c.issuer.len + c.serial.len + c.key_id.len <= data.len,
		    "a name that is in the data", data);
	certificate_clear(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct span data = { bytes, size };

	if (is_encrypted(data)) {
		check_narrow(data);
		check_neighbours(data);
	}
	check_strip(data);
	check_certificate(data);
	return 0;
}
