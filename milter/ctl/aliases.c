/*
 * aliases: addresses that Postfix turns into a list's; see aliases.h.
 *
 * Tables of files are listed by postmap -s and postalias -s; what is asked of
 * servers or matched by patterns cannot be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "ctl/aliases.h"
#include "edge/child.h"

#define MAX_BYTES	(16 * 1024 * 1024)
#define TIMEOUT_MS	20000
#define MAX_REMOVES	8

static void
add(struct strings *list, const char *text)
{
	list->v = buf_realloc(list->v, list->n + 1, sizeof(*list->v));
	list->v[list->n++] = buf_strdup(text);
}

void
aliases_clear(struct strings *aliases)
{
	size_t i;

	for (i = 0; i < aliases->n; i++)
		free(aliases->v[i]);
	free(aliases->v);
	memset(aliases, 0, sizeof(*aliases));
}

static bool
has(const struct strings *list, const char *text)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->v[i], text) == 0)
			return true;
	return false;
}

static bool
is_listable(const char *table)
{
	static const char *const types[] = { "hash:", "btree:", "lmdb:",
	    "cdb:", "dbm:" };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strncmp(table, types[i], strlen(types[i])) == 0)
			return true;
	return false;
}

/* Lines "alias<TAB>addresses" of one table. */
static bool
list_table(const char *command, const char *table, struct buf *out)
{
	char program[512];
	const char *const argv[] = { program, "-s", table, NULL };
	const struct child_call call = { argv, -1, out, TIMEOUT_MS };
	struct fault ignored;

	return is_listable(table) &&
	    child_find(command, program, sizeof(program)) &&
	    child_run(&call, &ignored);
}

/* All tables of a parameter. */
static void
list_tables(const struct postfix *postfix, const char *parameter,
    const char *command, struct buf *out, struct strings *unread)
{
	char *value = postfix_value(postfix, NULL, parameter), *rest = value;
	char *table;

	while ((table = strsep(&rest, ", \t")) != NULL)
		if (table[0] != '\0' && !list_table(command, table, out) &&
		    !has(unread, table))
			add(unread, table);
	free(value);
}

/*
 * An alias without a domain is of this host; "@domain" takes any name.
 * postalias prints a colon behind an alias.
 */
static void
complete(const struct postfix *postfix, struct span alias, char *dst,
    size_t size)
{
	char *origin = postfix_value(postfix, NULL, "myorigin");
	size_t at;

	if (alias.len > 0 && alias.data[alias.len - 1] == ':')
		alias.len--;
	at = text_find_nocase(alias, "@");
	snprintf(dst, size, "%s%.*s%s%s", at == 0 ? "anybody" : "",
	    (int)alias.len, (const char *)alias.data, at == alias.len ? "@" :
	    "", at == alias.len ? origin : "");
	free(origin);
}

/* Is one of these addresses the list's, or an alias that was found? */
static bool
leads(const struct postfix *postfix, struct span addresses,
    const struct list_settings *list, const struct strings *found)
{
	char address[512];
	struct span one;
	size_t i;

	while (addresses.len > 0) {
		for (i = 0; i < addresses.len && addresses.data[i] != ',' &&
		    addresses.data[i] > ' '; i++)
			continue;
		one = text_sub(addresses, 0, i);
		addresses = text_sub(addresses, i + 1, addresses.len);
		if (one.len == 0)
			continue;
		complete(postfix, one, address, sizeof(address));
		if (address_matches(text_span(address), &list->address) ||
		    has(found, address))
			return true;
	}
	return false;
}

/* True when it found one more. */
static bool
look_once(const struct postfix *postfix, struct span lines,
    const struct list_settings *list, struct strings *found)
{
	bool found_one = false;
	struct span line;
	char alias[512];
	size_t tab;

	while (text_next_line(&lines, &line)) {
		tab = text_find_nocase(line, "\t");
		complete(postfix, text_trim(text_sub(line, 0, tab)), alias,
		    sizeof(alias));
		if (tab == line.len || has(found, alias) ||
		    address_matches(text_span(alias), &list->address) ||
		    !leads(postfix, text_trim(text_sub(line, tab, line.len)),
		    list, found))
			continue;
		add(found, alias);
		found_one = true;
	}
	return found_one;
}

void
aliases_find(const struct postfix *postfix, const struct list_settings *list,
    struct strings *out, struct strings *unread_out)
{
	struct buf lines;
	int i;

	memset(out, 0, sizeof(*out));
	memset(unread_out, 0, sizeof(*unread_out));
	buf_init(&lines, MAX_BYTES);
	list_tables(postfix, "virtual_alias_maps", "postmap", &lines,
	    unread_out);
	list_tables(postfix, "alias_maps", "postalias", &lines, unread_out);
	for (i = 0; i < MAX_REMOVES; i++)
		if (!look_once(postfix, buf_span(&lines), list, out))
			break;
	buf_clear(&lines);
}
