/*
 * libFuzzer target: the packet walk and detached signatures.
 *
 * What the walk calls encrypted a second walk calls so too, and it is not so
 * with a byte more or less.
 */
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/openpgp.h"
#include "core/packet.h"
#include "core/signature.h"
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"

#define MAX_PKESK 4

static bool
is_encrypted(struct span data)
{
	struct openpgp m;
	bool is;

	openpgp_walk(data, MAX_PKESK, &m);
	is = m.shape == OPENPGP_ENCRYPTED;
	fuzz_check(m.nrecipients + m.nskesks <= MAX_PKESK,
	    "the limit holds", data);
	fuzz_check(m.offset <= data.len, "the offset is in the data", data);
	fuzz_check(m.what != NULL && m.what[0] != '\0',
	    "every shape has a text", data);
	fuzz_check(!is || m.nrecipients + m.nskesks > 0,
	    "encrypted to somebody", data);
	openpgp_clear(&m);
	return is;
}

/* A byte less, or one of many bytes more. */
static void
check_neighbours(struct span data)
{
	static const uint8_t more[] = { 0, '\n', 'A', 0x85, 0xc3, 0xd2, 0xff };
	struct buf longer;
	size_t i;

	fuzz_check(!is_encrypted(text_sub(data, 0, data.len - 1)),
	    "a byte less is not encrypted", data);
	for (i = 0; i < sizeof(more); i++) {
		buf_init(&longer, data.len + 1);
		if (!buf_add(&longer, data.data, data.len) ||
		    !buf_add(&longer, &more[i], 1))
			abort();
		fuzz_check(!is_encrypted(buf_span(&longer)),
		    "a byte more is not encrypted", data);
		buf_clear(&longer);
	}
}

/* The packets tile the data up to where they are broken. */
static void
check_packets(struct span data)
{
	struct cursor c = cursor_init(data);
	struct packet p;
	size_t before;

	for (;;) {
		before = c.pos;
		if (!packet_next(&c, &p))
			break;
		fuzz_check(p.offset == before && c.pos > before,
		    "packets follow each other", data);
		while (p.is_partial)
			if (!packet_next_chunk(&c, &p))
				return;
		fuzz_check(packet_name(p.tag)[0] != '\0',
		    "packets have names", data);
	}
	fuzz_check(p.offset == before, "a broken one has an offset", data);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct span data = { bytes, size };

	if (is_encrypted(data)) {
		fuzz_check(naive_is_encrypted(bytes, size),
		    "a second walk agrees", data);
		check_neighbours(data);
	}
	check_packets(data);
	if (signature_is_plain(data))
		fuzz_check(size > 10 && (bytes[0] & 0x80) != 0,
		    "a signature is a packet", data);
	return 0;
}
