/*
 * libFuzzer target: the whole classifier.
 *
 * In a mail that it takes, a reader who knows no rules (naive, which knows no
 * S/MIME either) finds nothing; and the same mail with a line of text anywhere
 * in it is not taken.
 */
#include <stdlib.h>
#include <string.h>

#include "core/classify.h"
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"

#define LINE "The hole is in foo.c, line 14\n"

/* *smime_out: for S/MIME. */
static bool
is_taken(struct span message, bool *smime_out)
{
	struct span header, body;
	struct fields fields;
	struct mail mail;
	size_t line;
	bool taken;

	*smime_out = false;
	memset(&mail, 0, sizeof(mail));
	field_split(message, &header, &body);
	if (field_parse(header, fuzz_limits.max_fields, &fields, &line) !=
	    FIELD_OK) {
		field_clear(&fields);
		return false;
	}
	classify(&fields, body, &fuzz_limits, &mail);
	taken = classify_is_encrypted(&mail);
	*smime_out = mail.finding.reason == REASON_SMIME;
	fuzz_check(mail.finding.what != NULL && (taken ||
	    mail.finding.what[0] != '\0'), "a finding has a text", message);
	fuzz_check(!taken || mail.nblocks > 0, "taken for a block", message);
	classify_clear(&mail);
	field_clear(&fields);
	return taken;
}

/* Is the line that begins at `at` one of the header of the message? */
static bool
is_in_header(struct span message, size_t at)
{
	struct span header, body;

	field_split(message, &header, &body);
	return at < (size_t)(body.data - message.data);
}

/* Message with LINE put in at a line's beginning. */
static void
check_with_text(struct span message, size_t at)
{
	struct buf text;
	bool is_smime;

	buf_init(&text, message.len + sizeof(LINE));
	if (!buf_add(&text, message.data, at) ||
	    !buf_add(&text, LINE, sizeof(LINE) - 1) ||
	    !buf_add(&text, message.data + at, message.len - at))
		abort();
	fuzz_check(!is_taken(buf_span(&text), &is_smime),
	    "a line of text is noticed", buf_span(&text));
	buf_clear(&text);
}

static void
check_every_line(struct span message)
{
	size_t i;

	for (i = 0; i <= message.len; i++)
		if ((i == message.len || i == 0 ||
		    message.data[i - 1] == '\n') && !is_in_header(message, i))
			check_with_text(message, i);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct span message = { bytes, size };
	const char *found;
	bool is_smime;

	if (size > 20000 || !is_taken(message, &is_smime))
		return 0;
	found = is_smime ? NULL : naive_look(bytes, size);
	if (found != NULL)
		fuzz_fail(found, message);
	check_every_line(message);
	return 0;
}
