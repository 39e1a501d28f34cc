/*
 * store_guard: the leak guard's questions; see store.h.
 *
 * Recipients reach Redis as digests only, as all addresses do.
 */
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "edge/store_key.h"

#define DOMAIN_DIGITS	8

/* Of nobody that ever wrote: what is not an address is outside. */
#define NOBODY	"----------------"

void
store_add_recipient(struct store_stray *stray, struct span address,
    const char *member_of)
{
	char mailbox[ADDRESS_MAILBOX_SIZE], hex[DIGEST_HEX_SIZE] = "";
	char domain[DIGEST_HEX_SIZE];
	const char *at;

	if (!address_mailbox(address, mailbox))
		mailbox[0] = '\0';
	at = strrchr(mailbox, '@');
	digest_print(text_span(at == NULL ? "" : at + 1), domain);
	store_mailbox_digest(address, hex);
	if (!buf_print(&stray->recipients, "%s%.*s%s", hex[0] == '\0' ?
	    NOBODY : hex, DOMAIN_DIGITS, domain, member_of))
		abort();
}

static void
digest_id(struct span id, char *hex)
{
	hex[0] = '\0';
	if (id.len > 0)
		store_message_digest(id, hex);
}

bool
store_guard(struct store *store, const struct store_stray *stray,
    char *issue_out, int64_t *until_out, struct fault *fault)
{
	char ids[STORE_MAX_ANCESTORS + 1][DIGEST_HEX_SIZE];
	char key[STORE_KEY_SIZE], sender[DIGEST_HEX_SIZE];
	struct kv_command command;
	struct kv_reply *reply;
	size_t i;

	digest_id(stray->message_id, ids[STORE_MAX_ANCESTORS]);
	digest_print(stray->sender, sender);
	sender[STORE_SENDER_DIGITS] = '\0';
	store_begin(store, stray->tracker, key, &command);
	kv_add_number(&command, stray->now);
	kv_add(&command, stray->is_trial ? "0" : "1");
	kv_add(&command, ids[STORE_MAX_ANCESTORS]);
	kv_add(&command, sender);
	kv_add(&command, stray->lists);
	kv_add_span(&command, buf_span(&stray->recipients));
	for (i = 0; i < stray->nancestors; i++) {
		digest_id(stray->ancestors[i], ids[i]);
		kv_add(&command, ids[i]);
	}
	if (!store_eval_soon(store, STORE_GUARD, &command, &reply, fault))
		return false;
	text_print(kv_text(kv_at(reply, 0)), issue_out, ISSUE_ID_SIZE);
	*until_out = kv_number(kv_at(reply, 1));
	kv_reply_free(&reply);
	return true;
}

void
store_tell_copy(struct store *store, const struct store_mail *mail,
    enum reason reason)
{
	char ids[STORE_MAX_ANCESTORS + 1][DIGEST_HEX_SIZE];
	char key[STORE_KEY_SIZE];
	struct kv_command command;
	struct kv_reply *reply;
	struct fault ignored;
	size_t i;

	digest_id(mail->message_id, ids[STORE_MAX_ANCESTORS]);
	store_begin(store, mail->list->tracker, key, &command);
	kv_add_number(&command, mail->now);
	kv_add(&command, mail->list->name);
	kv_add(&command, verdict_row(reason)->name);
	kv_add(&command, ids[STORE_MAX_ANCESTORS]);
	for (i = 0; i < mail->nancestors; i++) {
		digest_id(mail->ancestors[i], ids[i]);
		kv_add(&command, ids[i]);
	}
	if (store_eval_soon(store, STORE_COPY, &command, &reply, &ignored))
		kv_reply_free(&reply);
}
