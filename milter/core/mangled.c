/*
 * mangled: put a PGP/MIME message together again; see mangled.h.
 */
#include <string.h>

#include "core/harmless.h"
#include "core/leaf.h"
#include "core/mangled.h"
#include "core/phrase.h"

#define HEAD \
	"This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)\r\n" \
	"--" PGP_MIME_BOUNDARY "\r\n" \
	"Content-Type: application/pgp-encrypted\r\n" \
	"Content-Description: PGP/MIME version identification\r\n\r\n" \
	"Version: 1\r\n\r\n" \
	"--" PGP_MIME_BOUNDARY "\r\n" \
	"Content-Type: application/octet-stream; name=\"encrypted.asc\"\r\n" \
	"Content-Description: OpenPGP encrypted message\r\n" \
	"Content-Disposition: inline; filename=\"encrypted.asc\"\r\n"
#define ENCODING	"Content-Transfer-Encoding: "
#define TAIL		"\r\n--" PGP_MIME_BOUNDARY "--\r\n"

static bool
add(struct buf *out, struct span s)
{
	return buf_add(out, s.data, s.len);
}

bool
mangled_compose(struct span encoding, struct span part, struct buf *body_out)
{
	size_t before = body_out->len;

	if (text_find_nocase(part, PGP_MIME_BOUNDARY) < part.len)
		return false;
	if (add(body_out, text_span(HEAD)) &&
	    (encoding.len == 0 || (add(body_out, text_span(ENCODING)) &&
	    add(body_out, encoding) && add(body_out, text_span("\r\n")))) &&
	    add(body_out, text_span("\r\n")) && add(body_out, part) &&
	    add(body_out, text_span(TAIL)))
		return true;
	body_out->len = before;
	return false;
}

static enum leaf_kind
kind_of(const struct entity *e)
{
	struct leaf leaf;

	leaf_read(e, false, 1, &leaf);
	leaf_clear(&leaf);
	return leaf.kind;
}

static bool
is_blank_text(const struct entity *e)
{
	return (strcmp(e->type.type, "text/plain") == 0 ||
	    strcmp(e->type.type, "text/html") == 0) &&
	    kind_of(e) == LEAF_BLANK;
}

static bool
is_version(const struct entity *e)
{
	enum leaf_kind kind = kind_of(e);

	return strcmp(e->type.type, "application/pgp-encrypted") == 0 &&
	    (kind == LEAF_VERSION || kind == LEAF_BLANK);
}

static struct span
encoding_of(const struct entity *e)
{
	const struct field *f = field_find(&e->fields,
	    "Content-Transfer-Encoding", 0);

	return f == NULL ? text_span("") : text_trim(f->value);
}

/* A few parts and not a word beside them: repair would lose it unseen. */
static bool
is_plain(const struct entities *tree)
{
	const struct entity *root = tree->v;
	size_t i;

	if (tree->problem != NULL || tree->doubt != NULL || tree->n < 3 ||
	    tree->n > 4 || strcmp(root->type.type, "multipart/mixed") != 0 ||
	    !text_is_blank(root->epilogue) ||
	    (!text_is_blank(root->preamble) &&
	    !phrase_is_preamble(root->preamble)))
		return false;
	for (i = 0; i < tree->n; i++)
		if ((i > 0 && tree->v[i].is_multipart) ||
		    harmless_check(&tree->v[i]) != NULL)
			return false;
	return true;
}

bool
mangled_repair(const struct entities *tree, struct buf *body_out)
{
	size_t i = 1;

	if (!is_plain(tree) ||
	    (tree->n == 4 && !is_blank_text(&tree->v[i++])) ||
	    !is_version(&tree->v[i++]))
		return false;
	/* the caller reads the result again: it is judged like any other */
	return mangled_compose(encoding_of(&tree->v[i]), tree->v[i].body,
	    body_out);
}
