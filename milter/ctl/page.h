/*
 * page: a self-contained page of HTML on standard output.
 *
 * No script, no picture, no font, nothing that is fetched from anywhere: its
 * own policy forbids it.  Readable on a phone, on paper, in the dark.
 */
#ifndef CTL_PAGE_H
#define CTL_PAGE_H

#include <stdbool.h>
#include <stdint.h>

/* seal: a line that heads an internal page, or NULL for one to be published. */
void	page_begin(const char *title, const char *seal);
/* The time at which the page was made, at its foot. */
void	page_end(int64_t now);

/* Text, escaped. */
void	page_text(const char *text);

/* <time>2026-12-01 14:00</time>; nothing for 0. */
void	page_time(int64_t at);

/* A link to a web address; other text as text. */
void	page_link(const char *url);

#endif
