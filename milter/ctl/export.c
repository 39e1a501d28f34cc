/*
 * export: all that is kept in Redis, as JSON Lines.
 *
 * The first line says what it is, the last one that nothing is missing.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "ctl/ctl.h"
#include "ctl/piece.h"
#include "ctl/progress.h"
#include "edge/clock.h"

static bool
print_line(json_t *object)
{
	bool ok = json_dumpf(object, stdout, JSON_COMPACT) == 0 &&
	    putchar('\n') != EOF;

	json_decref(object);
	return ok;
}

static bool
print_pieces(const struct store_piece *pieces, size_t n, const char *tracker)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!print_line(piece_to_json(&pieces[i], tracker)))
			return false;
	return true;
}

/* One tracker; *count_out grows by its pieces. */
static int
export_tracker(struct ctl *ctl, const char *tracker, size_t *count)
{
	struct store_piece *pieces;
	struct progress progress;
	struct store_walk *walk;
	size_t n;
	struct fault fault;
	bool is_over = false, ok = true;

	if (!store_walk_new(ctl->store, tracker, &walk, &fault))
		return ctl_fail(ctl, &fault);
	progress_begin(&progress, "export", true);
	while (ok && !is_over) {
		if (!store_walk_next(walk, &pieces, &n, &is_over, &fault))
			break;
		ok = print_pieces(pieces, n, tracker);
		*count += n;
		store_free_pieces(&pieces, n);
		progress_show(&progress, store_walk_done(walk), 0);
	}
	progress_end(&progress);
	store_walk_free(&walk);
	if (!ok)
		return EX_IOERR;
	return is_over ? EX_OK : ctl_fail(ctl, &fault);
}

int
cmd_export(struct ctl *ctl, int argc, char **argv)
{
	const char *tracker;
	size_t i, count = 0;
	int code;

	(void)argv;
	if (argc != 0)
		return ctl_usage(ctl, "[--list NAME] > FILE");
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	if (!print_line(json_pack("{ss si ss so}", "kind", PIECE_HEADER,
	    "version", PIECE_VERSION, "program", PACKAGE_VERSION,
	    "exported_at", json_of_time(clock_now()))))
		code = EX_IOERR;
	for (i = 0; code == EX_OK &&
	    (tracker = ctl_tracker(ctl, i)) != NULL; i++)
		code = export_tracker(ctl, tracker, &count);
	if (code == EX_OK && (!print_line(json_pack("{ss sI}", "kind", "end",
	    "pieces", (json_int_t)count)) || fflush(stdout) != 0))
		code = EX_IOERR;
	if (code == EX_IOERR)
		fprintf(stderr, "embargoctl export: cannot write all of it\n");
	return code;
}
