/*
 * kv_sentinel: asks sentinels where the master is; see kv_sentinel.h.
 *
 * They are asked in turn, each within a slice of the time-out, until more than
 * half of them name the same server: one that was cut off may still name the
 * master of yesterday, and that one, just restarted, may still believe it.
 * Whoever tries what they name and is not content gets what the others say.  A
 * sentinel that did not answer is asked last the next time.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "edge/kv_login.h"
#include "edge/kv_sentinel.h"

#define SLICES		5	/* of the time-out: one for each sentinel */

struct kv_sentinels {
	const struct redis_settings	*settings;
	struct kv_login			 login;
	size_t				 n;
	pthread_mutex_t			 mutex;
	struct endpoint			*v;	/* in asking order; mutex */
};

enum standing {			/* of a sentinel, in the next asking order */
	SENTINEL_ANSWERS,
	SENTINEL_NOT_ASKED,
	SENTINEL_FAILS
};

struct kv_inquiry {
	struct kv_sentinels	*sentinels;
	int64_t			 until_ms;
	struct endpoint		*v;		/* a copy of theirs */
	enum standing		*standings;	/* one for each of them */
	size_t			 nasked;
	struct kv_candidate	*candidates;
	size_t			 ncandidates;
};

static bool
read_settings(struct kv_sentinels *s, struct fault *fault)
{
	const struct strings *names = &s->settings->sentinels;
	size_t i;

	s->n = names->n;
	s->v = buf_alloc_zero(s->n, sizeof(*s->v));
	for (i = 0; i < s->n; i++) {
		if (endpoint_parse(text_span(names->v[i]), ENDPOINT_BARE,
		    &s->v[i]))
			continue;
		fault_set(fault, FAULT_CONFIG,
		    "redis.sentinels: %.100s is no address", names->v[i]);
		return false;
	}
	return kv_login_init(&s->login, s->settings->sentinel_username,
	    "sentinel_password_file", s->settings->sentinel_password_file,
	    fault);
}

bool
kv_sentinels_new(const struct redis_settings *settings,
    struct kv_sentinels **sentinels_out, struct fault *fault)
{
	struct kv_sentinels *s = buf_alloc_zero(1, sizeof(*s));

	s->settings = settings;
	pthread_mutex_init(&s->mutex, NULL);
	if (!read_settings(s, fault)) {
		kv_sentinels_free(&s);
		return false;
	}
	*sentinels_out = s;
	return true;
}

void
kv_sentinels_free(struct kv_sentinels **sentinels)
{
	struct kv_sentinels *s = *sentinels;

	*sentinels = NULL;
	if (s == NULL)
		return;
	kv_login_clear(&s->login);
	pthread_mutex_destroy(&s->mutex);
	free(s->v);
	free(s);
}

struct kv_inquiry *
kv_inquiry_new(struct kv_sentinels *sentinels, int64_t until_ms)
{
	struct kv_inquiry *q = buf_alloc_zero(1, sizeof(*q));
	size_t n = sentinels->n, i;

	q->sentinels = sentinels;
	q->until_ms = until_ms;
	q->v = buf_alloc_zero(n, sizeof(*q->v));
	q->standings = buf_alloc_zero(n, sizeof(*q->standings));
	q->candidates = buf_alloc_zero(n, sizeof(*q->candidates));
	for (i = 0; i < n; i++)
		q->standings[i] = SENTINEL_NOT_ASKED;
	pthread_mutex_lock(&sentinels->mutex);
	memcpy(q->v, sentinels->v, n * sizeof(*q->v));
	pthread_mutex_unlock(&sentinels->mutex);
	return q;
}

static void
order_sentinels(const struct kv_inquiry *q)
{
	struct kv_sentinels *s = q->sentinels;
	int standing;
	size_t i, n = 0;

	pthread_mutex_lock(&s->mutex);
	for (standing = SENTINEL_ANSWERS; standing <= SENTINEL_FAILS;
	    standing++)
		for (i = 0; i < s->n; i++)
			if ((int)q->standings[i] == standing)
				s->v[n++] = q->v[i];
	pthread_mutex_unlock(&s->mutex);
}

void
kv_inquiry_free(struct kv_inquiry **inquiry)
{
	struct kv_inquiry *q = *inquiry;

	*inquiry = NULL;
	if (q == NULL)
		return;
	order_sentinels(q);
	free(q->candidates);
	free(q->standings);
	free(q->v);
	free(q);
}

static void
count_vote(struct kv_inquiry *q, const struct endpoint *at)
{
	size_t i = 0;

	while (i < q->ncandidates &&
	    !endpoint_is_same(&q->candidates[i].at, at))
		i++;
	if (i == q->ncandidates)
		q->candidates[q->ncandidates++].at = *at;
	q->candidates[i].votes++;
}

/* What one sentinel says; false when it says nothing of use. */
static bool
ask_sentinel(struct kv_inquiry *q, const struct endpoint *sentinel,
    struct fault *fault)
{
	const struct redis_settings *s = q->sentinels->settings;
	const struct span args[3] = { text_span("SENTINEL"),
	    text_span("get-master-addr-by-name"), text_span(s->master) };
	int64_t until_ms = clock_monotonic_ms() + s->timeout_ms / SLICES;
	struct kv_reply *reply = NULL;
	struct kv_line *line;
	struct endpoint at;
	bool ok;

	if (until_ms > q->until_ms)
		until_ms = q->until_ms;
	if (!kv_line_open(sentinel, until_ms, &line, fault))
		return false;
	ok = kv_login_send(&q->sentinels->login, line, until_ms, fault) &&
	    kv_line_ask(line, until_ms, args, 3, &reply, fault);
	kv_line_close(&line);
	if (ok && !endpoint_of(kv_text(kv_at(reply, 0)),
	    kv_text(kv_at(reply, 1)), &at)) {
		fault_set(fault, FAULT_SITE, "knows no master \"%.64s\"",
		    s->master);
		ok = false;
	}
	kv_reply_free(&reply);
	if (ok)
		count_vote(q, &at);
	return ok;
}

static void
ask_next(struct kv_inquiry *q, struct fault *fault)
{
	const struct endpoint *sentinel = &q->v[q->nasked];
	char text[ENDPOINT_TEXT_SIZE];
	struct fault why;

	if (ask_sentinel(q, sentinel, &why)) {
		q->standings[q->nasked++] = SENTINEL_ANSWERS;
		return;
	}
	q->standings[q->nasked++] = SENTINEL_FAILS;
	endpoint_print(sentinel, text);
	fault_set(fault, FAULT_SITE, "redis sentinel %s: %.200s", text,
	    why.text);
}

/* The candidate with most votes that was not tried yet, or NULL. */
static struct kv_candidate *
best_candidate(struct kv_inquiry *q)
{
	struct kv_candidate *best = NULL, *c;

	for (c = q->candidates; c < q->candidates + q->ncandidates; c++)
		if (!c->was_tried && (best == NULL || c->votes > best->votes))
			best = c;
	return best;
}

const struct kv_candidate *
kv_inquiry_next(struct kv_inquiry *inquiry, struct fault *fault)
{
	struct kv_candidate *best = best_candidate(inquiry);
	size_t n = inquiry->sentinels->n;

	while (inquiry->nasked < n && (best == NULL || best->votes * 2 <= n)) {
		ask_next(inquiry, fault);
		best = best_candidate(inquiry);
	}
	if (best == NULL)
		return NULL;
	best->was_tried = true;
	best->has_majority = best->votes * 2 > n;
	best->is_last = inquiry->nasked == n &&
	    best_candidate(inquiry) == NULL;
	return best;
}
