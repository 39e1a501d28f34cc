/*
 * term: what standard output can show.
 *
 * Colours are for terminals only, without NO_COLOR.  Text of others never
 * reaches it as it is: what could move the cursor or reorder a line becomes a
 * question mark.
 */
#ifndef CTL_TERM_H
#define CTL_TERM_H

#include <stdbool.h>
#include <stddef.h>

struct term {
	bool	is_tty;
	bool	has_colour;
	bool	has_unicode;	/* the locale's characters are UTF-8 */
	int	columns;	/* TERM_PIPE_COLUMNS where it is no terminal */
};

#define TERM_PIPE_COLUMNS 100

enum term_colour {
	TERM_PLAIN,
	TERM_BOLD,
	TERM_DIM,
	TERM_RED,		/* bold: overdue, leaked */
	TERM_YELLOW,		/* soon, or a person is needed */
	TERM_GREEN,
	TERM_CYAN
};

void	term_look(struct term *out);

void	term_begin(const struct term *term, enum term_colour colour);
void	term_end(const struct term *term, enum term_colour colour);

/* How many columns the text takes. */
int	term_width(const struct term *term, const char *text);

/*
 * Print the text, cut to so many columns with a mark at its end, 0: all of it.
 * Answers how many columns were printed.
 */
int	term_put(const struct term *term, const char *text, int columns);
void	term_pad(int columns);

/*
 * Print the words of a text, the cursor being in column indent; what does not
 * fit goes to further lines, indented as well.  Ends the line.  Where there is
 * no terminal it stays one line.
 */
void	term_wrap(const struct term *term, const char *text, int indent);

/* The symbol for a terminal with Unicode, else its ASCII fallback. */
const char	*term_symbol(const struct term *term, const char *unicode,
		    const char *ascii);

#endif
