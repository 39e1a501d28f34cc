/*
 * kv_line: one connection to Redis; see kv_line.h.
 *
 * hiredis connects, writes commands from argument vectors (no format strings,
 * no C strings) and reads replies; the bytes move here, so that an exchange has
 * one deadline and no SIGPIPE.
 */
#include <hiredis/hiredis.h>

#include <sys/socket.h>
#include <sys/time.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "edge/kv_line.h"

#define READ_BYTES	16384

struct kv_line {
	redisContext	*context;
	int64_t		 until_ms;	/* of the exchange in progress */
};

static struct timeval
timeval_of(int ms)
{
	struct timeval tv = { ms / 1000, (ms % 1000) * 1000 };

	return tv;
}

bool
kv_line_open(const struct endpoint *at, int64_t until_ms,
    struct kv_line **line_out, struct fault *fault)
{
	int64_t left_ms = until_ms - clock_monotonic_ms();
	struct timeval tv = timeval_of(left_ms < 1 ? 1 : (int)left_ms);
	struct kv_line *line = buf_alloc_zero(1, sizeof(*line));
	redisContext *c;

	if (at->path[0] != '\0')
		c = redisConnectUnixWithTimeout(at->path, tv);
	else
		c = redisConnectWithTimeout(at->host, at->port, tv);
	line->context = c;
	if (c == NULL || c->err != 0) {
		fault_set(fault, FAULT_SITE, "%s",
		    c == NULL ? "out of memory" : c->errstr);
		kv_line_close(&line);
		return false;
	}
	(void)fcntl(c->fd, F_SETFD, FD_CLOEXEC);	/* not for gpg */
	if (at->path[0] == '\0')
		(void)redisEnableKeepAlive(c);
	*line_out = line;
	return true;
}

void
kv_line_close(struct kv_line **line)
{
	struct kv_line *l = *line;

	*line = NULL;
	if (l == NULL)
		return;
	if (l->context != NULL)
		redisFree(l->context);
	free(l);
}

/* Wait until the socket is ready; false when the deadline has passed. */
static bool
wait_for(const struct kv_line *line, short events)
{
	struct pollfd fd = { .fd = line->context->fd, .events = events };
	int64_t left;
	int n;

	do {
		left = line->until_ms - clock_monotonic_ms();
		if (left <= 0)
			return false;
		n = poll(&fd, 1, left > INT_MAX ? INT_MAX : (int)left);
	} while (n == 0 || (n < 0 && errno == EINTR));
	return n > 0;
}

/* What a failed send(2) or recv(2) means. */
static enum kv_outcome
judge_errno(const struct kv_line *line, short events, struct fault *fault)
{
	int error = errno;

	if (error == EINTR)
		return KV_DONE;
	if (error == EAGAIN || error == EWOULDBLOCK) {
		if (wait_for(line, events))
			return KV_DONE;
		fault_set(fault, FAULT_SITE, "redis: no answer in time");
		return KV_LATE;
	}
	fault_set(fault, FAULT_SITE, "redis: %s", strerror(error));
	return KV_CLOSED;
}

static enum kv_outcome
send_bytes(const struct kv_line *line, const char *data, size_t len,
    struct fault *fault)
{
	enum kv_outcome outcome = KV_DONE;
	ssize_t n;

	while (len > 0 && outcome == KV_DONE) {
		n = send(line->context->fd, data, len,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0) {
			outcome = judge_errno(line, POLLOUT, fault);
			continue;
		}
		data += n;
		len -= (size_t)n;
	}
	return outcome;
}

static enum kv_outcome
read_some(const struct kv_line *line, struct fault *fault)
{
	char bytes[READ_BYTES];
	ssize_t n = recv(line->context->fd, bytes, sizeof(bytes),
	    MSG_DONTWAIT);

	if (n < 0)
		return judge_errno(line, POLLIN, fault);
	if (n == 0) {
		fault_set(fault, FAULT_SITE, "redis: the connection closed");
		return KV_CLOSED;
	}
	if (redisReaderFeed(line->context->reader, bytes, (size_t)n) ==
	    REDIS_OK)
		return KV_DONE;
	fault_set(fault, FAULT_SITE, "redis: %s",
	    line->context->reader->errstr);
	return KV_REFUSED;
}

static enum kv_outcome
read_reply(const struct kv_line *line, redisReply **reply_out,
    struct fault *fault)
{
	enum kv_outcome outcome = KV_DONE;
	void *reply = NULL;

	while (outcome == KV_DONE) {
		if (redisReaderGetReply(line->context->reader, &reply) !=
		    REDIS_OK) {
			fault_set(fault, FAULT_SITE, "redis: %s",
			    line->context->reader->errstr);
			return KV_REFUSED;
		}
		if (reply != NULL)
			break;
		outcome = read_some(line, fault);
	}
	*reply_out = reply;
	return outcome;
}

/* The bytes of a command, for redisFreeCommand(). */
static size_t
format(const struct span *args, size_t n, char **bytes_out)
{
	const char *argv[KV_MAX_ARGS];
	size_t lens[KV_MAX_ARGS], i;
	int len;

	for (i = 0; i < n; i++) {
		argv[i] = (const char *)args[i].data;
		lens[i] = args[i].len;
	}
	len = redisFormatCommandArgv(bytes_out, (int)n, argv, lens);
	if (len < 0)
		abort();
	return (size_t)len;
}

static enum kv_outcome
send_command(const struct kv_line *line, const struct kv_words *command,
    struct fault *fault)
{
	enum kv_outcome outcome;
	char *bytes;
	size_t len;

	len = format(command->args, command->n, &bytes);
	outcome = send_bytes(line, bytes, len, fault);
	explicit_bzero(bytes, len);	/* it may be a password */
	redisFreeCommand(bytes);
	return outcome;
}

/* Errors do not stop it, or the line would get out of step. */
static enum kv_outcome
read_replies(const struct kv_line *line, size_t n, redisReply **replies,
    struct fault *fault)
{
	enum kv_outcome outcome = KV_DONE, one;
	size_t i;

	for (i = 0; i < n; i++) {
		one = read_reply(line, &replies[i], fault);
		if (one != KV_DONE)
			return one;
		if (replies[i]->type != REDIS_REPLY_ERROR ||
		    outcome != KV_DONE)
			continue;
		fault_set(fault, FAULT_SITE, "redis: %s", replies[i]->str);
		outcome = KV_REFUSED;
	}
	return outcome;
}

enum kv_outcome
kv_line_exchange(struct kv_line *line, int64_t until_ms,
    const struct kv_words *commands, size_t ncommands,
    struct kv_reply **replies_out, struct fault *fault)
{
	redisReply *replies[KV_MAX_COMMANDS] = { NULL };
	enum kv_outcome outcome = KV_DONE;
	size_t i;

	if (ncommands > KV_MAX_COMMANDS)
		abort();
	line->until_ms = until_ms;
	for (i = 0; i < ncommands && outcome == KV_DONE; i++)
		outcome = send_command(line, &commands[i], fault);
	if (outcome == KV_DONE)
		outcome = read_replies(line, ncommands, replies, fault);
	for (i = 0; i < ncommands; i++) {
		if (outcome == KV_DONE)
			replies_out[i] = (struct kv_reply *)replies[i];
		else if (replies[i] != NULL)
			freeReplyObject(replies[i]);
	}
	return outcome;
}

bool
kv_line_ask(struct kv_line *line, int64_t until_ms, const struct span *args,
    size_t n, struct kv_reply **reply_out, struct fault *fault)
{
	const struct kv_words words = { args, n };

	return kv_line_exchange(line, until_ms, &words, 1, reply_out,
	    fault) == KV_DONE;
}

static const redisReply *
inner(const struct kv_reply *reply)
{
	return (const redisReply *)(const void *)reply;
}

size_t
kv_count(const struct kv_reply *reply)
{
	const redisReply *r = inner(reply);

	return r != NULL && r->type == REDIS_REPLY_ARRAY ? r->elements : 0;
}

const struct kv_reply *
kv_at(const struct kv_reply *reply, size_t i)
{
	if (i >= kv_count(reply))
		return NULL;
	return (const struct kv_reply *)(void *)inner(reply)->element[i];
}

struct span
kv_text(const struct kv_reply *reply)
{
	const redisReply *r = inner(reply);
	struct span s = text_span("");

	if (r != NULL && (r->type == REDIS_REPLY_STRING ||
	    r->type == REDIS_REPLY_STATUS)) {
		s.data = (const uint8_t *)r->str;
		s.len = (size_t)r->len;
	}
	return s;
}

int64_t
kv_number(const struct kv_reply *reply)
{
	const redisReply *r = inner(reply);

	if (r == NULL)
		return 0;
	if (r->type == REDIS_REPLY_INTEGER)
		return r->integer;
	if (r->type == REDIS_REPLY_STRING)
		return strtoll(r->str, NULL, 10);
	return 0;
}

bool
kv_is_nil(const struct kv_reply *reply)
{
	return reply == NULL || inner(reply)->type == REDIS_REPLY_NIL;
}

struct span
kv_value_of(const struct kv_reply *reply, const char *name)
{
	size_t i;

	for (i = 0; i + 1 < kv_count(reply); i += 2)
		if (text_is(kv_text(kv_at(reply, i)), name))
			return kv_text(kv_at(reply, i + 1));
	return text_span("");
}

void
kv_reply_free(struct kv_reply **reply)
{
	if (*reply != NULL)
		freeReplyObject(*reply);
	*reply = NULL;
}
