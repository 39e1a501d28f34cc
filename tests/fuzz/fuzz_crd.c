/*
 * libFuzzer target: no text crashes crd, a result is always complete, and a
 * date that was taken prints and parses as itself.
 */
#include <stdlib.h>

#include "core/crd.h"

#define REFERENCE	1784970000	/* 2026-07-25T09:00Z */
#define HOUR_SECS	(14 * 3600)

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct crd *crd)
{
	struct crd again;
	char text[CRD_PRINT_SIZE];

	if ((crd->kind == CRD_HUMAN) != (crd->reason != NULL))
		abort();
	if (crd->kind != CRD_DATE)
		return;
	crd_print(crd->at, text);
	crd_parse_field(text_span(text), REFERENCE, HOUR_SECS, &again);
	if (again.kind == CRD_DATE && again.at != crd->at)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { data, size };
	struct crd crd;

	crd_parse_text(text, REFERENCE, HOUR_SECS, &crd);
	check(&crd);
	crd_parse_field(text, REFERENCE, HOUR_SECS, &crd);
	check(&crd);
	crd_parse_subject(text, REFERENCE, HOUR_SECS, &crd);
	check(&crd);
	crd_parse_operator(text, REFERENCE, HOUR_SECS, &crd);
	check(&crd);
	return 0;
}
