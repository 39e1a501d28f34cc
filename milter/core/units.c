/*
 * units: durations, sizes and times of day; see units.h.
 */
#include <inttypes.h>
#include <stdio.h>

#include "core/units.h"

#define MAX_SECS	(3660LL * 86400)
#define MAX_BYTES	(4LL << 30)

static size_t
parse_number(struct span s, int64_t *n_out)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < s.len && i < 12 && text_is_digit(s.data[i]); i++)
		n = n * 10 + (s.data[i] - '0');
	*n_out = n;
	return i;
}

bool
units_parse_duration(struct span s, int64_t *secs_out)
{
	size_t digits = parse_number(s, secs_out);

	if (digits == 0 || s.len != digits + 1)
		return false;
	switch (s.data[digits]) {
	case 'd':
		*secs_out *= 24;
		/* FALLTHROUGH */
	case 'h':
		*secs_out *= 60;
		/* FALLTHROUGH */
	case 'm':
		*secs_out *= 60;
		/* FALLTHROUGH */
	case 's':
		return *secs_out <= MAX_SECS;
	default:
		return false;
	}
}

bool
units_parse_size(struct span s, int64_t *bytes_out)
{
	size_t digits = parse_number(s, bytes_out);

	/* a product of more than the limit might not fit into 64 bits */
	if (digits == 0 || s.len > digits + 1 || *bytes_out > MAX_BYTES)
		return false;
	if (s.len == digits)
		return true;
	switch (s.data[digits]) {
	case 'G':
		*bytes_out *= 1024;
		/* FALLTHROUGH */
	case 'M':
		*bytes_out *= 1024;
		/* FALLTHROUGH */
	case 'K':
		*bytes_out *= 1024;
		return *bytes_out <= MAX_BYTES;
	default:
		return false;
	}
}

bool
units_parse_clock(struct span s, int *secs_out)
{
	int hour, minute;

	if (s.len != 5 || s.data[2] != ':' || !text_is_digit(s.data[0]) ||
	    !text_is_digit(s.data[1]) || !text_is_digit(s.data[3]) ||
	    !text_is_digit(s.data[4]))
		return false;
	hour = (s.data[0] - '0') * 10 + s.data[1] - '0';
	minute = (s.data[3] - '0') * 10 + s.data[4] - '0';
	*secs_out = hour * 3600 + minute * 60;
	return hour < 24 && minute < 60;
}

void
units_print_duration(int64_t secs, char *dst)
{
	const size_t size = 32;
	uint64_t n = secs < 0 ? -(uint64_t)secs : (uint64_t)secs;

	if (n >= 86400)
		snprintf(dst, size, "%" PRIu64 " d %" PRIu64 " h", n / 86400,
		    n % 86400 / 3600);
	else if (n >= 3600)
		snprintf(dst, size, "%" PRIu64 " h %" PRIu64 " min", n / 3600,
		    n % 3600 / 60);
	else
		snprintf(dst, size, "%" PRIu64 " min", n / 60);
}
