/*
 * letter: a message from a template, judged; see letter.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/letter.h"
#include "lib/pgp.h"

const struct limit_settings letter_limits = {
	.max_pkesk = 64, .max_depth = 100, .max_parts = 1000,
	.max_fields = 1000, .max_header_bytes = 1024 * 1024,
};

static void
print(const struct mail *mail, char dst[LETTER_SIZE])
{
	const struct finding *f = &mail->finding;
	const char *name = verdict_row(f->reason)->name;

	if (f->reason == REASON_PGP_MIME || f->reason == REASON_PGP_INLINE)
		snprintf(dst, LETTER_SIZE, "%s", name);
	else if (f->line > 0)
		snprintf(dst, LETTER_SIZE, "%s %s:%zu %s", name, f->label,
		    f->line, f->what);
	else
		snprintf(dst, LETTER_SIZE, "%s %s%s%s", name, f->label,
		    f->label[0] == '\0' ? "" : " ", f->what);
}

void
letter_judge(struct span message, char dst[LETTER_SIZE])
{
	struct span header, body;
	struct fields fields;
	struct mail mail;
	size_t line;

	memset(&mail, 0, sizeof(mail));
	field_split(message, &header, &body);
	if (field_parse(header, letter_limits.max_fields, &fields, &line) !=
	    FIELD_OK)
		fail_msg("header, line %zu", line);
	classify(&fields, body, &letter_limits, &mail);
	print(&mail, dst);
	classify_clear(&mail);
	field_clear(&fields);
}

static void
add_crlf(struct span text, struct buf *out)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (!buf_add(out, text.data[i] == '\n' ? "\r\n" :
		    (const char *)&text.data[i],
		    text.data[i] == '\n' ? 2 : 1))
			fail();
}

void
letter_describe(const char *template, char dst[LETTER_SIZE])
{
	char again[LETTER_SIZE];
	struct buf lf, crlf;

	buf_init(&lf, SIZE_MAX / 2);
	buf_init(&crlf, SIZE_MAX / 2);
	pgp_expand(template, &lf);
	letter_judge(buf_span(&lf), dst);
	if (strstr(template, "@raw") == NULL && strchr(template, '\r') ==
	    NULL) {
		add_crlf(buf_span(&lf), &crlf);
		letter_judge(buf_span(&crlf), again);
		assert_string_equal(again, dst);
	}
	buf_clear(&lf);
	buf_clear(&crlf);
}
