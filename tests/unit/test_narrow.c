/*
 * narrow: which session keys are left of a message.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/narrow.h"
#include "lib/pgp.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SIZE 65536

/* Session keys to A and B (of the list), to X and Y (not of it), to nobody. */
#define TO(id, n) "1{03 " id " 01 " n " mpi1024} "
#define ID_A	"a0a1a2a3a4a5a6a7"
#define ID_B	"b0b1b2b3b4b5b6b7"
#define A	TO(ID_A, "")
#define B	TO(ID_B, "")
#define X	TO("a0a1a2a3a4a5a6a8", "")
#define Y	TO("ffffffffffffffff", "")
#define NOBODY	PKESK0
#define FP_A	"000102030405060708090a0b" ID_A
#define A6	"1{06 15 04 " FP_A " 01 mpi1024} "
#define NONE6	"1{06 00 01 mpi1024} "
#define OLD_A	"o2:1{03 " ID_A " 01 mpi1024} "
#define MARKER	"10{'PGP'} "

static struct subkey subkeys[2] = { { .len = 20 }, { .len = 32 } };
static const struct keyset keys = { .v = subkeys, .n = 2 };

/*
 * name: packets ==> which of them are left (by number, the data is always
 * left) for the keys, for the hidden ones, for the second hidden one
 */
static const struct row {
	const char	*name, *packets[8], *for_keys, *for_hidden, *for_second;
} rows[] = {
	{ "one of ours", { A, SEIPD }, "0", "", "" },
	{ "one of theirs", { X, SEIPD }, "", "", "" },
	{ "ours and theirs", { X, A, Y, SEIPD }, "1", "", "" },
	{ "both of ours", { A, X, B, SEIPD }, "0 2", "", "" },
	{ "ours twice", { A, A, SEIPD }, "0 1", "", "" },
	{ "hidden", { NOBODY, SEIPD }, "", "0", "" },
	{ "ours and hidden", { NOBODY, A, NOBODY, SEIPD }, "1", "0 2", "2" },
	{ "hidden among others", { X, NOBODY, Y, NOBODY, NONE6, SEIPD }, "",
	    "1 3 4", "3" },
	{ "a passphrase", { SKESK, A, SKESK, SEIPD }, "1", "", "" },
	{ "a marker", { MARKER, A, SEIPD }, "1", "", "" },
	{ "version 6", { A6, X, SEIPD }, "0", "", "" },
	{ "old format", { X, OLD_A, SEIPD }, "1", "", "" },
	{ "partial lengths", { A, X, "p9,9:18{01 ~1400} " }, "0", "", "" },
};

static void
make(const struct row *row, const char *which, struct buf *out)
{
	size_t i, last;
	char number[8];

	for (last = 0; row->packets[last + 1] != NULL; last++)
		continue;
	for (i = 0; i <= last; i++) {
		snprintf(number, sizeof(number), "%zu", i);
		if (which == NULL || strstr(which, number) != NULL ||
		    (i == last && which[0] != '\0'))
			pgp_make(row->packets[i], out);
	}
}

/*
 * Noise differs from item to item, so the packets of a part are not those of
 * the whole: compare their sizes and the key ids.
 */
static bool
is_like(struct span got, struct span want)
{
	struct openpgp a, b;
	bool same;
	size_t i;

	if (got.len == 0 || want.len == 0)
		return got.len == want.len;
	openpgp_walk(got, 64, &a);
	openpgp_walk(want, 64, &b);
	same = a.shape == OPENPGP_ENCRYPTED && a.shape == b.shape &&
	    got.len == want.len && a.nrecipients == b.nrecipients &&
	    a.nskesks == 0;
	for (i = 0; same && i < a.nrecipients; i++)
		same = a.recipients[i].len == b.recipients[i].len &&
		    memcmp(a.recipients[i].id, b.recipients[i].id,
		    a.recipients[i].len) == 0;
	openpgp_clear(&a);
	openpgp_clear(&b);
	return same;
}

static size_t
narrow(int how, struct span data, const struct openpgp *m, struct buf *out)
{
	if (how == 0)
		return narrow_to_keys(data, m, &keys, out);
	if (how == 1)
		return narrow_to_hidden(data, m, out);
	return narrow_to_one_hidden(data, m, 1, out);
}

/* True when the row's packets are narrowed as expected in one way. */
static bool
check(const struct row *row, int how, const char *expected)
{
	struct buf data, want, got;
	struct openpgp m;
	size_t n;
	bool ok;

	buf_init(&data, SIZE);
	buf_init(&want, SIZE);
	buf_init(&got, SIZE);
	make(row, NULL, &data);
	make(row, expected, &want);
	openpgp_walk(buf_span(&data), 64, &m);
	n = narrow(how, buf_span(&data), &m, &got);
	ok = is_like(buf_span(&got), buf_span(&want)) &&
	    n == (strlen(expected) + 1) / 2;
	if (!ok)
		print_error("%s, %d: %zu keys in %zu bytes, expected %s\n",
		    row->name, how, n, got.len, expected);
	openpgp_clear(&m);
	buf_clear(&data);
	buf_clear(&want);
	buf_clear(&got);
	return ok;
}

static void
test_rows(void **state)
{
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		wrong += !check(&rows[i], 0, rows[i].for_keys);
		wrong += !check(&rows[i], 1, rows[i].for_hidden);
		wrong += !check(&rows[i], 2, rows[i].for_second);
	}
	assert_int_equal(wrong, 0);
}

/* What is left are the bytes of the message, in order. */
static void
test_bytes(void **state)
{
	struct buf data, got, first, rest;
	struct openpgp m;

	(void)state;
	buf_init(&data, SIZE);
	buf_init(&got, SIZE);
	buf_init(&first, SIZE);
	buf_init(&rest, SIZE);
	pgp_make(X, &first);
	pgp_make(A SEIPD, &rest);
	assert_true(buf_add(&data, first.data, first.len));
	assert_true(buf_add(&data, rest.data, rest.len));
	openpgp_walk(buf_span(&data), 64, &m);
	assert_int_equal(narrow_to_keys(buf_span(&data), &m, &keys, &got), 1);
	assert_int_equal(got.len, rest.len);
	assert_memory_equal(got.data, rest.data, rest.len);
	buf_clear(&got);
	buf_init(&got, rest.len - 1);
	assert_int_equal(narrow_to_keys(buf_span(&data), &m, &keys, &got), 0);
	openpgp_clear(&m);
	buf_clear(&data);
	buf_clear(&got);
	buf_clear(&first);
	buf_clear(&rest);
}

/* Subkey A is of version 4: the id is the end of the fingerprint; B is of 6. */
static int
set_up(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 20; i++)
		subkeys[0].fingerprint[i] = (uint8_t)(i < 12 ? i :
		    0xa0 + i - 12);
	for (i = 0; i < 32; i++)
		subkeys[1].fingerprint[i] = (uint8_t)(0xb0 + i);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, NULL);
}
