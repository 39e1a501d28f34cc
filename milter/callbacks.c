/*
 * callbacks: libmilter's trampolines; the only file that knows libmilter.
 *
 * Each callback hands its event to the session and answers what the session
 * says.  libmilter runs the callbacks of one connection on different threads,
 * one after the other: state hangs on the context, never on the thread.
 */
#include <libmilter/mfapi.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "callbacks.h"
#include "core/buf.h"
#include "edge/clock.h"
#include "edge/log.h"
#include "edge/process.h"
#include "flow/crowd.h"
#include "flow/session.h"

/* Header packets may be larger than libmilter's default of 65,535 bytes. */
#define MAX_PACKET	(2 * 1024 * 1024)
#define ACTIONS		(SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_CHGBODY | \
			SMFIF_QUARANTINE)
#define NO_REPLIES	(SMFIP_NR_CONN | SMFIP_NR_MAIL | SMFIP_NR_RCPT | \
			SMFIP_NR_HDR | SMFIP_NR_EOH)
#define UNWANTED	(SMFIP_NOHELO | SMFIP_NOUNKNOWN)
#define TURN_MS		10
#define QUIET_TURNS	10	/* so long no message: then none is in flight */

struct connection {
	struct session	*session;
	unsigned long	 protocol;	/* what was negotiated */
	bool		 has_asked;	/* the MTA has its early answer */
	bool		 is_late;	/* the message began when we ended, or
					 * on a connection too many */
	bool		 in_flight;	/* counted in `flying` */
	bool		 is_refused;	/* one too many */
};

/* libmilter has no pointer for the whole filter: set once, before threads. */
static struct service *the_service;
static atomic_int flying;
static atomic_bool is_ending;
static atomic_bool has_failed;		/* smfi_main() */

static void
set_in_flight(struct connection *c, bool in_flight)
{
	if (c->in_flight == in_flight)
		return;
	c->in_flight = in_flight;
	if (in_flight)
		atomic_fetch_add(&flying, 1);
	else
		atomic_fetch_sub(&flying, 1);
}

/* The connection's state, made when it is first needed. */
static struct connection *
connection_of(SMFICTX *ctx)
{
	struct connection *c = smfi_getpriv(ctx);

	if (c != NULL)
		return c;
	c = buf_alloc_zero(1, sizeof(*c));
	c->session = session_new(the_service);
	c->is_refused = !crowd_enter();
	if (smfi_setpriv(ctx, c) != MI_SUCCESS) {
		crowd_leave();
		session_free(&c->session);
		free(c);
		return NULL;
	}
	return c;
}

/* NULL while the MTA has none. */
static const char *
queue_id(SMFICTX *ctx)
{
	char macro[] = "i";

	return smfi_getsymval(ctx, macro);
}

static sfsistat
quiet(const struct connection *c, unsigned long flag)
{
	return (c->protocol & flag) != 0 ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

static sfsistat
cb_negotiate(SMFICTX *ctx, unsigned long f0, unsigned long f1,
    unsigned long f2, unsigned long f3, unsigned long *pf0,
    unsigned long *pf1, unsigned long *pf2, unsigned long *pf3)
{
	struct connection *c = connection_of(ctx);

	(void)f2;
	(void)f3;
	if (c == NULL)
		return SMFIS_REJECT;
	if ((f0 & ACTIONS) != ACTIONS)
		log_warning("the MTA does not offer all we may ask of it: "
		    "messages that need it will be deferred");
	*pf0 = f0 & ACTIONS;
	*pf1 = f1 & (NO_REPLIES | UNWANTED | SMFIP_SKIP);
	if (c->is_refused)
		*pf1 &= ~(unsigned long)SMFIP_NR_CONN;
	/* no DATA, or a leak guard: EOH is when we answer */
	if ((f1 & SMFIP_NODATA) == 0 || service_has_guard(the_service))
		*pf1 &= ~(unsigned long)SMFIP_NR_EOH;
	*pf2 = *pf3 = 0;
	c->protocol = *pf1;
	return SMFIS_CONTINUE;
}

static sfsistat
cb_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *addr)
{
	struct connection *c = connection_of(ctx);

	(void)host;
	(void)addr;
	if (c == NULL || c->is_refused)
		return SMFIS_TEMPFAIL;
	return quiet(c, SMFIP_NR_CONN);
}

static sfsistat
cb_mail(SMFICTX *ctx, char **argv)
{
	struct connection *c = connection_of(ctx);

	if (c == NULL)
		return SMFIS_TEMPFAIL;
	c->has_asked = false;
	c->is_late = c->is_refused || atomic_load(&is_ending);
	if (!c->is_late) {
		session_mail(c->session, argv[0]);
		set_in_flight(c, true);
	}
	return quiet(c, SMFIP_NR_MAIL);
}

static sfsistat
cb_rcpt(SMFICTX *ctx, char **argv)
{
	struct connection *c = connection_of(ctx);

	if (c == NULL)
		return SMFIS_TEMPFAIL;
	session_rcpt(c->session, argv[0]);
	return quiet(c, SMFIP_NR_RCPT);
}

/* A reply line: "%" is doubled because the MTA may format it. */
static char *
reply_line(const struct reply *reply, size_t i, char *dst, size_t size)
{
	const char *from;
	size_t n = 0;

	if (i >= reply->nlines)
		return NULL;
	for (from = reply->lines[i]; *from != '\0' && n + 3 < size; from++) {
		if (*from == '%')
			dst[n++] = '%';
		dst[n++] = *from;
	}
	dst[n] = '\0';
	return dst;
}

static sfsistat
refuse(SMFICTX *ctx, const struct reply *reply, sfsistat status)
{
	char lines[REPLY_LINES][REPLY_LINE_MAX + 32], code[16], enhanced[8];
	char *p[REPLY_LINES];
	size_t i;

	for (i = 0; i < REPLY_LINES; i++)
		p[i] = reply_line(reply, i, lines[i], sizeof(lines[i]));
	snprintf(code, sizeof(code), "%d", reply->code);
	snprintf(enhanced, sizeof(enhanced), "%s", reply->enhanced);
	if (smfi_setmlreply(ctx, code, enhanced, p[0], p[1], p[2], p[3], p[4],
	    p[5], NULL) != MI_SUCCESS)
		log_error("libmilter does not take a reply");
	return status;
}

/*
 * Once for each message, when its recipients are known: "accept" when it is for
 * no list.  An MTA of protocol 2 or 3 has no DATA.
 */
static sfsistat
answer_early(SMFICTX *ctx, struct connection *c)
{
	if (c->has_asked)
		return SMFIS_CONTINUE;
	c->has_asked = true;
	if (c->is_late)
		return SMFIS_TEMPFAIL;
	if (session_data(c->session, queue_id(ctx)) != SESSION_PASS)
		return SMFIS_CONTINUE;
	session_abort(c->session);
	set_in_flight(c, false);
	return SMFIS_ACCEPT;
}

/* Mail for no list ends with its header. */
static sfsistat
answer_header(SMFICTX *ctx, struct connection *c)
{
	struct outcome outcome;
	sfsistat status = SMFIS_ACCEPT;

	switch (session_header_end(c->session, &outcome)) {
	case SESSION_CONTINUE:
	case SESSION_SKIP:
		return SMFIS_CONTINUE;
	case SESSION_REFUSE:
		status = refuse(ctx, &outcome.reply, SMFIS_REJECT);
		outcome_clear(&outcome);
		break;
	case SESSION_PASS:
		break;
	}
	session_abort(c->session);
	set_in_flight(c, false);
	return status;
}

static sfsistat
cb_data(SMFICTX *ctx)
{
	struct connection *c = connection_of(ctx);

	return c == NULL ? SMFIS_TEMPFAIL : answer_early(ctx, c);
}

/*
 * libmilter frees the packet when we return: what is in clear in there is not
 * to lie about in memory.
 */
static sfsistat
cb_header(SMFICTX *ctx, char *name, char *value)
{
	struct connection *c = connection_of(ctx);

	if (c == NULL)
		return SMFIS_TEMPFAIL;
	session_header(c->session, name, value);
	explicit_bzero(value, strlen(value));
	return quiet(c, SMFIP_NR_HDR);
}

static sfsistat
cb_eoh(SMFICTX *ctx)
{
	struct connection *c = connection_of(ctx);
	sfsistat early;

	if (c == NULL)
		return SMFIS_TEMPFAIL;
	if ((c->protocol & SMFIP_NR_EOH) != 0)
		return SMFIS_NOREPLY;
	early = answer_early(ctx, c);
	return early != SMFIS_CONTINUE ? early : answer_header(ctx, c);
}

static sfsistat
cb_body(SMFICTX *ctx, unsigned char *data, size_t len)
{
	struct connection *c = connection_of(ctx);
	enum session_next next;
	sfsistat early;

	if (c == NULL)
		return SMFIS_TEMPFAIL;
	early = answer_early(ctx, c);
	if (early == SMFIS_CONTINUE)
		early = answer_header(ctx, c);
	if (early != SMFIS_CONTINUE)
		return early;
	next = session_body(c->session, data, len);
	explicit_bzero(data, len);	/* as in cb_header() */
	return next == SESSION_SKIP && (c->protocol & SMFIP_SKIP) != 0 ?
	    SMFIS_SKIP : SMFIS_CONTINUE;
}

static bool
apply_edit(SMFICTX *ctx, struct edit *e)
{
	switch (e->kind) {
	case EDIT_DELETE:
		return smfi_chgheader(ctx, e->name, e->index, NULL) ==
		    MI_SUCCESS;
	case EDIT_CHANGE:
		return smfi_chgheader(ctx, e->name, e->index, e->value) ==
		    MI_SUCCESS;
	case EDIT_ADD:
		return smfi_addheader(ctx, e->name, e->value) == MI_SUCCESS;
	}
	return false;
}

/* smfi_replacebody() appends: pieces of a length that its int can hold. */
static bool
replace_body(SMFICTX *ctx, struct buf *body)
{
	size_t at = 0, len;

	do {
		len = body->len - at < MAX_PACKET / 2 ? body->len - at :
		    MAX_PACKET / 2;
		if (smfi_replacebody(ctx, body->data + at, (int)len) !=
		    MI_SUCCESS)
			return false;
		at += len;
	} while (at < body->len);
	return true;
}

static sfsistat
apply(SMFICTX *ctx, struct outcome *outcome)
{
	size_t i;

	switch (outcome->verdict) {
	case VERDICT_REJECT:
		return refuse(ctx, &outcome->reply, SMFIS_REJECT);
	case VERDICT_LATER:
		return refuse(ctx, &outcome->reply, SMFIS_TEMPFAIL);
	case VERDICT_ACCEPT:
	case VERDICT_QUARANTINE:
		break;
	}
	for (i = 0; i < outcome->nedits; i++)
		if (!apply_edit(ctx, &outcome->edits[i]))
			return SMFIS_TEMPFAIL;
	if (outcome->has_body && !replace_body(ctx, &outcome->body))
		return SMFIS_TEMPFAIL;
	if (outcome->verdict == VERDICT_ACCEPT)
		return SMFIS_ACCEPT;
	return smfi_quarantine(ctx, (char *)(uintptr_t)outcome->held_for) ==
	    MI_SUCCESS ? SMFIS_ACCEPT : SMFIS_TEMPFAIL;
}

static sfsistat
cb_eom(SMFICTX *ctx)
{
	struct connection *c = connection_of(ctx);
	struct outcome outcome;
	sfsistat status;

	if (c == NULL)
		return SMFIS_TEMPFAIL;
	session_end(c->session, queue_id(ctx), &outcome);
	status = apply(ctx, &outcome);
	outcome_clear(&outcome);
	set_in_flight(c, false);
	return status;
}

static sfsistat
cb_abort(SMFICTX *ctx)
{
	struct connection *c = smfi_getpriv(ctx);

	if (c != NULL) {
		session_abort(c->session);
		set_in_flight(c, false);
	}
	return SMFIS_CONTINUE;
}

static sfsistat
cb_close(SMFICTX *ctx)
{
	struct connection *c = smfi_getpriv(ctx);

	if (c == NULL)
		return SMFIS_CONTINUE;
	(void)smfi_setpriv(ctx, NULL);
	set_in_flight(c, false);
	crowd_leave();
	session_free(&c->session);
	free(c);
	return SMFIS_CONTINUE;
}

bool
callbacks_open(struct service *service, const char *socket,
    struct fault *fault)
{
	static char name[] = "embargo-milter";
	struct smfiDesc description = {
		.xxfi_name = name,
		.xxfi_version = SMFI_VERSION,
		.xxfi_flags = ACTIONS,
		.xxfi_connect = cb_connect,
		.xxfi_envfrom = cb_mail,
		.xxfi_envrcpt = cb_rcpt,
		.xxfi_header = cb_header,
		.xxfi_eoh = cb_eoh,
		.xxfi_body = cb_body,
		.xxfi_eom = cb_eom,
		.xxfi_abort = cb_abort,
		.xxfi_close = cb_close,
		.xxfi_data = cb_data,
		.xxfi_negotiate = cb_negotiate,
	};
	char *copy = buf_strdup(socket);
	bool ok;

	the_service = service;
	crowd_limit(process_max_files() / 2);
	ok = smfi_setconn(copy) == MI_SUCCESS &&
	    smfi_register(description) == MI_SUCCESS &&
	    smfi_setmaxdatasize(MAX_PACKET) != 0 &&
	    smfi_opensocket(true) == MI_SUCCESS;
	if (!ok)
		fault_set(fault, FAULT_SITE, "the socket %s cannot be opened",
		    socket);
	free(copy);
	return ok;
}

static void *
serve(void *arg)
{
	(void)arg;
	if (smfi_main() != MI_SUCCESS)
		atomic_store(&has_failed, true);
	process_wake();
	return NULL;
}

/* libmilter's own threads leave every signal to the main thread. */
static bool
start_serving(void)
{
	sigset_t all, old;
	pthread_t thread;
	bool ok;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	ok = pthread_create(&thread, NULL, serve, NULL) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (ok)
		pthread_detach(thread);
	return ok;
}

/*
 * A message is over a moment before its answer is on its way.  Who asks for the
 * end twice does not want to wait.
 */
static void
await_messages(int64_t until_ms)
{
	int quiet = 0;

	while (quiet < QUIET_TURNS && clock_monotonic_ms() < until_ms) {
		quiet = atomic_load(&flying) > 0 ? 0 : quiet + 1;
		if (process_wait_until(clock_monotonic_ms() + TURN_MS))
			return;
	}
}

/*
 * libmilter is not told to stop: it would drop messages between two packets,
 * and take five seconds to do so.  It ends with the process.  Meanwhile another
 * instance may serve in our place.
 */
bool
callbacks_run(const char *path, int grace_secs)
{
	process_take_stop();
	if (!start_serving())
		return false;
	process_wait();
	atomic_store(&is_ending, true);
	if (path != NULL)
		(void)unlink(path);
	process_unlock();
	await_messages(clock_monotonic_ms() + (int64_t)grace_secs * 1000);
	return !atomic_load(&has_failed);
}
