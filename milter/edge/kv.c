/*
 * kv: talks to Redis; see kv.h.
 *
 * A connection that failed is closed, never reused: what comes next starts from
 * an address, a log-in and a database.
 */
#include <glib.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "edge/kv_line.h"

#define POOL_MAX	64
#define DOWN_MS		200	/* fail at once for so long, and jitter */
#define HINT_MS		250	/* a hint takes so long at most ... */
#define HINT_PAUSE_MS	5000	/* ... and none after a failure */
#define WAIT_MORE_MS	500
#define PASSWORD_MAX	512

struct kv {
	const struct redis_settings	*settings;
	char				 password[PASSWORD_MAX];
	pthread_mutex_t			 mutex;
	/* under the mutex: */
	struct kv_line			*idle[POOL_MAX];
	size_t				 nidle;
	int64_t				 down_until_ms;
	int64_t				 no_hint_until_ms;
};

/* A connection that serves one call. */
struct lease {
	struct kv_line	*line;
	bool		 is_fresh;	/* opened for this call */
	int64_t		 until_ms;	/* monotonic */
};

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
	if (kv->password[0] != '\0')
		return true;
	fault_set(fault, FAULT_CONFIG,
	    "redis.password_file %s: its first line is empty", path);
	return false;
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
		kv_line_close(&k->idle[i]);
	explicit_bzero(k->password, sizeof(k->password));
	pthread_mutex_destroy(&k->mutex);
	free(k);
}

/* Trouble with Redis: do not try again at once (not for is_late). */
static void
mark_down(struct kv *kv, bool is_late)
{
	int64_t now = clock_monotonic_ms();

	pthread_mutex_lock(&kv->mutex);
	kv->no_hint_until_ms = now + HINT_PAUSE_MS;
	if (!is_late)
		kv->down_until_ms = now + DOWN_MS +
		    g_random_int_range(0, DOWN_MS);
	pthread_mutex_unlock(&kv->mutex);
}

static enum kv_outcome
exchange(struct lease *lease, const struct span *args, size_t n,
    struct kv_reply **reply_out, struct fault *fault)
{
	return kv_line_exchange(lease->line, lease->until_ms, args, n,
	    reply_out, fault);
}

/* A short command whose answer only has to be no error. */
static bool
send_setup(struct lease *lease, const struct span *args, size_t n,
    struct fault *fault)
{
	struct kv_reply *reply;

	if (exchange(lease, args, n, &reply, fault) != KV_DONE)
		return false;
	kv_reply_free(&reply);
	return true;
}

static bool
log_in(struct kv *kv, struct lease *lease, struct fault *fault)
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
		if (!send_setup(lease, args, n, fault))
			return false;
	}
	if (s->database == 0)
		return true;
	snprintf(number, sizeof(number), "%d", s->database);
	args[0] = text_span("SELECT");
	args[1] = text_span(number);
	return send_setup(lease, args, 2, fault);
}

static bool
open_line(struct kv *kv, struct lease *lease, struct fault *fault)
{
	lease->is_fresh = true;
	if (kv_line_open(kv->settings, lease->until_ms, &lease->line, fault) &&
	    log_in(kv, lease, fault))
		return true;
	kv_line_close(&lease->line);
	mark_down(kv, false);
	return false;
}

/* A connection from the pool, or a fresh one. */
static bool
take(struct kv *kv, int timeout_ms, struct lease *lease, struct fault *fault)
{
	int64_t now = clock_monotonic_ms();
	bool is_down;

	memset(lease, 0, sizeof(*lease));
	lease->until_ms = now + timeout_ms;
	pthread_mutex_lock(&kv->mutex);
	is_down = now < kv->down_until_ms;
	if (kv->nidle > 0)
		lease->line = kv->idle[--kv->nidle];
	pthread_mutex_unlock(&kv->mutex);
	if (lease->line != NULL)
		return true;
	if (!is_down)
		return open_line(kv, lease, fault);
	fault_set(fault, FAULT_SITE, "redis %s: was down just now",
	    kv->settings->address);
	return false;
}

/*
 * Back to the pool; after any trouble the connection is closed instead: it may
 * lead to what is no longer the master.
 */
static void
give_back(struct kv *kv, struct lease *lease, enum kv_outcome outcome)
{
	if (outcome == KV_CLOSED || outcome == KV_LATE)
		mark_down(kv, true);
	if (outcome == KV_DONE) {
		pthread_mutex_lock(&kv->mutex);
		if (kv->nidle < POOL_MAX) {
			kv->idle[kv->nidle++] = lease->line;
			lease->line = NULL;
		}
		pthread_mutex_unlock(&kv->mutex);
	}
	kv_line_close(&lease->line);
}

/*
 * An idle connection may have died meanwhile: then once more on a fresh one.
 * All that we send may be repeated.
 */
static enum kv_outcome
exchange_fresh(struct kv *kv, struct lease *lease, const struct span *args,
    size_t n, struct kv_reply **reply_out, struct fault *fault)
{
	enum kv_outcome outcome = exchange(lease, args, n, reply_out, fault);

	if (outcome != KV_CLOSED || lease->is_fresh)
		return outcome;
	kv_line_close(&lease->line);
	if (!open_line(kv, lease, fault))
		return KV_CLOSED;
	return exchange(lease, args, n, reply_out, fault);
}

bool
kv_call(struct kv *kv, const struct kv_command *command, int extra_ms,
    struct kv_reply **reply_out, struct fault *fault)
{
	struct kv_reply *reply = NULL;
	enum kv_outcome outcome;
	struct lease lease;

	if (!take(kv, kv->settings->timeout_ms + extra_ms, &lease, fault))
		return false;
	outcome = exchange_fresh(kv, &lease, command->args, command->n, &reply,
	    fault);
	give_back(kv, &lease, outcome);
	*reply_out = reply;
	return outcome == KV_DONE;
}

void
kv_hint(struct kv *kv, const struct kv_command *command)
{
	struct kv_reply *reply;
	struct fault ignored;
	int extra_ms = 0;
	bool is_paused;

	pthread_mutex_lock(&kv->mutex);
	is_paused = clock_monotonic_ms() < kv->no_hint_until_ms;
	pthread_mutex_unlock(&kv->mutex);
	if (is_paused)
		return;
	if (kv->settings->timeout_ms > HINT_MS)
		extra_ms = HINT_MS - kv->settings->timeout_ms;
	if (kv_call(kv, command, extra_ms, &reply, &ignored))
		kv_reply_free(&reply);
}

/*
 * WAIT n ms: the write counts when n replicas have it.  Redis looks at its own
 * clock for such commands every 100 ms only, so this has a deadline of its own.
 */
static enum kv_outcome
wait_replicas(struct kv *kv, struct lease *lease, struct fault *fault)
{
	const struct redis_settings *s = kv->settings;
	char count[16], ms[16];
	struct span args[3];
	enum kv_outcome outcome;
	struct kv_reply *reply;
	int64_t got;

	snprintf(count, sizeof(count), "%d", s->replicas);
	snprintf(ms, sizeof(ms), "%d", s->timeout_ms / 2 + 1);
	args[0] = text_span("WAIT");
	args[1] = text_span(count);
	args[2] = text_span(ms);
	lease->until_ms = clock_monotonic_ms() + s->timeout_ms + WAIT_MORE_MS;
	outcome = exchange(lease, args, 3, &reply, fault);
	if (outcome != KV_DONE)
		return outcome;
	got = kv_number(reply);
	kv_reply_free(&reply);
	if (got >= s->replicas)
		return KV_DONE;
	fault_set(fault, FAULT_SITE,
	    "redis: only %" PRId64 " of %d replicas have the write", got,
	    s->replicas);
	return KV_REFUSED;
}

static enum kv_outcome
eval_on(struct kv *kv, struct lease *lease, const char *script,
    const char *sha1, const struct kv_command *command,
    struct kv_reply **reply_out, struct fault *fault)
{
	struct span args[KV_MAX_ARGS];
	enum kv_outcome outcome;
	size_t i;

	args[0] = text_span("EVALSHA");
	args[1] = text_span(sha1);
	for (i = 0; i < command->n && i + 2 < KV_MAX_ARGS; i++)
		args[i + 2] = command->args[i];
	outcome = exchange_fresh(kv, lease, args, i + 2, reply_out, fault);
	if (outcome != KV_REFUSED ||
	    strncmp(fault->text, "redis: NOSCRIPT", 15) != 0)
		return outcome;
	args[0] = text_span("EVAL");
	args[1] = text_span(script);
	return exchange(lease, args, i + 2, reply_out, fault);
}

bool
kv_eval(struct kv *kv, const char *script, const char *sha1,
    const struct kv_command *command, bool is_write,
    struct kv_reply **reply_out, struct fault *fault)
{
	struct kv_reply *reply = NULL;
	enum kv_outcome outcome;
	struct lease lease;

	if (!take(kv, kv->settings->timeout_ms, &lease, fault))
		return false;
	outcome = eval_on(kv, &lease, script, sha1, command, &reply, fault);
	if (outcome == KV_DONE && is_write && kv->settings->replicas > 0) {
		outcome = wait_replicas(kv, &lease, fault);
		if (outcome != KV_DONE)
			kv_reply_free(&reply);
	}
	give_back(kv, &lease, outcome);
	*reply_out = reply;
	return outcome == KV_DONE;
}

