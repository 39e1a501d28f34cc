/*
 * crd_text: the new text of a message; see crd_text.h.
 *
 * One pass by lines with a small state.  Looking ahead is bounded, so the work
 * is linear.
 */
#include <string.h>

#include "core/crd_text.h"

#define HIDDEN CRD_TEXT_HIDDEN

#define ATTRIBUTION_LINES 4
#define ATTRIBUTION_BYTES 600

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

void
crd_text_plain(struct span text, struct buf *out)
{
	size_t i, len;
	char c;
	bool ok = true;

	for (i = 0; i < text.len && ok; i += len) {
		len = 1;
		c = (char)text.data[i];
		if (text.data[i] >= 0x80)
			len = take_character(text_sub(text, i, 3), &c);
		else if (text.data[i] == '\t' || c == '\r')
			c = ' ';
		else if (c != '\n' && (text.data[i] < ' ' || c == 0x7f))
			c = CRD_TEXT_HIDDEN;
		if (c != 0)
			ok = buf_add(out, &c, 1);
	}
}

/* "> ", "| " unless it is a row of a table, "AB> ". */
static bool
is_quoted(struct span line)
{
	size_t i;

	line = text_trim(line);
	if (line.len == 0)
		return false;
	if (line.data[0] == '>')
		return true;
	if (line.data[0] == '|')
		return line.len == 1 || line.data[line.len - 1] != '|';
	for (i = 0; i < line.len && i < 5 && text_is_alpha(line.data[i]); i++)
		continue;
	return i > 0 && i < line.len && line.data[i] == '>' &&
	    (i + 1 == line.len || line.data[i + 1] == ' ');
}

static bool
ends_attribution(struct span line)
{
	static const char *const ends[] = { "wrote:", "writes:", "said:",
	    "schrieb:", "crit :", "crit:", "escribi\xc3\xb3:", "ha scritto:",
	    "napsal:", "skrev:" };
	size_t i, len;

	line = text_trim(line);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		len = strlen(ends[i]);
		if (line.len >= len && text_is_nocase(text_sub(line,
		    line.len - len, len), ends[i]))
			return true;
	}
	return false;
}

/*
 * How many lines an attribution that begins at line takes, 0 for none: "On
 * <date>, <name>" may be wrapped before "wrote:".
 */
static int
count_attribution(struct span line, struct span rest)
{
	int n;

	if (ends_attribution(line))
		return 1;
	if (!text_starts_nocase(line, "On ") &&
	    !text_starts_nocase(line, "Am ") &&
	    !text_starts_nocase(line, "Le ") &&
	    !text_starts_nocase(line, "El "))
		return 0;
	rest = text_sub(rest, 0, ATTRIBUTION_BYTES);
	for (n = 2; n <= ATTRIBUTION_LINES; n++) {
		if (!text_next_line(&rest, &line) || text_is_blank(line) ||
		    is_quoted(line))
			return 0;
		if (ends_attribution(line))
			return n;
	}
	return 0;
}

/* The header block that Outlook and others put before an old message. */
static bool
begins_old_header(struct span line, struct span rest)
{
	int n;

	while (line.len > 0 && line.data[0] == '*')
		line = text_sub(line, 1, line.len);
	if (!text_starts_nocase(line, "From:"))
		return false;
	rest = text_sub(rest, 0, ATTRIBUTION_BYTES);
	for (n = 0; n < 3 && text_next_line(&rest, &line); n++) {
		while (line.len > 0 && line.data[0] == '*')
			line = text_sub(line, 1, line.len);
		if (text_starts_nocase(line, "Sent:") ||
		    text_starts_nocase(line, "Date:") ||
		    text_starts_nocase(line, "To:"))
			return true;
	}
	return false;
}

/* A separator: dashes or blanks round one of the usual sentences. */
static bool
begins_forward(struct span line)
{
	static const char *const begins[] = { "forwarded message",
	    "begin forwarded message", "weitergeleitete nachricht",
	    "start of forwarded message" };
	size_t i;

	while (line.len > 0 && (line.data[0] == '-' || line.data[0] == ' '))
		line = text_sub(line, 1, line.len);
	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (text_starts_nocase(line, begins[i]))
			return true;
	return text_starts_nocase(line, "forwarded by ");
}

static bool
ends_forward(struct span line)
{
	return text_starts(line, "-") && (text_find_nocase(line,
	    "end forwarded message") < line.len || text_find_nocase(line,
	    "end of forwarded message") < line.len);
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

/* What begins at this line?  True when the line itself does not count. */
static bool
read_beginning(struct reader *r, struct span line, struct span rest)
{
	struct span trimmed = text_trim(line);

	if (is_signature_line(line) || begins_old_header(trimmed, rest) ||
	    (text_starts(trimmed, "--") && text_find_nocase(trimmed,
	    "original message") < trimmed.len))
		r->place = PLACE_REST;
	else if (begins_forward(trimmed))
		r->place = PLACE_FORWARD;
	else if (text_starts(line, "-----BEGIN PGP SIGNATURE"))
		r->place = PLACE_PGP_SIGNATURE;
	else if (text_starts(line, "@@ -"))
		begin_hunk(r, line);
	else if (begins_diff(line, rest))
		r->place = PLACE_DIFF;
	else
		r->skip_lines = count_attribution(trimmed, rest);
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
		if (ends_forward(line) || is_pgp_end)
			r->place = PLACE_TEXT;
		return false;
	}
	if (r->place == PLACE_REST)
		return false;
	if (r->skip_lines > 0 || is_quoted(line)) {
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
	struct reader r = { PLACE_TEXT, 0, 0, 0 };
	struct span rest = text, line;
	bool ok = true;

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
