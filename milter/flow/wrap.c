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
	size_t i, k;
	int index;

	for (i = f->n; i > 0; i--) {
		if (!text_starts_nocase(f->v[i - 1].name, "Content-") ||
		    text_is_nocase(f->v[i - 1].name, "Content-Type"))
			continue;
		for (k = 0, index = 1; k < i - 1; k++)
			if (text_is_same_nocase(f->v[k].name,
			    f->v[i - 1].name))
				index++;
		outcome_add_edit(outcome, EDIT_DELETE,
		    (const char *)f->v[i - 1].name.data, index, NULL);
	}
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
add_field(struct buf *out, struct span name, struct span value,
    const char *more)
{
	return buf_add(out, name.data, name.len) && buf_add(out, ": ", 2) &&
	    buf_add_crlf(out, text_trim(value)) &&
	    buf_add(out, more, strlen(more)) && buf_add(out, "\r\n", 2);
}

/* The MIME entity that is encrypted: RFC 3156 4. */
static bool
add_entity(struct buf *out, const struct fields *fields, struct span body)
{
	static const char mark[] = "; protected-headers=\"v1\"";
	const struct field *f;
	bool has_type = false, is_type;
	size_t i;

	for (i = 0; i < fields->n; i++) {
		f = &fields->v[i];
		is_type = text_is_nocase(f->name, "Content-Type") && !has_type;
		has_type = has_type || is_type;
		if ((is_protected(f->name) ||
		    text_starts_nocase(f->name, "Content-")) &&
		    !add_field(out, f->name, f->value, is_type ? mark : ""))
			return false;
	}
	if (!has_type && !add_field(out, text_span("Content-Type"),
	    text_span("text/plain"), mark))
		return false;
	return buf_add(out, "\r\n", 2) && buf_add(out, body.data, body.len);
}

/* The keys of every list that the message is for. */
static void
collect_keys(const struct settings *settings, const struct message *m,
    struct strings *out)
{
	const struct strings *keys;
	size_t i, k;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < settings->nlists; i++) {
		keys = &settings->lists[i].key;
		for (k = 0; m->is_for[i] && k < keys->n; k++) {
			out->v = buf_realloc(out->v, out->n + 1,
			    sizeof(*out->v));
			out->v[out->n++] = keys->v[k];	/* borrowed */
		}
	}
}

static bool
encrypt(const struct settings *settings, const struct message *m,
    struct span entity, struct buf *body_out, struct fault *fault)
{
	struct buf armor, lines;
	struct strings keys;
	bool ok;

	collect_keys(settings, m, &keys);
	buf_init(&armor, 2 * entity.len + ROOM);
	buf_init(&lines, 3 * entity.len + ROOM);
	ok = keyring_encrypt(&settings->gnupg, &keys, entity, &armor, fault);
	if (ok && (!buf_add_crlf(&lines, buf_span(&armor)) ||
	    !mangled_compose(text_span(""), buf_span(&lines), body_out))) {
		fault_set(fault, FAULT_SITE, "gpg: a result beyond any size");
		ok = false;
	}
	buf_clear(&armor);
	buf_clear(&lines);
	free(keys.v);
	return ok;
}

static bool
has_tag(const struct strings *tags, const char *tag)
{
	size_t i;

	for (i = 0; i < tags->n; i++)
		if (text_is_nocase(text_span(tag), tags->v[i]))
			return true;
	return false;
}

/* "[vs]" -> "[vs-plain]", where the list has both; else as it is. */
static void
tag_subject(const struct settings *settings, const struct message *m,
    const struct facts *facts, struct outcome *outcome)
{
	const struct field *f = field_find(&facts->fields, "Subject", 0);
	const struct strings *tags;
	char plain[80], subject[1200];
	size_t i, t, at;

	for (i = 0; f != NULL && i < settings->nlists; i++) {
		tags = &settings->lists[i].subject_tags;
		for (t = 0; m->is_for[i] && t < tags->n; t++) {
			at = text_find_nocase(f->value, tags->v[t]);
			snprintf(plain, sizeof(plain), "%.*s-plain]",
			    (int)strlen(tags->v[t]) - 1, tags->v[t]);
			if (at == f->value.len ||
			    !has_tag(tags, plain))
				continue;
			snprintf(subject, sizeof(subject), "%.*s%s%.*s",
			    (int)(at < 500 ? at : 500),
			    (const char *)f->value.data, plain,
			    (int)(f->value.len - at - strlen(tags->v[t])),
			    (const char *)f->value.data + at +
			    strlen(tags->v[t]));
			outcome_add_edit(outcome, EDIT_CHANGE, "Subject", 1,
			    subject);
			return;
		}
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
	buf_init(&wrapped, 4 * body.len + 4 * ROOM);
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
