/*
 * mimevalue: Content-Type and Content-Disposition values; see field.h.
 *
 * RFC 2045 5.1: value *(";" attribute "=" (token / quoted-string)).  A trailing
 * semicolon, which several clients write, is taken.  Comments, RFC 2231
 * continuations and quoted pairs are legal but read in different ways by
 * different clients, so that they are flagged.
 */
#include <stdlib.h>
#include <string.h>

#include "core/field.h"

static void
skip_blanks(struct span *s)
{
	while (s->len > 0 && (s->data[0] == ' ' || s->data[0] == '\t' ||
	    s->data[0] == '\r' || s->data[0] == '\n'))
		*s = text_sub(*s, 1, s->len);
}

static bool
is_token_char(int c)
{
	return c > ' ' && c < 0x7f && strchr("()<>@,;:\\\"[]?=", c) == NULL;
}

static struct span
take_token(struct span *s)
{
	struct span whole = *s;
	size_t i = 0;

	while (i < whole.len && is_token_char(whole.data[i]))
		i++;
	*s = text_sub(whole, i, whole.len);
	return text_sub(whole, 0, i);
}

static char *
lower_copy(struct span s)
{
	char *copy = buf_strndup(s);
	size_t i;

	for (i = 0; i < s.len; i++)
		copy[i] = (char)text_lower((unsigned char)copy[i]);
	return copy;
}

/* A quoted string; folding inside it is removed. */
static char *
take_quoted(struct span *s, struct mime_value *out)
{
	char *copy = buf_alloc(s->len + 1);
	size_t i, n = 0;

	for (i = 1; i < s->len && s->data[i] != '"'; i++) {
		if (s->data[i] == '\\') {
			out->is_ambiguous = true;
			if (++i == s->len)
				break;
		} else if (s->data[i] == '\r' || s->data[i] == '\n')
			continue;
		copy[n++] = (char)s->data[i];
	}
	copy[n] = '\0';
	if (i >= s->len)
		out->is_broken = true;
	*s = text_sub(*s, i + 1, s->len);
	return copy;
}

static char *
take_value(struct span *s, struct mime_value *out)
{
	struct span token;

	if (s->len > 0 && s->data[0] == '"')
		return take_quoted(s, out);
	token = take_token(s);
	if (token.len == 0)
		out->is_broken = true;
	return buf_strndup(token);
}

static void
take_param(struct span *s, struct mime_value *out)
{
	struct span name = take_token(s);
	struct param *p;

	skip_blanks(s);
	if (name.len == 0 || s->len == 0 || s->data[0] != '=') {
		out->is_broken = true;
		return;
	}
	*s = text_sub(*s, 1, s->len);
	skip_blanks(s);
	if (out->nparams == FIELD_MAX_PARAMS) {
		out->is_broken = true;
		return;
	}
	p = &out->params[out->nparams];
	p->name = lower_copy(name);
	if (strchr(p->name, '*') != NULL || field_param(out, p->name) != NULL)
		out->is_ambiguous = true;
	p->value = take_value(s, out);
	out->nparams++;
}

static void
take_type(struct span *s, struct mime_value *out)
{
	struct span token = take_token(s);

	skip_blanks(s);
	out->type = lower_copy(token);
	if (token.len == 0 && s->len > 0)
		out->is_broken = true;
}

void
field_parse_mime(struct span value, struct mime_value *out)
{
	memset(out, 0, sizeof(*out));
	skip_blanks(&value);
	take_type(&value, out);
	while (value.len > 0 && !out->is_broken) {
		if (value.data[0] == '(')
			out->is_ambiguous = true;
		if (value.data[0] != ';') {
			out->is_broken = true;
			break;
		}
		value = text_sub(value, 1, value.len);
		skip_blanks(&value);
		if (value.len > 0)
			take_param(&value, out);
		skip_blanks(&value);
	}
}

void
field_clear_mime(struct mime_value *value)
{
	size_t i;

	free(value->type);
	for (i = 0; i < value->nparams; i++) {
		free(value->params[i].name);
		free(value->params[i].value);
	}
	memset(value, 0, sizeof(*value));
}

const char *
field_param(const struct mime_value *value, const char *name)
{
	size_t i;

	for (i = 0; i < value->nparams; i++)
		if (strcmp(value->params[i].name, name) == 0)
			return value->params[i].value;
	return NULL;
}
