/*
 * noise: never a false alarm, and every kind of text that might be in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/noise.h"
#include "lib/pgp.h"

#define WINDOWS	100000
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
has_text(const void *data, size_t len)
{
	struct noise noise;

	noise_init(&noise);
	noise_add(&noise, (struct span){ data, len });
	return noise_has_text(&noise);
}

static void
test_windows(void **state)
{
	uint8_t bytes[NOISE_WINDOW];
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < WINDOWS; seed++) {
		pgp_noise(seed * 7919, bytes, sizeof(bytes));
		assert_false(has_text(bytes, sizeof(bytes)));
	}
}

/* Short ones: every length up to a window, some hundred of each. */
static void
test_lengths(void **state)
{
	uint8_t bytes[NOISE_WINDOW];
	uint64_t seed = 1;
	size_t len, i;

	(void)state;
	for (len = 0; len < sizeof(bytes); len++)
		for (i = 0; i < 300; i++) {
			pgp_noise(seed += 104729, bytes, len);
			assert_false(has_text(bytes, len));
		}
}

/* A megabyte at once, and the same in pieces that fit no window. */
static void
test_long(void **state)
{
	size_t size = 1 << 20, n, step;
	uint8_t *bytes = buf_alloc(size);
	struct noise noise;

	(void)state;
	pgp_noise(42, bytes, size);
	assert_false(has_text(bytes, size));
	noise_init(&noise);
	for (n = 0, step = 1; n < size; n += step, step = step * 3 % 4099 + 1)
		noise_add(&noise, (struct span){ bytes + n,
		    size - n < step ? size - n : step });
	assert_false(noise_has_text(&noise));
	free(bytes);
}

static const char english[] =
    "The function that reads the length of a record trusts the value which "
    "the peer sends, so that a short record with a large length makes the "
    "server copy what lies behind its buffer into the answer.\r\n\r\n"
    "An attacker needs no account; every version since 1.0.1 is affected.\r\n";

static void
fill_english(uint8_t *dst, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		dst[i] = (uint8_t)english[i % (sizeof(english) - 1)];
}

static void
fill_base64(uint8_t *dst, size_t len)
{
	uint8_t noise[NOISE_WINDOW];
	struct buf text;

	pgp_noise(len, noise, sizeof(noise));
	buf_init(&text, 10000);
	pgp_base64((struct span){ noise, sizeof(noise) }, &text);
	memcpy(dst, text.data, len);
	buf_clear(&text);
}

/* High byte first, and low byte first. */
static void
fill_utf16(uint8_t *dst, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		dst[i] = i % 2 == 0 ? 0 :
		    (uint8_t)english[i / 2 % (sizeof(english) - 1)];
}

static void
fill_utf16le(uint8_t *dst, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		dst[i] = i % 2 == 1 ? 0 :
		    (uint8_t)english[i / 2 % (sizeof(english) - 1)];
}

/* Cyrillic in UTF-8: not one byte of it is printable ASCII. */
static void
fill_cyrillic(uint8_t *dst, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		dst[i] = i % 2 == 0 ? 0xd0 : (uint8_t)(0xb0 + i * 7 % 16);
}

/* Chinese in UTF-8, three bytes a character; they begin anywhere. */
static void
fill_chinese(uint8_t *dst, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		dst[i] = i % 3 == 0 ? (uint8_t)(0xe4 + i * 5 % 6) :
		    (uint8_t)(0x80 + i * 7 % 64);
}

static void
fill_latin1(uint8_t *dst, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		dst[i] = (uint8_t)(0xe0 + i * 11 % 31);
}

static void
fill_zeros(uint8_t *dst, size_t len)
{
	memset(dst, 0, len);
}

static void
fill_counting(uint8_t *dst, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		dst[i] = (uint8_t)(i / 4);
}

static void
fill_digits(uint8_t *dst, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		dst[i] = (uint8_t)('0' + i * i % 10);
}

/* Every other bit lost. */
static void
fill_seven_bits(uint8_t *dst, size_t len)
{
	size_t i;

	pgp_noise(len, dst, len);
	for (i = 0; i < len; i++)
		dst[i] &= 0x7f;
}

/* What fills a window ==> the least bytes of it that are always noticed. */
static const struct row {
	const char	*name;
	void		(*fill)(uint8_t *dst, size_t len);
	size_t		 min_alone;	/* alone */
	size_t		 min_beside;	/* in a window that is noise else */
} rows[] = {
	{ "English", fill_english, 31, 36 },
	{ "base64", fill_base64, 31, 36 },
	{ "digits", fill_digits, 31, 36 },
	{ "UTF-16", fill_utf16, 32, 200 },
	{ "UTF-16, low byte first", fill_utf16le, 32, 200 },
	{ "Cyrillic", fill_cyrillic, 32, 40 },
	{ "Latin-1", fill_latin1, 90, 330 },
	{ "zeros", fill_zeros, 32, 70 },
	{ "Chinese", fill_chinese, 40, 42 },
	{ "counting", fill_counting, 64, 600 },
	{ "seven bits", fill_seven_bits, 620, NOISE_WINDOW },
};

static void
test_text(void **state)
{
	uint8_t bytes[NOISE_WINDOW];
	size_t i, len, at;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		for (len = rows[i].min_alone; len <= sizeof(bytes); len++) {
			rows[i].fill(bytes, len);
			if (!has_text(bytes, len))
				fail_msg("%s: %zu bytes", rows[i].name, len);
		}
		for (at = 0; at + rows[i].min_beside <= sizeof(bytes);
		    at += 7) {
			pgp_noise(at, bytes, sizeof(bytes));
			rows[i].fill(bytes + at, rows[i].min_beside);
			if (!has_text(bytes, sizeof(bytes)))
				fail_msg("%s: at %zu", rows[i].name, at);
		}
	}
}

/* Text anywhere in a long run of noise, also across two windows. */
static void
test_hidden(void **state)
{
	uint8_t bytes[8 * NOISE_WINDOW];
	size_t at;

	(void)state;
	for (at = 0; at + 60 <= sizeof(bytes); at += 13) {
		pgp_noise(at, bytes, sizeof(bytes));
		assert_false(has_text(bytes, sizeof(bytes)));
		fill_english(bytes + at, 60);
		assert_true(has_text(bytes, sizeof(bytes)));
	}
}

/* A run of text that comes byte by byte. */
static void
test_run(void **state)
{
	uint8_t bytes[NOISE_WINDOW];
	struct noise noise;
	size_t len, i;

	(void)state;
	for (len = 0; len < 2 * NOISE_RUN; len++) {
		noise_init(&noise);
		pgp_noise(len, bytes, sizeof(bytes));
		bytes[sizeof(bytes) - 1] = 0;
		noise_add(&noise, (struct span){ bytes, sizeof(bytes) });
		for (i = 0; i < len; i++)
			noise_add(&noise, (struct span){
			    (const uint8_t *)english + i, 1 });
		pgp_noise(len + 1, bytes, sizeof(bytes));
		bytes[0] = 0xff;
		noise_add(&noise, (struct span){ bytes, sizeof(bytes) });
		assert_int_equal(noise_has_text(&noise), len >= NOISE_RUN);
	}
}

static void
test_nothing(void **state)
{
	struct noise noise;

	(void)state;
	noise_init(&noise);
	noise_add(&noise, (struct span){ NULL, 0 });
	assert_false(noise_has_text(&noise));
	assert_false(has_text("The hole is in foo.c, line 14.", 30));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_run),
		cmocka_unit_test(test_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
