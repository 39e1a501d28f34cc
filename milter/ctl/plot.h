/*
 * plot: pieces of SVG drawings on standard output, within a page.
 *
 * Colours and fonts come from the style of the page.
 */
#ifndef CTL_PLOT_H
#define CTL_PLOT_H

#include <stdint.h>

/* A drawing, and the field within it where the data stands. */
struct plot {
	const char	*id;		/* unique in the page */
	const char	*class;		/* "large", "small" or "" */
	int		 width, height;
	int		 left, right, top, bottom;	/* of the field */
	int		 font;
};

/* desc tells what the drawing shows to those who do not see it. */
void	plot_begin(const struct plot *plot, const char *title,
	    const char *desc);
void	plot_end(void);

/* anchor: "start", "middle" or "end"; class may be "". */
void	plot_text(double x, double y, const char *anchor, const char *class,
	    const char *text);
void	plot_line(double x1, double y1, double x2, double y2,
	    const char *class);
void	plot_bar(double x, double y, double width, double height,
	    const char *class);

/* Where a value of 0 to max stands in the field, from below. */
double	plot_y(const struct plot *plot, int64_t value, int64_t max);
double	plot_x(const struct plot *plot, int64_t value, int64_t from,
	    int64_t until);

/* Lines and numbers at the steps of 0 to max, and a line below. */
void	plot_y_axis(const struct plot *plot, int64_t step, int64_t max);

/* Marks of days, months or years below. */
void	plot_time_axis(const struct plot *plot, int64_t from, int64_t until);

#endif
