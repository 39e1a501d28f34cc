/*
 * stats_view: the statistics in five shapes, on standard output.
 */
#ifndef CTL_STATS_VIEW_H
#define CTL_STATS_VIEW_H

#include "core/stats.h"

struct stats_view {
	const struct stats	*stats;
	const char		*list;		/* NULL: not of one alone */
	int64_t			 now;
};

void	stats_put_text(const struct stats_view *view);
void	stats_put_csv(const struct stats_view *view);
void	stats_put_json(const struct stats_view *view);
void	stats_put_wiki(const struct stats_view *view);
void	stats_put_page(const struct stats_view *view);

/* The plots of the page. */
void	stats_plot_lengths(const struct stats *stats);
void	stats_plot_histogram(const struct stats *stats);
void	stats_plot_answers(const struct stats *stats);

/* From when to when: a phrase in words; dst holds STATS_SCOPE_SIZE bytes. */
#define STATS_SCOPE_SIZE 120
void	stats_print_scope(const struct stats *stats, char *dst);

/* "2026", "2026-11"; dst holds 16 bytes. */
void	stats_print_period(const struct stats_figures *figures, char *dst);

/* "", "late", "over maximum", "late, over maximum" */
const char	*stats_mark(const struct stats_row *row);

#endif
