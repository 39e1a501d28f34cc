/*
 * fuzz: what the fuzz targets share.
 *
 * A target is one file fuzz_NAME.c with LLVMFuzzerTestOneInput().  Linked with
 * libFuzzer it explores (make fuzz); linked with replay.c it is a test that
 * feeds it tests/data/fuzz/NAME (make check).
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "core/settings.h"
#include "core/text.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says what does not hold and aborts. */
void	fuzz_fail(const char *what, struct span about)
	    __attribute__((noreturn));

/* Aborts unless ok. */
void	fuzz_check(bool ok, const char *what, struct span about);

/* Small limits, so that they are reached. */
extern const struct limit_settings fuzz_limits;

#endif
