/*
 * letter: a message from a template (see pgp_expand()), judged and described.
 */
#ifndef TESTS_LETTER_H
#define TESTS_LETTER_H

#include "core/classify.h"

#define LETTER_SIZE 300

/* The limits of the default configuration. */
extern const struct limit_settings letter_limits;

/* Header fields of the message; what follows in a template is its body. */
#define MIME		"MIME-Version: 1.0\n"
#define PLAIN		"Content-Type: text/plain\n"
#define OCTETS		"Content-Type: application/octet-stream\n"
#define ENCODED		"Content-Transfer-Encoding: base64\n"
#define MIXED		MIME "Content-Type: multipart/mixed; boundary=b\n\n"
#define ENCRYPTED	MIME "Content-Type: multipart/encrypted; boundary=b; " \
			"protocol=\"application/pgp-encrypted\"\n\n"
#define VERSION		"--b\nContent-Type: application/pgp-encrypted\n\n" \
			"Version: 1\n\n"
#define BLOCK		"@{" PKESK SEIPD "}"
#define PAYLOAD		"--b\n" OCTETS "\n" BLOCK "\n"
#define END		"--b--\n"

/*
 * "pgp-mime", "partly-cleartext 2:14 text behind ...": the reason, the part and
 * line, and what was found there.
 */
void	letter_judge(struct span message, char dst[LETTER_SIZE]);

/*
 * The template judged with LF and with CRLF line ends; both must be judged
 * alike.  The text behind "@{" and its like is the same in both.
 */
void	letter_describe(const char *template, char dst[LETTER_SIZE]);

#endif
