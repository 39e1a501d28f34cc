/*
 * narrow: an encrypted OpenPGP message with fewer session keys; see narrow.h.
 */
#include <stdlib.h>

#include "core/narrow.h"
#include "core/packet.h"

static bool
is_for(const struct openpgp_recipient *recipient, const struct keyset *keys)
{
	struct span fingerprint;
	size_t i;

	for (i = 0; i < keys->n; i++) {
		fingerprint.data = keys->v[i].fingerprint;
		fingerprint.len = keys->v[i].len;
		if (openpgp_is_for(recipient, fingerprint))
			return true;
	}
	return false;
}

/* The packets with the numbers that are marked; false when out is full. */
static bool
add_packets(struct span data, const bool *marks, size_t n, struct buf *out)
{
	struct cursor c = cursor_init(data);
	struct packet p;
	struct span whole;
	size_t i = 0;

	while (packet_next(&c, &p) && (p.tag == PACKET_PKESK ||
	    p.tag == PACKET_SKESK || p.tag == PACKET_MARKER)) {
		whole = text_sub(data, p.offset, c.pos - p.offset);
		if (p.tag == PACKET_PKESK && i < n && marks[i++] &&
		    !buf_add(out, whole.data, whole.len))
			return false;
	}
	whole = text_sub(data, p.offset, data.len);
	return buf_add(out, whole.data, whole.len);
}

static size_t
narrow(struct span data, const bool *marks, size_t n, struct buf *out)
{
	size_t kept = 0, i;

	for (i = 0; i < n; i++)
		kept += marks[i];
	return kept > 0 && add_packets(data, marks, n, out) ? kept : 0;
}

size_t
narrow_to_keys(struct span data, const struct openpgp *message,
    const struct keyset *keys, struct buf *out)
{
	size_t n = message->nrecipients, i, kept;
	bool *marks = buf_alloc_zero(n + 1, sizeof(*marks));

	for (i = 0; i < n; i++)
		marks[i] = is_for(&message->recipients[i], keys);
	kept = narrow(data, marks, n, out);
	free(marks);
	return kept;
}

/* The hidden ones with numbers from first to last. */
static size_t
narrow_hidden(struct span data, const struct openpgp *message, size_t first,
    size_t last, struct buf *out)
{
	size_t n = message->nrecipients, i, seen = 0, kept;
	bool *marks = buf_alloc_zero(n + 1, sizeof(*marks));

	for (i = 0; i < n; i++) {
		if (message->recipients[i].len != 0)
			continue;
		marks[i] = seen >= first && seen <= last;
		seen++;
	}
	kept = narrow(data, marks, n, out);
	free(marks);
	return kept;
}

size_t
narrow_to_hidden(struct span data, const struct openpgp *message,
    struct buf *out)
{
	return narrow_hidden(data, message, 0, SIZE_MAX, out);
}

size_t
narrow_to_one_hidden(struct span data, const struct openpgp *message,
    size_t i, struct buf *out)
{
	return narrow_hidden(data, message, i, i, out);
}
