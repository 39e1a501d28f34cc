/*
 * libFuzzer target: no bytes crash the walk through an S/MIME message, one that
 * counts as encrypted has no long readable run, and stripping signed data is
 * stable.
 */
#include <stdlib.h>

#include "core/cms.h"
#include "core/noise.h"

#define MAX_RECIPIENTS	8
/* What may be readable at a stretch: the name of an issuer. */
#define MAX_RUN		256

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

static void
check_walk(struct span data)
{
	struct cms m;

	cms_walk(data, MAX_RECIPIENTS, &m);
	if (m.what == NULL || m.offset > data.len)
		abort();
	if (m.nrecipients + m.npassphrases > MAX_RECIPIENTS)
		abort();
	if (m.shape == CMS_ENCRYPTED && (longest_run(data) > MAX_RUN ||
	    m.nrecipients + m.npassphrases == 0))
		abort();
	cms_clear(&m);
}

static void
check_strip(struct span data)
{
	char seal[CMS_SEAL_SIZE], again_seal[CMS_SEAL_SIZE];
	struct buf out, again;

	buf_init(&out, data.len + 64);
	buf_init(&again, data.len + 64);
	if (cms_strip(data, &out, seal) && (!cms_strip(buf_span(&out), &again,
	    again_seal) || !text_equal(buf_span(&out), buf_span(&again)) ||
	    !text_is(text_span(seal), again_seal)))
		abort();
	buf_clear(&out);
	buf_clear(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = { data, size };
	struct certificate certificate;

	check_walk(s);
	check_strip(s);
	if (certificate_parse(s, &certificate) &&
	    certificate.issuer.len > size)
		abort();
	certificate_clear(&certificate);
	return 0;
}
