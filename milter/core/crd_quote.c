/*
 * crd_quote: quotations as mail programs write them; see crd_quote.h.
 *
 * Words of other languages are UTF-8, ASCII letters compared without case; of
 * some a part is enough.
 */
#include <string.h>

#include "core/crd_quote.h"

#define AHEAD_LINES	4
#define AHEAD_BYTES	600
#define INITIALS_BYTES	16	/* "Michael>" */
#define KEY_BYTES	40	/* "Enviado el:" */
#define SEPARATOR_BYTES	120

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct span
skip(struct span s, const char *what)
{
	return text_starts(s, what) ? text_sub(s, strlen(what), s.len) : s;
}

/* line without blanks in front, Unicode's among them. */
static struct span
skip_blanks(struct span line)
{
	static const char *const blanks[] = { " ", "\t", "\xc2\xa0",
	    "\xe2\x80\x8b", "\xe3\x80\x80", "\xef\xbb\xbf" };
	size_t i, before;

	do {
		before = line.len;
		for (i = 0; i < COUNT(blanks); i++)
			line = skip(line, blanks[i]);
	} while (line.len < before);
	return line;
}

/* "AB> ", "Jane>> " */
static bool
is_initialled(struct span line)
{
	size_t i = 0;

	while (i < line.len && i < INITIALS_BYTES &&
	    (text_is_alpha(line.data[i]) || (i > 0 && line.data[i] == '.')))
		i++;
	return i > 0 && i < line.len && line.data[i] == '>' &&
	    (i + 1 == line.len || line.data[i + 1] == ' ' ||
	    line.data[i + 1] == '>');
}

bool
crd_quote_is_quoted(struct span line)
{
	static const char *const marks[] = { ">", "\xc2\xbb",
	    "\xe2\x80\xba", "\xef\xbc\x9e" };
	size_t i;

	line = skip_blanks(text_trim(line));
	if (line.len == 0)
		return false;
	for (i = 0; i < COUNT(marks); i++)
		if (text_starts(line, marks[i]))
			return true;
	if (line.data[0] == '|')
		return line.len == 1 || line.data[line.len - 1] != '|';
	return is_initialled(line);
}

static bool
ends_in(struct span s, const char *end)
{
	size_t len = strlen(end);

	return s.len >= len && text_is_nocase(text_sub(s, s.len - len, len),
	    end);
}

static bool
has(struct span s, const char *word)
{
	return text_find_nocase(s, word) < s.len;
}

static bool
ends_attribution(struct span line)
{
	static const char *const ends[] = {
	    "wrote:", "wrote :", "writes:", "said:", "schrieb:", "crit :",
	    "crit:", "escribi\xc3\xb3:", "ha scritto:", "napsal:",
	    "napsal(a):", "skrev:", "schreef:", "escreveu:", "kirjoitti:",
	    "pisze:", "\xd0\xbf\xd0\xb8\xd1\x88\xd0\xb5\xd1\x82:",
	    "\xd0\xbd\xd0\xb0\xd0\xbf\xd0\xb8\xd1\x81\xd0\xb0\xd0\xbb:",
	    "\xe5\x86\x99\xe9\x81\x93:",
	    "\xe5\x86\x99\xe9\x81\x93\xef\xbc\x9a",
	    "\xe5\xaf\xab\xe9\x81\x93\xef\xbc\x9a" };
	/* the name comes last: "Am 20.07.2026 um 14:00 schrieb Jan:" */
	static const char *const verbs[] = {
	    " schrieb ", " schreef ", " skrev ", " pisze " };
	size_t i;

	line = text_trim(line);
	if (!ends_in(line, ":") && !ends_in(line, "\xef\xbc\x9a"))
		return false;
	for (i = 0; i < COUNT(ends); i++)
		if (ends_in(line, ends[i]))
			return true;
	for (i = 0; i < COUNT(verbs) && ends_in(line, ":"); i++)
		if (has(line, verbs[i]))
			return true;
	return false;
}

int
crd_quote_attribution(struct span line, struct span rest)
{
	static const char *const firsts[] = {
	    "On ", "Am ", "Le ", "El ", "Op ", "Den ", "Em ", "Il ", "W dniu ",
	    "Dne " };
	size_t i;
	int n;

	if (ends_attribution(line))
		return 1;
	for (i = 0; !text_starts_nocase(line, firsts[i]); )
		if (++i == COUNT(firsts))
			return 0;
	rest = text_sub(rest, 0, AHEAD_BYTES);
	for (n = 2; n <= AHEAD_LINES; n++) {
		if (!text_next_line(&rest, &line) || text_is_blank(line) ||
		    crd_quote_is_quoted(line))
			return 0;
		if (ends_attribution(line))
			return n;
	}
	return 0;
}

/* "Von" of "**Von:** Jan"; false for a line without a key. */
static bool
find_key(struct span line, struct span *key_out)
{
	struct span s = skip_blanks(text_trim(line));
	size_t i, wide;

	while (s.len > 0 && s.data[0] == '*')
		s = text_sub(s, 1, s.len);
	s = text_sub(s, 0, KEY_BYTES);
	i = text_find_nocase(s, ":");
	wide = text_find_nocase(s, "\xef\xbc\x9a");
	i = wide < i ? wide : i;
	*key_out = text_trim(text_sub(s, 0, i));
	if (ends_in(*key_out, "\xc2\xa0"))
		key_out->len -= 2;
	return i < s.len && i > 0;
}

static bool
is_foreign_from(struct span key)
{
	static const char *const froms[] = {
	    "Von", "De", "Da", "Van", "Fra", "Fr\xc3\xa5n", "Od", "Mittente",
	    "Kimden", "L\xc3\xa4hett\xc3\xa4j\xc3\xa4", "\xd0\x9e\xd1\x82",
	    "\xe5\x8f\x91\xe4\xbb\xb6\xe4\xba\xba",
	    "\xe5\xaf\x84\xe4\xbb\xb6\xe8\x80\x85",
	    "\xe5\xb7\xae\xe5\x87\xba\xe4\xba\xba" };
	size_t i;

	for (i = 0; i < COUNT(froms); i++)
		if (text_is_nocase(key, froms[i]))
			return true;
	return false;
}

/*
 * The header block before an old message.  A report may well have a line
 * "From:" of its own, so that one needs its usual company.
 */
static bool
begins_old_header(struct span line, struct span rest)
{
	struct span key;
	bool is_foreign;
	int n;

	if (!find_key(line, &key))
		return false;
	is_foreign = is_foreign_from(key);
	if (!is_foreign && !text_is_nocase(key, "From"))
		return false;
	rest = text_sub(rest, 0, AHEAD_BYTES);
	for (n = 0; n < 3 && text_next_line(&rest, &line); n++) {
		if (!find_key(line, &key))
			continue;
		if (is_foreign || text_is_nocase(key, "Sent") ||
		    text_is_nocase(key, "Date") || text_is_nocase(key, "To"))
			return true;
	}
	return false;
}

bool
crd_quote_begins_old(struct span line, struct span rest)
{
	static const char *const names[] = {
	    "original message", "ngliche nachricht", "message d'origine",
	    "mensaje original", "mensagem original", "messaggio originale",
	    "oorspronkelijk bericht", "ursprungligt meddelande",
	    "oprindelig meddelelse", "opprinnelig melding",
	    "oryginalna wiadomo",
	    "\xd0\xb8\xd1\x81\xd1\x85\xd0\xbe\xd0\xb4\xd0\xbd\xd0\xbe\xd0\xb5",
	    "\xe5\x8e\x9f\xe5\xa7\x8b\xe9\x82\xae\xe4\xbb\xb6",
	    "\xe5\x8e\x9f\xe5\xa7\x8b\xe9\x83\xb5\xe4\xbb\xb6" };
	size_t i;

	if (begins_old_header(line, rest))
		return true;
	if (!text_starts(line, "--") || line.len > SEPARATOR_BYTES)
		return false;
	for (i = 0; i < COUNT(names); i++)
		if (has(line, names[i]))
			return true;
	return false;
}

/* A separator of dashes round it, or a line that it begins or ends. */
bool
crd_quote_begins_forward(struct span line)
{
	static const char *const names[] = {
	    "forwarded message", "forwarded by ", "weitergeleitete nachricht",
	    "weitergeleiteten nachricht", "message transf",
	    ("message r\xc3\xa9" "exp"), "mensaje reenviado",
	    "mensagem encaminhada", "mensagem reencaminhada",
	    "messaggio inoltrato", "doorgestuurd bericht",
	    "vidarebefordrat meddelande", "videresendt meddelelse",
	    "eposlan\xc3\xa1 zpr\xc3\xa1va", "przekazanej wiadomo",
	    "\xd0\xbf\xd0\xb5\xd1\x80\xd0\xb5\xd1\x81\xd1\x8b\xd0\xbb",
	    "\xd0\xbf\xd0\xb5\xd1\x80\xd0\xb5\xd0\xbd\xd0\xb0\xd0\xbf\xd1\x80",
	    "\xe8\xbd\xac\xe5\x8f\x91\xe7\x9a\x84\xe9\x82\xae\xe4\xbb\xb6",
	    "\xe8\xbd\xac\xe5\x8f\x91\xe9\x82\xae\xe4\xbb\xb6",
	    "\xe8\xbd\x89\xe5\xaf\x84\xe9\x83\xb5\xe4\xbb\xb6",
	    "\xe8\xbb\xa2\xe9\x80\x81" };
	struct span name = line;
	size_t i;
	bool may_contain;

	if (line.len > SEPARATOR_BYTES)
		return false;
	may_contain = text_starts(line, "--") || ends_in(line, ":");
	while (name.len > 0 && (name.data[0] == '-' || name.data[0] == ' '))
		name = text_sub(name, 1, name.len);
	for (i = 0; i < COUNT(names); i++)
		if (text_starts_nocase(name, names[i]) ||
		    (may_contain && has(line, names[i])))
			return true;
	return text_starts_nocase(name, "start of forwarded message");
}

bool
crd_quote_ends_forward(struct span line)
{
	return text_starts(line, "-") && (has(line, "end forwarded message") ||
	    has(line, "end of forwarded message"));
}
