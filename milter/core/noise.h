/*
 * noise: do these bytes look like ciphertext?
 *
 * Ciphertext is uniform noise: 37 % of its bytes are printable and each of the
 * 256 values is as frequent as any other.  Text in any charset, base64, tables
 * and zeros are not.  The data is looked at in windows of 1,024 bytes, so that
 * text between noise is found too; a window is text when
 *  - Pearson's chi-square of its byte values exceeds 600 (64 bytes or more;
 *    noise gives 255 with a standard deviation of 23, and at 64 bytes needs
 *    51 pairs of equal bytes where 8 are usual) or 800 (32 bytes or more,
 *    where it needs 37 pairs and 2 are usual), or
 *  - over 60 % of it is printable and that is more than seven standard
 *    deviations above 37 % (which needs at least 31 bytes).
 * So is, in windows or across them, a run of 36 printable bytes, or of 40 that
 * are UTF-8 (two or three bytes a character, 46 % a byte): a sentence that is
 * too short to be seen in the statistics of its window.
 * Each happens to real ciphertext less often than once in 10^10 windows.
 * Compressed data passes: it is noise to this module.
 */
#ifndef CORE_NOISE_H
#define CORE_NOISE_H

#include "core/text.h"

#define NOISE_WINDOW 1024
#define NOISE_RUN 36
#define NOISE_RUN_UTF8 40

/* Bytes up to here that can be read. */
struct noise_runs {
	size_t	ascii;
	size_t	utf8;
	uint8_t	owed;		/* bytes of a character to come */
};

struct noise {
	uint16_t	count[256];
	size_t		filled;
	struct noise_runs runs;
	bool		has_text;
};

void	noise_init(struct noise *noise);
void	noise_add(struct noise *noise, struct span s);

/* Closes the last window; true when any window was text. */
bool	noise_has_text(struct noise *noise);

/* The same for data that is all there. */
bool	noise_is_text(struct span s);

#endif
