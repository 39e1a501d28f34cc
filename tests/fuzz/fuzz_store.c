/*
 * libFuzzer target: what Redis answers, read by the store.
 *
 * Stands in for kv.c: each call takes the next reply of the input, parsed by
 * hiredis as kv_line.c does it.  The first byte says which function asks.
 */
#include <hiredis/hiredis.h>

#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/kv.h"
#include "edge/store.h"
#include "fuzz/fuzz.h"

#define NOW 1800000000

struct kv {
	redisReader	*reader;
};

static struct span replies;

bool
kv_new(const struct redis_settings *settings, struct kv **kv_out,
    struct fault *fault)
{
	(void)settings;
	(void)fault;
	*kv_out = buf_alloc(sizeof(**kv_out));
	(*kv_out)->reader = redisReaderCreate();
	if ((*kv_out)->reader == NULL || redisReaderFeed(
	    (*kv_out)->reader, (const char *)replies.data, replies.len) !=
	    REDIS_OK)
		abort();
	return true;
}

void
kv_free(struct kv **kv)
{
	redisReaderFree((*kv)->reader);
	free(*kv);
	*kv = NULL;
}

bool
kv_call(struct kv *kv, const struct kv_command *command, int extra_ms,
    struct kv_reply **reply_out, struct fault *fault)
{
	void *reply = NULL;

	(void)extra_ms;
	fuzz_check(command->n > 0, "a command has words", replies);
	if (redisReaderGetReply(kv->reader, &reply) != REDIS_OK ||
	    reply == NULL) {
		fault_set(fault, FAULT_SITE, "no reply");
		return false;
	}
	if (((redisReply *)reply)->type == REDIS_REPLY_ERROR) {
		fault_set(fault, FAULT_SITE, "%s", ((redisReply *)reply)->str);
		freeReplyObject(reply);
		return false;
	}
	*reply_out = reply;
	return true;
}

void
kv_hint(struct kv *kv, const struct kv_command *command)
{
	struct kv_reply *reply;
	struct fault fault;

	if (kv_call(kv, command, 0, &reply, &fault))
		kv_reply_free(&reply);
}

bool
kv_eval(struct kv *kv, const char *script, const char *sha1,
    const struct kv_command *command, bool is_write,
    struct kv_reply **reply_out, struct fault *fault)
{
	(void)is_write;
	fuzz_check(script[0] != '\0' && strlen(sha1) == 40, "a script",
	    replies);
	return kv_call(kv, command, 0, reply_out, fault);
}

bool
kv_eval_soon(struct kv *kv, const char *script, const char *sha1,
    const struct kv_command *command, struct kv_reply **reply_out,
    struct fault *fault)
{
	return kv_eval(kv, script, sha1, command, false, reply_out, fault);
}

static void
guard(struct store *store)
{
	struct store_stray stray = { .tracker = "t", .lists = "t" };
	char issue[ISSUE_ID_SIZE];
	struct fault fault;
	int64_t until;

	buf_init(&stray.recipients, 100);
	store_add_recipient(&stray, text_span("a@b.test"), "0");
	if (store_guard(store, &stray, issue, &until, &fault))
		fuzz_check(memchr(issue, '\0', sizeof(issue)) != NULL,
		    "an issue's name", replies);
	buf_clear(&stray.recipients);
}

static void
record(struct store *store)
{
	struct list_settings list;
	struct store_answer answer;
	struct store_mail mail;
	struct fault fault;
	char name[] = "distros", prefix[] = "VS";

	memset(&list, 0, sizeof(list));
	memset(&mail, 0, sizeof(mail));
	list.name = list.tracker = name;
	list.issue_prefix = prefix;
	mail.list = &list;
	mail.now = NOW;
	mail.body = text_span("body");
	if (store_record(store, &mail, &answer, &fault))
		fuzz_check(memchr(answer.issue, '\0', ISSUE_ID_SIZE) != NULL &&
		    memchr(answer.status, '\0', sizeof(answer.status)) != NULL
		    && answer.refused < REASON_COUNT, "an answer", replies);
}

static void
issues(struct store *store, bool is_due)
{
	struct issue *v = NULL;
	struct fault fault;
	int64_t next_at;
	size_t n = 0, i;

	if (is_due ? !store_due(store, "t", NOW, &v, &n, &next_at, &fault) :
	    !store_list(store, "t", STORE_OPEN, &v, &n, &fault))
		return;
	for (i = 0; i < n; i++)
		fuzz_check(memchr(v[i].id, '\0', ISSUE_ID_SIZE) != NULL &&
		    v[i].list != NULL && v[i].url != NULL, "an issue",
		    replies);
	store_free_issues(&v, n);
}

static void
load(struct store *store)
{
	struct issue *one = buf_alloc_zero(1, sizeof(*one));
	struct fault fault;

	if (!store_load(store, "t", "VS-2026-0001", one, &fault))
		free(one);
	else
		store_free_issues(&one, 1);
}

static void
entries(struct store *store, int which)
{
	struct store_entry *v = NULL;
	struct fault fault;
	size_t n = 0, i;
	bool ok = which == 0 ? store_alerts(store, "t", "0", 10, 0, &v, &n,
	    &fault) : which == 1 ? store_log(store, "t", "VS-2026-0001", &v,
	    &n, &fault) : store_counters(store, "t", &v, &n, &fault);

	if (!ok)
		return;
	for (i = 0; i < n; i++)
		fuzz_check(v[i].n <= STORE_MAX_FIELDS &&
		    store_entry_value(&v[i], "kind") != NULL, "an entry",
		    replies);
	store_free_entries(&v, n);
}

static void
take(struct store *store)
{
	struct store_parcel p;
	struct fault fault;
	bool held;

	if (!store_take(store, "t", STORE_ALERTS, 1000, &p, &fault) ||
	    p.entry == NULL)
		return;
	fuzz_check(p.entry->id != NULL && p.entry->n <= STORE_MAX_FIELDS,
	    "a parcel", replies);
	if (store_holds(store, "t", STORE_ALERTS, &p, &held, &fault))
		(void)!store_done(store, "t", STORE_ALERTS, &p, &fault);
	store_free_parcel(&p);
}

/* hiredis makes room for as many elements as a reply announces. */
static bool
announces_millions(struct span s)
{
	size_t i, digits = 0;

	for (i = 0; i < s.len; i++) {
		digits = text_is_digit(s.data[i]) && (digits > 0 ||
		    (i > 0 && s.data[i - 1] == '*')) ? digits + 1 : 0;
		if (digits > 5)
			return true;
	}
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct redis_settings settings = { .timeout_ms = 100 };
	struct store_health health;
	struct store *store;
	struct fault fault;
	char prefix[] = "embargo";

	if (size == 0 || announces_millions((struct span){ bytes, size }))
		return 0;
	replies = (struct span){ bytes + 1, size - 1 };
	settings.prefix = prefix;
	if (!store_new(&settings, &store, &fault))
		abort();
	switch (bytes[0] % 8) {
	case 0:
		record(store);
		guard(store);
		break;
	case 1:
	case 2:
		issues(store, bytes[0] % 8 == 1);
		break;
	case 3:
		load(store);
		break;
	case 4:
	case 5:
	case 6:
		entries(store, bytes[0] % 8 - 4);
		break;
	default:
		take(store);
		(void)!store_health(store, "t", NOW, &health, &fault);
		break;
	}
	store_free(&store);
	return 0;
}
