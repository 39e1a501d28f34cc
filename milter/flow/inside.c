/*
 * inside: what stands inside the encryption; see inside.h.  This is the side of
 * the program that asks; the job's side is inside_job.c.
 */
#include <stdlib.h>
#include <string.h>

#include "core/wire.h"
#include "edge/clock.h"
#include "edge/job.h"
#include "edge/keyring.h"
#include "flow/inside.h"
#include "flow/inside_job.h"

#define CANARY_TEXT	"A canary: if this can be read, the key works.\n"
#define CANARY_MAX	65536
#define SMIME_TYPE	"application/pkcs7-mime"
#define HEAD_MAX	((size_t)4 << 20)
#define ANSWER_MAX	65536

struct canary {
	const struct list_settings	*list;
	const struct keyset		*keys;
	struct buf			 armor;	/* empty: no OpenPGP ... */
	struct buf			 smime;	/* ... or no S/MIME is taken */
};

/* The fields that say how the body is to be read. */
static bool
put_header(struct buf *out, const struct fields *header)
{
	const struct field *f;
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < header->n; i++)
		n += text_starts_nocase(header->v[i].name, "Content-");
	if (!wire_put_u64(out, n))
		return false;
	for (i = 0; i < header->n; i++) {
		f = &header->v[i];
		if (text_starts_nocase(f->name, "Content-") &&
		    (!wire_put_span(out, f->name) ||
		    !wire_put_span(out, f->value)))
			return false;
	}
	return true;
}

/* Of the list: its primary keys, the subkeys that can encrypt, certificates. */
static bool
put_keys(struct buf *out, const struct inside_query *q)
{
	const struct keyset *keys = q->keys;
	struct span id;
	size_t i;

	if (!wire_put_strings(out, &q->list->key) ||
	    !wire_put_u64(out, q->keys->n))
		return false;
	for (i = 0; i < q->keys->n; i++) {
		id.data = q->keys->v[i].fingerprint;
		id.len = q->keys->v[i].len;
		if (!wire_put_span(out, id))
			return false;
	}
	if (!wire_put_u64(out, keys->ncertificates))
		return false;
	for (i = 0; i < keys->ncertificates; i++)
		if (!wire_put_span(out, keys->certificates[i].der))
			return false;
	return true;
}

/* One reading serves all lists that a message is for. */
static bool
wants_author(const struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->nlists; i++)
		if (settings->lists[i].signature != SIGNATURE_IGNORE)
			return true;
	return false;
}

/*
 * The keys of whom the file says that From is theirs; for the others the job
 * has to look at the key itself, which costs another gpg.
 */
static bool
put_authors(struct buf *out, const struct inside_query *q)
{
	const struct member *m;
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < q->keys->nmembers; i++)
		n += text_is_nocase(q->from, q->keys->members[i].address);
	if (!wire_put_u8(out, wants_author(q->settings)) ||
	    !wire_put_u64(out, n))
		return false;
	for (i = 0; i < q->keys->nmembers; i++) {
		m = &q->keys->members[i];
		if (text_is_nocase(q->from, m->address) &&
		    !wire_put_span(out, text_span(m->fingerprint)))
			return false;
	}
	return true;
}

static bool
put_head(struct buf *out, const struct inside_query *q)
{
	const struct settings *s = q->settings;
	const struct limit_settings *l = &s->limits;

	return wire_put_u8(out, INSIDE_OP) &&
	    wire_put_span(out, text_span(s->gnupg.home)) &&
	    wire_put_u64(out, s->max_message * l->max_expansion) &&
	    wire_put_u64(out, l->max_pkesk) &&
	    wire_put_u64(out, l->max_depth) &&
	    wire_put_u64(out, l->max_parts) &&
	    wire_put_u64(out, l->max_fields) &&
	    wire_put_u64(out, l->max_header_bytes) &&
	    put_keys(out, q) && wire_put_span(out, q->from) &&
	    put_authors(out, q) &&
	    put_header(out, q->header) && wire_put_u64(out, q->body.len);
}

static void
take_notice(struct cursor *c, struct notice *n)
{
	n->has_state = cursor_u8(c) != 0;
	n->state = cursor_u8(c);
	wire_string(c, n->url, sizeof(n->url));
	wire_string(c, n->cve, sizeof(n->cve));
	n->has_exploit = cursor_u8(c) != 0;
	n->exploit_at = (int64_t)wire_u64(c);
	n->exploit_hour_assumed = cursor_u8(c) != 0;
	wire_string(c, n->issue, sizeof(n->issue));
	n->problem = cursor_u8(c);
	if (n->state >= ISSUE_STATE_COUNT || n->problem > NOTICE_TWICE)
		c->failed = true;
}

/* The job has read what a stranger wrote: its word is not taken for granted. */
static bool
is_sane(const struct inside *in, uint8_t answer, uint8_t state, uint8_t kind)
{
	return answer <= ANSWER_TROUBLE && state <= SIGNED_WELL &&
	    kind <= CRD_HUMAN && (in->signer[0] != '\0' ||
	    state != SIGNED_WELL);
}

static bool
take_answer(struct span bytes, struct inside *out,
    enum inside_answer *answer_out, struct fault *fault)
{
	struct cursor c = cursor_init(bytes);
	uint8_t answer, state, kind;
	char text[200];

	memset(out, 0, sizeof(*out));
	answer = cursor_u8(&c);
	wire_string(&c, text, sizeof(text));
	state = cursor_u8(&c);
	wire_string(&c, out->signer, sizeof(out->signer));
	wire_string(&c, out->seal, sizeof(out->seal));
	out->is_from_signer = cursor_u8(&c) != 0;
	kind = cursor_u8(&c);
	out->date.at = (int64_t)wire_u64(&c);
	out->date.hour_assumed = cursor_u8(&c) != 0;
	wire_string(&c, out->date_reason, sizeof(out->date_reason));
	take_notice(&c, &out->notice);
	if (!cursor_is_done(&c) || !is_sane(out, answer, state, kind)) {
		fault_set(fault, FAULT_SITE, "gpg: a broken answer");
		return false;
	}
	*answer_out = answer;
	out->signed_state = state;
	out->date.kind = kind;
	if (answer != ANSWER_TROUBLE)
		return true;
	fault_set(fault, FAULT_SITE, "%s", text);
	return false;
}

static bool
ask(const struct inside_query *q, struct inside *out,
    enum inside_answer *answer_out, struct fault *fault)
{
	const struct gnupg_settings *gnupg = &q->settings->gnupg;
	int64_t left = q->until_ms - clock_monotonic_ms();
	struct buf head, answer;
	bool ok;

	buf_init(&head, HEAD_MAX);
	buf_init(&answer, 0);
	ok = left > 0 && put_head(&head, q);
	if (!ok)
		fault_set(fault, FAULT_SITE, left > 0 ?
		    "a header too large for gpg" : "no time is left for gpg");
	ok = ok && job_run(buf_span(&head), q->body, gnupg->jobs, (int)left,
	    ANSWER_MAX, &answer, fault) &&
	    take_answer(buf_span(&answer), out, answer_out, fault);
	buf_clear(&head);
	buf_clear(&answer);
	return ok;
}

static bool
try_one(const struct settings *settings, const struct canary *canary,
    struct span body, const char *type, int64_t until_ms,
    struct fault *fault)
{
	struct field field = { text_span("Content-Type"), text_span(type), 0 };
	const struct fields header = { &field, 1, 1 };
	const struct inside_query query = { .settings = settings,
	    .list = canary->list, .keys = canary->keys, .header = &header,
	    .body = body, .from = text_span(""), .until_ms = until_ms };
	enum inside_answer answer;
	struct inside inside;

	if (body.len == 0)
		return true;
	if (!ask(&query, &inside, &answer, fault))
		return false;
	if (answer == ANSWER_READ)
		return true;
	fault_set(fault, FAULT_CONFIG, "%s does not decrypt what was "
	    "encrypted to the list's own key: is its secret key in %s?",
	    strcmp(type, SMIME_TYPE) == 0 ? "gpgsm" : "gpg",
	    settings->gnupg.home);
	return false;
}

static bool
try_canary(const struct settings *settings, const struct canary *canary,
    int64_t until_ms, struct fault *fault)
{
	return try_one(settings, canary, buf_span(&canary->armor),
	    "text/plain", until_ms, fault) &&
	    try_one(settings, canary, buf_span(&canary->smime), SMIME_TYPE,
	    until_ms, fault);
}

bool
inside_try_canary(const struct settings *settings,
    const struct canary *canary, struct fault *fault)
{
	return try_canary(settings, canary, clock_monotonic_ms() +
	    settings->gnupg.timeout_ms, fault);
}

bool
inside_read(const struct inside_query *query, struct inside *out,
    struct fault *fault)
{
	enum inside_answer answer = ANSWER_TROUBLE;
	struct inside inside;
	bool ok;

	ok = ask(query, &inside, &answer, fault);
	if (ok && answer == ANSWER_REFUSED)	/* its fault, or ours? */
		ok = try_canary(query->settings, query->canary,
		    query->until_ms, fault) &&
		    ask(query, &inside, &answer, fault);
	if (!ok)
		return false;
	switch (answer) {
	case ANSWER_READ:
		inside.result = INSIDE_READ;
		break;
	case ANSWER_REFUSED:
		inside.result = INSIDE_UNDECRYPTABLE;
		break;
	case ANSWER_TOO_BIG:
		inside.result = INSIDE_TOO_BIG;
		break;
	case ANSWER_TROUBLE:
		return false;
	}
	*out = inside;
	return true;
}

static bool
encrypt_canary(const struct settings *settings,
    const struct list_settings *list, struct canary *canary,
    struct fault *fault)
{
	const struct gnupg_settings *gnupg = &settings->gnupg;
	struct span text = text_span(CANARY_TEXT);
	bool takes_pgp = list->accept_pgp_mime || list->accept_pgp_inline;

	return (!takes_pgp || keyring_encrypt(gnupg, &list->key, 1, text,
	    &canary->armor, fault)) &&
	    (!list->accept_smime || keyring_envelop(gnupg, &list->certificate,
	    text, &canary->smime, fault));
}

bool
inside_new_canary(const struct settings *settings,
    const struct list_settings *list, const struct keyset *keys,
    struct canary **canary_out, struct fault *fault)
{
	struct canary *canary = buf_alloc_zero(1, sizeof(*canary));

	canary->list = list;
	canary->keys = keys;
	buf_init(&canary->armor, CANARY_MAX);
	buf_init(&canary->smime, CANARY_MAX);
	if (encrypt_canary(settings, list, canary, fault) &&
	    inside_try_canary(settings, canary, fault)) {
		*canary_out = canary;
		return true;
	}
	inside_free_canary(&canary);
	return false;
}

void
inside_free_canary(struct canary **canary)
{
	struct canary *c = *canary;

	*canary = NULL;
	if (c == NULL)
		return;
	buf_clear(&c->armor);
	buf_clear(&c->smime);
	free(c);
}
