/*
 * members: the file that says who may sign mail to a list; see members.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "core/buf.h"
#include "edge/members.h"

/* 40 or 64 hexadecimal digits, upper case, into dst of 65 bytes. */
static bool
copy_fingerprint(struct span s, char *dst)
{
	size_t i, n = 0;
	int c;

	for (i = 0; i < s.len; i++) {
		c = text_lower(s.data[i]);
		if (c == ' ' || c == '\t')
			continue;
		if (n == 64 || (!text_is_digit(c) && (c < 'a' || c > 'f')))
			return false;
		dst[n++] = (char)(c >= 'a' ? c - 'a' + 'A' : c);
	}
	dst[n] = '\0';
	return n == 40 || n == 64;
}

/* "#" begins a comment where a word could begin; addresses may hold one. */
static struct span
cut_comment(struct span line)
{
	size_t i;

	for (i = 0; i < line.len; i++)
		if (line.data[i] == '#' && (i == 0 ||
		    line.data[i - 1] == ' ' || line.data[i - 1] == '\t'))
			return text_sub(line, 0, i);
	return line;
}

/* False when the line is neither empty nor a member. */
static bool
add_line(struct keyset *keys, struct span line)
{
	char fingerprint[65], mailbox[ADDRESS_MAILBOX_SIZE];
	struct member *m;
	struct span rest;
	size_t i;

	line = text_trim(cut_comment(line));
	if (line.len == 0)
		return true;
	for (i = 0; i < line.len && line.data[i] != ',' &&
	    line.data[i] != ' ' && line.data[i] != '\t'; i++)
		;
	rest = text_trim(text_sub(line, i, line.len));
	if (text_starts(rest, ","))
		rest = text_sub(rest, 1, rest.len);
	if (memchr(line.data, '\0', line.len) != NULL ||
	    memchr(line.data, '@', i) == NULL ||
	    !copy_fingerprint(rest, fingerprint))
		return false;
	keys->members = buf_realloc(keys->members, keys->nmembers + 1,
	    sizeof(*keys->members));
	m = &keys->members[keys->nmembers++];
	m->address = buf_strndup(text_sub(line, 0, i));
	m->fingerprint = buf_strdup(fingerprint);
	m->mailbox = address_mailbox(text_sub(line, 0, i), mailbox) ?
	    buf_strdup(mailbox) : NULL;
	return true;
}

/* The number of the line that is wrong, or 0. */
static size_t
read_lines(FILE *file, struct keyset *keys)
{
	struct span line;
	char *text = NULL;
	size_t size = 0, number = 0;
	ssize_t len;
	bool ok = true;

	while (ok && (len = getline(&text, &size, file)) >= 0) {
		number++;
		line.data = (const uint8_t *)text;
		line.len = (size_t)len;
		ok = add_line(keys, line);
	}
	free(text);
	return ok ? 0 : number;
}

bool
members_load(const char *path, struct keyset *keys, struct fault *fault)
{
	FILE *file = fopen(path, "re");
	size_t wrong;
	bool ok;

	if (file == NULL) {
		fault_set(fault, FAULT_CONFIG, "members: %s: %s", path,
		    strerror(errno));
		return false;
	}
	wrong = read_lines(file, keys);
	ok = wrong == 0 && ferror(file) == 0;
	if (wrong != 0)
		fault_set(fault, FAULT_CONFIG, "%s:%zu: accepted: an address "
		    "and the 40 or 64 digits of a fingerprint, as "
		    "\"alice@example.org, 0123...\"", path, wrong);
	else if (!ok)
		fault_set(fault, FAULT_CONFIG, "members: %s: cannot be read",
		    path);
	fclose(file);
	return ok;
}

void
members_clear(struct keyset *keys)
{
	size_t i;

	for (i = 0; i < keys->nmembers; i++) {
		free(keys->members[i].address);
		free(keys->members[i].fingerprint);
		free(keys->members[i].mailbox);
	}
	free(keys->members);
	keys->members = NULL;
	keys->nmembers = 0;
}
