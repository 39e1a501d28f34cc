/*
 * term: what standard output can show; see term.h.
 */
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/utf8.h"
#include "ctl/term.h"

#define LEAST_COLUMNS	30
#define MOST_COLUMNS	400

/* The kernel knows best; COLUMNS is for those that do not tell it. */
static int
look_columns(void)
{
	struct winsize size;
	const char *said = getenv("COLUMNS");
	long n = said == NULL ? 0 : strtol(said, NULL, 10);

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		n = size.ws_col;
	if (n <= 0)
		return 80;
	return n < LEAST_COLUMNS ? LEAST_COLUMNS :
	    n > MOST_COLUMNS ? MOST_COLUMNS : (int)n;
}

void
term_look(struct term *out)
{
	const char *no_colour = getenv("NO_COLOR"), *kind = getenv("TERM");

	setlocale(LC_CTYPE, "");
	out->is_tty = isatty(STDOUT_FILENO) == 1;
	out->has_colour = out->is_tty &&
	    (no_colour == NULL || no_colour[0] == '\0') &&
	    kind != NULL && strcmp(kind, "dumb") != 0;
	out->has_unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	out->columns = out->is_tty ? look_columns() : TERM_PIPE_COLUMNS;
}

void
term_begin(const struct term *term, enum term_colour colour)
{
	static const char *const codes[] = { "", "1", "2", "1;31", "33",
	    "32", "36" };

	if (term->has_colour && colour != TERM_PLAIN)
		printf("\033[%sm", codes[colour]);
}

void
term_end(const struct term *term, enum term_colour colour)
{
	if (term->has_colour && colour != TERM_PLAIN)
		fputs("\033[0m", stdout);
}

static bool
can_show(const struct term *term, uint32_t c)
{
	return utf8_is_plain(c) && (c < 0x80 || term->has_unicode);
}

static int
columns_of(const struct term *term, uint32_t c)
{
	return can_show(term, c) ? utf8_columns(c) : 1;
}

static int
width_of(const struct term *term, struct span text)
{
	struct span bytes;
	uint32_t c;
	int n = 0;

	while (utf8_next(&text, &bytes, &c))
		n += columns_of(term, c);
	return n;
}

int
term_width(const struct term *term, const char *text)
{
	return width_of(term, text_span(text));
}

/* Characters that fit into so many columns. */
static int
put(const struct term *term, struct span text, int columns)
{
	struct span bytes;
	uint32_t c;
	int n = 0;

	while (utf8_next(&text, &bytes, &c)) {
		if (n + columns_of(term, c) > columns)
			break;
		if (can_show(term, c))
			fwrite(bytes.data, 1, bytes.len, stdout);
		else
			putchar('?');
		n += columns_of(term, c);
	}
	return n;
}

int
term_put(const struct term *term, const char *text, int columns)
{
	int n;

	if (columns <= 0 || term_width(term, text) <= columns)
		return put(term, text_span(text), INT_MAX);
	n = put(term, text_span(text), columns - 1);
	fputs(term_symbol(term, "\xe2\x80\xa6", "~"), stdout);	/* ellipsis */
	return n + 1;
}

void
term_pad(int columns)
{
	if (columns > 0)
		printf("%*s", columns, "");
}

/* Blanks divide words; the rest begins behind them. */
static bool
next_word(struct span *rest, struct span *word)
{
	size_t from = 0, end;

	while (from < rest->len && rest->data[from] == ' ')
		from++;
	for (end = from; end < rest->len && rest->data[end] != ' '; end++)
		;
	*word = text_sub(*rest, from, end - from);
	*rest = text_sub(*rest, end, rest->len - end);
	return word->len > 0;
}

void
term_wrap(const struct term *term, const char *text, int indent)
{
	struct span rest = text_span(text), word;
	int column = indent, width;

	if (!term->is_tty) {
		put(term, rest, INT_MAX);
		putchar('\n');
		return;
	}
	while (next_word(&rest, &word)) {
		width = width_of(term, word);
		if (column > indent &&
		    column + 1 + width > term->columns) {
			putchar('\n');
			term_pad(indent);
			column = indent;
		} else if (column > indent) {
			putchar(' ');
			column++;
		}
		column += put(term, word, INT_MAX);
	}
	putchar('\n');
}

const char *
term_symbol(const struct term *term, const char *unicode, const char *ascii)
{
	return term->is_tty && term->has_unicode ? unicode : ascii;
}
