/*
 * asn1: BER and DER made from a recipe; see asn1.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/asn1.h"
#include "lib/pgp.h"

static void
add_byte(struct buf *out, size_t byte)
{
	uint8_t c = (uint8_t)byte;

	assert_true(buf_add(out, &c, 1));
}

/* octets < 0: indefinite; 0: the shortest form. */
static void
add_head(struct buf *out, unsigned tag, size_t len, int octets)
{
	add_byte(out, tag);
	if (octets < 0) {
		add_byte(out, 0x80);
		return;
	}
	if (octets == 0 && len < 128) {
		add_byte(out, len);
		return;
	}
	if (octets == 0)
		octets = len < 256 ? 1 : len < 65536 ? 2 : 3;
	add_byte(out, 0x80u | (unsigned)octets);
	while (octets-- > 0)
		add_byte(out, octets < (int)sizeof(len) ?
		    len >> (8 * octets) : 0);
}

/* One item, handed on to pgp_make(). */
static const char *
make_item(const char *p, struct buf *out)
{
	char item[1024];
	size_t len;

	if (*p == '\'')
		len = (size_t)(strchr(p + 1, '\'') - p) + 1;
	else
		len = strcspn(p, " ()[]'");
	assert_true(len > 0 && len < sizeof(item));
	memcpy(item, p, len);
	item[len] = '\0';
	pgp_make(item, out);
	return p + len;
}

/* "tag(", "tag/n(" or "tag["; how much of p it is, or 0. */
static int
take_head(const char *p, unsigned *tag_out, int *octets_out, char *open_out)
{
	int used = 0;

	*octets_out = 0;
	if (sscanf(p, "%2x%1[([]%n", tag_out, open_out, &used) == 2 &&
	    used == 3) {
		if (*open_out == '[')
			*octets_out = -1;
		return used;
	}
	used = 0;
	if (sscanf(p, "%2x/%d%1[(]%n", tag_out, octets_out, open_out,
	    &used) == 3)
		return used;
	return 0;
}

static const char *
make(const char *p, char close, struct buf *out)
{
	struct buf inner;
	unsigned tag;
	char open[2];
	int octets, used;

	while (*p != close) {
		assert_true(*p != '\0');
		if (*p == ' ') {
			p++;
			continue;
		}
		used = take_head(p, &tag, &octets, open);
		if (used == 0) {
			p = make_item(p, out);
			continue;
		}
		buf_init(&inner, SIZE_MAX / 2);
		p = make(p + used, octets < 0 ? ']' : ')', &inner) + 1;
		add_head(out, tag, inner.len, octets);
		assert_true(buf_add(out, inner.data, inner.len));
		buf_clear(&inner);
		if (octets < 0)
			assert_true(buf_add(out, "\0", 2));
	}
	return p;
}

void
asn1_make(const char *recipe, struct buf *out)
{
	(void)make(recipe, '\0', out);
}
