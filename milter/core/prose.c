/*
 * prose: does a header field of the message tell a story?  See prose.h.
 */
#include <string.h>

#include "core/encodedword.h"
#include "core/prose.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define JOINED_PIECES 6		/* "a-b-c-d-e-f" is no name any more */
#define FOREIGN_BYTES 12	/* a word, where scripts have no blanks */
#define PIECE_DISTANCE 12	/* from one to the next, at most */
#define PATH_PIECES 10		/* "the.hole.is.in.the..." is no host */
#define WORD_LETTERS 24		/* more is a token that a program made */
#define LOOSE_WORDS 5		/* "Example Ltd" is no part of a story */
#define NAME_PIECES 9		/* in "X-MS-Exchange-..." there are up to 8 */

/* Names, or their beginnings up to a hyphen, of what programs write. */
static const char *const machines[] = {
	"Accept-Language", "Arc-", "Authentication-Results",
	"Authentication-Results-", "Autocrypt", "Autocrypt-", "Bimi-",
	"Cancel-", "Deferred-Delivery", "Delivered-To", "Delivery-Date",
	"Disposition-Notification-", "DKIM-", "DomainKey-", "Embargo-CVE",
	"Embargo-Exploit", "Embargo-Issue", "Embargo-Status", "Embargo-Until",
	"Envelope-To", "Errors-To", "Expires", "Face", "Feedback-",
	"Importance", "Message-ID", "Msip_Labels", "OpenPGP",
	"Original-Authentication-Results", "Received", "Received-", "Require-",
	"Resent-Date", "Resent-Message-ID", "Return-Path", "Sensitivity",
	"Solicitation", "Subject", "Thread-Index", "Thread-Topic", "TLS-",
	"X-Abuse", "X-Abuse-", "X-Amavis-", "X-AntiAbuse", "X-Antispam",
	"X-Antispam-", "X-Antivirus", "X-Antivirus-", "X-Apple-", "X-Assp-",
	"X-Authenticated-", "X-Authentication-", "X-Authority-",
	"X-Auto-Response-", "X-Barracuda-", "X-Bayes-", "X-BeenThere",
	"X-BESS-", "X-BitDefender-", "X-Bogosity", "X-Brightmail-", "X-CanIt-",
	"X-CanItPRO-", "X-Cisco-", "X-ClientProxiedBy", "X-CLX-", "X-CMAE-",
	"X-Complaints-", "X-Coremail-", "X-Cron-", "X-Ctch-", "X-Delivered-",
	"X-DKIM", "X-DKIM-", "X-DSPAM-", "X-Enigmail-", "X-Envelope-", "X-EOP",
	"X-Evolution-", "X-Exchange-", "X-Exim-", "X-Face", "X-FEAS-",
	"X-Filter", "X-Filter-", "X-Forefront-", "X-Forwarded-", "X-G-Data-",
	"X-Gm-", "X-GMX-", "X-Google-", "X-Greylist", "X-HELO-", "X-Imss-",
	"X-IncomingTopHeaderMarker", "X-Ironport-", "X-Junkmail-", "X-KLMS-",
	"X-KMail-", "X-KSE-", "X-KSMG-", "X-LD-", "X-Mailgun-", "X-Mailman-",
	"X-Mandrill-", "X-MC-", "X-ME-", "X-Microsoft-", "X-Migadu-",
	"X-Mimecast-", "X-MimeOLE", "X-MIMETrack", "X-Mozilla-", "X-MS-",
	"X-MSMail-", "X-Mutt-", "X-NAI-", "X-Original-Authentication-Results",
	"X-OriginalArrivalTime", "X-Originating-", "X-OVH-", "X-PGP-", "X-Pm-",
	"X-PMX-", "X-Policyd-Weight", "X-PP-", "X-Priority", "X-Proofpoint-",
	"X-Provags-", "X-Proxy", "X-purgate", "X-purgate-", "X-Queue-",
	"X-Received", "X-Report-", "X-Rspamd-", "X-Scanned-", "X-Sender",
	"X-Sender-", "X-Server-", "X-SES-", "X-SG-", "X-Sieve", "X-SMTP-",
	"X-Sophos-", "X-Source", "X-Spam", "X-Spam-", "X-Spamd-",
	"X-SpamExperts-", "X-SpamTest-", "X-TM-", "X-TMASE-", "X-TMN",
	"X-TOI-", "X-Trace", "X-UI-", "X-UID", "X-UIDL", "X-Virus-", "X-VR-",
	"X-Warning", "X-WebMail-", "X-Yahoo-", "X-YMail-", "X-Zoho-",
	"X-ZohoMail-",
};

/* Of those: the Subject, which is the list's business, and sentences that
 * servers write. */
static const char *const sentences[] = {
	"Subject", "Thread-Topic", "X-Abuse-Info", "X-AntiAbuse",
	"X-Report-Abuse", "X-Spam-Report",
};

static const char *const address_fields[] = {
	"From", "To", "Cc", "Bcc", "Sender", "Reply-To",
	"Mail-Followup-To", "Resent-From", "Resent-To", "Resent-Cc",
	"Resent-Sender",
};

static bool
is_one_of(struct span name, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_is_nocase(name, list[i]))
			return true;
	return false;
}

static bool
is_machine(struct span name)
{
	struct span entry;
	size_t i;

	/* "X-ORGANISATION-MailScanner-SpamCheck" */
	if (text_find_nocase(name, "-MailScanner-") < name.len)
		return true;
	for (i = 0; i < COUNT(machines); i++) {
		entry = text_span(machines[i]);
		if (entry.data[entry.len - 1] == '-' ?
		    text_starts_nocase(name, machines[i]) :
		    text_is_nocase(name, machines[i]))
			return true;
	}
	return false;
}

static bool
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* "Alice", "hole": not "AbCd", which a program made. */
static bool
is_plain_piece(struct span s)
{
	size_t i;

	for (i = 1; i < s.len; i++)
		if (text_lower(s.data[i]) != s.data[i])
			return false;
	return s.len >= 2 && s.len <= 20;
}

/* "There_is_a_hole": letters that something else joins, and that are most of
 * the token; base64 has such pieces, too, here and there. */
static size_t
count_pieces(struct span token)
{
	size_t i, start = 0, pieces = 0;

	for (i = 0; i <= token.len; i++) {
		if (i < token.len && text_is_alpha(token.data[i]))
			continue;
		if (is_plain_piece(text_sub(token, start, i - start)))
			pieces++;
		start = i + 1;
	}
	return token.len <= PIECE_DISTANCE * pieces ? pieces : 0;
}

static bool
has_char(struct span s, int c)
{
	return s.len > 0 && memchr(s.data, c, s.len) != NULL;
}

/* How many words a token stands for: it has no blanks. */
static size_t
count_words(struct span token)
{
	size_t i, letters = 0, foreign = 0, pieces = count_pieces(token);

	for (i = 0; i < token.len; i++) {
		if (text_is_alpha(token.data[i]))
			letters++;
		else if (token.data[i] >= 0x80)
			foreign++;
		else if (token.data[i] == '@' || token.data[i] == '/' ||
		    token.data[i] == '.')
			/* an address, a URL, a host, a path: one name */
			if (i + 1 < token.len)
				return pieces < PATH_PIECES ||
				    has_char(token, '@') ||
				    has_char(token, ':') ? 0 : pieces;
	}
	if (pieces >= JOINED_PIECES)
		return pieces;
	if (foreign > FOREIGN_BYTES)	/* a script without blanks */
		return foreign / FOREIGN_BYTES;
	return letters + foreign >= 2 && (letters + foreign) * 2 > token.len;
}

/*
 * What a token adds to a run of words: "hole," is one more; "tests=5.0" speaks
 * against a sentence, twice as much; a hyphen says nothing.
 */
static int
weight(struct span token)
{
	size_t i, letters = 0, foreign = 0, pieces = count_pieces(token);
	bool joined = true;

	while (token.len > 0 && token.data[token.len - 1] < 0x80 &&
	    !text_is_alnum(token.data[token.len - 1]))
		token.len--;
	while (token.len > 0 && token.data[0] < 0x80 &&
	    !text_is_alnum(token.data[0]))
		token = text_sub(token, 1, token.len);
	for (i = 0; i < token.len; i++) {
		if (text_is_alpha(token.data[i]))
			letters++;
		else if (token.data[i] >= 0x80)
			foreign++;
		else
			joined = joined && strchr("_-'", token.data[i]);
	}
	if (!joined || token.len == 0)
		return token.len == 0 ? 0 : -2;
	if (pieces >= JOINED_PIECES)
		return (int)pieces;
	if (foreign > FOREIGN_BYTES)
		return (int)(foreign / FOREIGN_BYTES);
	return letters + foreign <= WORD_LETTERS &&
	    !has_char(token, '_') ? 1 : -2;
}

struct words {
	size_t	count;		/* in all */
	int	longest;	/* run of them, by their weight */
};

static struct words
read_words(struct span value)
{
	struct words w = { 0, 0 };
	size_t start = 0, i;
	struct span text, token;
	struct buf buf;
	int run = 0;

	buf_init(&buf, 3 * value.len + 1);
	/* a broken encoded word is shown as it stands, and counted so */
	text = encodedword_decode(value, &buf) ? buf_span(&buf) : value;
	for (i = 0; i <= text.len; i++) {
		if (i < text.len && !is_blank(text.data[i]))
			continue;
		token = text_sub(text, start, i - start);
		w.count += count_words(token);
		run += weight(token);
		if (run < 0)
			run = 0;
		if (run > w.longest)
			w.longest = run;
		start = i + 1;
	}
	buf_clear(&buf);
	return w;
}

bool
prose_is_text(struct span value)
{
	return read_words(value).count >= PROSE_WORDS;
}

/* Each display name by itself: many addresses are many names. */
static bool
has_prose_name(struct span value)
{
	size_t start = 0, i;
	bool quoted = false;

	for (i = 0; i <= value.len; i++) {
		if (i < value.len && value.data[i] == '"')
			quoted = !quoted;
		if (i < value.len && (quoted || value.data[i] != ','))
			continue;
		if (prose_is_text(text_sub(value, start, i - start)))
			return true;
		start = i + 1;
	}
	return false;
}

const char *
prose_check(const struct field *field)
{
	struct words w;

	if (count_pieces(field->name) >= NAME_PIECES)
		return "text in the name of a header field";
	if (text_is_nocase(field->name, "Comments") ||
	    text_is_nocase(field->name, "Keywords"))
		return text_is_blank(field->value) ? NULL :
		    "text in a Comments or Keywords field";
	if (is_one_of(field->name, address_fields, COUNT(address_fields)))
		return has_prose_name(field->value) ?
		    "text in a display name" : NULL;
	if (is_one_of(field->name, sentences, COUNT(sentences)))
		return NULL;
	w = read_words(field->value);
	if (is_machine(field->name) ? w.longest < PROSE_WORDS :
	    w.count < PROSE_WORDS)
		return NULL;
	return "text in a header field";
}

size_t
prose_count_loose(const struct field *field)
{
	size_t count;

	if (is_machine(field->name) ||
	    is_one_of(field->name, address_fields, COUNT(address_fields)))
		return 0;
	count = read_words(field->value).count;
	return count < LOOSE_WORDS ? 0 : count;
}
