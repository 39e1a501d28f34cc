/*
 * smtp: shows a message to a mail server; see smtp.h.
 */
#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "edge/smtp.h"

struct talk {
	const char	*host, *port;
	int		 fd;
	int64_t		 until_ms;
	char		 in[2048];	/* what was read and not looked at */
	size_t		 n;
};

const char *
smtp_stage_name(enum smtp_stage stage)
{
	switch (stage) {
	case SMTP_GREETING:
		return "the greeting";
	case SMTP_EHLO:
		return "EHLO";
	case SMTP_MAIL:
		return "MAIL";
	case SMTP_RCPT:
		return "RCPT";
	case SMTP_DATA:
		return "DATA";
	case SMTP_END:
		return "the end of the message";
	}
	return "";
}

static bool
fail(const struct talk *t, const char *what, struct fault *fault)
{
	fault_set(fault, FAULT_SITE, "%s port %s: %s", t->host, t->port,
	    what);
	return false;
}

/* Until the socket is ready or the time is up. */
static bool
wait_for(const struct talk *t, short events)
{
	struct pollfd p = { t->fd, events, 0 };
	int64_t left = t->until_ms - clock_monotonic_ms();

	return left > 0 && poll(&p, 1, (int)left) == 1;
}

static bool
connect_to(struct talk *t, const struct addrinfo *a)
{
	int error = 0;
	socklen_t size = sizeof(error);

	t->fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0);
	if (t->fd < 0)
		return false;
	if (connect(t->fd, a->ai_addr, a->ai_addrlen) == 0)
		return true;
	if (errno == EINPROGRESS && wait_for(t, POLLOUT) &&
	    getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 &&
	    error == 0)
		return true;
	(void)close(t->fd);
	t->fd = -1;
	return false;
}

static bool
open_talk(struct talk *t, struct fault *fault)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list, *a;
	int error = getaddrinfo(t->host, t->port, &hints, &list);

	if (error != 0)
		return fail(t, gai_strerror(error), fault);
	for (a = list; a != NULL && !connect_to(t, a); a = a->ai_next)
		continue;
	freeaddrinfo(list);
	return a != NULL || fail(t, "no connection", fault);
}

static bool
write_all(struct talk *t, struct span s, struct fault *fault)
{
	ssize_t n;

	while (s.len > 0) {
		if (!wait_for(t, POLLOUT))
			return fail(t, "takes nothing", fault);
		n = send(t->fd, s.data, s.len, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return fail(t, strerror(errno), fault);
		s = text_sub(s, n < 0 ? 0 : (size_t)n, s.len);
	}
	return true;
}

/* One line without its end; what is too long for us is cut. */
static bool
read_line(struct talk *t, char *dst, size_t size, struct fault *fault)
{
	char *end;
	ssize_t n;
	size_t len;

	while ((end = memchr(t->in, '\n', t->n)) == NULL) {
		if (t->n == sizeof(t->in))
			return fail(t, "says too much", fault);
		if (!wait_for(t, POLLIN))
			return fail(t, "does not answer", fault);
		n = recv(t->fd, t->in + t->n, sizeof(t->in) - t->n, 0);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return fail(t, "hung up", fault);
		t->n += n < 0 ? 0 : (size_t)n;
	}
	len = (size_t)(end - t->in);
	text_print(text_trim((struct span){ (const uint8_t *)t->in, len }),
	    dst, size);
	t->n -= len + 1;
	memmove(t->in, end + 1, t->n);
	return true;
}

static bool
read_reply(struct talk *t, enum smtp_stage stage, struct smtp_answer *out,
    struct fault *fault)
{
	char line[sizeof(out->text) + 4];
	bool is_first = true, goes_on = true;

	while (goes_on) {
		if (!read_line(t, line, sizeof(line), fault))
			return false;
		if (strlen(line) < 3)
			return fail(t, "speaks no SMTP", fault);
		if (is_first)
			snprintf(out->text, sizeof(out->text), "%s",
			    line[3] == '\0' ? "" : line + 4);
		is_first = false;
		goes_on = line[3] == '-';
	}
	out->stage = stage;
	out->code = atoi(line);
	return true;
}

/* A line, and its reply. */
static bool
ask(struct talk *t, enum smtp_stage stage, const char *before,
    const char *value, const char *after, struct smtp_answer *out,
    struct fault *fault)
{
	char line[600];

	snprintf(line, sizeof(line), "%s%s%s\r\n", before, value, after);
	return write_all(t, text_span(line), fault) &&
	    read_reply(t, stage, out, fault);
}

/* Dots at the beginning of a line are doubled (RFC 5321 4.5.2). */
static bool
write_message(struct talk *t, struct span message, struct fault *fault)
{
	struct span line;
	struct buf out;
	bool ok = true;

	buf_init(&out, 2 * message.len + 1000);
	while (ok && text_next_line(&message, &line))
		ok = buf_print(&out, "%s%.*s\r\n", text_starts(line, ".") ?
		    "." : "", (int)line.len, (const char *)line.data);
	ok = ok && buf_print(&out, ".\r\n") &&
	    write_all(t, buf_span(&out), fault);
	buf_clear(&out);
	return ok;
}

static bool
talk_through(struct talk *t, const struct smtp_mail *m,
    struct smtp_answer *out, struct fault *fault)
{
	if (!read_reply(t, SMTP_GREETING, out, fault))
		return false;
	if (out->code == 220 && !ask(t, SMTP_EHLO, "EHLO ", m->helo, "", out,
	    fault))
		return false;
	if (out->code == 250 && !ask(t, SMTP_MAIL, "MAIL FROM:<", m->from,
	    ">", out, fault))
		return false;
	if (out->code == 250 && !ask(t, SMTP_RCPT, "RCPT TO:<", m->to, ">",
	    out, fault))
		return false;
	if (out->code / 10 == 25 && out->stage == SMTP_RCPT &&
	    !ask(t, SMTP_DATA, "DATA", "", "", out, fault))
		return false;
	return out->code != 354 || (write_message(t, m->message, fault) &&
	    read_reply(t, SMTP_END, out, fault));
}

bool
smtp_show(const char *host, const char *port, const struct smtp_mail *mail,
    int timeout_ms, struct smtp_answer *out, struct fault *fault)
{
	struct talk t = { .host = host, .port = port, .fd = -1,
	    .until_ms = clock_monotonic_ms() + timeout_ms };
	struct fault ignored;
	bool ok = open_talk(&t, fault) && talk_through(&t, mail, out, fault);

	if (ok && !write_all(&t, text_span("QUIT\r\n"), &ignored))
		ok = true;	/* it has said what we came for */
	if (t.fd >= 0)
		(void)close(t.fd);
	return ok;
}
