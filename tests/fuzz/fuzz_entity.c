/*
 * libFuzzer target: the MIME tree.
 *
 * The tree tiles the body: regions follow each other in the order of the
 * parts and what lies between two of them is a boundary line or a header.
 */
#include <stdlib.h>
#include <string.h>

#include "core/entity.h"
#include "core/harmless.h"
#include "core/leaf.h"
#include "core/mangled.h"
#include "fuzz/fuzz.h"

static void
check_region(struct span s, struct span body)
{
	fuzz_check(s.len == 0 || (s.data >= body.data &&
	    s.data + s.len <= body.data + body.len), "a region", body);
}

static void
check_entity(const struct entities *t, size_t i, struct span body)
{
	const struct entity *e = &t->v[i];
	const struct entity *parent;

	check_region(e->body, body);
	check_region(e->preamble, body);
	check_region(e->epilogue, body);
	check_region(e->raw, body);
	fuzz_check(e->type.type != NULL && e->type.type[0] != '\0',
	    "a type", body);
	fuzz_check(!e->is_multipart || e->body.len == 0,
	    "a multipart has no body of its own", body);
	fuzz_check(e->is_multipart || (e->nchildren == 0 &&
	    e->preamble.len == 0 && e->epilogue.len == 0),
	    "a leaf has no parts", body);
	if (i == 0) {
		fuzz_check(e->parent == -1 && e->depth == 0, "a root", body);
		return;
	}
	fuzz_check(e->parent >= 0 && (size_t)e->parent < i,
	    "parents come first", body);
	parent = &t->v[e->parent];
	fuzz_check(parent->is_multipart && e->depth == parent->depth + 1,
	    "a parent is a multipart", body);
	(void)harmless_check(e);
}

static size_t
count_children(const struct entities *t)
{
	size_t i, n = 0;

	for (i = 0; i < t->n; i++)
		n += t->v[i].nchildren;
	return n;
}

static void
read_leaves(const struct entities *t)
{
	struct buf packets;
	struct leaf leaf;
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (t->v[i].is_multipart)
			continue;
		leaf_read(&t->v[i], false, fuzz_limits.max_pkesk, &leaf);
		fuzz_check(leaf.kind < LEAF_COUNT, "a kind", t->v[i].body);
		if (leaf.kind == LEAF_ENCRYPTED) {
			buf_init(&packets, t->v[i].body.len + 1);
			fuzz_check(leaf_packets(&t->v[i], &packets) &&
			    packets.len > 0, "packets", t->v[i].body);
			buf_clear(&packets);
		}
		leaf_clear(&leaf);
	}
}

static void
check_repair(const struct entities *t, struct span body)
{
	struct buf repaired;

	buf_init(&repaired, body.len + 1000);
	if (mangled_repair(t, &repaired))
		fuzz_check(t->n >= 3 && t->n <= 4 &&
		    t->problem == NULL, "the shape of a gateway", body);
	else
		fuzz_check(repaired.len == 0, "nothing added", body);
	buf_clear(&repaired);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct span all = { bytes, size }, header, body;
	struct entities tree;
	struct fields fields;
	size_t i, line;

	field_split(all, &header, &body);
	(void)field_parse(header, fuzz_limits.max_fields, &fields, &line);
	entity_parse(&fields, body, &fuzz_limits, &tree);
	fuzz_check(tree.n > 0 && (tree.too_complex ||
	    (tree.n <= fuzz_limits.max_parts &&
	    count_children(&tree) == tree.n - 1)), "a tree", all);
	for (i = 0; i < tree.n; i++) {
		fuzz_check(tree.v[i].depth <= fuzz_limits.max_depth,
		    "the depth has its limit", all);
		check_entity(&tree, i, body);
	}
	if (!tree.too_complex) {
		read_leaves(&tree);
		check_repair(&tree, body);
	}
	entity_clear(&tree);
	field_clear(&fields);
	return 0;
}
