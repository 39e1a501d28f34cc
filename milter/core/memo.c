/*
 * memo: the mails that we write ourselves; see memo.h.
 *
 * Sources: RFC 5322 (fields, dates), RFC 3834 (Auto-Submitted), RFC 3156
 * (multipart/encrypted), protected-headers="v1" (the Subject inside, "..."
 * outside).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "core/crd.h"
#include "core/mangled.h"
#include "core/memo.h"
#include "core/units.h"

#define WIDTH		72
#define SUBJECT_SIZE	160
#define VALUE_SIZE	200

static const char plain_type[] = "Content-Type: text/plain; charset=us-ascii";

/* ---- values ---- */

static bool
put_date(struct buf *out, int64_t at)
{
	struct civil c;

	civil_of(at, &c);
	return buf_print(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000"
	    "\r\n", civil_day_name(c.weekday), c.day,
	    civil_month_name(c.month), c.year, c.hour, c.minute, c.second);
}

/* Addresses, a line each. */
static bool
put_to(struct buf *out, const struct strings *to)
{
	size_t i;
	bool ok = buf_print(out, "To:");

	for (i = 0; ok && i < to->n; i++)
		ok = buf_print(out, " %s%s\r\n", to->v[i],
		    i + 1 < to->n ? "," : "");
	return ok;
}

static bool
put_frame(struct buf *out, const struct memo *memo, const char *subject)
{
	return buf_print(out, "From: %s\r\n", memo->from) &&
	    put_to(out, memo->to) &&
	    buf_print(out, "Subject: %s\r\n", subject) &&
	    put_date(out, memo->now) &&
	    buf_print(out, "Message-ID: <%s>\r\n", memo->message_id);
}

/* automatic: the word of RFC 3834 section 5. */
static bool
put_head(struct buf *out, const struct memo *memo, const char *subject,
    const char *automatic)
{
	return put_frame(out, memo, subject) &&
	    buf_print(out, "Auto-Submitted: %s\r\nMIME-Version: 1.0\r\n",
	    automatic);
}

static bool
put_plain_type(struct buf *out, const char *more)
{
	return buf_print(out, "%s%s\r\nContent-Transfer-Encoding: 7bit\r\n",
	    plain_type, more);
}

/* A paragraph in lines of at most WIDTH, if its words allow that. */
static bool
put_text(struct buf *out, const char *text)
{
	size_t column = 0, len;
	bool ok = true;
	char word[VALUE_SIZE];

	for (text += strspn(text, " "); ok && *text != '\0';
	    text += strspn(text, " ")) {
		len = strcspn(text, " ");
		if (len >= sizeof(word))
			len = sizeof(word) - 1;
		text_print((struct span){ (const uint8_t *)text, len }, word,
		    sizeof(word));
		if (column > 0 && column + 1 + len > WIDTH) {
			ok = buf_print(out, "\r\n");
			column = 0;
		}
		ok = ok && buf_print(out, "%s%s", column > 0 ? " " : "",
		    word);
		column += (column > 0) + len;
		text += len;
	}
	return ok && buf_print(out, "\r\n");
}

/* "Opened:        2026-11-10T14:00:00Z (15 d 2 h ago)"; nothing without. */
static bool
put_time(struct buf *out, const char *name, int64_t at, int64_t now,
    const char *remark)
{
	char date[CRD_PRINT_SIZE], span[32];

	if (at == 0)
		return true;
	crd_print(at, date);
	units_print_duration(at - now, span);
	return buf_print(out, "%-15s%s (%s%s%s)%s\r\n", name, date,
	    at > now ? "in " : "", span, at > now ? "" : " ago", remark);
}

static bool
put_value(struct buf *out, const char *name, const char *value)
{
	char plain[VALUE_SIZE];

	if (value == NULL || value[0] == '\0')
		return true;
	text_print(text_span(value), plain, sizeof(plain));
	return buf_print(out, "%-15s%s\r\n", name, plain);
}

/* "[embargo] VS-2026-0007: overdue" */
static void
print_subject(const struct memo_alert *alert, char *dst)
{
	char issue[ISSUE_ID_SIZE], kind[48];

	text_print(text_span(alert->issue), issue, sizeof(issue));
	text_print(text_span(alert->kind), kind, sizeof(kind));
	snprintf(dst, SUBJECT_SIZE, "[embargo] %s%s%s", issue,
	    issue[0] == '\0' ? "" : ": ", kind);
}

/* ---- alerts ---- */

static const char *
remark_of(const struct issue *issue)
{
	if (issue->needs_human)
		return ", needs a human";
	if (issue->is_assumed)
		return ", assumed";
	if (issue->is_capped)
		return ", shortened to the list's maximum";
	return issue->is_over_max ? ", later than the list allows" : "";
}

/* What is known of the issue now, beyond the alert. */
static bool
put_issue(struct buf *out, const struct issue *issue, int64_t now)
{
	return put_value(out, "List:", issue->list) &&
	    put_value(out, "State now:", issue_state_name(issue->state)) &&
	    put_time(out, "Embargo until:", issue->due_at, now,
	    remark_of(issue)) &&
	    put_time(out, "Exploit:", issue->exploit_at, now, "") &&
	    put_time(out, "Opened:", issue->opened_at, now, "") &&
	    put_time(out, "Last message:", issue->last_at, now, "") &&
	    buf_print(out, "%-15s%" PRId64 "\r\n", "Messages:",
	    issue->messages) &&
	    put_value(out, "CVE:", issue->cve) &&
	    put_value(out, "Posting:", issue->url);
}

/* Is it told again until somebody acknowledges it? */
static bool
is_repeated(const char *name)
{
	enum issue_alert kind;

	return issue_alert_parse(text_span(name), &kind) &&
	    kind != ALERT_APPROACHING && kind != ALERT_TODAY &&
	    kind != ALERT_REACHED && kind != ALERT_EXPLOIT_APPROACHING;
}

/* What to type. */
static bool
put_commands(struct buf *out, const struct memo_alert *alert)
{
	char issue[ISSUE_ID_SIZE];

	if (alert->issue[0] == '\0')
		return buf_print(out, "\r\n    embargoctl alerts\r\n");
	text_print(text_span(alert->issue), issue, sizeof(issue));
	if (!buf_print(out, "\r\n    embargoctl show %s\r\n", issue))
		return false;
	return !is_repeated(alert->kind) || buf_print(out,
	    "    embargoctl ack %s %s\r\n", issue, alert->kind);
}

bool
memo_put_details(const struct memo *memo, const struct memo_alert *alert,
    struct buf *out)
{
	char subject[SUBJECT_SIZE];

	print_subject(alert, subject);
	return put_plain_type(out, "; protected-headers=\"v1\"") &&
	    put_frame(out, memo, subject) && buf_print(out, "\r\n") &&
	    put_text(out, alert->text) && buf_print(out, "\r\n") &&
	    put_value(out, "Issue:", alert->issue) &&
	    put_value(out, "Alert:", alert->kind) &&
	    put_time(out, "Raised:", alert->at, memo->now, "") &&
	    put_time(out, "About:", alert->due_at, memo->now, "") &&
	    put_value(out, "State then:", alert->state) &&
	    (alert->known == NULL ||
	    put_issue(out, alert->known, memo->now)) &&
	    put_commands(out, alert);
}

bool
memo_put_sealed(const struct memo *memo, struct span armor, struct buf *out)
{
	struct buf lines;
	bool ok;

	buf_init(&lines, 2 * armor.len + 1);
	ok = buf_add_crlf(&lines, armor) &&
	    put_head(out, memo, "...", "auto-generated") &&
	    buf_print(out, "Content-Type: %s\r\n\r\n", PGP_MIME_TYPE) &&
	    mangled_compose(text_span(""), buf_span(&lines), out);
	buf_clear(&lines);
	return ok;
}

bool
memo_put_bare(const struct memo *memo, const struct memo_alert *alert,
    struct buf *out)
{
	char subject[SUBJECT_SIZE], date[CRD_PRINT_SIZE];

	print_subject(alert, subject);
	crd_print(alert->at, date);
	return put_head(out, memo, subject, "auto-generated") &&
	    put_plain_type(out, "") && buf_print(out, "\r\n") &&
	    put_value(out, "Issue:", alert->issue) &&
	    put_value(out, "Alert:", alert->kind) &&
	    put_value(out, "Raised:", date) &&
	    buf_print(out, "\r\nFor the details: embargoctl alerts\r\n");
}

/* ---- to reporters ---- */

bool
memo_put_reply(const struct memo *memo, const struct memo_reply *reply,
    struct buf *out)
{
	char issue[ISSUE_ID_SIZE], subject[SUBJECT_SIZE];
	char date[CRD_PRINT_SIZE];

	text_print(text_span(reply->issue), issue, sizeof(issue));
	snprintf(subject, sizeof(subject), "Your report: %s", issue);
	crd_print(reply->due_at, date);
	if (!put_head(out, memo, subject, "auto-replied") ||
	    !put_plain_type(out, "") ||
	    !buf_print(out, "\r\nYour report was recorded as %s.\r\n", issue))
		return false;
	if (reply->due_at == 0)
		return buf_print(out, "No embargo date is recorded yet.\r\n");
	return buf_print(out, "The embargo date recorded is %s%s.\r\n", date,
	    reply->is_assumed ? ",\r\nassumed because none was stated" : "");
}
