/*
 * crd_text: the new text of a message; see crd_text.h.
 *
 * One pass by lines with a small state.  Looking ahead is bounded, so the work
 * is linear.
 */
#include <string.h>

#include "core/crd_quote.h"
#include "core/crd_text.h"

#define HIDDEN CRD_TEXT_HIDDEN

enum place {
	PLACE_TEXT,
	PLACE_REST,		/* a signature or an old message: to the end */
	PLACE_FORWARD,		/* until its end line */
	PLACE_PGP_SIGNATURE,
	PLACE_DIFF,		/* between hunks */
	PLACE_HUNK
};

struct reader {
	enum place	 place;
	int64_t		 old_lines;	/* still to come in this hunk */
	int64_t		 new_lines;
	int		 skip_lines;	/* of an attribution */
	const uint8_t	*last_quoted;	/* where that line begins, or NULL */
};

/* Unicode as UTF-8 -> a byte, or 0 to drop it.  The longest are three bytes. */
static const struct {
	const char	*utf8;
	char		 to;
} characters[] = {
	{ "\xc2\xa0", ' ' }, { "\xc2\xad", 0 },
	{ "\xe2\x80\xaf", ' ' }, { "\xe2\x81\x9f", ' ' },
	{ "\xe3\x80\x80", ' ' }, { "\xe2\x80\x8b", 0 },
	{ "\xe2\x80\x8c", 0 }, { "\xe2\x80\x8d", 0 },
	{ "\xe2\x81\xa0", 0 }, { "\xef\xbb\xbf", 0 },
	{ "\xe2\x80\x8e", HIDDEN }, { "\xe2\x80\x8f", HIDDEN },
	{ "\xe2\x80\xaa", HIDDEN }, { "\xe2\x80\xab", HIDDEN },
	{ "\xe2\x80\xac", HIDDEN }, { "\xe2\x80\xad", HIDDEN },
	{ "\xe2\x80\xae", HIDDEN }, { "\xe2\x81\xa6", HIDDEN },
	{ "\xe2\x81\xa7", HIDDEN }, { "\xe2\x81\xa8", HIDDEN },
	{ "\xe2\x81\xa9", HIDDEN },
	{ "\xe2\x80\x98", '\'' }, { "\xe2\x80\x99", '\'' },
	{ "\xe2\x80\x9c", '"' }, { "\xe2\x80\x9d", '"' },
	{ "\xe2\x80\xa2", '*' }, { "\xe2\x80\xa6", '.' },
	{ "\xe2\x88\x92", '-' }, { "\xe2\x89\x88", '~' },
	{ "\xc2\xb1", '~' },
	{ "\xe2\x86\x92", '=' }, { "\xef\xbc\x9a", ':' },
};

/* U+2000 to U+200A are blanks, U+2010 to U+2015 dashes. */
static bool
is_general_punctuation(struct span s, char *to_out)
{
	if (s.len < 3 || s.data[0] != 0xe2 || s.data[1] != 0x80)
		return false;
	if (s.data[2] >= 0x80 && s.data[2] <= 0x8a) {
		*to_out = ' ';
		return true;
	}
	*to_out = '-';
	return s.data[2] >= 0x90 && s.data[2] <= 0x95;
}

/* One character that is not ASCII; answers its length. */
static size_t
take_character(struct span s, char *to_out)
{
	size_t i;

	if (is_general_punctuation(s, to_out))
		return 3;
	for (i = 0; i < sizeof(characters) / sizeof(characters[0]); i++)
		if (text_starts(s, characters[i].utf8)) {
			*to_out = characters[i].to;
			return strlen(characters[i].utf8);
		}
	*to_out = CRD_TEXT_FOREIGN;
	return 1;
}

/* "~~said no more~~" at the start of s: its length, 0 for none. */
static size_t
struck_length(struct span s)
{
	size_t i;

	if (!text_starts(s, "~~"))
		return 0;
	for (i = 2; i < s.len && s.data[i] != '\n' && s.data[i] != '~'; i++)
		continue;
	return i > 2 && text_starts(text_sub(s, i, 2), "~~") ? i + 2 : 0;
}

/* How many characters in front stay what they are? */
static size_t
plain_length(struct span s)
{
	size_t i = 0;

	while (i < s.len && s.data[i] >= ' ' && s.data[i] < '~')
		i++;
	return i;
}

void
crd_text_plain(struct span text, struct buf *out)
{
	size_t i, len;
	char c;
	bool ok = true;

	for (i = 0; i < text.len && ok; i += len) {
		len = plain_length(text_sub(text, i, text.len));
		if (len > 0) {
			ok = buf_add(out, text.data + i, len);
			continue;
		}
		c = (char)text.data[i];
		if (c == '~' && (len = struck_length(text_sub(text, i,
		    text.len))) > 0)
			continue;
		len = 1;
		if (text.data[i] >= 0x80)
			len = take_character(text_sub(text, i, 3), &c);
		else if (text.data[i] == '\t' || c == '\r')
			c = ' ';
		else if (c != '\n' && (text.data[i] < ' ' || c == 0x7f))
			c = CRD_TEXT_HIDDEN;
		if (len == 3 &&
		    text_starts(text_sub(text, i, 3), "\xe2\x80\x94"))
			ok = buf_add(out, " - ", 3);
		else if (c != 0)
			ok = buf_add(out, &c, 1);
	}
}

static bool
begins_diff(struct span line, struct span rest)
{
	return text_starts(line, "diff --git ") ||
	    text_starts(line, "diff -") || text_starts(line, "@@ -") ||
	    text_starts(line, "Index: ") ||
	    (text_starts(line, "--- ") && text_starts(rest, "+++ "));
}

/* ",4" of "@@ -1,4 +1,5 @@" at *pos; one line when it is not there. */
static int64_t
parse_length(struct span line, size_t *pos)
{
	int64_t value = 0;

	while (*pos < line.len && text_is_digit(line.data[*pos]))
		(*pos)++;
	if (*pos >= line.len || line.data[*pos] != ',')
		return 1;
	for ((*pos)++; *pos < line.len && text_is_digit(line.data[*pos]);
	    (*pos)++)
		if (value < 1000000)
			value = value * 10 + (line.data[*pos] - '0');
	return value;
}

static void
begin_hunk(struct reader *r, struct span line)
{
	size_t pos = 4;		/* behind "@@ -" */

	r->old_lines = parse_length(line, &pos);
	pos += 2;		/* " +" */
	r->new_lines = parse_length(line, &pos);
	r->place = r->old_lines + r->new_lines > 0 ? PLACE_HUNK : PLACE_DIFF;
}

/* False when line is no part of a diff any more. */
static bool
read_diff(struct reader *r, struct span line)
{
	static const char *const parts[] = { "diff ", "index ", "--- ",
	    "+++ ", "new file", "deleted file", "old mode", "new mode",
	    "rename ", "similarity ", "Binary ", "GIT binary", "====",
	    "Index: ", "\\ No newline" };
	size_t i;

	if (text_starts(line, "@@ -")) {
		begin_hunk(r, line);
		return true;
	}
	if (r->place == PLACE_HUNK && (line.len == 0 ||
	    memchr(" +-\\", line.data[0], 4) != NULL)) {
		if (line.len == 0 || line.data[0] == ' ' ||
		    line.data[0] == '-')
			r->old_lines--;
		if (line.len == 0 || line.data[0] == ' ' ||
		    line.data[0] == '+')
			r->new_lines--;
		if (r->old_lines <= 0 && r->new_lines <= 0)
			r->place = PLACE_DIFF;
		return true;
	}
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (text_starts(line, parts[i]))
			return true;
	return false;
}

static bool
is_signature_line(struct span line)
{
	return text_is(line, "-- ") || text_is(line, "--") ||
	    text_is(line, "- -- ");	/* dash-escaped, RFC 9580 7.2 */
}

/*
 * Some programs quote without a mark: where "On <date> ... wrote:" is the last
 * word before lines of which none is quoted, these are the old message.
 */
static void
read_attribution(struct reader *r, struct span line, struct span rest)
{
	struct span all = line;
	int n;

	r->skip_lines = crd_quote_attribution(text_trim(line), rest);
	if (r->skip_lines == 0)
		return;
	for (n = 1; n < r->skip_lines && text_next_line(&rest, &line); n++)
		continue;
	all.len = (size_t)(line.data + line.len - all.data);
	if ((r->last_quoted == NULL || line.data > r->last_quoted) &&
	    text_has_digit(all))
		r->place = PLACE_REST;
}

/* What begins at this line?  True when the line itself does not count. */
static bool
read_beginning(struct reader *r, struct span line, struct span rest)
{
	struct span trimmed = text_trim(line);

	if (is_signature_line(line) || crd_quote_begins_old(trimmed, rest))
		r->place = PLACE_REST;
	else if (crd_quote_begins_forward(trimmed))
		r->place = PLACE_FORWARD;
	else if (text_starts(line, "-----BEGIN PGP SIGNATURE"))
		r->place = PLACE_PGP_SIGNATURE;
	else if (text_starts(line, "@@ -"))
		begin_hunk(r, line);
	else if (begins_diff(line, rest))
		r->place = PLACE_DIFF;
	else
		read_attribution(r, line, rest);
	return r->place != PLACE_TEXT || r->skip_lines > 0;
}

/* Is line new text? */
static bool
read_line(struct reader *r, struct span line, struct span rest)
{
	bool is_pgp_end = text_starts(line, "-----END PGP SIGNATURE");

	if (r->place == PLACE_REST && text_starts(line, "-----BEGIN PGP SIG"))
		r->place = PLACE_PGP_SIGNATURE;
	if (r->place == PLACE_FORWARD || r->place == PLACE_PGP_SIGNATURE) {
		if (crd_quote_ends_forward(line) || is_pgp_end)
			r->place = PLACE_TEXT;
		return false;
	}
	if (r->place == PLACE_REST)
		return false;
	if (r->skip_lines > 0 || crd_quote_is_quoted(line)) {
		r->skip_lines -= r->skip_lines > 0 ? 1 : 0;
		return false;
	}
	if (r->place == PLACE_DIFF || r->place == PLACE_HUNK) {
		if (read_diff(r, line))
			return false;
		r->place = PLACE_TEXT;
	}
	if (!read_beginning(r, line, rest))
		return true;
	r->skip_lines -= r->skip_lines > 0 ? 1 : 0;
	return false;
}

void
crd_text_parse(struct span text, struct buf *new_out)
{
	struct reader r = { PLACE_TEXT, 0, 0, 0, NULL };
	struct span rest = text, line;
	bool ok = true;

	while (text_next_line(&rest, &line))
		if (crd_quote_is_quoted(line))
			r.last_quoted = line.data;
	rest = text;
	buf_init(new_out, text.len + 2);
	while (ok && text_next_line(&rest, &line)) {
		if (read_line(&r, line, rest))
			crd_text_plain(line, new_out);
		else if (new_out->len > 1 &&
		    new_out->data[new_out->len - 1] == '\n' &&
		    new_out->data[new_out->len - 2] == '\n')
			continue;	/* a gap is one blank line */
		ok = buf_add(new_out, "\n", 1);
	}
}
