/*
 * kv: talks to Redis; see kv.h.
 *
 * redisCommandArgv() only: no format strings, no C strings.  A connection that
 * failed is closed, never reused: hiredis forgets socket options when it
 * reconnects.
 */
#include <glib.h>
#include <hiredis/hiredis.h>

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "edge/kv.h"

#define POOL_MAX	64
#define DOWN_MS		200	/* fail at once for so long, and jitter */
#define PASSWORD_MAX	512

struct kv {
	const struct redis_settings	*settings;
	char				 password[PASSWORD_MAX];
	pthread_mutex_t			 mutex;
	redisContext			*idle[POOL_MAX];
	size_t				 nidle;
	int64_t				 down_until_ms;
};

static struct timeval
timeval_of(int ms)
{
	struct timeval tv = { ms / 1000, (ms % 1000) * 1000 };

	return tv;
}

static bool
read_password(struct kv *kv, struct fault *fault)
{
	const char *path = kv->settings->password_file;
	FILE *file;

	if (path == NULL)
		return true;
	file = fopen(path, "r");
	if (file == NULL || fgets(kv->password, PASSWORD_MAX, file) == NULL) {
		if (file != NULL)
			fclose(file);
		fault_set(fault, FAULT_CONFIG,
		    "redis.password_file %s cannot be read", path);
		return false;
	}
	fclose(file);
	kv->password[strcspn(kv->password, "\r\n")] = '\0';
	return true;
}

bool
kv_new(const struct redis_settings *settings, struct kv **kv_out,
    struct fault *fault)
{
	struct kv *kv = buf_alloc_zero(1, sizeof(*kv));

	kv->settings = settings;
	pthread_mutex_init(&kv->mutex, NULL);
	if (!read_password(kv, fault)) {
		kv_free(&kv);
		return false;
	}
	*kv_out = kv;
	return true;
}

void
kv_free(struct kv **kv)
{
	struct kv *k = *kv;
	size_t i;

	*kv = NULL;
	if (k == NULL)
		return;
	for (i = 0; i < k->nidle; i++)
		redisFree(k->idle[i]);
	explicit_bzero(k->password, sizeof(k->password));
	pthread_mutex_destroy(&k->mutex);
	free(k);
}

void
kv_begin(struct kv_command *command)
{
	command->n = 0;
}

void
kv_add_span(struct kv_command *command, struct span arg)
{
	if (command->n == KV_MAX_ARGS)
		abort();
	if (arg.data == NULL)
		arg = text_span("");
	command->args[command->n++] = arg;
}

void
kv_add(struct kv_command *command, const char *text)
{
	kv_add_span(command, text_span(text));
}

void
kv_add_number(struct kv_command *command, int64_t number)
{
	char *text = command->numbers[command->n];

	snprintf(text, sizeof(command->numbers[0]), "%" PRId64, number);
	kv_add(command, text);
}

static redisReply *
send_args(redisContext *c, const struct span *args, size_t n)
{
	const char *argv[KV_MAX_ARGS];
	size_t lens[KV_MAX_ARGS], i;

	for (i = 0; i < n; i++) {
		argv[i] = (const char *)args[i].data;
		lens[i] = args[i].len;
	}
	return redisCommandArgv(c, (int)n, argv, lens);
}

/* A short command whose answer only has to be no error. */
static bool
send_setup(redisContext *c, const struct span *args, size_t n,
    struct fault *fault)
{
	redisReply *reply = send_args(c, args, n);
	bool ok = reply != NULL && reply->type != REDIS_REPLY_ERROR;

	if (!ok)
		fault_set(fault, FAULT_SITE, "redis: %s",
		    reply == NULL ? c->errstr : reply->str);
	if (reply != NULL)
		freeReplyObject(reply);
	return ok;
}

static bool
log_in(struct kv *kv, redisContext *c, struct fault *fault)
{
	const struct redis_settings *s = kv->settings;
	struct span args[3];
	char number[16];
	size_t n = 0;

	if (kv->password[0] != '\0') {
		args[n++] = text_span("AUTH");
		if (s->username != NULL)
			args[n++] = text_span(s->username);
		args[n++] = text_span(kv->password);
		if (!send_setup(c, args, n, fault))
			return false;
	}
	if (s->database == 0)
		return true;
	snprintf(number, sizeof(number), "%d", s->database);
	args[0] = text_span("SELECT");
	args[1] = text_span(number);
	return send_setup(c, args, 2, fault);
}

static redisContext *
open_connection(struct kv *kv, struct fault *fault)
{
	const struct redis_settings *s = kv->settings;
	struct timeval tv = timeval_of(s->timeout_ms);
	redisContext *c;

	if (s->unix_path != NULL)
		c = redisConnectUnixWithTimeout(s->unix_path, tv);
	else
		c = redisConnectWithTimeout(s->host, s->port, tv);
	if (c == NULL || c->err != 0) {
		fault_set(fault, FAULT_SITE, "redis %s: %s", s->address,
		    c == NULL ? "out of memory" : c->errstr);
		if (c != NULL)
			redisFree(c);
		return NULL;
	}
	if (redisSetTimeout(c, tv) != REDIS_OK || !log_in(kv, c, fault)) {
		redisFree(c);
		return NULL;
	}
	return c;
}

/* An idle connection, or NULL; true in *down_out: do not even try. */
static redisContext *
take_idle(struct kv *kv, bool *down_out)
{
	redisContext *c = NULL;

	pthread_mutex_lock(&kv->mutex);
	*down_out = clock_monotonic_ms() < kv->down_until_ms;
	if (kv->nidle > 0)
		c = kv->idle[--kv->nidle];
	pthread_mutex_unlock(&kv->mutex);
	return c;
}

static void
give_back(struct kv *kv, redisContext *c)
{
	pthread_mutex_lock(&kv->mutex);
	if (c->err == 0 && kv->nidle < POOL_MAX) {
		kv->idle[kv->nidle++] = c;
		c = NULL;
	}
	pthread_mutex_unlock(&kv->mutex);
	if (c != NULL)
		redisFree(c);
}

static redisContext *
take(struct kv *kv, struct fault *fault)
{
	redisContext *c;
	bool down;

	c = take_idle(kv, &down);
	if (c != NULL)
		return c;
	if (down) {
		fault_set(fault, FAULT_SITE, "redis %s: was down just now",
		    kv->settings->address);
		return NULL;
	}
	c = open_connection(kv, fault);
	if (c == NULL) {
		pthread_mutex_lock(&kv->mutex);
		kv->down_until_ms = clock_monotonic_ms() + DOWN_MS +
		    g_random_int_range(0, DOWN_MS);
		pthread_mutex_unlock(&kv->mutex);
	}
	return c;
}

/* One command on one connection; NULL and a fault on any error. */
static redisReply *
exchange(redisContext *c, const struct span *args, size_t n,
    struct fault *fault)
{
	redisReply *reply = send_args(c, args, n);

	if (reply == NULL) {
		fault_set(fault, FAULT_SITE, "redis: %s", c->errstr);
		return NULL;
	}
	if (reply->type == REDIS_REPLY_ERROR) {
		fault_set(fault, FAULT_SITE, "redis: %s", reply->str);
		freeReplyObject(reply);
		return NULL;
	}
	return reply;
}

/*
 * An idle connection may have died meanwhile: then once more on a fresh one, but
 * not after a time-out.  All that we send may be repeated.
 */
static redisReply *
exchange_fresh(struct kv *kv, redisContext **c, const struct span *args,
    size_t n, struct fault *fault)
{
	redisReply *reply = exchange(*c, args, n, fault);
	bool is_stale = (*c)->err == REDIS_ERR_EOF ||
	    ((*c)->err == REDIS_ERR_IO && errno != EAGAIN);

	if (reply != NULL || !is_stale)
		return reply;
	redisFree(*c);
	*c = open_connection(kv, fault);
	return *c == NULL ? NULL : exchange(*c, args, n, fault);
}

bool
kv_call(struct kv *kv, const struct kv_command *command, int extra_ms,
    struct kv_reply **reply_out, struct fault *fault)
{
	redisContext *c = take(kv, fault);
	redisReply *reply;

	if (c == NULL)
		return false;
	if (extra_ms > 0)
		(void)redisSetTimeout(c,
		    timeval_of(kv->settings->timeout_ms + extra_ms));
	reply = exchange_fresh(kv, &c, command->args, command->n, fault);
	if (c != NULL && extra_ms > 0)
		(void)redisSetTimeout(c, timeval_of(kv->settings->timeout_ms));
	if (c != NULL)
		give_back(kv, c);
	*reply_out = (struct kv_reply *)reply;
	return reply != NULL;
}

/* WAIT n ms: the write counts when n replicas have it. */
static bool
wait_replicas(struct kv *kv, redisContext *c, struct fault *fault)
{
	char count[16], ms[16];
	struct span args[3];
	redisReply *reply;
	bool ok;

	snprintf(count, sizeof(count), "%d", kv->settings->replicas);
	snprintf(ms, sizeof(ms), "%d", kv->settings->timeout_ms / 2 + 1);
	args[0] = text_span("WAIT");
	args[1] = text_span(count);
	args[2] = text_span(ms);
	reply = exchange(c, args, 3, fault);
	if (reply == NULL)
		return false;
	ok = reply->integer >= kv->settings->replicas;
	if (!ok)
		fault_set(fault, FAULT_SITE,
		    "redis: only %lld of %d replicas have the write",
		    reply->integer, kv->settings->replicas);
	freeReplyObject(reply);
	return ok;
}

static redisReply *
eval_on(struct kv *kv, redisContext **c, const char *script,
    const char *sha1, const struct kv_command *command, struct fault *fault)
{
	struct span args[KV_MAX_ARGS];
	redisReply *reply;
	size_t i;

	args[0] = text_span("EVALSHA");
	args[1] = text_span(sha1);
	for (i = 0; i < command->n && i + 2 < KV_MAX_ARGS; i++)
		args[i + 2] = command->args[i];
	reply = exchange_fresh(kv, c, args, i + 2, fault);
	if (reply != NULL || *c == NULL ||
	    strncmp(fault->text, "redis: NOSCRIPT", 15) != 0)
		return reply;
	args[0] = text_span("EVAL");
	args[1] = text_span(script);
	return exchange(*c, args, i + 2, fault);
}

bool
kv_eval(struct kv *kv, const char *script, const char *sha1,
    const struct kv_command *command, bool is_write,
    struct kv_reply **reply_out, struct fault *fault)
{
	redisContext *c = take(kv, fault);
	redisReply *reply;

	if (c == NULL)
		return false;
	reply = eval_on(kv, &c, script, sha1, command, fault);
	if (reply != NULL && is_write && kv->settings->replicas > 0 &&
	    !wait_replicas(kv, c, fault)) {
		freeReplyObject(reply);
		reply = NULL;
	}
	if (c != NULL)
		give_back(kv, c);
	*reply_out = (struct kv_reply *)reply;
	return reply != NULL;
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

void
kv_script_name(const char *script, char sha1[41])
{
	char *text = g_compute_checksum_for_string(G_CHECKSUM_SHA1, script,
	    -1);

	memcpy(sha1, text, 41);
	g_free(text);
}
