/*
 * replay: feeds the committed corpus to a fuzz target, without libFuzzer.
 *
 * FUZZ_NAME names the target and its folder below tests/data/fuzz.  Files that
 * are named as arguments are fed instead: a crash that libFuzzer has found.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

#define FILE_MAX	65536

static char path[4096];

/* Async-signal-safe: which file it was. */
static void
on_abort(int signal)
{
	(void)signal;
	if (write(STDERR_FILENO, path, strlen(path)) < 0 ||
	    write(STDERR_FILENO, "\n", 1) < 0)
		_exit(2);
}

/* In memory of its exact size, so that a sanitizer sees its end. */
static bool
feed(void)
{
	uint8_t *block = malloc(FILE_MAX), *exact;
	FILE *file = fopen(path, "rb");
	size_t n;

	if (file == NULL || block == NULL) {
		free(block);
		return false;
	}
	n = fread(block, 1, FILE_MAX, file);
	fclose(file);
	exact = malloc(n == 0 ? 1 : n);
	if (exact == NULL)
		abort();
	memcpy(exact, block, n);
	free(block);
	(void)LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return true;
}

static int
feed_folder(const char *folder)
{
	const struct dirent *entry;
	DIR *dir = opendir(folder);
	int n = 0;

	if (dir == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (feed())
			n++;
	}
	closedir(dir);
	return n;
}

int
main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	char folder[2048];
	int i, n = 0;

	signal(SIGABRT, on_abort);
	snprintf(folder, sizeof(folder), "%s/tests/data/fuzz/%s",
	    top == NULL ? "." : top, FUZZ_NAME);
	if (argc == 1)
		n = feed_folder(folder);
	for (i = 1; i < argc; i++) {
		snprintf(path, sizeof(path), "%s", argv[i]);
		n += feed() ? 1 : 0;
	}
	printf("1..1\n%sok 1 - %s: %d inputs\n", n > 0 ? "" : "not ",
	    FUZZ_NAME, n);
	return n > 0 ? 0 : 1;
}
