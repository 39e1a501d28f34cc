/*
 * flowed: text/plain; format=flowed; see flowed.h.
 */
#include "core/flowed.h"

static bool
is_quoted(struct span line)
{
	return line.len > 0 && line.data[0] == '>';
}

/* Soft: it goes on.  RFC 3676 4.1 to 4.3. */
static bool
is_soft(struct span line, struct span rest)
{
	return line.len > 0 && line.data[line.len - 1] == ' ' &&
	    !is_quoted(line) && !text_is(line, "-- ") && rest.len > 0 &&
	    !is_quoted(rest);
}

bool
flowed_print(struct span text, bool delsp, struct buf *out)
{
	struct span line;
	bool soft;

	while (text_next_line(&text, &line)) {
		soft = is_soft(line, text);
		/* space-stuffing, RFC 3676 4.4 */
		if (line.len > 0 && line.data[0] == ' ')
			line = text_sub(line, 1, line.len);
		if (soft && delsp && line.len > 0)
			line.len--;
		if (!buf_add(out, line.data, line.len) ||
		    (!soft && !buf_add(out, "\n", 1)))
			return false;
	}
	return true;
}
