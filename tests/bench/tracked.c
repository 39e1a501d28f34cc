/*
 * tracked: what a message costs in Redis when so many are tracked.
 *
 *     tracked ROUNDS MESSAGES...
 *
 * Each number of messages gets a redis-server of its own, filled with issues of
 * ten messages.  Then, in turn, each of them is given a few more, ROUNDS times,
 * and the processor time of the server is taken.  They are replies to the
 * newest issues, for an embargo lasts some days only, and as many to issues of
 * any age.  A server that has grown by more than a half begins anew.
 *
 * Prints for each number: the number, microseconds of Redis for a message (the
 * median of the rounds), the same with issues of any age, bytes of Redis for a
 * message beyond the issues.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/buf.h"
#include "lib/rig.h"

#define PER_ISSUE	10
#define BATCH		20
#define RECENT		100	/* issues */
#define FILLERS		4
#define SIZES_MAX	8

struct server {
	struct rig	rig;
	unsigned	size;		/* messages */
	atomic_uint	n;		/* messages so far */
	unsigned	until;		/* fill up to here */
	double		bytes;		/* for a message */
	bool		 is_recent;	/* replies go to the newest issues */
	double		*usecs[2];	/* of each round: recent, any */
};

/* Which issue a message belongs to. */
static unsigned
issue_of(const struct server *s, unsigned i)
{
	unsigned issues = s->size / PER_ISSUE;

	if (!s->is_recent || issues <= RECENT)
		return i * 7919 % issues;
	return issues - 1 - i % RECENT;
}

static void
make_mail(struct server *s, unsigned i, char id[2][32],
    struct store_mail *out)
{
	unsigned issues = s->size / PER_ISSUE;

	memset(out, 0, sizeof(*out));
	snprintf(id[0], sizeof(id[0]), "%u@example.org", i);
	snprintf(id[1], sizeof(id[1]), "%u@example.org", issue_of(s, i));
	out->list = &s->rig.list;
	out->now = RIG_NOW;
	out->message_id = out->body = text_span(id[0]);
	out->author = out->sender = text_span("a@example.org");
	out->seals[out->nseals++] = text_span(id[0]);
	if (i >= issues)	/* those before it have opened one each */
		out->ancestors[out->nancestors++] = text_span(id[1]);
}

static void *
fill(void *arg)
{
	struct server *s = arg;
	struct store_answer answer;
	struct store_mail mail;
	struct fault fault;
	char id[2][32];
	unsigned i;

	while ((i = atomic_fetch_add(&s->n, 1)) < s->until) {
		make_mail(s, i, id, &mail);
		if (store_record(s->rig.store, &mail, &answer, &fault) &&
		    answer.refused == REASON_LATER && !answer.is_retry)
			continue;
		fprintf(stderr, "tracked: not recorded: %s\n", fault.text);
		exit(1);
	}
	return NULL;
}

static void
fill_up(struct server *s, unsigned until)
{
	pthread_t threads[FILLERS];
	int i;

	s->until = until;
	for (i = 0; i < FILLERS; i++)
		if (pthread_create(&threads[i], NULL, fill, s) != 0)
			exit(1);
	for (i = 0; i < FILLERS; i++)
		pthread_join(threads[i], NULL);
	atomic_store(&s->n, until);
}

static double
used_memory(struct server *s)
{
	struct kv_reply *reply = rig_ask(&s->rig, "INFO memory");
	struct span info = kv_text(reply);
	size_t at = text_find_nocase(info, "used_memory:");
	double bytes = at == info.len ? 0 :
	    strtod((const char *)info.data + at + 12, NULL);

	kv_reply_free(&reply);
	return bytes;
}

/* First the reports, then the replies, which cost nothing but themselves. */
static void
begin(struct server *s)
{
	unsigned issues = s->size / PER_ISSUE;
	double before;

	rig_reset(&s->rig);
	atomic_store(&s->n, 0);
	fill_up(s, issues);
	before = used_memory(s);
	fill_up(s, s->size);
	s->bytes = (used_memory(s) - before) / (s->size - issues);
}

static double
server_usecs(const struct server *s)
{
	struct timespec ts = { 0, 0 };
	clockid_t clock;

	if (clock_getcpuclockid(s->rig.pid, &clock) != 0 ||
	    clock_gettime(clock, &ts) != 0)
		exit(1);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

/* One after the other, over one connection: nothing is gathered. */
static double
measure(struct server *s, bool is_recent)
{
	double before = server_usecs(s);

	s->is_recent = is_recent;
	s->until = atomic_load(&s->n) + BATCH;
	fill(s);
	atomic_store(&s->n, s->until);
	s->is_recent = false;
	return (server_usecs(s) - before) / BATCH;
}

/* The first batch is for the caches, which served another server before. */
static void
measure_round(struct server *s, int round)
{
	if (atomic_load(&s->n) > s->size + s->size / 2)
		begin(s);
	(void)measure(s, true);
	s->usecs[0][round] = measure(s, true);
	(void)measure(s, false);
	s->usecs[1][round] = measure(s, false);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
start(struct server *s, unsigned size, size_t rounds)
{
	s->size = size;
	s->usecs[0] = buf_alloc_zero(rounds, sizeof(double));
	s->usecs[1] = buf_alloc_zero(rounds, sizeof(double));
	rig_start(&s->rig);
	begin(s);
}

static void
report(const struct server *s, size_t rounds)
{
	qsort(s->usecs[0], rounds, sizeof(double), compare);
	qsort(s->usecs[1], rounds, sizeof(double), compare);
	printf("%u %.2f %.2f %.1f\n", s->size, s->usecs[0][rounds / 2],
	    s->usecs[1][rounds / 2], s->bytes);
}

int
main(int argc, char **argv)
{
	static struct server servers[SIZES_MAX];
	int n = argc - 2, rounds = argc > 2 ? atoi(argv[1]) : 0, i, k;

	if (rounds < 1 || n < 1 || n > SIZES_MAX)
		return 64;
	for (i = 0; i < n; i++)
		start(&servers[i], (unsigned)atoi(argv[i + 2]),
		    (size_t)rounds);
	for (k = 0; k < rounds; k++)
		for (i = 0; i < n; i++)
			measure_round(&servers[i], k);
	for (i = 0; i < n; i++) {
		report(&servers[i], (size_t)rounds);
		rig_stop(&servers[i].rig);
	}
	return 0;
}
