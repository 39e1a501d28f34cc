/*
 * answer: may a program answer this mail?  See answer.h.
 */
#include <string.h>

#include "core/answer.h"

#define ADDRESS_MAX	254	/* RFC 5321 4.5.3.1.3, without brackets */
#define LOCAL_MAX	64

/* A run of the characters, with single dots inside. */
static bool
is_dotted(struct span s, const char *marks)
{
	size_t i;
	int c;

	for (i = 0; i < s.len; i++) {
		c = s.data[i];
		if (c == '.' ? i == 0 || i + 1 == s.len ||
		    s.data[i + 1] == '.' : !text_is_alnum(c) &&
		    (c == '\0' || strchr(marks, c) == NULL))
			return false;
	}
	return s.len > 0;
}

bool
answer_is_address(struct span address)
{
	struct span local, domain;
	const uint8_t *at = address.len == 0 ? NULL :
	    memchr(address.data, '@', address.len);

	if (at == NULL || address.len > ADDRESS_MAX ||
	    address.data[0] == '-')
		return false;
	local = text_sub(address, 0, (size_t)(at - address.data));
	domain = text_sub(address, local.len + 1, address.len);
	return local.len <= LOCAL_MAX && is_dotted(local, "_+-=~&'#") &&
	    is_dotted(domain, "-");
}

static bool
ends_nocase(struct span s, const char *word)
{
	size_t len = strlen(word);

	return s.len >= len &&
	    text_is_nocase(text_sub(s, s.len - len, len), word);
}

/* Names that lists, MTAs and robots have. */
static bool
is_role(struct span local)
{
	static const char *const names[] = { "mailer-daemon", "postmaster",
	    "majordomo", "listserv", "mailman", "noreply", "no-reply",
	    "donotreply", "do-not-reply", "root", "daemon", "www-data" };
	static const char *const starts[] = { "owner-", "bounce-", "bounces-",
	    "bounce+", "bounces+", "noreply-", "no-reply-", "mailer-daemon-",
	    "bounce=", "bounces=" };
	static const char *const ends[] = { "-request", "-owner", "-bounce",
	    "-bounces", "-errors", "-admin", "-noreply", "-no-reply",
	    "-relay" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is_nocase(local, names[i]))
			return true;
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (text_starts_nocase(local, starts[i]))
			return true;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_nocase(local, ends[i]))
			return true;
	/* "list-bounces+alice=example.org", "list-bounces-x" */
	return text_find_nocase(local, "-bounce") < local.len ||
	    text_find_nocase(local, "-return-") < local.len;
}

static bool
is_from_list(const struct fields *header)
{
	static const char *const bulk[] = { "bulk", "list", "junk" };
	const struct field *f;
	size_t i, k;

	for (i = 0; i < header->n; i++)
		if (text_starts_nocase(header->v[i].name, "List-") ||
		    text_is_nocase(header->v[i].name, "Mailing-List"))
			return true;
	for (i = 0; (f = field_find(header, "Precedence", i)) != NULL; i++)
		for (k = 0; k < sizeof(bulk) / sizeof(bulk[0]); k++)
			if (text_starts_nocase(text_trim(f->value), bulk[k]))
				return true;
	return false;
}

bool
answer_is_welcome(struct span sender, const struct fields *header)
{
	size_t local;

	for (local = 0; local < sender.len && sender.data[local] != '@';
	    local++)
		continue;
	return answer_is_address(sender) &&
	    !is_role(text_sub(sender, 0, local)) && !is_from_list(header);
}
