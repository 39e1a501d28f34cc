/*
 * message: one message on its way; see message.h.
 */
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "core/answer.h"
#include "flow/message.h"

void
message_init(struct message *m, const struct settings *settings)
{
	memset(m, 0, sizeof(*m));
	m->is_for = buf_alloc_zero(settings->nlists, sizeof(*m->is_for));
	buf_init(&m->body, settings->max_message);
}

void
message_clear(struct message *m)
{
	size_t i;

	for (i = 0; i < m->nrecipients; i++)
		free(m->recipients[i]);
	for (i = 0; i < m->nfields; i++) {
		free(m->names[i]);
		free(m->values[i]);
	}
	free(m->recipients);
	free(m->names);
	free(m->values);
	free(m->sender);
	free(m->is_for);
	buf_clear(&m->body);
	memset(m, 0, sizeof(*m));
}

char *
message_copy_address(const char *given)
{
	struct span s = text_trim(text_span(given));

	if (s.len >= 2 && s.data[0] == '<' && s.data[s.len - 1] == '>')
		s = text_sub(s, 1, s.len - 2);
	return buf_strndup(s);
}

/* Grow an array of pointers by one, in steps of powers of two. */
static char **
grow(char **v, size_t n)
{
	if ((n & (n - 1)) != 0)
		return v;
	return buf_realloc(v, n == 0 ? 1 : n * 2, sizeof(*v));
}

void
message_add_recipient(struct message *m, const char *address,
    const struct settings *settings)
{
	char *copy = message_copy_address(address);
	size_t i;

	for (i = 0; i < settings->nlists; i++)
		if (!m->is_for[i] && address_matches(text_span(copy),
		    &settings->lists[i].address)) {
			m->is_for[i] = true;
			m->nfor++;
		}
	if (m->nrecipients == MESSAGE_MAX_RECIPIENTS) {
		m->is_too_complex = true;
		free(copy);
		return;
	}
	m->recipients = grow(m->recipients, m->nrecipients);
	m->recipients[m->nrecipients++] = copy;
}

void
message_find_manager(struct message *m, const struct settings *settings)
{
	size_t i;

	if (m->nfor > 0)
		return;
	for (i = 0; i < settings->nlists; i++)
		if (address_matches(text_span(m->sender),
		    &settings->lists[i].sender)) {
			m->is_for[i] = m->is_copy = true;
			m->nfor++;
		}
}

/* Letters, digits and the like only; no blank before the colon. */
static bool
is_plain_name(const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++)
		if (name[i] <= ' ' || name[i] >= 0x7f || name[i] == ':')
			return false;
	return i > 0;
}

void
message_add_field(struct message *m, const char *name, const char *value,
    const struct limit_settings *limits)
{
	m->header_bytes += strlen(name) + strlen(value) + 4;
	if (m->nfields == limits->max_fields ||
	    m->header_bytes > limits->max_header_bytes) {
		m->is_too_complex = true;
		return;
	}
	if (!is_plain_name(name))
		m->has_odd_field = true;
	m->names = grow(m->names, m->nfields);
	m->values = grow(m->values, m->nfields);
	m->names[m->nfields] = buf_strdup(name);
	m->values[m->nfields++] = buf_strdup(value);
}

bool
message_add_body(struct message *m, const void *data, size_t len)
{
	if (m->is_too_big || m->is_too_complex)
		return false;
	if (m->header_bytes + m->body.len + len > m->body.max_bytes ||
	    !buf_add(&m->body, data, len)) {
		m->is_too_big = true;
		buf_clear(&m->body);
		return false;
	}
	return true;
}

void
message_fields(const struct message *m, struct fields *out)
{
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < m->nfields; i++)
		field_add(out, text_span(m->names[i]),
		    text_span(m->values[i]));
}

static bool
is_field_of(const struct fields *fields, const char *name,
    const char *const *starts, size_t n)
{
	const struct field *f = field_find(fields, name, 0);
	size_t i;

	for (i = 0; f != NULL && i < n; i++)
		if (text_starts_nocase(text_trim(f->value), starts[i]))
			return true;
	return false;
}

bool
message_is_automatic(const struct message *m, const struct fields *fields)
{
	static const char *const precedence[] = { "auto_reply",
	    "auto-reply" };
	static const char *const yes[] = { "" }, *const no[] = { "no" };

	return m->sender == NULL || m->sender[0] == '\0' ||
	    (field_find(fields, "Auto-Submitted", 0) != NULL &&
	    !is_field_of(fields, "Auto-Submitted", no, 1)) ||
	    is_field_of(fields, "Precedence", precedence, 2) ||
	    is_field_of(fields, "X-Autoreply", yes, 1) ||
	    is_field_of(fields, "X-Autorespond", yes, 1);
}

bool
message_wants_answer(const struct message *m, const struct fields *fields,
    const struct settings *settings)
{
	struct span sender = text_span(m->sender);
	size_t i;

	if (message_is_automatic(m, fields) ||
	    !answer_is_welcome(sender, fields) ||
	    text_is_nocase(sender, settings->alerts.mail_from))
		return false;
	for (i = 0; i < settings->nlists; i++)
		if (address_matches(sender, &settings->lists[i].address) ||
		    address_matches(sender, &settings->lists[i].sender))
			return false;
	return true;
}
