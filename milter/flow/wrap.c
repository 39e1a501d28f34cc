/*
 * wrap: change the body of a message; see wrap.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mangled.h"
#include "edge/keyring.h"
#include "flow/wrap.h"

#define ROOM	65536		/* what encryption and MIME add at least */

/* The Content fields of the old body go, from the last to the first. */
static void
drop_content_fields(const struct facts *facts, struct outcome *outcome)
{
	const struct fields *f = &facts->fields;
	size_t i;

	for (i = f->n; i > 0; i--)
		if (text_starts_nocase(f->v[i - 1].name, "Content-") &&
		    !text_is_nocase(f->v[i - 1].name, "Content-Type"))
			outcome_delete_field(outcome, f, i - 1);
}

static void
replace_body(const struct facts *facts, struct buf *body,
    struct outcome *outcome)
{
	size_t types = field_count(&facts->fields, "Content-Type");

	drop_content_fields(facts, outcome);
	while (types > 1)
		outcome_add_edit(outcome, EDIT_DELETE, "Content-Type",
		    (int)types--, NULL);
	outcome_add_edit(outcome, types == 1 ? EDIT_CHANGE : EDIT_ADD,
	    "Content-Type", 1, PGP_MIME_TYPE);
	if (field_count(&facts->fields, "MIME-Version") == 0)
		outcome_add_edit(outcome, EDIT_ADD, "MIME-Version", 0, "1.0");
	outcome->body = *body;
	outcome->has_body = true;
	memset(body, 0, sizeof(*body));
}

void
wrap_repaired(struct facts *facts, struct outcome *outcome)
{
	replace_body(facts, &facts->repaired_body, outcome);
}

/* ---- encryption ---- */

static bool
is_protected(struct span name)
{
	static const char *const names[] = { "Subject", "From", "To", "Cc",
	    "Date", "Message-ID", "In-Reply-To", "References", "Reply-To" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is_nocase(name, names[i]))
			return true;
	return false;
}

static bool
add_field(struct buf *out, struct span name, struct span value)
{
	return buf_add(out, name.data, name.len) && buf_add(out, ": ", 2) &&
	    buf_add_crlf(out, text_trim(value)) && buf_add(out, "\r\n", 2);
}

/* The mark comes first: whatever is wrong behind it cannot swallow it. */
static bool
add_type(struct buf *out, struct span value)
{
	static const char mark[] = "; protected-headers=\"v1\"";
	size_t i;

	for (i = 0; i < value.len && value.data[i] != ';'; i++)
		continue;
	return buf_print(out, "Content-Type: ") &&
	    buf_add_crlf(out, text_trim(text_sub(value, 0, i))) &&
	    buf_print(out, "%s", mark) &&
	    buf_add_crlf(out, text_sub(value, i, value.len)) &&
	    buf_add(out, "\r\n", 2);
}

/* The MIME entity that is encrypted: RFC 3156 4. */
static bool
add_entity(struct buf *out, const struct fields *fields, struct span body)
{
	const struct field *f, *type = field_find(fields, "Content-Type", 0);
	size_t i;

	for (i = 0; i < fields->n; i++) {
		f = &fields->v[i];
		if (f != type && (is_protected(f->name) ||
		    text_starts_nocase(f->name, "Content-")) &&
		    !add_field(out, f->name, f->value))
			return false;
	}
	return add_type(out, type == NULL ? text_span("text/plain") :
	    text_trim(type->value)) &&
	    buf_add(out, "\r\n", 2) && buf_add(out, body.data, body.len);
}

/* The keys of every list that the message is for, borrowed. */
static struct strings *
collect_keys(const struct settings *settings, const struct message *m,
    size_t *n_out)
{
	struct strings *out = buf_alloc_zero(settings->nlists, sizeof(*out));
	size_t i;

	for (i = *n_out = 0; i < settings->nlists; i++)
		if (m->is_for[i])
			out[(*n_out)++] = settings->lists[i].key;
	return out;
}

static bool
encrypt(const struct settings *settings, const struct message *m,
    struct span entity, struct buf *body_out, struct fault *fault)
{
	struct buf armor, lines;
	struct strings *keys;
	size_t n;
	bool ok;

	keys = collect_keys(settings, m, &n);
	buf_init(&armor, 2 * entity.len + ROOM);
	buf_init(&lines, 3 * entity.len + ROOM);
	buf_init(body_out, 4 * entity.len + 2 * ROOM);
	ok = keyring_encrypt(&settings->gnupg, keys, n, entity, &armor,
	    fault);
	if (ok && (!buf_add_crlf(&lines, buf_span(&armor)) ||
	    !mangled_compose(text_span(""), buf_span(&lines), body_out))) {
		fault_set(fault, FAULT_SITE, "gpg: a result beyond any size");
		ok = false;
	}
	buf_clear(&armor);
	buf_clear(&lines);
	free(keys);
	return ok;
}

static bool
has_tag(const struct strings *tags, struct span tag)
{
	size_t i;

	for (i = 0; i < tags->n; i++)
		if (text_is_nocase(tag, tags->v[i]))
			return true;
	return false;
}

/* "[vs]" -> "[vs-plain]", where these are tags of the list; else false. */
static bool
retag(struct span subject, const struct strings *tags, struct buf *out)
{
	struct buf plain;
	size_t i, len, at;
	bool done = false;

	for (i = 0; i < tags->n && !done; i++) {
		len = strlen(tags->v[i]);
		at = text_find_nocase(subject, tags->v[i]);
		if (len == 0 || at == subject.len)
			continue;
		buf_init(&plain, len + 8);
		done = buf_print(&plain, "%.*s-plain]", (int)len - 1,
		    tags->v[i]) && has_tag(tags, buf_span(&plain)) &&
		    buf_add(out, subject.data, at) &&
		    buf_add(out, plain.data, plain.len) &&
		    buf_add(out, subject.data + at + len,
		    subject.len - at - len) && buf_add(out, "", 1);
		buf_clear(&plain);
	}
	return done;
}

static void
tag_subject(const struct settings *settings, const struct message *m,
    const struct facts *facts, struct outcome *outcome)
{
	const struct field *f = field_find(&facts->fields, "Subject", 0);
	struct buf subject;
	bool done = false;
	size_t i;

	for (i = 0; f != NULL && i < settings->nlists && !done; i++) {
		buf_init(&subject, f->value.len + 1024);
		done = m->is_for[i] && retag(f->value,
		    &settings->lists[i].subject_tags, &subject);
		if (done)
			outcome_add_edit(outcome, EDIT_CHANGE, "Subject", 1,
			    (const char *)subject.data);
		buf_clear(&subject);
	}
}

bool
wrap_encrypt(const struct settings *settings, const struct message *m,
    const struct facts *facts, struct outcome *outcome, struct fault *fault)
{
	struct span body = buf_span(&m->body);
	struct buf entity, wrapped;
	bool ok;

	buf_init(&entity, body.len + 2 * m->header_bytes + ROOM);
	buf_init(&wrapped, 0);
	ok = add_entity(&entity, &facts->fields, body);
	if (!ok)
		fault_set(fault, FAULT_SITE, "a header beyond any size");
	ok = ok && encrypt(settings, m, buf_span(&entity), &wrapped, fault);
	if (ok) {
		replace_body(facts, &wrapped, outcome);
		tag_subject(settings, m, facts, outcome);
	}
	buf_clear(&entity);
	buf_clear(&wrapped);
	return ok;
}
