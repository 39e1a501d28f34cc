/*
 * libFuzzer target: does an address name a list?
 *
 * However the list's address is dressed up, it is found: in other case, with
 * a sub-address, quoted, behind a source route.  The input is the dress.
 */
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "core/buf.h"
#include "fuzz/fuzz.h"

static char list[] = "distros@vs.example.org";
static char every[] = "*@lists.example.org";
static char *patterns[] = { list, every };
static const struct strings wanted = { patterns, 2 };

static bool
matches(struct span address)
{
	return address_matches(address, &wanted);
}

static bool
is_atom(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!text_is_alnum(s.data[i]) && s.data[i] != '-')
			return false;
	return s.len > 0;
}

/* before, the input, behind ==> always the list's */
static void
check_dress(const char *before, struct span s, const char *behind)
{
	struct buf text;

	buf_init(&text, SIZE_MAX / 2);
	if (!buf_print(&text, "%s", before) ||
	    !buf_add(&text, s.data, s.len) ||
	    !buf_print(&text, "%s", behind))
		abort();
	fuzz_check(matches(buf_span(&text)), "the list's in disguise",
	    buf_span(&text));
	buf_clear(&text);
}

/* The other case changes nothing. */
static void
check_case(struct span s)
{
	struct buf text;
	size_t i;
	uint8_t c;

	buf_init(&text, s.len);
	for (i = 0; i < s.len; i++) {
		c = text_is_alpha(s.data[i]) ? s.data[i] ^ 0x20 : s.data[i];
		if (!buf_add(&text, &c, 1))
			abort();
	}
	fuzz_check(matches(s) == matches(buf_span(&text)),
	    "case is no difference", s);
	buf_clear(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct span s = { bytes, size };

	check_case(s);
	if (!is_atom(s))
		return 0;
	check_dress("distros+", s, "@vs.example.org");
	check_dress("DISTROS+", s, "@VS.Example.Org.");
	check_dress("\"distros+", s, "\"@vs.example.org");
	check_dress("@", s, ":distros@vs.example.org");
	check_dress("distros%vs.example.org@", s, "");
	check_dress("vs.example.org!distros@", s, "");
	check_dress("", s, "!vs.example.org!distros");
	check_dress("", s, "@lists.example.org");
	return 0;
}
