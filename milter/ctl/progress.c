/*
 * progress: how far a long piece of work has come; see progress.h.
 *
 * One line on standard error that is written over and taken away in the end.
 * What is done within half a second says nothing.
 */
#include <stdio.h>
#include <unistd.h>

#include "ctl/progress.h"
#include "edge/clock.h"

#define FIRST_MS	500
#define PAUSE_MS	100

void
progress_begin(struct progress *p, const char *what, bool prints)
{
	p->is_hidden = isatty(STDERR_FILENO) != 1 ||
	    (prints && isatty(STDOUT_FILENO) == 1);
	p->what = what;
	p->is_shown = false;
	p->next_ms = clock_monotonic_ms() + FIRST_MS;
}

void
progress_show(struct progress *p, size_t done, size_t total)
{
	int64_t now = clock_monotonic_ms();

	if (p->is_hidden || now < p->next_ms)
		return;
	p->is_shown = true;
	p->next_ms = now + PAUSE_MS;
	if (total == 0)
		fprintf(stderr, "\r%s: %zu\033[K", p->what, done);
	else
		fprintf(stderr, "\r%s: %zu of %zu (%zu %%)\033[K", p->what,
		    done, total, done * 100 / total);
}

void
progress_end(struct progress *p)
{
	if (p->is_shown)
		fputs("\r\033[K", stderr);
	p->is_shown = false;
}
