/*
 * noise: do these bytes look like ciphertext?  See noise.h.
 */
#include <string.h>

#include "core/noise.h"

#define CHI_SQUARE_MAX	600
#define CHI_SQUARE_MAX_SHORT 800	/* below 64 bytes: few, and jumpy */
#define CHI_SQUARE_MIN_BYTES 32

void
noise_init(struct noise *noise)
{
	memset(noise, 0, sizeof(*noise));
}

static bool
is_uneven(const struct noise *noise)
{
	uint64_t squares = 0, n = noise->filled;
	uint64_t max = n < 64 ? CHI_SQUARE_MAX_SHORT : CHI_SQUARE_MAX;
	int i;

	if (n < CHI_SQUARE_MIN_BYTES)
		return false;
	for (i = 0; i < 256; i++)
		squares += (uint64_t)noise->count[i] * noise->count[i];
	return squares * 256 > (max + n) * n;
}

/* A bit for each byte, 32 in a word: tab, LF, CR, and all that is printed. */
static const uint32_t readable[8] = { 0x00002600, 0xffffffff, 0xffffffff,
	0x7fffffff, 0, 0, 0, 0 };

static bool
is_readable(uint8_t c)
{
	return (readable[c >> 5] >> (c & 31) & 1) != 0;
}

static bool
is_printable(const struct noise *noise)
{
	int64_t n = (int64_t)noise->filled, printable = 0, above;
	int i;

	for (i = 0; i < 256; i++)
		if (is_readable((uint8_t)i))
			printable += noise->count[i];
	if (printable * 100 <= n * 60)
		return false;
	/* above is 100 times the excess; 49 is 7^2, 2360 is 10^4 p (1 - p) */
	above = printable * 100 - n * 38;
	return above * above > 49 * 2360 * n;
}

static void
close_window(struct noise *noise)
{
	if (is_uneven(noise) || is_printable(noise))
		noise->has_text = true;
	memset(noise->count, 0, sizeof(noise->count));
	noise->filled = 0;
}

/* How many bytes a character of UTF-8 owes behind its first byte, by the upper
 * half of that; none of four, and 0xc0 and 0xc1 count as others do. */
static const uint8_t owed[16] = { [0xc] = 1, [0xd] = 1, [0xe] = 2 };

static void
count_runs(struct noise_runs *r, uint8_t c)
{
	bool is_ascii = is_readable(c);

	r->ascii = is_ascii ? r->ascii + 1 : 0;
	if (r->owed > 0 && (c & 0xc0) == 0x80) {
		r->owed--;
		r->utf8++;
		return;
	}
	if (r->owed > 0)
		r->utf8 = 0;
	r->owed = owed[c >> 4];
	r->utf8 = is_ascii || r->owed > 0 ? r->utf8 + 1 : 0;
}

void
noise_add(struct noise *noise, struct span s)
{
	struct noise_runs runs = noise->runs;
	size_t i;

	for (i = 0; i < s.len; i++) {
		count_runs(&runs, s.data[i]);
		if (runs.ascii == NOISE_RUN || runs.utf8 == NOISE_RUN_UTF8)
			noise->has_text = true;
		noise->count[s.data[i]]++;
		if (++noise->filled == NOISE_WINDOW)
			close_window(noise);
	}
	noise->runs = runs;
}

bool
noise_has_text(struct noise *noise)
{
	close_window(noise);
	return noise->has_text;
}

bool
noise_is_text(struct span s)
{
	struct noise noise;

	noise_init(&noise);
	noise_add(&noise, s);
	return noise_has_text(&noise);
}
