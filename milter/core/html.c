/*
 * html: the words of an HTML text; see html.h.
 */
#include <string.h>

#include "core/html.h"

#define NAME_MAX_BYTES 12

struct writer {
	struct buf	*out;
	int		 quote_depth;
	int		 pre_depth;
	bool		 at_start;	/* of a line */
	bool		 owes_gap;	/* a blank line, before more text */
	bool		 owes_blank;
	bool		 failed;
};

static void
put(struct writer *w, const void *data, size_t len)
{
	if (!buf_add(w->out, data, len))
		w->failed = true;
}

static void
end_line(struct writer *w)
{
	if (!w->at_start)
		put(w, "\n", 1);
	w->at_start = true;
	w->owes_blank = false;
}

/* One character of the text, already decoded. */
static void
put_char(struct writer *w, const void *data, size_t len)
{
	if (w->owes_gap)
		put(w, "\n", w->out->len > 0 ? 1 : 0);
	w->owes_gap = false;
	if (w->at_start && w->quote_depth > 0)
		put(w, "> ", 2);
	else if (w->owes_blank && !w->at_start)
		put(w, " ", 1);
	w->at_start = w->owes_blank = false;
	put(w, data, len);
}

static void
put_code_point(struct writer *w, uint32_t c)
{
	uint8_t utf8[4];
	size_t len = 1;

	if (c == 0xa0)
		c = ' ';
	if (c < 0x80)
		utf8[0] = (uint8_t)c;
	else if (c < 0x800) {
		utf8[0] = (uint8_t)(0xc0 | c >> 6);
		utf8[1] = (uint8_t)(0x80 | (c & 0x3f));
		len = 2;
	} else if (c < 0x10000) {
		utf8[0] = (uint8_t)(0xe0 | c >> 12);
		utf8[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		utf8[2] = (uint8_t)(0x80 | (c & 0x3f));
		len = 3;
	} else {
		utf8[0] = (uint8_t)(0xf0 | (c >> 18 & 7));
		utf8[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
		utf8[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		utf8[3] = (uint8_t)(0x80 | (c & 0x3f));
		len = 4;
	}
	put_char(w, utf8, len);
}

/* "#8211;" and "#x2013;" without the "&"; 0 when it is none. */
static uint32_t
number_of(struct span s)
{
	uint32_t n = 0, base = 10;
	size_t i = 1;
	int c;

	if (i < s.len && text_lower(s.data[i]) == 'x') {
		base = 16;
		i++;
	}
	for (; i < s.len; i++) {
		c = text_lower(s.data[i]);
		if (text_is_digit(c))
			c -= '0';
		else if (base == 16 && c >= 'a' && c <= 'f')
			c -= 'a' - 10;
		else
			return 0;
		n = n * base + (uint32_t)c;
		if (n > 0x10ffff)
			return 0;
	}
	return n;
}

/* A character reference at "&"; answers its length, 0 when it is none. */
static size_t
take_reference(struct writer *w, struct span s)
{
	static const struct {
		const char	*name;
		uint32_t	 c;
	} named[] = {
		{ "amp", '&' }, { "lt", '<' }, { "gt", '>' },
		{ "quot", '"' }, { "apos", '\'' }, { "nbsp", ' ' },
		{ "ndash", 0x2013 }, { "mdash", 0x2014 },
		{ "hellip", 0x2026 }, { "bull", 0x2022 },
		{ "lsquo", 0x2018 }, { "rsquo", 0x2019 },
		{ "ldquo", 0x201c }, { "rdquo", 0x201d },
	};
	size_t end = 1, i;
	struct span name;
	uint32_t c = 0;

	while (end < s.len && end < NAME_MAX_BYTES && s.data[end] != ';')
		end++;
	if (end == s.len || s.data[end] != ';' || end < 2)
		return 0;
	name = text_sub(s, 1, end - 1);
	if (name.data[0] == '#')
		c = number_of(name);
	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (text_is(name, named[i].name))
			c = named[i].c;
	if (c == 0)
		return 0;
	put_code_point(w, c);
	return end + 1;
}

static size_t
take_ampersand(struct writer *w, struct span s)
{
	size_t len = take_reference(w, s);

	if (len > 0)
		return len;
	put_char(w, "&", 1);
	return 1;
}

/* The length of a tag or comment at "<", quoted values respected. */
static size_t
tag_length(struct span s)
{
	size_t i;
	int quote = 0;

	if (text_starts(s, "<!--")) {
		i = text_find_nocase(s, "-->");
		return i == s.len ? s.len : i + 3;
	}
	for (i = 1; i < s.len; i++) {
		if (quote != 0 && s.data[i] == quote)
			quote = 0;
		else if (quote == 0 && (s.data[i] == '"' ||
		    s.data[i] == '\'') && s.data[i - 1] == '=')
			quote = s.data[i];
		else if (quote == 0 && s.data[i] == '>')
			return i + 1;
	}
	return s.len;
}

/* Elements whose content is not shown; answers the length up to their end. */
static size_t
hidden_length(struct span s, struct span name)
{
	static const struct {
		const char	*name, *end;
	} hidden[] = {
		{ "head", "</head" }, { "style", "</style" },
		{ "script", "</script" }, { "title", "</title" },
		{ "template", "</template" },
	};
	size_t i;

	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (text_is_nocase(name, hidden[i].name))
			return text_find_nocase(s, hidden[i].end);
	return 0;
}

static bool
is_block(struct span name)
{
	static const char *const blocks[] = { "p", "div", "br", "tr", "li",
	    "ul", "ol", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6",
	    "blockquote", "pre", "body", "dt", "dd", "section", "article",
	    "header", "footer" };
	size_t i;

	for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (text_is_nocase(name, blocks[i]))
			return true;
	return false;
}

/* What stands apart from its neighbours: a blank line, like an empty line. */
static bool
is_paragraph(struct span name)
{
	return text_is_nocase(name, "p") || text_is_nocase(name, "table") ||
	    text_is_nocase(name, "ul") || text_is_nocase(name, "ol") ||
	    (name.len == 2 && text_lower(name.data[0]) == 'h');
}

static bool
is_struck(struct span name)
{
	return text_is_nocase(name, "s") || text_is_nocase(name, "del") ||
	    text_is_nocase(name, "strike");
}

/* The end of a line, a gap, or what parts two cells or strikes words out. */
static void
put_tag(struct writer *w, struct span name, bool is_end)
{
	bool was_start = w->at_start;

	if (is_block(name))
		end_line(w);
	if (is_paragraph(name) || (text_is_nocase(name, "br") && was_start))
		w->owes_gap = true;
	if (!is_end && !was_start && (text_is_nocase(name, "td") ||
	    text_is_nocase(name, "th"))) {
		w->owes_blank = true;
		put_char(w, "|", 1);
		w->owes_blank = true;
	}
	if (is_struck(name))
		put_char(w, "~~", 2);
}

static void
count_depth(int *depth, bool is_end)
{
	if (!is_end)
		++*depth;
	else if (*depth > 0)
		--*depth;
}

/* Answers how much of s the tag, and what it hides, takes. */
static size_t
take_tag(struct writer *w, struct span s)
{
	size_t len = tag_length(s), from = 1, to;
	bool is_end = s.len > 1 && s.data[1] == '/';
	struct span name;

	from += is_end;
	for (to = from; to < len && text_is_alnum(s.data[to]); to++)
		;
	name = text_sub(s, from, to - from);
	put_tag(w, name, is_end);
	if (text_is_nocase(name, "blockquote"))
		count_depth(&w->quote_depth, is_end);
	if (text_is_nocase(name, "pre"))
		count_depth(&w->pre_depth, is_end);
	if (!is_end)
		len += hidden_length(text_sub(s, len, s.len), name);
	return len;
}

static bool
is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

bool
html_print_text(struct span html, struct buf *out)
{
	struct writer w = { .out = out, .at_start = true };
	size_t i, len;
	uint8_t c;

	for (i = 0; i < html.len && !w.failed; i += len) {
		c = html.data[i];
		len = 1;
		if (c == '<' && i + 1 < html.len &&
		    (text_is_alpha(html.data[i + 1]) ||
		    html.data[i + 1] == '/' || html.data[i + 1] == '!'))
			len = take_tag(&w, text_sub(html, i, html.len));
		else if (c == '&')
			len = take_ampersand(&w, text_sub(html, i, html.len));
		else if (w.pre_depth > 0 && c == '\n') {
			w.owes_gap |= w.at_start;
			end_line(&w);
		}
		else if (is_space(c))
			w.owes_blank = true;
		else
			put_char(&w, &c, 1);
	}
	end_line(&w);
	return !w.failed;
}
