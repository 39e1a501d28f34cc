/*
 * hide: what a process holds in its memory is nobody else's.
 */
#ifndef EDGE_HIDE_H
#define EDGE_HIDE_H

/*
 * For this process and all below it: no core file (RLIMIT_CORE); no page of its
 * own in a dump that somebody takes all the same (coredump_filter, core(5));
 * no look into its memory (PR_SET_DUMPABLE); new files are its user's alone.
 * And freed memory is overwritten, but for blocks of up to a kilobyte, for
 * which see core/buf.h; large blocks go back to the kernel at once, where glibc
 * would learn to keep them.
 *
 * To be called at the start, and again by who has changed user or was executed:
 * the kernel takes PR_SET_DUMPABLE back then.
 */
void	hide(void);

#endif
