/*
 * kv_master: opens connections to the Redis that may be written to; see
 * kv_master.h.
 *
 * With sentinels: where the master was last is tried first, because a pool
 * opens many connections and failovers are rare; else, what the sentinels name.
 * A server counts only when ROLE says that it is a master.
 *
 * A master that is replaced while it lives closes no connection and refuses no
 * write for many seconds, until the sentinels demote it.  So they are asked
 * once a second, by a call that comes anyway, whether it is still the one.
 * This shortens the time in which writes go to a master that no longer counts;
 * that they are safe only redis.replicas can tell.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/clock.h"
#include "edge/kv_login.h"
#include "edge/kv_master.h"
#include "edge/kv_sentinel.h"

#define SLICES		5	/* of the time-out: one for each attempt */
#define CONFIRM_MS	1000	/* between two questions while all is well */

struct kv_master {
	const struct redis_settings	*settings;
	struct kv_login			 login;
	struct endpoint			 address;	/* without sentinels */
	struct kv_sentinels		*sentinels;	/* NULL: none */
	pthread_mutex_t			 mutex;
	/* under the mutex: */
	struct endpoint			 last;		/* the master */
	bool				 has_last;
	int64_t				 confirm_at_ms;	/* when to ask again */
};

static bool
read_settings(struct kv_master *m, struct fault *fault)
{
	const struct redis_settings *s = m->settings;

	if (!kv_login_init(&m->login, s->username, "password_file",
	    s->password_file, fault))
		return false;
	if (s->sentinels.n > 0)
		return kv_sentinels_new(s, &m->sentinels, fault);
	if (endpoint_parse(text_span(s->address), ENDPOINT_TCP, &m->address))
		return true;
	fault_set(fault, FAULT_CONFIG, "redis.address: %.100s is no address",
	    s->address);
	return false;
}

bool
kv_master_new(const struct redis_settings *settings,
    struct kv_master **master_out, struct fault *fault)
{
	struct kv_master *m = buf_alloc_zero(1, sizeof(*m));

	m->settings = settings;
	pthread_mutex_init(&m->mutex, NULL);
	if (!read_settings(m, fault)) {
		kv_master_free(&m);
		return false;
	}
	*master_out = m;
	return true;
}

void
kv_master_free(struct kv_master **master)
{
	struct kv_master *m = *master;

	*master = NULL;
	if (m == NULL)
		return;
	kv_sentinels_free(&m->sentinels);
	kv_login_clear(&m->login);
	pthread_mutex_destroy(&m->mutex);
	free(m);
}

bool
kv_master_has_sentinels(const struct kv_master *master)
{
	return master->sentinels != NULL;
}

const char *
kv_master_name(const struct kv_master *master)
{
	return kv_master_has_sentinels(master) ? master->settings->master :
	    master->settings->address;
}

void
kv_master_doubt(struct kv_master *master)
{
	pthread_mutex_lock(&master->mutex);
	master->has_last = false;
	pthread_mutex_unlock(&master->mutex);
}

static bool
select_database(const struct kv_master *m, struct kv_line *line,
    int64_t until_ms, struct fault *fault)
{
	struct kv_reply *reply;
	struct span args[2];
	char number[16];

	if (m->settings->database == 0)
		return true;
	snprintf(number, sizeof(number), "%d", m->settings->database);
	args[0] = text_span("SELECT");
	args[1] = text_span(number);
	if (!kv_line_ask(line, until_ms, args, 2, &reply, fault))
		return false;
	kv_reply_free(&reply);
	return true;
}

static bool
is_master(const struct kv_master *m, struct kv_line *line, int64_t until_ms,
    const struct endpoint *at, struct fault *fault)
{
	const struct span role = text_span("ROLE");
	char text[ENDPOINT_TEXT_SIZE], what[20];
	struct kv_reply *reply;

	if (!kv_master_has_sentinels(m))
		return true;
	if (!kv_line_ask(line, until_ms, &role, 1, &reply, fault))
		return false;
	text_print(kv_text(kv_at(reply, 0)), what, sizeof(what));
	kv_reply_free(&reply);
	if (strcmp(what, "master") == 0)
		return true;
	endpoint_print(at, text);
	fault_set(fault, FAULT_SITE, "redis %s: is %s, not the master", text,
	    what[0] == '\0' ? "unknown" : what);
	return false;
}

static bool
open_at(const struct kv_master *m, const struct endpoint *at,
    int64_t until_ms, struct kv_line **line_out, struct fault *fault)
{
	char text[ENDPOINT_TEXT_SIZE];
	struct kv_line *line;
	struct fault why;

	if (!kv_line_open(at, until_ms, &line, &why)) {
		endpoint_print(at, text);
		fault_set(fault, FAULT_SITE, "redis %s: %.200s", text,
		    why.text);
		return false;
	}
	if (kv_login_send(&m->login, line, until_ms, fault) &&
	    is_master(m, line, until_ms, at, fault) &&
	    select_database(m, line, until_ms, fault)) {
		*line_out = line;
		return true;
	}
	kv_line_close(&line);
	return false;
}

/* A part of the time, but not where nothing is left to try. */
static int64_t
end_of_attempt(const struct kv_master *m, int64_t until_ms, bool is_last)
{
	int64_t end = clock_monotonic_ms() + m->settings->timeout_ms / SLICES;

	return is_last || end > until_ms ? until_ms : end;
}

static void
keep(struct kv_master *m, const struct endpoint *at)
{
	pthread_mutex_lock(&m->mutex);
	m->last = *at;
	m->has_last = true;
	m->confirm_at_ms = clock_monotonic_ms() + CONFIRM_MS;
	pthread_mutex_unlock(&m->mutex);
}

static bool
open_by_sentinels(struct kv_master *m, int64_t until_ms,
    struct kv_line **line_out, struct fault *fault)
{
	const struct kv_candidate *c;
	struct kv_inquiry *inquiry;
	bool found = false;

	inquiry = kv_inquiry_new(m->sentinels, until_ms);
	while (!found && (c = kv_inquiry_next(inquiry, fault)) != NULL) {
		found = open_at(m, &c->at, end_of_attempt(m, until_ms,
		    c->is_last), line_out, fault);
		if (found)
			keep(m, &c->at);
	}
	kv_inquiry_free(&inquiry);
	return found;
}

bool
kv_master_open(struct kv_master *master, int64_t until_ms,
    struct kv_line **line_out, struct fault *fault)
{
	struct endpoint last;
	bool has_last;

	if (!kv_master_has_sentinels(master))
		return open_at(master, &master->address, until_ms, line_out,
		    fault);
	pthread_mutex_lock(&master->mutex);
	has_last = master->has_last;
	last = master->last;
	pthread_mutex_unlock(&master->mutex);
	if (has_last && open_at(master, &last, end_of_attempt(master,
	    until_ms, false), line_out, fault))
		return true;
	kv_master_doubt(master);
	return open_by_sentinels(master, until_ms, line_out, fault);
}

/* Do more than half of the sentinels name another one? */
static bool
is_outvoted(struct kv_master *m, const struct endpoint *last)
{
	const struct kv_candidate *c;
	struct kv_inquiry *inquiry;
	struct fault ignored;
	bool yes;

	inquiry = kv_inquiry_new(m->sentinels, clock_monotonic_ms() +
	    m->settings->timeout_ms / SLICES);
	c = kv_inquiry_next(inquiry, &ignored);
	yes = c != NULL && c->has_majority && !endpoint_is_same(&c->at, last);
	kv_inquiry_free(&inquiry);
	return yes;
}

bool
kv_master_has_moved(struct kv_master *master)
{
	int64_t now = clock_monotonic_ms();
	struct endpoint last;
	bool is_time;

	pthread_mutex_lock(&master->mutex);
	is_time = master->has_last && now >= master->confirm_at_ms;
	if (is_time)
		master->confirm_at_ms = now + CONFIRM_MS;
	last = master->last;
	pthread_mutex_unlock(&master->mutex);
	return is_time && is_outvoted(master, &last);
}
