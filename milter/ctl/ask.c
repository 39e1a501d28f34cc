/*
 * ask: is the operator sure?  See ask.h.
 *
 * Both the question and the answer go by the terminal, so that output that is
 * kept in a file does not hide the one, nor a pipe give the other.
 */
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/text.h"
#include "ctl/ask.h"

int
ask_sure(const struct ctl *ctl, const char *what)
{
	char line[16] = "";
	struct span answer;

	if (ctl->is_sure)
		return EX_OK;
	if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) {
		fprintf(stderr, "embargoctl %s: %s: nobody is here to confirm "
		    "that; --yes does\n", ctl->command, what);
		return EX_USAGE;
	}
	fprintf(stderr, "%s? [y/N] ", what);
	if (fgets(line, sizeof(line), stdin) == NULL)
		fputc('\n', stderr);
	answer = text_trim(text_span(line));
	if (text_is_nocase(answer, "y") || text_is_nocase(answer, "yes"))
		return EX_OK;
	fprintf(stderr, "embargoctl %s: nothing was changed\n", ctl->command);
	return CTL_NO;
}
