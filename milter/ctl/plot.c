/*
 * plot: pieces of SVG drawings; see plot.h.
 */
#include <inttypes.h>
#include <stdio.h>

#include "core/axis.h"
#include "ctl/page.h"
#include "ctl/plot.h"

#define TICK_WIDTH 5	/* of a label, in heights of the font */

void
plot_begin(const struct plot *plot, const char *title, const char *desc)
{
	printf("<svg%s%s%s viewBox=\"0 0 %d %d\" font-size=\"%d\" role=\"img\" "
	    "aria-labelledby=\"%s-t %s-d\">\n<title id=\"%s-t\">",
	    plot->class[0] == '\0' ? "" : " class=\"", plot->class,
	    plot->class[0] == '\0' ? "" : "\"", plot->width, plot->height,
	    plot->font, plot->id, plot->id, plot->id);
	page_text(title);
	printf("</title>\n<desc id=\"%s-d\">", plot->id);
	page_text(desc);
	puts("</desc>");
}

void
plot_end(void)
{
	puts("</svg>");
}

void
plot_text(double x, double y, const char *anchor, const char *class,
    const char *text)
{
	printf("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">",
	    x, y, anchor, class);
	page_text(text);
	puts("</text>");
}

void
plot_line(double x1, double y1, double x2, double y2, const char *class)
{
	printf("<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", class, x1,
	    y1, x2, y2);
}

void
plot_bar(double x, double y, double width, double height, const char *class)
{
	printf("<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
	    "height=\"%.1f\" rx=\"1.5\"/>\n", class, x, y, width, height);
}

double
plot_y(const struct plot *plot, int64_t value, int64_t max)
{
	return plot->bottom - (double)value * (plot->bottom - plot->top) /
	    (double)max;
}

double
plot_x(const struct plot *plot, int64_t value, int64_t from, int64_t until)
{
	return plot->left + (double)(value - from) *
	    (plot->right - plot->left) / (double)(until - from);
}

void
plot_y_axis(const struct plot *plot, int64_t step, int64_t max)
{
	char label[24];
	int64_t value;
	double y;

	for (value = 0; value <= max; value += step) {
		y = plot_y(plot, value, max);
		plot_line(plot->left, y, plot->right, y,
		    value == 0 ? "axis" : "grid");
		snprintf(label, sizeof(label), "%" PRId64, value);
		plot_text(plot->left - 6, y + plot->font * 0.35, "end", "",
		    label);
	}
}

void
plot_time_axis(const struct plot *plot, int64_t from, int64_t until)
{
	struct axis_tick ticks[AXIS_MAX_TICKS];
	size_t i, n = axis_times(from, until, (size_t)((plot->right -
	    plot->left) / (plot->font * TICK_WIDTH)), ticks);
	double x;

	for (i = 0; i < n; i++) {
		x = plot_x(plot, ticks[i].at, from, until);
		plot_line(x, plot->bottom, x, plot->bottom + 4, "axis");
		plot_text(x, plot->bottom + plot->font * 1.5, "middle",
		    ticks[i].is_major ? "strong" : "", ticks[i].label);
	}
}
