/*
 * progress: how far a long piece of work has come, on a terminal only.
 */
#ifndef CTL_PROGRESS_H
#define CTL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	const char	*what;		/* "export" */
	bool		 is_hidden;
	bool		 is_shown;
	int64_t		 next_ms;	/* when to say more */
};

/* prints: what is done goes to standard output, which may be the terminal. */
void	progress_begin(struct progress *p, const char *what, bool prints);
/* total 0: not known. */
void	progress_show(struct progress *p, size_t done, size_t total);
/* Take the line away. */
void	progress_end(struct progress *p);

#endif
