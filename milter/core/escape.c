/*
 * escape: text of others within our own documents; see escape.h.
 */
#include <stdio.h>
#include <string.h>

#include "core/escape.h"
#include "core/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"	/* U+FFFD */

/* How a kind of document writes one character; NULL: as it is. */
typedef const char *substitute(uint32_t c);

static bool
add_text(struct buf *out, const char *text)
{
	return buf_add(out, text, strlen(text));
}

static bool
escape(struct span text, substitute *of, struct buf *out)
{
	struct span bytes;
	const char *instead;
	uint32_t c;

	while (utf8_next(&text, &bytes, &c)) {
		if (c == '\n' || c == '\t' || c == '\r')
			c = ' ';
		instead = of(c);
		if (instead == NULL && !utf8_is_plain(c))
			instead = REPLACEMENT;
		if (instead == NULL && c == ' ')
			instead = " ";
		if (!(instead != NULL ? add_text(out, instead) :
		    buf_add(out, bytes.data, bytes.len)))
			return false;
	}
	return true;
}

static const char *
of_html(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

bool
escape_html(struct span text, struct buf *out)
{
	return escape(text, of_html, out);
}

static const char *
of_csv(uint32_t c)
{
	return c == '"' ? "\"\"" : NULL;
}

/* Also behind blanks and quotes, which some programs drop. */
static bool
is_formula(struct span text)
{
	size_t i = 0;

	while (i < text.len && strchr(" \t\r\n\"'", text.data[i]) != NULL &&
	    text.data[i] != '\0')
		i++;
	return i < text.len && text.data[i] != '\0' &&
	    strchr("=+-@|%", text.data[i]) != NULL;
}

bool
escape_csv(struct span text, struct buf *out)
{
	bool is_plain = true, formula = is_formula(text);
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.data[i] < 0x20 || strchr(",;\"", text.data[i]) != NULL)
			is_plain = false;
	if (is_plain && !formula)
		return escape(text, of_csv, out);
	return add_text(out, formula ? "\"'" : "\"") &&
	    escape(text, of_csv, out) && add_text(out, "\"");
}

/* Letters, digits and what means nothing alone; the rest one by one, because
 * the mark that ends "no markup" could stand in the text. */
static const char *
of_wiki(uint32_t c)
{
	static const char marks[][6] = {
		"%%^%%", "%%|%%", "%%[%%", "%%]%%", "%%{%%", "%%}%%",
		"%%*%%", "%%/%%", "%%_%%", "%%'%%", "%%\"%%", "%%<%%",
		"%%>%%", "%%~%%", "%%=%%", "%%-%%", "%%:%%", "%%;%%",
		"%%(%%", "%%)%%", "%%\\%%", "%%@%%", "%%#%%", "%%&%%",
		"%%!%%", "%%?%%", "%%$%%", "%%`%%",
	};
	size_t i;

	if (c == '%')
		return "<nowiki>%</nowiki>";
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (c == (uint32_t)marks[i][2])
			return marks[i];
	return NULL;
}

bool
escape_wiki(struct span text, struct buf *out)
{
	return escape(text, of_wiki, out);
}

static bool
is_of_url(int c)
{
	return text_is_alnum(c) || (c > ' ' && c < 0x7f &&
	    strchr("-._~:/?#@!$&()*+,;=", c) != NULL);
}

static bool
is_hex(int c)
{
	c = text_lower(c);
	return text_is_digit(c) || (c >= 'a' && c <= 'f');
}

bool
escape_url(struct span url, struct buf *out)
{
	size_t i;
	bool ok = true;
	int c;

	if (!text_starts_nocase(url, "https://") &&
	    !text_starts_nocase(url, "http://"))
		return true;
	for (i = 0; ok && i < url.len; i++) {
		c = url.data[i];
		if (is_of_url(c) || (c == '%' && i + 2 < url.len &&
		    is_hex(url.data[i + 1]) && is_hex(url.data[i + 2])))
			ok = buf_add(out, &url.data[i], 1);
		else
			ok = buf_print(out, "%%%02X", (unsigned)c);
	}
	return ok;
}

static const char *
of_ical(uint32_t c)
{
	switch (c) {
	case '\\':
		return "\\\\";
	case ';':
		return "\\;";
	case ',':
		return "\\,";
	default:
		return NULL;
	}
}

bool
escape_ical(struct span text, struct buf *out)
{
	return escape(text, of_ical, out);
}

static const char *
of_label(uint32_t c)
{
	if (c == '"')
		return "\\\"";
	return c == '\\' ? "\\\\" : NULL;
}

bool
escape_label(struct span text, struct buf *out)
{
	return escape(text, of_label, out);
}
