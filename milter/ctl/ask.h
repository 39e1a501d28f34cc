/*
 * ask: what cannot be undone is asked on a terminal and wants --yes elsewhere.
 */
#ifndef CTL_ASK_H
#define CTL_ASK_H

#include "ctl/ctl.h"

/*
 * what: "Merge VS-2026-0007 into VS-2026-0003 for good".  EX_OK to go on, else
 * the exit code, with the message printed.
 */
int	ask_sure(const struct ctl *ctl, const char *what);

#endif
