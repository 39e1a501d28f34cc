/*
 * import: the two kinds of it.
 */
#ifndef CTL_IMPORT_H
#define CTL_IMPORT_H

#include "ctl/ctl.h"

/* import --mbox: past list mail, with the words behind it. */
int	import_mail(struct ctl *ctl, int argc, char **argv);

#endif
