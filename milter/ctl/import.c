/*
 * import: what embargoctl export wrote comes back.
 *
 * The file is read twice.  The first time every line is read and compared with
 * what is there, and nothing is changed: a file that is cut off, or that would
 * overwrite something without leave, does nothing at all.  The second time each
 * piece is written, atomically; what was written before an end by force is then
 * as it should be, and a second import does the rest.
 */
#include <config.h>

#include <sys/mman.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "ctl/ask.h"
#include "ctl/import.h"
#include "ctl/piece.h"
#include "ctl/progress.h"

#define EXAMPLES 3

struct import {
	struct ctl	*ctl;
	const char	*path;
	FILE		*file;
	size_t		 line;
	size_t		 lines;		/* of the file, once that is known */
	size_t		 pieces;
	size_t		 absent, same, differs;
	size_t		 late;		/* alerts */
	char		*examples[EXAMPLES];	/* of what differs */
	struct progress	 progress;
};

/* Standard input as a file that can be read twice, in memory. */
static FILE *
keep_input(void)
{
	int fd = memfd_create("import", MFD_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");
	char block[65536];
	size_t n;

	while (file != NULL && (n = fread(block, 1, sizeof(block),
	    stdin)) > 0)
		if (fwrite(block, 1, n, file) != n)
			break;
	if (file != NULL)
		rewind(file);
	return file;
}

static int
bad_line(const struct import *in, const char *what)
{
	fprintf(stderr, "embargoctl import: %s: line %zu: %s\n", in->path,
	    in->line, what);
	return EX_DATAERR;
}

static bool
is_kind(const json_t *object, const char *kind)
{
	const char *found = json_string_value(json_object_get(object,
	    "kind"));

	return found != NULL && strcmp(found, kind) == 0;
}

static bool
has_tracker(struct ctl *ctl, const char *tracker)
{
	size_t i;

	for (i = 0; i < ctl->settings->nlists; i++)
		if (strcmp(ctl->settings->lists[i].tracker, tracker) == 0)
			return true;
	return false;
}

/* Of the lists that are asked for. */
static bool
is_wanted(struct ctl *ctl, const char *tracker)
{
	const char *one;
	size_t i;

	for (i = 0; (one = ctl_tracker(ctl, i)) != NULL; i++)
		if (strcmp(one, tracker) == 0)
			return true;
	return false;
}

static void
count(struct import *in, enum store_before before, size_t late,
    const struct store_piece *piece)
{
	in->late += late;
	switch (before) {
	case STORE_ABSENT:
		in->absent++;
		break;
	case STORE_SAME:
		in->same++;
		break;
	case STORE_DIFFERS:
		/* the first pass names them, before anything is asked */
		if (in->differs < EXAMPLES &&
		    in->examples[in->differs] == NULL)
			in->examples[in->differs] = strdup(piece->name);
		in->differs++;
		break;
	}
}

static int
take_piece(struct import *in, const json_t *object,
    enum store_restore_mode mode)
{
	struct store_piece *piece;
	enum store_before before;
	const char *tracker;
	struct fault fault;
	int code = EX_OK;
	size_t late;

	in->pieces++;
	if (!piece_of_json(object, &tracker, &piece))
		code = bad_line(in, "no piece of an export");
	else if (!has_tracker(in->ctl, tracker))
		code = bad_line(in, "of a tracker that no list here has");
	else if (is_wanted(in->ctl, tracker)) {
		if (store_restore(in->ctl->store, tracker, piece, mode,
		    &before, &late, &fault))
			count(in, before, late, piece);
		else
			code = ctl_fail(in->ctl, &fault);
	}
	store_free_pieces(&piece, 1);
	return code;
}

/* One line; *is_over: it was the last one. */
static int
take_line(struct import *in, const char *text, size_t len,
    enum store_restore_mode mode, bool *is_over)
{
	json_t *object = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	int code = EX_OK;

	if (!json_is_object(object))
		code = bad_line(in, "no JSON object, or half of one");
	else if (in->line == 1)
		code = is_kind(object, PIECE_HEADER) &&
		    json_integer_value(json_object_get(object, "version")) ==
		    PIECE_VERSION ? EX_OK :
		    bad_line(in, "not written by this embargoctl export");
	else if (is_kind(object, "end")) {
		*is_over = true;
		if ((size_t)json_integer_value(json_object_get(object,
		    "pieces")) != in->pieces)
			code = bad_line(in, "pieces are missing");
	} else
		code = take_piece(in, object, mode);
	json_decref(object);
	return code;
}

static int
pass(struct import *in, enum store_restore_mode mode)
{
	bool is_over = false;
	char *text = NULL;
	size_t size = 0;
	int code = EX_OK;
	ssize_t len;

	in->line = in->pieces = in->absent = in->same = in->late = 0;
	in->differs = 0;
	rewind(in->file);
	progress_begin(&in->progress, mode == STORE_COMPARE ? "compare" :
	    "import", false);
	while (code == EX_OK && !is_over &&
	    (len = getline(&text, &size, in->file)) > 0) {
		in->line++;
		code = take_line(in, text, (size_t)len, mode, &is_over);
		progress_show(&in->progress, in->line, in->lines);
	}
	progress_end(&in->progress);
	free(text);
	in->lines = in->line;
	if (code == EX_OK && !is_over) {
		in->line++;
		code = bad_line(in, "the rest of the export is missing");
	}
	return code;
}

/* May what differs be overwritten? */
static int
ask_overwrite(struct import *in)
{
	char what[240];
	size_t n = in->differs, i;

	snprintf(what, sizeof(what), "Overwrite %zu that %s there and "
	    "differ%s: %s%s%s%s%s%s", n, n == 1 ? "is" : "are",
	    n == 1 ? "s" : "", in->examples[0], n > 1 ? ", " : "",
	    n > 1 ? in->examples[1] : "", n > 2 ? ", " : "",
	    n > 2 ? in->examples[2] : "", n > EXAMPLES ? ", ..." : "");
	for (i = 0; i < EXAMPLES; i++) {
		free(in->examples[i]);
		in->examples[i] = NULL;
	}
	return ask_sure(in->ctl, what);
}

static void
tell(const struct import *in, bool keeps)
{
	printf("%zu pieces: %zu new, %zu as they were, %zu %s\n", in->pieces,
	    in->absent, in->same, in->differs, keeps ? "kept as they are" :
	    "replaced");
	if (in->late > 0)
		printf("%zu alerts left out: there are newer ones\n",
		    in->late);
}

static int
import(struct import *in, bool keeps)
{
	int code = pass(in, STORE_COMPARE);

	if (code == EX_OK && in->differs > 0 && !keeps)
		code = ask_overwrite(in);
	if (code == EX_OK)
		code = pass(in, keeps ? STORE_FILL : STORE_REPLACE);
	if (code == EX_OK)
		tell(in, keeps);
	return code;
}

int
cmd_import(struct ctl *ctl, int argc, char **argv)
{
	struct import in = { .ctl = ctl };
	bool keeps = argc > 0 && strcmp(argv[0], "--keep") == 0;
	size_t i;
	int code;

	if (argc > 0 && strcmp(argv[0], "--mbox") == 0)
		return import_mail(ctl, argc - 1, argv + 1);
	if (argc != 1 + keeps)
		return ctl_usage(ctl, "[--keep] [--yes] FILE | --mbox "
		    "[--closed] FILE...");
	in.path = argv[(int)keeps];
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	in.file = strcmp(in.path, "-") == 0 ? keep_input() :
	    fopen(in.path, "r");
	if (in.file == NULL) {
		fprintf(stderr, "embargoctl import: %s: %s\n", in.path,
		    strerror(errno));
		return EX_DATAERR;
	}
	code = import(&in, keeps);
	for (i = 0; i < EXAMPLES; i++)
		free(in.examples[i]);
	fclose(in.file);
	return code;
}
