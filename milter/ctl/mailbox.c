/*
 * mailbox: the messages in files and directories; see mailbox.h.
 *
 * In an mbox a message begins at a line "From ... 12:34 ..." behind an empty
 * line (mbox(5), RFC 4155); the empty line before it belongs to nobody.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/mailbox.h"

#define MAX_DEPTH 16

static struct letter *
add(struct mailbox *box, const char *path, int64_t from, int64_t len)
{
	struct letter *letter;

	if ((box->n & (box->n - 1)) == 0)
		box->v = buf_realloc(box->v, box->n == 0 ? 1 : box->n * 2,
		    sizeof(*box->v));
	letter = &box->v[box->n++];
	letter->name = buf_strdup(path);
	letter->path = buf_strdup(path);
	letter->from = from;
	letter->len = len;
	letter->at = 0;
	return letter;
}

/* "From somebody Wed Nov 25 14:00:00 2026" */
static bool
is_separator(const char *line)
{
	const char *colon = strncmp(line, "From ", 5) == 0 ?
	    strchr(line, ':') : NULL;

	for (; colon != NULL; colon = strchr(colon + 1, ':'))
		if (text_is_digit((unsigned char)colon[-1]) &&
		    text_is_digit((unsigned char)colon[1]))
			return true;
	return false;
}

#define DIGITS_SIZE 24

/* Several messages in one file have numbers. */
static void
number(struct mailbox *box, size_t first)
{
	struct letter *l;
	size_t i, len;

	for (i = first; i < box->n && box->n > first + 1; i++) {
		l = &box->v[i];
		len = strlen(l->name);
		l->name = buf_realloc(l->name, len + DIGITS_SIZE, 1);
		snprintf(l->name + len, DIGITS_SIZE, ":%zu", i - first + 1);
	}
}

static void
add_mbox(struct mailbox *box, const char *path, FILE *file)
{
	bool is_after_blank = true, has_blank = false;
	size_t size = 0, first = box->n;
	int64_t at = 0, from = 0;
	char *line = NULL;
	ssize_t len;

	rewind(file);
	while ((len = getline(&line, &size, file)) > 0) {
		if (is_after_blank && is_separator(line) && at > 0) {
			add(box, path, from, at - from - has_blank);
			from = at;
		}
		is_after_blank = line[0] == '\n' || strcmp(line, "\r\n") == 0;
		has_blank = line[0] == '\n';
		at += len;
	}
	free(line);
	/* an end is as it is: a file of one message is that message */
	add(box, path, from, box->n == first ? -1 : at - from - has_blank);
	number(box, first);
}

static bool
add_file(struct mailbox *box, const char *path)
{
	FILE *file = fopen(path, "rb");
	char head[5];

	if (file == NULL)
		return false;
	if (fread(head, 1, sizeof(head), file) == sizeof(head) &&
	    memcmp(head, "From ", 5) == 0)
		add_mbox(box, path, file);
	else
		add(box, path, 0, -1);
	fclose(file);
	return true;
}

static bool
is_folder(const char *path, const char *name)
{
	char *inner = buf_alloc(strlen(path) + strlen(name) + 2);
	struct stat st;
	bool is;

	sprintf(inner, "%s/%s", path, name);
	is = stat(inner, &st) == 0 && S_ISDIR(st.st_mode);
	free(inner);
	return is;
}

static bool	add_path(struct mailbox *box, const char *path, int depth,
		    char **failed_out);

static bool
add_folder(struct mailbox *box, const char *path, int depth,
    char **failed_out)
{
	bool ok = true, is_maildir = is_folder(path, "cur");
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort), i;
	const char *name;
	char *inner;

	if (n < 0)
		return false;
	for (i = 0; i < n; i++) {
		name = entries[i]->d_name;
		inner = buf_alloc(strlen(path) + strlen(name) + 2);
		sprintf(inner, "%s/%s", path, name);
		if (ok && name[0] != '.' && (!is_maildir ||
		    strcmp(name, "cur") == 0 || strcmp(name, "new") == 0))
			ok = add_path(box, inner, depth + 1, failed_out);
		free(inner);
		free(entries[i]);
	}
	free(entries);
	return ok;
}

static bool
add_path(struct mailbox *box, const char *path, int depth, char **failed_out)
{
	struct stat st;
	bool ok = stat(path, &st) == 0;

	if (ok && S_ISDIR(st.st_mode)) {
		errno = ELOOP;
		ok = depth < MAX_DEPTH && add_folder(box, path, depth,
		    failed_out);
	} else if (ok && S_ISREG(st.st_mode))
		ok = add_file(box, path);
	else if (ok && depth == 0)
		add(box, path, 0, -1);	/* a pipe, as a single message */
	if (!ok && *failed_out == NULL)
		*failed_out = buf_strdup(path);
	return ok;
}

bool
mailbox_add(struct mailbox *box, const char *path, char **failed_out)
{
	*failed_out = NULL;
	return add_path(box, path, 0, failed_out);
}

void
mailbox_clear(struct mailbox *box)
{
	size_t i;

	for (i = 0; i < box->n; i++) {
		free(box->v[i].name);
		free(box->v[i].path);
	}
	free(box->v);
	memset(box, 0, sizeof(*box));
}

bool
mailbox_read(const struct letter *letter, size_t max_bytes, struct buf *out)
{
	FILE *file = fopen(letter->path, "rb");
	int64_t left = letter->len;
	char block[65536];
	size_t want, n;
	bool ok;

	if (file == NULL)
		return false;
	buf_init(out, max_bytes);
	ok = letter->from == 0 || fseeko(file, letter->from, SEEK_SET) == 0;
	while (ok && left != 0) {
		want = left < 0 || left > (int64_t)sizeof(block) ?
		    sizeof(block) : (size_t)left;
		n = fread(block, 1, want, file);
		if (n == 0 || !buf_add(out, block, n))
			break;
		left -= left < 0 ? 0 : (int64_t)n;
	}
	ok = ok && ferror(file) == 0;
	fclose(file);
	if (!ok)
		buf_clear(out);
	return ok;
}

void
mailbox_fill(struct message *m, struct span bytes,
    const struct settings *settings)
{
	struct span header, line_of_mbox;
	struct fields fields;
	size_t line, i;
	char *name, *value;

	if (text_starts(bytes, "From ") || text_starts(bytes, ">From "))
		(void)text_next_line(&bytes, &line_of_mbox);
	field_split(bytes, &header, &bytes);
	m->sender = buf_strdup("unknown@invalid");
	switch (field_parse(header, settings->limits.max_fields, &fields,
	    &line)) {
	case FIELD_OK:
		break;
	case FIELD_BROKEN:
		m->has_odd_field = true;
		break;
	case FIELD_TOO_MANY:
		m->is_too_complex = true;
		break;
	}
	for (i = 0; i < fields.n; i++) {
		name = buf_strndup(fields.v[i].name);
		value = buf_strndup(fields.v[i].value);
		message_add_field(m, name, value, &settings->limits);
		free(name);
		free(value);
	}
	field_clear(&fields);
	(void)message_add_body(m, bytes.data, bytes.len);
}
