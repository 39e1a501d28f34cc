/*
 * probe: is cleartext refused at each entrance and alias of the MTA?
 *
 * A harmless test mail in clear is shown to each smtpd on this host and given
 * to sendmail, for each address of each list and for each alias that leads to
 * one.  smtpd says itself what becomes of it.  sendmail takes anything; whether
 * the filter refused that mail is told by the tracker, where the mail has a
 * domain of its own.
 */
#include <sys/random.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/units.h"
#include "ctl/aliases.h"
#include "ctl/ctl.h"
#include "ctl/json.h"
#include "edge/clock.h"
#include "edge/post.h"
#include "edge/smtp.h"

#define TIMEOUT_MS	60000	/* of one SMTP session */
#define WAIT_SECS	30	/* for what sendmail was given */
#define LOOK_MS		100
#define USAGE		"[--smtp host:port] [--wait 30s] [--list NAME] " \
	"[--json]"

enum result {
	REFUSED,
	CLOSED,			/* by the MTA, before the message */
	SKIPPED,
	OPEN			/* not refused */
};

static const char *const results[] = { "refused", "closed", "not probed",
    "NOT REFUSED" };

/* A mail that sendmail was given. */
struct posted {
	const struct list_settings	*list;
	char				*to;
	char				 domain[48];
};

struct probe {
	struct ctl	*ctl;
	const char	*smtp;		/* --smtp */
	int64_t		 wait_secs;	/* --wait */
	struct postfix	 postfix;
	char		*host_name;
	char		*from;
	json_t		*array;
	size_t		 sent, open;
	struct posted	*posted;
	size_t		 nposted;
};

static void
tell(struct probe *p, enum result result, const char *entrance,
    const char *to, const char *text)
{
	const char *colour = result == OPEN ? "\033[1;31m" :
	    result == REFUSED ? "\033[32m" : "\033[33m";

	p->open += result == OPEN;
	p->sent += result != SKIPPED;
	if (p->ctl->wants_json) {
		json_array_append_new(p->array, json_pack(
		    "{ss ss ss ss}", "result", results[result], "entrance",
		    entrance, "address", to, "text", text));
		return;
	}
	printf("%s%-11s%s  %-22s  %s: %s\n", ctl_colour(colour),
	    results[result], ctl_colour("\033[0m"), entrance, to, text);
}

/* Nothing in it but that it is a test. */
static void
write_mail(const struct probe *p, const struct list_settings *list,
    const char *from, const char *to, struct buf *out)
{
	const struct strings *tags = &list->subject_tags;

	buf_init(out, 8192);
	if (!buf_print(out, "From: %s\nTo: %s\nSubject: %s%stest of the list's "
	    "filter, please ignore\nMessage-ID: <probe.%" PRId64 ".%zu@%s>\n"
	    "MIME-Version: 1.0\nContent-Type: text/plain\n\n"
	    "This test mail of `embargoctl probe' holds nothing secret.  It "
	    "should have been\nrefused.  If you can read it, cleartext reaches "
	    "%s by a way that is\nnot guarded: tell the operators.\n", from, to,
	    tags->n > 0 ? tags->v[0] : "", tags->n > 0 ? " " : "",
	    clock_monotonic_ms(), p->sent, p->host_name, list->name))
		buf_clear(out);
}

static void
judge_answer(struct probe *p, const char *entrance, const char *to,
    const struct smtp_answer *a)
{
	char text[400];

	if (a->code / 100 == 5 && a->stage == SMTP_END) {
		snprintf(text, sizeof(text), "%d %s", a->code, a->text);
		tell(p, REFUSED, entrance, to, text);
	} else if (a->code / 100 == 5) {
		snprintf(text, sizeof(text), "the MTA itself refuses at %s: "
		    "%d %s; who may log in there was not tried",
		    smtp_stage_name(a->stage), a->code, a->text);
		tell(p, CLOSED, entrance, to, text);
	} else {
		snprintf(text, sizeof(text), "%s at %s: %d %s",
		    a->code / 100 == 4 ? "only deferred" : "accepted",
		    smtp_stage_name(a->stage), a->code, a->text);
		tell(p, OPEN, entrance, to, text);
	}
}

static void
probe_smtp(struct probe *p, const char *host, const char *port,
    const struct list_settings *list, const char *to)
{
	struct smtp_mail mail = { p->host_name, p->from, to, { NULL, 0 } };
	struct smtp_answer answer;
	struct fault fault;
	struct buf bytes;
	char entrance[300];

	snprintf(entrance, sizeof(entrance), "%s:%s", host, port);
	write_mail(p, list, p->from, to, &bytes);
	mail.message = buf_span(&bytes);
	if (smtp_show(host, port, &mail, TIMEOUT_MS, &answer, &fault))
		judge_answer(p, entrance, to, &answer);
	else
		tell(p, OPEN, entrance, to, fault.text);
	buf_clear(&bytes);
}

/* "[::1]:587", "127.0.0.1:25", "smtp": where a service listens. */
static void
split_service(const struct probe *p, const char *name, char *host,
    char *port, size_t size)
{
	const char *colon = strrchr(name, ':');
	char *interfaces = postfix_value(&p->postfix, NULL,
	    "inet_interfaces");

	if (colon == NULL) {
		interfaces[strcspn(interfaces, ", ")] = '\0';
		snprintf(host, size, "%s", strcmp(interfaces, "all") == 0 ||
		    strcmp(interfaces, "loopback-only") == 0 ? "127.0.0.1" :
		    interfaces);
		snprintf(port, size, "%s", name);
	} else {
		snprintf(host, size, "%.*s", (int)(colon - name), name);
		snprintf(port, size, "%s", colon + 1);
	}
	free(interfaces);
	if (host[0] == '[') {
		memmove(host, host + 1, strlen(host));
		host[strcspn(host, "]")] = '\0';
	}
	if (host[0] == '\0' || strcmp(host, "0.0.0.0") == 0)
		snprintf(host, size, "127.0.0.1");
}

static void
probe_service(struct probe *p, const struct postfix_service *s,
    const struct list_settings *list, const char *to)
{
	char host[256], port[256];
	char *wraps;

	if (strcmp(s->type, "inet") != 0 || (strcmp(s->program, "smtpd") != 0
	    && strcmp(s->program, "postscreen") != 0))
		return;
	split_service(p, s->name, host, port, sizeof(host));
	wraps = postfix_value(&p->postfix, s, "smtpd_tls_wrappermode");
	if (strcmp(wraps, "yes") == 0)
		tell(p, SKIPPED, s->name, to, "it speaks TLS only");
	else
		probe_smtp(p, host, port, list, to);
	free(wraps);
}

/* The mail's sender has a domain that nobody else has. */
static void
post(struct probe *p, const struct list_settings *list, const char *to)
{
	struct strings recipients = { NULL, 1 };
	struct posted *one;
	char from[100], *sendmail;
	struct fault fault;
	struct buf bytes;
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint64_t)clock_monotonic_ms();
	p->posted = buf_realloc(p->posted, p->nposted + 1,
	    sizeof(*p->posted));
	one = &p->posted[p->nposted];
	one->list = list;
	one->to = buf_strdup(to);
	recipients.v = &one->to;
	snprintf(one->domain, sizeof(one->domain), "probe-%016" PRIx64
	    ".invalid", random);
	snprintf(from, sizeof(from), "embargo-probe@%s", one->domain);
	write_mail(p, list, from, to, &bytes);
	sendmail = postfix_value(&p->postfix, NULL, "sendmail_path");
	if (post_send(sendmail, from, &recipients, buf_span(&bytes),
	    TIMEOUT_MS, &fault))
		p->nposted++;
	else {
		tell(p, CLOSED, "sendmail", to, fault.text);
		free(one->to);
	}
	free(sendmail);
	buf_clear(&bytes);
}

/* True when the filter has refused it; false with a fault: not known. */
static bool
is_refused(struct probe *p, const struct posted *one, struct fault *fault)
{
	bool found;

	fault->text[0] = '\0';
	return store_take_refusal(p->ctl->store, one->list->tracker,
	    one->domain, &found, fault) && found;
}

static int
wait_for_posted(struct probe *p)
{
	int64_t until_ms = clock_monotonic_ms() + p->wait_secs * 1000;
	char text[80];
	struct fault fault = { FAULT_SITE, "" };
	size_t i;

	while (p->nposted > 0 && fault.text[0] == '\0' &&
	    clock_monotonic_ms() < until_ms) {
		for (i = p->nposted; i > 0; i--) {
			if (!is_refused(p, &p->posted[i - 1], &fault))
				continue;
			tell(p, REFUSED, "sendmail", p->posted[i - 1].to,
			    "the filter has counted it");
			free(p->posted[i - 1].to);
			p->posted[i - 1] = p->posted[--p->nposted];
		}
		(void)usleep(LOOK_MS * 1000);
	}
	snprintf(text, sizeof(text), "taken, and not refused within %" PRId64
	    " s", p->wait_secs);
	for (i = 0; i < p->nposted; i++) {
		tell(p, OPEN, "sendmail", p->posted[i].to, text);
		free(p->posted[i].to);
	}
	return fault.text[0] == '\0' ? EX_OK : ctl_fail(p->ctl, &fault);
}

/* One address by all entrances. */
static void
probe_address(struct probe *p, const struct list_settings *list,
    const char *to)
{
	const char *colon = p->smtp == NULL ? NULL : strrchr(p->smtp, ':');
	char host[256];
	size_t i;

	if (colon != NULL) {
		snprintf(host, sizeof(host), "%.*s", (int)(colon - p->smtp),
		    p->smtp);
		probe_smtp(p, host, colon + 1, list, to);
		return;
	}
	for (i = 0; i < p->postfix.nservices; i++)
		probe_service(p, &p->postfix.services[i], list, to);
	post(p, list, to);
}

static void
probe_aliases(struct probe *p, const struct list_settings *list)
{
	struct strings aliases, unread;
	size_t i;

	if (p->smtp != NULL)
		return;
	aliases_find(&p->postfix, list, &aliases, &unread);
	for (i = 0; i < aliases.n; i++)
		probe_address(p, list, aliases.v[i]);
	for (i = 0; i < unread.n; i++)
		tell(p, SKIPPED, unread.v[i], list->name, "this table cannot "
		    "be listed: name its aliases of the list in `address'");
	aliases_clear(&aliases);
	aliases_clear(&unread);
}

static void
probe_list(struct probe *p, const struct list_settings *list)
{
	size_t i;

	if (list->cleartext != CLEARTEXT_REJECT) {
		tell(p, SKIPPED, "", list->name, "`cleartext' does not say "
		    "\"reject\": it is taken on purpose");
		return;
	}
	for (i = 0; i < list->address.n; i++)
		if (list->address.v[i][0] != '*')
			probe_address(p, list, list->address.v[i]);
		else
			tell(p, SKIPPED, "", list->address.v[i],
			    "a pattern, no address");
	probe_aliases(p, list);
}

static int
prepare(struct probe *p)
{
	const struct settings *s = p->ctl->settings;
	struct fault fault;
	char name[256] = "localhost";

	if (p->smtp == NULL && !postfix_load(&p->postfix, &fault)) {
		fprintf(stderr, "embargoctl probe: %s: name an entrance with "
		    "--smtp host:port\n", fault.text);
		return EX_UNAVAILABLE;
	}
	(void)gethostname(name, sizeof(name) - 1);
	p->host_name = p->smtp == NULL ? postfix_value(&p->postfix, NULL,
	    "myhostname") : buf_strdup(name);
	p->from = buf_strdup(s->alerts.mail_from);
	return EX_OK;
}

static int
run(struct probe *p)
{
	const struct settings *s = p->ctl->settings;
	int code = prepare(p);
	size_t i;

	if (code != EX_OK)
		return code;
	for (i = 0; i < s->nlists; i++)
		if (p->ctl->list == NULL ||
		    strcmp(p->ctl->list, s->lists[i].name) == 0)
			probe_list(p, &s->lists[i]);
	code = wait_for_posted(p);
	if (p->ctl->wants_json)
		json_finish(json_incref(p->array), JSON_INDENT(2));
	else
		printf("%zu test mails, %zu not refused\n", p->sent, p->open);
	return code != EX_OK ? code : p->open > 0 || p->sent == 0 ? CTL_NO :
	    EX_OK;
}

int
cmd_probe(struct ctl *ctl, int argc, char **argv)
{
	struct probe p = { .ctl = ctl, .wait_secs = WAIT_SECS };
	int code, i;

	for (i = 0; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--smtp") == 0 &&
		    strchr(argv[i + 1], ':') != NULL)
			p.smtp = argv[i + 1];
		else if (strcmp(argv[i], "--wait") != 0 ||
		    !units_parse_duration(text_span(argv[i + 1]),
		    &p.wait_secs))
			break;
	}
	if (i != argc)
		return ctl_usage(ctl, USAGE);
	code = ctl_open(ctl);
	if (code != EX_OK)
		return code;
	p.array = json_array();
	code = run(&p);
	json_decref(p.array);
	free(p.posted);
	free(p.host_name);
	free(p.from);
	postfix_clear(&p.postfix);
	return code;
}
