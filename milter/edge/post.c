/*
 * post: hands a message to sendmail; see post.h.
 */
#include <config.h>

#include <sys/mman.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "edge/child.h"
#include "edge/post.h"

static bool
write_all(int fd, const uint8_t *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data += n, len -= (size_t)n) {
		n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return false;
	}
	return true;
}

/* CRLF becomes LF, as a local program expects it. */
static bool
write_lines(int fd, struct span message)
{
	const uint8_t *at = message.data, *end = at + message.len, *cr;

	while (at < end) {
		cr = memmem(at, (size_t)(end - at), "\r\n", 2);
		if (cr == NULL)
			cr = end;
		if (!write_all(fd, at, (size_t)(cr - at)))
			return false;
		at = cr == end ? end : cr + 1;
	}
	return true;
}

static int
make_file(struct span message)
{
	int fd = memfd_create("message", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	if (write_lines(fd, message) && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

bool
post_send(const char *program, const char *from, const struct strings *to,
    struct span message, int timeout_ms, struct fault *fault)
{
	struct child_call call = { NULL, make_file(message), NULL,
	    timeout_ms };
	const char **argv;
	size_t n = 0, i;
	bool ok;

	if (call.input < 0) {
		fault_set(fault, FAULT_SITE, "%s: no memory for a message: %s",
		    program, strerror(errno));
		return false;
	}
	argv = buf_alloc_zero(to->n + 6, sizeof(*argv));
	argv[n++] = program;
	argv[n++] = "-i";
	argv[n++] = "-f";
	argv[n++] = from[0] == '\0' ? "<>" : from;
	argv[n++] = "--";
	for (i = 0; i < to->n; i++)
		argv[n++] = to->v[i];
	call.argv = argv;
	ok = child_run(&call, fault);
	free(argv);
	(void)close(call.input);
	return ok;
}
