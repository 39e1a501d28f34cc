/*
 * address: does an address name a list, and whose mailbox is it?  See
 * address.h.
 *
 * The address is brought into a plain form (unquoted, folded to lower case) and
 * compared; what a relay would make of it is compared in turn.
 */
#include <string.h>

#include "core/address.h"

#define ADDRESS_MAX	2560	/* Postfix takes commands of 2,048 bytes */
#define HOPS_MAX	8	/* "a%b%c%d@e": each is one */

struct plain {
	char	local[ADDRESS_MAX];
	char	domain[ADDRESS_MAX];	/* "" when there is none */
};

/* Reads an address as Postfix does: RFC 822, with all that stands round it. */
struct reader {
	char	*dst;
	size_t	 n;
	int	 depth;		/* of comments */
	bool	 is_quoted;
	bool	 is_done;	/* behind ">" */
};

/*
 * Lower case.  Two letters beyond ASCII fold into it and would be missed: the
 * long s (U+017F) and the Kelvin sign (U+212A).
 */
static char
next_folded(struct span *s)
{
	size_t len = 1;
	int c = text_lower(s->data[0]);

	if (text_starts(*s, "\xc5\xbf")) {
		c = 's';
		len = 2;
	} else if (text_starts(*s, "\xe2\x84\xaa")) {
		c = 'k';
		len = 3;
	}
	*s = text_sub(*s, len, s->len);
	return (char)c;
}

/* Folded, quotes and quoted pairs taken off; cut at the size of dst. */
static void
copy_plain(struct span s, char *dst)
{
	size_t n = 0;

	while (s.len > 0 && n + 1 < ADDRESS_MAX) {
		if (s.data[0] == '"') {
			s = text_sub(s, 1, s.len);
			continue;
		}
		if (s.data[0] == '\\' && s.len > 1)
			s = text_sub(s, 1, s.len);
		dst[n++] = next_folded(&s);
	}
	dst[n] = '\0';
}

static size_t
last_at(struct span s)
{
	size_t i = s.len;

	while (i > 0)
		if (s.data[--i] == '@')
			return i;
	return s.len;
}

/* Behind "<" everything before it is a display name. */
static void
take_outside(struct reader *r, char c)
{
	if (c == '(')
		r->depth++;
	else if (r->depth > 0)
		r->depth -= c == ')' ? 1 : 0;
	else if (c == '<')
		r->n = 0;
	else if (c == '>')
		r->is_done = r->n > 0;
	else if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
		r->dst[r->n++] = c;
}

/* Without comments, blanks, brackets and backslashes; quotes stay. */
static struct span
strip(struct span s, char *dst)
{
	struct reader r = { .dst = dst };
	size_t i;
	char c;

	for (i = 0; i < s.len && !r.is_done; i++) {
		c = (char)s.data[i];
		if (c == '\\' && i + 1 < s.len) {
			i++;
			if (r.depth == 0 && s.data[i] != '"')
				dst[r.n++] = (char)s.data[i];
			continue;
		}
		if (c == '"' && r.depth == 0)
			r.is_quoted = !r.is_quoted;
		if (r.is_quoted || (c == '"' && r.depth == 0))
			dst[r.n++] = c;
		else
			take_outside(&r, c);
	}
	return (struct span){ (uint8_t *)dst, r.n };
}

/* "group:user@host;", and the source route "@a,@b:user@host". */
static struct span
cut_group(struct span s)
{
	size_t at, i;

	while (s.len > 0 && s.data[s.len - 1] == ';')
		s.len--;
	at = last_at(s);
	for (i = at; i > 0; i--)
		if (s.data[i - 1] == ':')
			return text_sub(s, i, s.len);
	return s;
}

static void
parse(struct span address, struct plain *out)
{
	char bare[ADDRESS_MAX];
	struct span local, domain;
	size_t at;

	address = text_sub(address, 0, ADDRESS_MAX);
	address = cut_group(strip(address, bare));
	at = last_at(address);
	local = text_sub(address, 0, at);
	domain = text_sub(address, at + 1, address.len);
	while (domain.len > 0 && domain.data[domain.len - 1] == '.')
		domain.len--;
	copy_plain(local, out->local);
	copy_plain(domain, out->domain);
}

/* "user+detail" is delivered to "user". */
static bool
is_local(const char *given, const char *want)
{
	size_t len = strlen(want);

	return strncmp(given, want, len) == 0 &&
	    (given[len] == '\0' || given[len] == '+');
}

/* Without a domain the MTA puts its own there; a literal may be its own. */
static bool
is_domain(const char *given, const char *want)
{
	return given[0] == '\0' || given[0] == '[' || strcmp(given, want) == 0;
}

static bool
matches(const struct plain *given, const struct plain *want)
{
	if (strcmp(want->local, "*") == 0)
		return strcmp(given->domain, want->domain) == 0;
	return is_local(given->local, want->local) &&
	    is_domain(given->domain, want->domain);
}

/*
 * What a relay makes of it: "a%b@c" -> "a@b", "b!a@c" -> "a@b", "a@b@c" ->
 * "a@b".  False when it is final.
 */
static bool
rewrite(struct plain *p)
{
	struct plain next;
	char *mark = strrchr(p->local, '%'), *bang = strchr(p->local, '!');

	if (mark == NULL || strrchr(p->local, '@') > mark)
		mark = strrchr(p->local, '@');
	if (bang != NULL) {
		*bang = '\0';
		memcpy(next.domain, p->local, sizeof(next.domain));
		memcpy(next.local, bang + 1, strlen(bang + 1) + 1);
	} else if (mark != NULL) {
		*mark = '\0';
		memcpy(next.local, p->local, sizeof(next.local));
		memcpy(next.domain, mark + 1, strlen(mark + 1) + 1);
	} else
		return false;
	*p = next;
	return true;
}

bool
address_matches(struct span address, const struct strings *patterns)
{
	struct plain given, want;
	size_t i;
	int hop;

	if (patterns->n == 0)
		return false;	/* it is asked of all mail */
	parse(address, &given);
	if (given.local[0] == '\0')
		return false;
	if (address.len >= ADDRESS_MAX)
		return true;	/* we see less of it than the MTA */
	for (hop = 0; hop <= HOPS_MAX; hop++) {
		for (i = 0; i < patterns->n; i++) {
			parse(text_span(patterns->v[i]), &want);
			if (matches(&given, &want))
				return true;
		}
		if (!rewrite(&given))
			return false;
	}
	return true;	/* nobody writes such an address in good faith */
}

bool
address_mailbox(struct span address, char dst[ADDRESS_MAILBOX_SIZE])
{
	struct plain p;
	size_t local, domain;

	if (address.len >= ADDRESS_MAX ||
	    (address.len > 0 && memchr(address.data, '\0', address.len)))
		return false;
	parse(address, &p);
	local = p.local[0] == '\0' ? 0 : 1 + strcspn(p.local + 1, "+");
	domain = strlen(p.domain);
	if (local == 0 || domain == 0 ||
	    local + domain + 2 > ADDRESS_MAILBOX_SIZE)
		return false;
	memcpy(dst, p.local, local);
	dst[local] = '@';
	memcpy(dst + local + 1, p.domain, domain + 1);
	return true;
}
