/*
 * table: rows for people, as wide as the terminal.
 *
 * Where it is too narrow, columns go by their rank, the highest first; then the
 * last one is cut.  Where it is no terminal nothing goes and nothing is cut.
 */
#ifndef CTL_TABLE_H
#define CTL_TABLE_H

#include "ctl/term.h"

struct table_column {
	const char	*title;
	bool		 is_right;	/* numbers */
	int		 rank;		/* 0: stays */
};

struct table_cell {
	char			*text;
	enum term_colour	 colour;
};

struct table {
	const struct table_column	*columns;	/* borrowed */
	size_t				 ncolumns;	/* up to 16 */
	struct table_cell		*cells;		/* row by row */
	size_t				 ncells;
};

void	table_init(struct table *table, const struct table_column *columns,
	    size_t ncolumns);

/* The next cell of a row; copies the text. */
void	table_add(struct table *table, const char *text,
	    enum term_colour colour);

void	table_print(const struct table *table, const struct term *term);
void	table_clear(struct table *table);

#endif
