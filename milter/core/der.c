/*
 * der: BER and DER; see der.h.
 */
#include "core/der.h"

#define NUMBER_MASK	0x1f	/* of a tag; all ones: more octets follow */
#define INDEFINITE	0x80

struct der
der_init(struct span data)
{
	struct der d = { .c = cursor_init(data) };

	d.levels[0].end = data.len;
	return d;
}

static bool
starts_with_end(const struct der *d)
{
	struct span rest = d->c.rest;

	return rest.len >= 2 && rest.data[0] == 0 && rest.data[1] == 0;
}

bool
der_is_end(const struct der *d)
{
	if (d->c.failed)
		return true;
	if (d->levels[d->depth].is_open)
		return starts_with_end(d);
	return d->c.pos == d->levels[d->depth].end;
}

int
der_peek(const struct der *d)
{
	return der_is_end(d) || d->c.rest.len == 0 ? -1 : d->c.rest.data[0];
}

/* What follows the first octet of a length in its long form: X.690 8.1.3.5. */
static size_t
read_length(struct cursor *c, uint8_t first)
{
	size_t octets = first & 0x7f, len = 0;

	if (octets == 0 || octets > 4)
		c->failed = true;
	for (; octets > 0 && !c->failed; octets--)
		len = len << 8 | cursor_u8(c);
	return len;
}

/*
 * Tag and length; what they say fits into the innermost element.  The cursor
 * ends up on the content.  False on failure.
 */
static bool
read_head(struct der *d, uint8_t *tag_out, size_t *len_out, bool *open_out)
{
	size_t end = d->levels[d->depth].end, len;
	uint8_t first;

	*tag_out = cursor_u8(&d->c);
	first = cursor_u8(&d->c);
	*open_out = first == INDEFINITE;
	len = first < INDEFINITE ? first : *open_out ? 0 :
	    read_length(&d->c, first);
	*len_out = len;
	if (*tag_out == 0 || (*tag_out & NUMBER_MASK) == NUMBER_MASK ||
	    (*open_out && (*tag_out & DER_CONSTRUCTED) == 0) ||
	    d->c.pos > end || len > end - d->c.pos)
		d->c.failed = true;
	return !d->c.failed;
}

static void
push(struct der *d, size_t len, bool is_open)
{
	size_t end = is_open ? d->levels[d->depth].end : d->c.pos + len;

	if (d->depth == DER_MAX_DEPTH) {
		d->c.failed = true;
		return;
	}
	d->depth++;
	d->levels[d->depth].end = end;
	d->levels[d->depth].is_open = is_open;
}

void
der_enter(struct der *d, int tag)
{
	uint8_t found;
	size_t len;
	bool is_open;

	if (!read_head(d, &found, &len, &is_open))
		return;
	if (found != tag || (found & DER_CONSTRUCTED) == 0)
		d->c.failed = true;
	else
		push(d, len, is_open);
}

void
der_leave(struct der *d)
{
	if (!der_is_end(d) || d->depth == 0)
		d->c.failed = true;
	if (d->c.failed)
		return;
	if (d->levels[d->depth].is_open)
		(void)cursor_take(&d->c, 2);
	d->depth--;
	if (d->c.pos > d->levels[d->depth].end)
		d->c.failed = true;
}

struct span
der_take(struct der *d, int tag)
{
	struct span none = { NULL, 0 };
	uint8_t found;
	size_t len;
	bool is_open;

	if (!read_head(d, &found, &len, &is_open))
		return none;
	if (found != tag || (found & DER_CONSTRUCTED) != 0) {
		d->c.failed = true;
		return none;
	}
	return cursor_take(&d->c, len);
}

struct span
der_whole(struct der *d)
{
	struct span from = d->c.rest, none = { NULL, 0 };
	size_t start = d->c.pos, depth = d->depth, len;
	uint8_t tag;
	bool is_open;

	do {
		if (d->depth > depth && der_is_end(d))
			der_leave(d);
		else if (!read_head(d, &tag, &len, &is_open))
			break;
		else if ((tag & DER_CONSTRUCTED) != 0)
			push(d, len, is_open);
		else
			(void)cursor_take(&d->c, len);
	} while (!d->c.failed && d->depth > depth);
	return d->c.failed ? none : text_sub(from, 0, d->c.pos - start);
}

bool
der_is_done(const struct der *d)
{
	return d->depth == 0 && cursor_is_done(&d->c);
}
