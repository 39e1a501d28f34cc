/*
 * store_issues: reading and changing issues; see store.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "edge/store_key.h"

static int64_t
number_of(const struct kv_reply *hash, const char *name)
{
	struct span s = kv_value_of(hash, name);
	int64_t n = 0;
	size_t i;

	for (i = 0; i < s.len && i < 18 && text_is_digit(s.data[i]); i++)
		n = n * 10 + (s.data[i] - '0');
	return n;
}

/* "ack:overdue", ...; "ack:*" stands for all. */
static void
read_acks(const struct kv_reply *hash, struct issue *out)
{
	char name[48];
	int i;

	out->is_acked[ALERT_NONE] = number_of(hash, "ack:*") != 0;
	for (i = ALERT_NONE + 1; i < ALERT_COUNT; i++) {
		snprintf(name, sizeof(name), "ack:%s",
		    issue_alert_name((enum issue_alert)i));
		out->is_acked[i] = number_of(hash, name) != 0;
	}
}

static void
read_issue(const struct kv_reply *hash, struct issue *out)
{
	memset(out, 0, sizeof(*out));
	text_print(kv_value_of(hash, "id"), out->id, sizeof(out->id));
	if (!issue_state_parse(kv_value_of(hash, "state"), &out->state))
		out->state = ISSUE_EMBARGOED;
	out->opened_at = number_of(hash, "opened_at");
	out->due_at = number_of(hash, "due_at");
	out->last_at = number_of(hash, "last_at");
	out->public_at = number_of(hash, "public_at");
	out->answered_at = number_of(hash, "answered_at");
	out->looked_at = number_of(hash, "looked_at");
	out->watched_at = number_of(hash, "watched_at");
	out->exploit_looked_at = number_of(hash, "exploit_looked_at");
	read_acks(hash, out);
	out->messages = number_of(hash, "messages");
	out->revision = number_of(hash, "revision");
	out->has_exploit = kv_value_of(hash, "exploit_at").len > 0;
	out->exploit_at = number_of(hash, "exploit_at");
	out->is_assumed = number_of(hash, "assumed") != 0;
	out->is_hour_assumed = number_of(hash, "hour_assumed") != 0;
	out->is_capped = number_of(hash, "capped") != 0;
	out->is_over_max = number_of(hash, "over_max") != 0;
	out->needs_human = number_of(hash, "needs_human") != 0;
	out->list = buf_strndup(kv_value_of(hash, "list"));
	out->cve = buf_strndup(kv_value_of(hash, "cve"));
	out->merged_into = buf_strndup(kv_value_of(hash, "merged_into"));
	out->url = buf_strndup(kv_value_of(hash, "url"));
	out->subject = buf_strndup(kv_value_of(hash, "subject"));
}

/* Append the issues of an array of hashes. */
static void
add_issues(const struct kv_reply *hashes, struct issue **issues, size_t *n)
{
	size_t count = kv_count(hashes), i;

	*issues = buf_realloc(*issues, *n + count + 1, sizeof(**issues));
	for (i = 0; i < count; i++)
		read_issue(kv_at(hashes, i), &(*issues)[(*n)++]);
}

static bool
list(struct store *store, const char *tracker, const char *which,
    const char *value, int64_t number, struct kv_reply **reply_out,
    struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;

	store_begin(store, tracker, key, &command);
	kv_add(&command, which);
	if (value != NULL)
		kv_add(&command, value);
	else
		kv_add_number(&command, number);
	return store_eval(store, STORE_LIST, &command, reply_out, fault);
}

#define AT_ONCE 80	/* as list.lua has it */

/* The issues that did not fit into the first answer, so many at a time. */
static bool
add_others(struct store *store, const char *tracker,
    const struct kv_reply *ids, const struct store_progress *progress,
    struct issue **issues, size_t *n, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;
	struct kv_reply *reply;
	size_t i = 0, k, all = *n + kv_count(ids);

	while (i < kv_count(ids)) {
		if (progress != NULL)
			progress->tell(progress->context, *n, all);
		store_begin(store, tracker, key, &command);
		kv_add(&command, "rest");
		for (k = 0; k < AT_ONCE && i < kv_count(ids); k++)
			kv_add_span(&command, kv_text(kv_at(ids, i++)));
		if (!store_eval(store, STORE_LIST, &command, &reply, fault))
			return false;
		add_issues(kv_at(reply, 1), issues, n);
		kv_reply_free(&reply);
	}
	return true;
}

bool
store_list(struct store *store, const char *tracker, enum store_which which,
    struct issue **issues_out, size_t *n_out, struct fault *fault)
{
	return store_list_slowly(store, tracker, which, NULL, issues_out,
	    n_out, fault);
}

bool
store_list_slowly(struct store *store, const char *tracker,
    enum store_which which, const struct store_progress *progress,
    struct issue **issues_out, size_t *n_out, struct fault *fault)
{
	struct issue *issues = NULL;
	struct kv_reply *reply;
	size_t n = 0;
	bool ok;

	if (!list(store, tracker, which == STORE_ALL ? "all" : "open", "", 0,
	    &reply, fault))
		return false;
	add_issues(kv_at(reply, 1), &issues, &n);
	ok = add_others(store, tracker, kv_at(reply, 2), progress, &issues,
	    &n, fault);
	kv_reply_free(&reply);
	if (!ok) {
		store_free_issues(&issues, n);
		return false;
	}
	*issues_out = issues;
	*n_out = n;
	return true;
}

bool
store_load(struct store *store, const char *tracker, const char *id,
    struct issue *issue_out, struct fault *fault)
{
	struct kv_reply *reply;
	bool found;

	if (!list(store, tracker, "these", id, 0, &reply, fault))
		return false;
	found = kv_count(kv_at(reply, 1)) > 0;
	if (found)
		read_issue(kv_at(kv_at(reply, 1), 0), issue_out);
	else
		fault_set(fault, FAULT_MISSING, "there is no issue %s", id);
	kv_reply_free(&reply);
	return found;
}

bool
store_due(struct store *store, const char *tracker, int64_t now,
    struct issue **issues_out, size_t *n_out, int64_t *next_at_out,
    struct fault *fault)
{
	struct kv_reply *reply;

	if (!list(store, tracker, "due", NULL, now, &reply, fault))
		return false;
	*next_at_out = kv_number(kv_at(reply, 0));
	*issues_out = NULL;
	*n_out = 0;
	add_issues(kv_at(reply, 1), issues_out, n_out);
	kv_reply_free(&reply);
	return true;
}

void
store_free_issues(struct issue **issues, size_t n)
{
	size_t i;

	if (*issues == NULL)
		return;
	for (i = 0; i < n; i++)
		issue_clear(&(*issues)[i]);
	free(*issues);
	*issues = NULL;
}

/* In the words of change.lua. */
static const char *
op_name(enum store_op op)
{
	switch (op) {
	case STORE_SET_DATE:
		return "date";
	case STORE_SET_STATE:
		return "state";
	case STORE_REOPEN:
		return "reopen";
	case STORE_NOTE:
		return "note";
	case STORE_SET_EXPLOIT:
		return "exploit";
	case STORE_ADD_CVE:
		return "cve";
	case STORE_ACK:
		return "ack";
	case STORE_MERGE:
		return "merge";
	case STORE_ADMIT:
		return "admit";
	case STORE_EXPEL:
		return "expel";
	}
	return "";
}

/* The state, the alert or the digest; "" where there is none. */
static const char *
op_value(const struct store_change *change, char *hex)
{
	switch (change->op) {
	case STORE_SET_STATE:
		return issue_state_name(change->state);
	case STORE_ACK:
		return change->alert == ALERT_NONE ? "*" :
		    issue_alert_name(change->alert);
	case STORE_ADMIT:
	case STORE_EXPEL:
		store_mailbox_digest(text_span(change->text), hex);
		return hex;
	case STORE_SET_DATE:
	case STORE_REOPEN:
	case STORE_NOTE:
	case STORE_SET_EXPLOIT:
	case STORE_ADD_CVE:
	case STORE_MERGE:
		break;
	}
	return "";
}

static void
add_change(struct kv_command *c, const struct store_change *change, char *hex)
{
	bool is_secret = change->op == STORE_ADMIT ||
	    change->op == STORE_EXPEL;

	kv_add(c, op_name(change->op));
	kv_add(c, change->who);
	kv_add(c, op_value(change, hex));
	kv_add_number(c, change->due_at);
	kv_add(c, change->text == NULL || is_secret ? "" : change->text);
}

bool
store_change(struct store *store, const char *tracker, const char *id,
    const struct store_change *change, struct fault *fault)
{
	char key[STORE_KEY_SIZE], hex[DIGEST_HEX_SIZE];
	struct kv_command command;
	struct kv_reply *reply;
	bool done, itself;

	store_begin(store, tracker, key, &command);
	kv_add_number(&command, change->now);
	kv_add(&command, id);
	add_change(&command, change, hex);
	if (!store_eval(store, STORE_CHANGE, &command, &reply, fault))
		return false;
	done = text_is(kv_text(reply), "ok");
	itself = text_is(kv_text(reply), "itself");
	kv_reply_free(&reply);
	if (itself)
		fault_set(fault, FAULT_USAGE,
		    "%s cannot be merged into itself", id);
	else if (!done)
		fault_set(fault, FAULT_MISSING, "there is no issue %s%s%s",
		    id, change->op == STORE_MERGE ? " or no issue " : "",
		    change->op == STORE_MERGE ? change->text : "");
	return done;
}

bool
store_move(struct store *store, const struct list_settings *list,
    struct span message_id, const char *issue, const char *who, int64_t now,
    char *issue_out, struct fault *fault)
{
	char key[STORE_KEY_SIZE], year[8], digest[DIGEST_HEX_SIZE];
	struct kv_command command;
	struct kv_reply *reply;
	bool done;

	store_message_digest(message_id, digest);
	store_year(now, year);
	store_begin(store, list->tracker, key, &command);
	kv_add_number(&command, now);
	kv_add(&command, digest);
	kv_add(&command, issue == NULL ? "" : issue);
	kv_add(&command, who);
	kv_add(&command, list->name);
	kv_add(&command, list->issue_prefix);
	kv_add(&command, year);
	kv_add_number(&command, list->embargo.max_secs);
	if (!store_eval(store, STORE_MOVE, &command, &reply, fault))
		return false;
	done = text_is(kv_text(kv_at(reply, 0)), "ok");
	text_print(kv_text(kv_at(reply, 1)), issue_out, ISSUE_ID_SIZE);
	kv_reply_free(&reply);
	if (!done)
		fault_set(fault, FAULT_MISSING,
		    strcmp(issue_out, "message") == 0 ?
		    "no message with this Message-ID is known" :
		    "there is no issue %s", issue);
	return done;
}

bool
store_look(struct store *store, const char *tracker,
    const struct issue *seen, int64_t now, const struct store_alert *alerts,
    size_t nalerts, int64_t next_at, bool *won_out, struct fault *fault)
{
	char key[STORE_KEY_SIZE];
	struct kv_command command;
	struct kv_reply *reply;
	size_t i;

	store_begin(store, tracker, key, &command);
	kv_add_number(&command, now);
	kv_add(&command, seen->id);
	kv_add_number(&command, seen->revision);
	kv_add_number(&command, next_at);
	for (i = 0; i < nalerts; i++) {
		kv_add(&command, alerts[i].kind);
		kv_add_number(&command, alerts[i].due_at);
		kv_add(&command, alerts[i].text);
	}
	if (!store_eval(store, STORE_LOOK, &command, &reply, fault))
		return false;
	*won_out = kv_number(reply) == 1;
	kv_reply_free(&reply);
	return true;
}
