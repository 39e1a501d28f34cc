/*
 * table: rows for people; see table.h.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "ctl/table.h"

#define MAX_COLUMNS	16
#define GAP		2
#define LEAST_LAST	8	/* columns of the last one before others go */

struct layout {
	int	width[MAX_COLUMNS];	/* 0: gone */
};

void
table_init(struct table *table, const struct table_column *columns,
    size_t ncolumns)
{
	memset(table, 0, sizeof(*table));
	table->columns = columns;
	table->ncolumns = ncolumns;
}

void
table_add(struct table *table, const char *text, enum term_colour colour)
{
	if (table->ncells % 256 == 0)
		table->cells = buf_realloc(table->cells, table->ncells + 256,
		    sizeof(*table->cells));
	table->cells[table->ncells++] = (struct table_cell){
	    buf_strdup(text), colour };
}

void
table_clear(struct table *table)
{
	size_t i;

	for (i = 0; i < table->ncells; i++)
		free(table->cells[i].text);
	free(table->cells);
	table_init(table, table->columns, table->ncolumns);
}

static int
total(const struct table *table, const struct layout *layout)
{
	size_t i;
	int n = -GAP;

	for (i = 0; i < table->ncolumns; i++)
		if (layout->width[i] > 0)
			n += layout->width[i] + GAP;
	return n;
}

/* The column to go next: its number, or ncolumns when all others stay. */
static size_t
least(const struct table *table, const struct layout *layout)
{
	size_t i, found = table->ncolumns;
	int rank = 0;

	for (i = 0; i < table->ncolumns; i++)
		if (layout->width[i] > 0 && table->columns[i].rank > rank) {
			rank = table->columns[i].rank;
			found = i;
		}
	return found;
}

static void
fit(const struct table *table, const struct term *term, struct layout *layout)
{
	size_t i, column = 0, last = table->ncolumns - 1;
	int spare, width;

	memset(layout, 0, sizeof(*layout));
	for (i = 0; i < table->ncolumns; i++)
		layout->width[i] = term_width(term, table->columns[i].title);
	for (i = 0; i < table->ncells; i++) {
		width = term_width(term, table->cells[i].text);
		if (width > layout->width[column])
			layout->width[column] = width;
		column = column == last ? 0 : column + 1;
	}
	if (!term->is_tty)
		return;
	for (;;) {
		spare = layout->width[last] > LEAST_LAST ?
		    layout->width[last] - LEAST_LAST : 0;
		i = least(table, layout);
		if (i == table->ncolumns ||
		    total(table, layout) - spare <= term->columns)
			break;
		layout->width[i] = 0;
	}
	width = total(table, layout) - term->columns;
	if (width > 0 && layout->width[last] > 0)
		layout->width[last] -= width < spare ? width : spare;
}

static void
print_cell(const struct term *term, const char *text, enum term_colour colour,
    int width, bool is_right, bool is_last)
{
	int used = term_width(term, text), limit = term->is_tty ? width : 0;

	if (is_right)
		term_pad(width - used);
	term_begin(term, used == 0 ? TERM_PLAIN : colour);
	used = term_put(term, text, limit);
	term_end(term, used == 0 ? TERM_PLAIN : colour);
	if (!is_right && !is_last)
		term_pad(width - used);
}

/* Blanks at the end of a line are left out. */
static void
print_row(const struct table *table, const struct term *term,
    const struct layout *layout, const struct table_cell *cells)
{
	size_t i, end = 0;
	bool is_first = true;

	for (i = 0; i < table->ncolumns; i++)
		if (layout->width[i] > 0 && cells[i].text[0] != '\0')
			end = i + 1;
	for (i = 0; i < end; i++) {
		if (layout->width[i] == 0)
			continue;
		term_pad(is_first ? 0 : GAP);
		is_first = false;
		print_cell(term, cells[i].text, cells[i].colour,
		    layout->width[i], table->columns[i].is_right,
		    i + 1 == end);
	}
	putchar('\n');
}

void
table_print(const struct table *table, const struct term *term)
{
	struct table_cell titles[MAX_COLUMNS];
	struct layout layout;
	size_t i;

	fit(table, term, &layout);
	for (i = 0; i < table->ncolumns; i++)
		titles[i] = (struct table_cell){
		    (char *)(uintptr_t)table->columns[i].title, TERM_DIM };
	print_row(table, term, &layout, titles);
	for (i = 0; i + table->ncolumns <= table->ncells;
	    i += table->ncolumns)
		print_row(table, term, &layout, &table->cells[i]);
}
