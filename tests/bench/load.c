/*
 * load: an MTA that sends messages as fast as a filter takes them.
 *
 *     load SOCKET CONNECTIONS MESSAGES RECIPIENT FILE...
 *
 * Speaks version 6 of the milter protocol (libmilter's mfdef.h) as Postfix
 * does, over a unix socket, with CONNECTIONS at once; each message has a
 * connection of its own.  The files are sent in turn, with CRLF line ends.
 * In each of them the first SERIAL is replaced by a number in base 32, and so
 * is every other one: messages of the same file differ in all these places.
 *
 * Prints the seconds that it took, the seconds of processor time that it used
 * itself, and how many messages were accepted.  What is not accepted, or goes
 * wrong, ends it with 1.
 */
#include <config.h>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/text.h"

#define SERIAL		"BENCHSEQ"
#define SERIAL_LEN	8
#define CHUNK		65535
#define OUT_MAX		((size_t)64 << 20)
#define ACTIONS		0x1ffu
#define STEPS		0x1fffffu
#define NO_CONNECT	0x01u
#define NO_HELO		0x02u
#define NO_REPLY_HEADER	0x80u
#define NO_REPLY_CONNECT 0x1000u
#define NO_REPLY_MAIL	0x4000u
#define NO_REPLY_RCPT	0x8000u
#define NO_REPLY_EOH	0x40000u

struct letter {
	struct buf	text;
	size_t		body;		/* where it begins */
};

static const char *socket_path;
static const char *recipient;
static struct letter *letters;
static size_t nletters;
static unsigned nmessages;
static atomic_uint next, accepted;

/* One connection: what goes out is gathered until an answer is awaited. */
struct link {
	int		 fd;
	struct buf	 out;
	uint32_t	 steps;
	bool		 failed;
};

static void
put(struct link *l, const void *data, size_t len)
{
	if (!buf_add(&l->out, data, len))
		l->failed = true;
}

static void
put_packet(struct link *l, char command, const void *data, size_t len)
{
	uint32_t size = htonl((uint32_t)len + 1);

	put(l, &size, sizeof(size));
	put(l, &command, 1);
	put(l, data, len);
}

static void
flush(struct link *l)
{
	size_t at = 0;
	ssize_t n;

	while (at < l->out.len && !l->failed) {
		n = send(l->fd, l->out.data + at, l->out.len - at,
		    MSG_NOSIGNAL);
		l->failed = n <= 0;
		at += n > 0 ? (size_t)n : 0;
	}
	l->out.len = 0;
}

static void
take(struct link *l, void *data, size_t len)
{
	if (!l->failed && recv(l->fd, data, len, MSG_WAITALL) != (ssize_t)len)
		l->failed = true;
}

/* Sends what is gathered; the next packet's command, and its first bytes. */
static char
answer(struct link *l, uint8_t *dst, size_t size)
{
	uint8_t byte;
	uint32_t len = 0, i;
	char command = '\0';

	flush(l);
	take(l, &len, sizeof(len));
	take(l, &command, 1);
	for (i = 1; i < ntohl(len) && !l->failed; i++) {
		take(l, &byte, 1);
		if (i <= size)
			dst[i - 1] = byte;
	}
	return command;
}

/* True when the message goes on. */
static bool
goes_on(struct link *l, uint32_t no_reply)
{
	char command;

	if ((l->steps & no_reply) != 0)
		return true;
	command = answer(l, NULL, 0);
	if (command == 'a')
		atomic_fetch_add(&accepted, 1);
	else if (command != 'c')
		l->failed = true;
	return command == 'c';
}

static void
negotiate(struct link *l)
{
	uint32_t offer[3] = { htonl(6), htonl(ACTIONS), htonl(STEPS) };
	uint8_t reply[12] = { 0 };

	put_packet(l, 'O', offer, sizeof(offer));
	if (answer(l, reply, sizeof(reply)) != 'O')
		l->failed = true;
	memcpy(&l->steps, reply + 8, sizeof(l->steps));
	l->steps = ntohl(l->steps);
}

static bool
send_envelope(struct link *l)
{
	static const char macros[] = "Cj\0mx.example.org";
	static const char client[] = "client.example.org\0004\x30\x39"
	    "192.0.2.1";
	static const char sender[] = "<reporter@example.org>";
	static const char id[] = "Ti\0004Xb1C02d3Ez1y";
	char to[300];
	int len = snprintf(to, sizeof(to), "<%s>", recipient);

	negotiate(l);
	put_packet(l, 'D', macros, sizeof(macros));
	put_packet(l, 'C', client, sizeof(client));
	if (!goes_on(l, NO_REPLY_CONNECT))
		return false;
	put_packet(l, 'M', sender, sizeof(sender));
	if (!goes_on(l, NO_REPLY_MAIL))
		return false;
	put_packet(l, 'R', to, (size_t)len + 1);
	if (!goes_on(l, NO_REPLY_RCPT))
		return false;
	put_packet(l, 'D', id, sizeof(id));
	put_packet(l, 'T', NULL, 0);
	return goes_on(l, 0);
}

/* One field; a folded one goes on with LF and a blank. */
static struct span
next_field(struct span *rest)
{
	struct span field = *rest;
	size_t i = 0;

	while (i + 2 < rest->len && !(rest->data[i] == '\r' &&
	    rest->data[i + 2] != ' ' && rest->data[i + 2] != '\t'))
		i++;
	field.len = i;
	*rest = text_sub(*rest, i + 2, rest->len);
	return field;
}

static bool
send_header(struct link *l, struct span rest)
{
	char packet[8192];
	struct span field;
	size_t i, n;

	while (rest.len > 2) {
		field = next_field(&rest);
		for (i = n = 0; i < field.len && n + 2 < sizeof(packet); i++)
			if (field.data[i] != '\r')
				packet[n++] = (char)field.data[i];
		packet[n++] = '\0';
		packet[text_find_nocase(field, ":")] = '\0';
		put_packet(l, 'L', packet, n);
		if (!goes_on(l, NO_REPLY_HEADER))
			return false;
	}
	put_packet(l, 'N', NULL, 0);
	return goes_on(l, NO_REPLY_EOH);
}

static bool
send_body(struct link *l, struct span rest)
{
	size_t len;

	while (rest.len > 0) {
		len = rest.len < CHUNK ? rest.len : CHUNK;
		put_packet(l, 'B', rest.data, len);
		if (!goes_on(l, 0))
			return false;
		rest = text_sub(rest, len, rest.len);
	}
	return true;
}

/* Edits, then the verdict. */
static void
send_end(struct link *l)
{
	char command;

	put_packet(l, 'E', NULL, 0);
	do
		command = answer(l, NULL, 0);
	while (!l->failed && strchr("hmiqbp", command) != NULL);
	if (command == 'a' || command == 'c')
		atomic_fetch_add(&accepted, 1);
	else
		l->failed = true;
}

static void
send_letter(const struct letter *letter, struct span text)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct link l = { .failed = false };

	buf_init(&l.out, OUT_MAX);
	snprintf(to.sun_path, sizeof(to.sun_path), "%s", socket_path);
	l.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(l.fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		l.failed = true;
	if (send_envelope(&l) &&
	    send_header(&l, text_sub(text, 0, letter->body)) &&
	    send_body(&l, text_sub(text, letter->body, text.len)))
		send_end(&l);
	put_packet(&l, 'Q', NULL, 0);
	flush(&l);
	(void)close(l.fd);
	buf_clear(&l.out);
}

/* The letter with a serial number; the caller's. */
static char *
number(const struct letter *letter, unsigned serial)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	char *copy = buf_strndup(buf_span(&letter->text)), *at = copy;
	unsigned n;
	int i;

	while ((at = memmem(at, letter->text.len - (size_t)(at - copy), SERIAL,
	    SERIAL_LEN)) != NULL)
		for (i = 0, n = serial; i < SERIAL_LEN; i++, n /= 32)
			*at++ = digits[n % 32];
	return copy;
}

static void *
run(void *first)
{
	const struct letter *letter;
	unsigned i;
	char *text;

	while ((i = atomic_fetch_add(&next, 1)) < nmessages) {
		letter = &letters[i % nletters];
		text = number(letter, *(unsigned *)first + i);
		send_letter(letter, (struct span){ (uint8_t *)text,
		    letter->text.len });
		free(text);
	}
	return NULL;
}

static void
load(const char *path, struct letter *out)
{
	FILE *file = fopen(path, "r");
	struct buf raw;
	char chunk[65536];
	size_t n;

	buf_init(&raw, OUT_MAX / 2);
	buf_init(&out->text, OUT_MAX);
	while (file != NULL && (n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		if (!buf_add(&raw, chunk, n))
			exit(65);
	if (file == NULL || !buf_add_crlf(&out->text, buf_span(&raw)))
		exit(66);
	fclose(file);
	buf_clear(&raw);
	out->body = text_find_nocase(buf_span(&out->text), "\r\n\r\n") + 4;
}

static double
now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	unsigned n, i, first = (unsigned)time(NULL) << 12;
	pthread_t *threads;
	double began;

	if (argc < 6)
		return 64;
	socket_path = argv[1];
	n = (unsigned)atoi(argv[2]);
	nmessages = (unsigned)atoi(argv[3]);
	recipient = argv[4];
	nletters = (size_t)argc - 5;
	letters = buf_alloc_zero(nletters, sizeof(*letters));
	for (i = 0; i < nletters; i++)
		load(argv[i + 5], &letters[i]);
	threads = buf_alloc_zero(n, sizeof(*threads));
	began = now(CLOCK_MONOTONIC);
	for (i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, run, &first) != 0)
			return 71;
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	free(threads);
	printf("%.6f %.6f %u\n", now(CLOCK_MONOTONIC) - began,
	    now(CLOCK_PROCESS_CPUTIME_ID), atomic_load(&accepted));
	return atomic_load(&accepted) == nmessages ? 0 : 1;
}
