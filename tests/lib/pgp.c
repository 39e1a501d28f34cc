/*
 * pgp: OpenPGP data made from a recipe; see pgp.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/pgp.h"

struct maker {
	const char	*p;
	uint64_t	 seed;
};

static void
add(struct buf *out, const void *data, size_t len)
{
	assert_true(buf_add(out, data, len));
}

static void
add_byte(struct buf *out, size_t byte)
{
	uint8_t c = (uint8_t)byte;

	add(out, &c, 1);
}

void
pgp_noise(uint64_t seed, uint8_t *dst, size_t len)
{
	uint64_t z;
	size_t i;

	for (i = 0; i < len; i++) {
		z = seed += 0x9e3779b97f4a7c15;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		dst[i] = (uint8_t)(z >> 56);
	}
}

static size_t
take_number(struct maker *m)
{
	char *end;
	size_t n = strtoul(m->p, &end, 10);

	assert_true(end > m->p);
	m->p = end;
	return n;
}

static void
make_noise(struct maker *m, size_t len, struct buf *out)
{
	uint8_t *noise = buf_alloc(len);

	pgp_noise(m->seed += 104729, noise, len);
	add(out, noise, len);
	free(noise);
}

static void
make_mpi(struct maker *m, size_t bits, struct buf *out)
{
	size_t at = out->len + 2;

	add_byte(out, bits >> 8);
	add_byte(out, bits);
	make_noise(m, (bits + 7) / 8, out);
	if (bits > 0)
		out->data[at] = (uint8_t)((out->data[at] | 0x80) >>
		    (7 - (bits + 7) % 8));
}

static void
make_text(struct maker *m, struct buf *out)
{
	const char *end = strchr(++m->p, '\'');

	assert_non_null(end);
	add(out, m->p, (size_t)(end - m->p));
	m->p = end + 1;
}

static void
make_hex(struct maker *m, struct buf *out)
{
	unsigned int byte;
	int used = 0;

	if (sscanf(m->p, "%2x%n", &byte, &used) != 1 || used != 2)
		fail_msg("no item: %s", m->p);
	add_byte(out, byte);
	m->p += 2;
}

static void
make_item(struct maker *m, struct buf *out)
{
	size_t n;

	if (*m->p == ' ')
		m->p++;
	else if (*m->p == '\'')
		make_text(m, out);
	else if (strncmp(m->p, "mpi", 3) == 0) {
		m->p += 3;
		make_mpi(m, take_number(m), out);
	} else if (*m->p == '~') {
		m->p++;
		make_noise(m, take_number(m), out);
	} else if (*m->p == '=') {
		m->p++;
		for (n = take_number(m); n > 0; n--)
			add_byte(out, 0);
	} else
		make_hex(m, out);
}

/* A length of the new format in 1, 2 or 5 octets; 0: the shortest. */
static void
add_length(struct buf *out, size_t len, int octets)
{
	if (octets == 0)
		octets = len < 192 ? 1 : len < 8384 ? 2 : 5;
	if (octets == 2) {
		add_byte(out, ((len - 192) >> 8) + 192);
		add_byte(out, len - 192);
		return;
	}
	if (octets == 5) {
		add_byte(out, 255);
		add_byte(out, len >> 24);
		add_byte(out, len >> 16);
		add_byte(out, len >> 8);
	}
	add_byte(out, len);
}

/* "p9,10": chunks of 512 and of 1,024, then the rest. */
static void
add_partial(struct buf *out, const char *form, struct span body)
{
	struct maker m = { form, 0 };
	size_t power;

	do {
		m.p++;
		power = take_number(&m);
		assert_true(body.len >= (size_t)1 << power);
		add_byte(out, 224 + power);
		add(out, body.data, (size_t)1 << power);
		body = text_sub(body, (size_t)1 << power, body.len);
	} while (*m.p == ',');
	add_length(out, body.len, 0);
	add(out, body.data, body.len);
}

static void
add_old(struct buf *out, char form, size_t len)
{
	if (form == '4') {
		add_byte(out, len >> 24);
		add_byte(out, len >> 16);
	}
	if (form == '4' || form == '2')
		add_byte(out, len >> 8);
	if (form != 'i')
		add_byte(out, len);
}

static void
add_packet(struct buf *out, const char *form, size_t tag, struct span body)
{
	static const char types[] = "124i";

	if (form[0] == 'o') {
		add_byte(out, 0x80 | tag << 2 |
		    (size_t)(strchr(types, form[1]) - types));
		add_old(out, form[1], body.len);
	} else {
		add_byte(out, 0xc0 | tag);
		if (form[0] == 'p') {
			add_partial(out, form, body);
			return;
		}
		add_length(out, body.len, form[0] == 'n' ? form[1] - '0' : 0);
	}
	add(out, body.data, body.len);
}

/* "form:tag{...}" at m->p?  Sets what stands before the brace. */
static bool
take_head(struct maker *m, char form_out[16], size_t *tag_out)
{
	const char *p = m->p;
	int used = 0;

	form_out[0] = '\0';
	if (*p == 'n' || *p == 'o' || *p == 'p') {
		if (sscanf(p, "%15[a-z0-9,]:%n", form_out, &used) != 1)
			return false;
		p += used;
		used = 0;
	}
	if (sscanf(p, "%zu{%n", tag_out, &used) != 1 || used == 0)
		return false;
	m->p = p + used;
	return true;
}

void
pgp_make(const char *recipe, struct buf *out)
{
	struct maker m = { recipe, 0 };
	struct buf body;
	char form[16];
	size_t tag;

	while (*m.p != '\0') {
		if (strncmp(m.p, "mpi", 3) == 0 || !take_head(&m, form, &tag)) {
			make_item(&m, out);
			continue;
		}
		buf_init(&body, SIZE_MAX / 2);
		while (*m.p != '}')
			make_item(&m, &body);
		m.p++;
		add_packet(out, form, tag, buf_span(&body));
		buf_clear(&body);
	}
}

void
pgp_base64(struct span s, struct buf *out)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char four[4];
	uint32_t bits;
	size_t i, k, n;

	for (i = 0; i < s.len; i += 3) {
		n = s.len - i < 3 ? s.len - i : 3;
		bits = (uint32_t)s.data[i] << 16;
		if (n > 1)
			bits |= (uint32_t)s.data[i + 1] << 8;
		if (n > 2)
			bits |= s.data[i + 2];
		for (k = 0; k < 4; k++)
			four[k] = k > n ? '=' :
			    alphabet[bits >> (18 - 6 * k) & 63];
		add(out, four, 4);
		if (i % 48 == 45 || i + 3 >= s.len)
			add_byte(out, '\n');
	}
}

void
pgp_armor(struct span data, const char *label, struct buf *out)
{
	assert_true(buf_print(out, "-----BEGIN PGP %s-----\n\n", label));
	pgp_base64(data, out);
	assert_true(buf_print(out, "-----END PGP %s-----\n", label));
}

void
pgp_checksum(struct span data, char text_out[6])
{
	uint32_t crc = 0xb704ce;
	struct buf text;
	uint8_t bytes[3];
	size_t i;
	int bit;

	for (i = 0; i < data.len; i++)
		for (bit = 7; bit >= 0; bit--) {
			crc = (crc << 1) ^ ((crc >> 23 ^
			    (uint32_t)data.data[i] >> bit) & 1 ? 0x864cfb : 0);
			crc &= 0xffffff;
		}
	for (i = 0; i < 3; i++)
		bytes[i] = (uint8_t)(crc >> (16 - 8 * i));
	buf_init(&text, 16);
	pgp_base64((struct span){ bytes, 3 }, &text);
	snprintf(text_out, 6, "=%.4s", (const char *)text.data);
	buf_clear(&text);
}

static void
expand(const char *how, const char *recipe, struct buf *out)
{
	struct buf data;

	buf_init(&data, SIZE_MAX / 2);
	pgp_make(recipe, &data);
	if (how[0] == '\0')
		pgp_armor(buf_span(&data), "MESSAGE", out);
	else if (strcmp(how, "sig") == 0)
		pgp_armor(buf_span(&data), "SIGNATURE", out);
	else if (strcmp(how, "64") == 0)
		pgp_base64(buf_span(&data), out);
	else
		add(out, data.data, data.len);
	buf_clear(&data);
}

/* "@how{recipe}" with its braces balanced; where it ends, or NULL. */
static const char *
take_mark(const char *p, char how_out[8], char recipe_out[1024])
{
	int used = 0, depth = 1;
	size_t n = 0;

	how_out[0] = '\0';
	if (sscanf(p, "@%7[a-z0-9]%n", how_out, &used) != 1)
		used = 1;
	p += used;
	if (*p++ != '{')
		return NULL;
	for (; *p != '\0'; p++) {
		depth += *p == '{' ? 1 : *p == '}' ? -1 : 0;
		if (depth == 0)
			break;
		assert_true(n < 1023);
		recipe_out[n++] = *p;
	}
	assert_int_equal(depth, 0);
	recipe_out[n] = '\0';
	return p + 1;
}

void
pgp_expand(const char *template, struct buf *out)
{
	char how[8], recipe[1024];
	const char *p = template, *end;

	while (*p != '\0') {
		end = *p == '@' ? take_mark(p, how, recipe) : NULL;
		if (end == NULL)
			add(out, p++, 1);
		else {
			expand(how, recipe, out);
			p = end;
		}
	}
}
