/*
 * kv: talks to Redis; see kv.h.
 *
 * A connection that failed is closed, never reused: what comes next starts from
 * an address, a log-in and a database (kv_master.c).
 */
#include <glib.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "edge/kv_master.h"

#define POOL_MAX	64
#define DOWN_MS		200	/* fail at once for so long, and jitter */
#define HINT_MS		250	/* a hint takes so long at most ... */
#define HINT_PAUSE_MS	5000	/* ... and none after a failure */
#define WAIT_MORE_MS	500

struct kv {
	const struct redis_settings	*settings;
	struct kv_master		*master;
	pthread_mutex_t			 mutex;
	/* under the mutex: */
	struct kv_line			*idle[POOL_MAX];
	size_t				 nidle;
	unsigned			 era;	/* one more with each drain */
	int64_t				 down_until_ms;
	int64_t				 no_hint_until_ms;
};

/* A connection that serves one call. */
struct lease {
	struct kv_line	*line;
	unsigned	 era;		/* when it was taken */
	bool		 is_fresh;	/* opened for this call */
	int64_t		 until_ms;	/* monotonic */
};

bool
kv_new(const struct redis_settings *settings, struct kv **kv_out,
    struct fault *fault)
{
	struct kv *kv = buf_alloc_zero(1, sizeof(*kv));

	kv->settings = settings;
	pthread_mutex_init(&kv->mutex, NULL);
	if (!kv_master_new(settings, &kv->master, fault)) {
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
	kv_master_free(&k->master);
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

/*
 * The master may have moved: ask the sentinels, and trust no connection that
 * exists, also none that serves a call just now.
 */
static void
drain(struct kv *kv)
{
	struct kv_line *old[POOL_MAX];
	size_t n, i;

	if (!kv_master_has_sentinels(kv->master))
		return;
	kv_master_doubt(kv->master);
	pthread_mutex_lock(&kv->mutex);
	n = kv->nidle;
	memcpy(old, kv->idle, n * sizeof(*old));
	kv->nidle = 0;
	kv->era++;
	pthread_mutex_unlock(&kv->mutex);
	for (i = 0; i < n; i++)
		kv_line_close(&old[i]);
}

static bool
open_line(struct kv *kv, struct lease *lease, struct fault *fault)
{
	lease->is_fresh = true;
	pthread_mutex_lock(&kv->mutex);
	lease->era = kv->era;
	pthread_mutex_unlock(&kv->mutex);
	if (kv_master_open(kv->master, lease->until_ms, &lease->line, fault))
		return true;
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
	if (kv_master_has_moved(kv->master))
		drain(kv);
	pthread_mutex_lock(&kv->mutex);
	is_down = now < kv->down_until_ms;
	lease->era = kv->era;
	if (kv->nidle > 0)
		lease->line = kv->idle[--kv->nidle];
	pthread_mutex_unlock(&kv->mutex);
	if (lease->line != NULL)
		return true;
	if (!is_down)
		return open_line(kv, lease, fault);
	fault_set(fault, FAULT_SITE, "redis %s: was down just now",
	    kv_master_name(kv->master));
	return false;
}

/* Back to the pool; after any trouble the connection is closed instead. */
static void
give_back(struct kv *kv, struct lease *lease, enum kv_outcome outcome)
{
	if (outcome == KV_CLOSED || outcome == KV_LATE) {
		mark_down(kv, true);
		drain(kv);
	}
	if (outcome == KV_DONE) {
		pthread_mutex_lock(&kv->mutex);
		if (kv->nidle < POOL_MAX && kv->era == lease->era) {
			kv->idle[kv->nidle++] = lease->line;
			lease->line = NULL;
		}
		pthread_mutex_unlock(&kv->mutex);
	}
	kv_line_close(&lease->line);
}

/* Does this server say that it is not the master, if within a script? */
static bool
has_moved(const struct kv *kv, enum kv_outcome outcome,
    const struct fault *fault)
{
	return outcome == KV_REFUSED &&
	    kv_master_has_sentinels(kv->master) &&
	    (strstr(fault->text, "READONLY") != NULL ||
	    strstr(fault->text, "MASTERDOWN") != NULL);
}

/*
 * An idle connection may have died meanwhile, the master may have become a
 * replica: then once more on a fresh connection.  All that we send may be
 * repeated.
 */
static enum kv_outcome
exchange(struct kv *kv, struct lease *lease, const struct kv_words *commands,
    size_t n, struct kv_reply **replies_out, struct fault *fault)
{
	enum kv_outcome outcome = kv_line_exchange(lease->line,
	    lease->until_ms, commands, n, replies_out, fault);
	bool moved = has_moved(kv, outcome, fault);

	if (!moved && (outcome != KV_CLOSED || lease->is_fresh))
		return outcome;
	kv_line_close(&lease->line);
	drain(kv);
	if (!open_line(kv, lease, fault))
		return KV_CLOSED;
	return kv_line_exchange(lease->line, lease->until_ms, commands, n,
	    replies_out, fault);
}

bool
kv_call(struct kv *kv, const struct kv_command *command, int extra_ms,
    struct kv_reply **reply_out, struct fault *fault)
{
	const struct kv_words words = { command->args, command->n };
	enum kv_outcome outcome;
	struct lease lease;

	if (!take(kv, kv->settings->timeout_ms + extra_ms, &lease, fault))
		return false;
	*reply_out = NULL;
	outcome = exchange(kv, &lease, &words, 1, reply_out, fault);
	give_back(kv, &lease, outcome);
	return outcome == KV_DONE;
}

static bool
is_paused(struct kv *kv)
{
	bool paused;

	pthread_mutex_lock(&kv->mutex);
	paused = clock_monotonic_ms() < kv->no_hint_until_ms;
	pthread_mutex_unlock(&kv->mutex);
	return paused;
}

void
kv_hint(struct kv *kv, const struct kv_command *command)
{
	struct kv_reply *reply;
	struct fault ignored;
	int extra_ms = 0;

	if (is_paused(kv))
		return;
	if (kv->settings->timeout_ms > HINT_MS)
		extra_ms = HINT_MS - kv->settings->timeout_ms;
	if (kv_call(kv, command, extra_ms, &reply, &ignored))
		kv_reply_free(&reply);
}

/* A script's call and, for a write, the WAIT that travels with it. */
struct request {
	struct span	args[KV_MAX_ARGS];
	struct span	wait[3];
	char		count[16], ms[16];
	struct kv_words	commands[2];
	size_t		ncommands;
};

/*
 * WAIT n ms answers when n replicas have the write or the time is over; Redis
 * looks at its clock for that every 100 ms only, hence WAIT_MORE_MS.
 */
static void
fill_request(const struct redis_settings *s, const char *sha1,
    const struct kv_command *command, bool waits, struct request *r)
{
	size_t i;

	r->args[0] = text_span("EVALSHA");
	r->args[1] = text_span(sha1);
	for (i = 0; i < command->n && i + 2 < KV_MAX_ARGS; i++)
		r->args[i + 2] = command->args[i];
	r->commands[0] = (struct kv_words){ r->args, i + 2 };
	snprintf(r->count, sizeof(r->count), "%d", s->replicas);
	snprintf(r->ms, sizeof(r->ms), "%d", s->timeout_ms / 2 + 1);
	r->wait[0] = text_span("WAIT");
	r->wait[1] = text_span(r->count);
	r->wait[2] = text_span(r->ms);
	r->commands[1] = (struct kv_words){ r->wait, 3 };
	r->ncommands = waits ? 2 : 1;
}

/* The script by its name, or as it is when Redis does not know it. */
static enum kv_outcome
eval_on(struct kv *kv, struct lease *lease, const char *script,
    struct request *r, struct kv_reply **replies_out, struct fault *fault)
{
	enum kv_outcome outcome = exchange(kv, lease, r->commands,
	    r->ncommands, replies_out, fault);

	if (outcome != KV_REFUSED ||
	    strncmp(fault->text, "redis: NOSCRIPT", 15) != 0)
		return outcome;
	r->args[0] = text_span("EVAL");
	r->args[1] = text_span(script);
	return exchange(kv, lease, r->commands, r->ncommands, replies_out,
	    fault);
}

/* Does WAIT's reply say that enough replicas have the write? */
static bool
has_replicas(const struct kv *kv, const struct kv_reply *reply,
    struct fault *fault)
{
	int64_t got = kv_number(reply);

	if (got >= kv->settings->replicas)
		return true;
	fault_set(fault, FAULT_SITE,
	    "redis: only %" PRId64 " of %d replicas have the write", got,
	    kv->settings->replicas);
	return false;
}

bool
kv_eval(struct kv *kv, const char *script, const char *sha1,
    const struct kv_command *command, bool is_write,
    struct kv_reply **reply_out, struct fault *fault)
{
	const struct redis_settings *s = kv->settings;
	bool waits = is_write && s->replicas > 0;
	struct kv_reply *replies[2] = { NULL, NULL };
	enum kv_outcome outcome;
	struct request request;
	struct lease lease;

	fill_request(s, sha1, command, waits, &request);
	if (!take(kv, s->timeout_ms + (waits ? WAIT_MORE_MS : 0), &lease,
	    fault))
		return false;
	outcome = eval_on(kv, &lease, script, &request, replies, fault);
	if (outcome == KV_DONE && waits && !has_replicas(kv, replies[1],
	    fault))
		outcome = KV_REFUSED;
	give_back(kv, &lease, outcome);
	kv_reply_free(&replies[1]);
	if (outcome != KV_DONE)
		kv_reply_free(&replies[0]);
	*reply_out = replies[0];
	return outcome == KV_DONE;
}

bool
kv_eval_soon(struct kv *kv, const char *script, const char *sha1,
    const struct kv_command *command, struct kv_reply **reply_out,
    struct fault *fault)
{
	int timeout_ms = kv->settings->timeout_ms;
	enum kv_outcome outcome;
	struct request request;
	struct lease lease;

	*reply_out = NULL;
	if (is_paused(kv)) {
		fault_set(fault, FAULT_SITE, "redis %s: was in trouble just "
		    "now", kv_master_name(kv->master));
		return false;
	}
	fill_request(kv->settings, sha1, command, false, &request);
	if (!take(kv, timeout_ms < HINT_MS ? timeout_ms : HINT_MS, &lease,
	    fault))
		return false;
	outcome = eval_on(kv, &lease, script, &request, reply_out, fault);
	give_back(kv, &lease, outcome);
	if (outcome != KV_DONE)
		mark_down(kv, true);
	return outcome == KV_DONE;
}
