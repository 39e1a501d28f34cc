/*
 * phrase: texts that may stand readable beside ciphertext; see phrase.h.
 */
#include <string.h>

#include "core/charset.h"
#include "core/phrase.h"

#define PREAMBLE_MAX 199
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What writes armour, as it stands at the beginning of "Version:". */
static const char *const products[] = {
	"GnuPG", "GnuPG/MacGPG2", "GPGTools", "MacGPG2", "MacGPG", "GPG",
	"BCPG", "BCPG C#",
	"PGP", "PGP Desktop", "PGP Universal", "PGP SDK", "PGPfreeware",
	"PGP for Personal Privacy", "Encryption Desktop", "Symantec",
	"Symantec Encryption Desktop", "OpenPGP.js", "OpenPGP", "FlowCrypt",
	"FlowCrypt Email Encryption", "FlowCrypt Gmail Encryption", "CryptUp",
	"Mailvelope", "ProtonMail", "Proton", "GopenPGP", "Keybase OpenPGP",
	"Keybase Go", "APG", "OpenKeychain", "iPGMail", "Hushmail", "Hush",
	"RNP", "rnp", "Sequoia", "sequoia-openpgp", "Sequoia-PGP", "sq",
	"NetPGP", "NeoPG", "Canary PGP", "Canary Mail", "FairEmail",
	"Delta Chat", "Thunderbird", "Enigmail", "Evolution", "Mutt",
	"KMail", "Gpg4win", "GpgOL", "gpg4o", "Posteo", "Mailfence",
	"Whiteout", "Virtru", "PGPMail", "CTemplar", "didisoft", "DidiSoft",
	"EgoSecure", "NAI PGP", "CKT", "Lockbin", "Golang OpenPGP",
	"Crypto::OpenPGP", "Crypt::OpenPGP", "Mail Assistant", "Tutanota",
	"StartMail", "ObjectivePGP", "EldoS PGPBlackbox", "FireGPG",
	"OX Guard", "PGPainless", "rPGP", "McAfee E-Business Server",
	"E-Business Server", "PGP E-Business Server", "Encryption Server",
	"Symantec Encryption Server", "BouncyCastle.NET Cryptography",
	"PGPy", "Didisoft OpenPGP Library", "haneWIN JavascriptPG",
	"Cryptix OpenPGP", "IPWorks OpenPGP", "IPWorks! OpenPGP",
	"SecureBlackbox", "End-To-End", "Authora EDGE", "Veridis OpenPGP",
	"React-Native-OpenPGP.js", "PGPro", "oPenGP", "eM Client",
	"CipherMail", "Djigzo",
	"Processed by Mailcrypt", "Exmh version", "GnuPT",
	"Use GnuPG with Firefox :",
};

/* The comments that those write, whole. */
static const char *const comments[] = {
	"GPGTools - http://gpgtools.org",
	"GPGTools - https://gpgtools.org",
	"GPGTools - https://gpgtools.org/",
	"http://gpgtools.org", "https://gpgtools.org",
	"http://www.gpgtools.org", "https://www.gpgtools.org",
	"Seamlessly send and receive encrypted email",
	"Seamlessly send, receive and search encrypted email",
	"https://flowcrypt.com", "https://cryptup.org",
	"https://www.mailvelope.com", "https://mailvelope.com",
	"Email security by Mailvelope - https://www.mailvelope.com",
	"http://openpgpjs.org", "https://openpgpjs.org",
	"https://protonmail.com", "https://proton.me",
	"https://gopenpgp.org", "https://keybase.io/crypto",
	"https://keybase.io/download", "https://sequoia-pgp.org",
	"https://www.gnupg.org", "https://gnupg.org",
	"http://www.gnupg.org", "https://www.gpg4win.org",
	"http://www.gpg4win.org",
	"https://www.enigmail.net", "https://www.enigmail.net/",
	"http://www.enigmail.net/", "http://enigmail.mozdev.org",
	"https://www.openkeychain.org", "https://openkeychain.org",
	"http://www.thialfihar.org/projects/apg", "https://ipgmail.com",
	"https://canarymail.io", "https://canarymail.io/",
	"https://email.faircode.eu", "https://posteo.de",
	"https://mailfence.com", "http://www.pgp.com", "www.pgp.com",
	"http://www.gdata.de", "https://delta.chat",
	"This is an encrypted message", "Encrypted message",
	"Public key encrypted message", "Created with ObjectivePGP",
	"https://www.objectivepgp.com", "http://objectivepgp.com",
	"http://www.gpg4o.de/", "http://www.gpg4o.de", "flowcrypt.com",
	"For info see http://www.gnupg.org",
	"For info see http://quantumlab.net/pine_privacy_guard/",
	"http://getfiregpg.org", "http://firegpg.tuxfamily.org",
	"<http://mailcrypt.sourceforge.net/>", "http://www.gpg4o.com/",
	"https://www.hushmail.com", "https://rnpgp.org",
};

/* "Using GnuPG with Thunderbird - https://www.enigmail.net/" */
static const char *const engines[] = { "GnuPG", "PGP", "GnuPT" };
static const char *const hosts[] = {
	"Thunderbird", "Mozilla", "Icedove", "SeaMonkey", "Iceape",
	"Postbox", "undefined", "CentOS", "Fedora", "Debian", "Red Hat",
	"Ubuntu", "Netscape", "Firefox", "Swisscom", "Suse", "MozillaBird",
};
static const char *const enigmail_urls[] = {
	"http://enigmail.mozdev.org", "http://enigmail.mozdev.org/",
	"http://www.enigmail.net/", "https://www.enigmail.net/",
	"http://www.enigmail.net", "https://www.enigmail.net",
	"https://enigmail.net/", "https://enigmail.net",
};

/* Without a full stop or three at their end, blanks as they come. */
static const char *const preambles[] = {
	"This is an OpenPGP/MIME encrypted message",
	"This is an OpenPGP/MIME signed message",
	"This message is in MIME format and has been PGP encrypted",
	"This message is in MIME format and has been PGP signed",
	"This is a PGP/MIME encrypted message",
	"This is an encrypted message",
	"This is a multi-part message in MIME format",
	"This is a multi-part MIME message",
	"This is a multipart message in MIME format",
	"This is a message with multiple parts in MIME format",
	"This is a MIME encapsulated multipart message - "
	    "please use a MIME-compliant e-mail program to open it",
	"This is a MIME-encapsulated message",
	"This message is in MIME format",
	"This is a cryptographically signed message in MIME format",
	"--This is a MIME encapsulated multipart message -",
	"--This is a MIME encapsulated multipart message - "
	    "please use a MIME-compliant e-mail program to open it",
	/* Alpine; Exchange; Courier and its mimegpg */
	"This message is in MIME format. The first part should be readable "
	    "text, while the remaining parts are likely unreadable without "
	    "MIME-aware tools",
	"This message is in MIME format. Since your mail reader does not "
	    "understand this format, some or all of this message may not be "
	    "legible",
	"This is a MIME-formatted message",
	"This is a MIME-formatted message. If you see this text it means "
	    "that your E-mail software does not support MIME-formatted "
	    "messages",
	"This is a mimegpg-encrypted message. If you see this text, it means "
	    "that your E-mail software does not support MIME formatted "
	    "messages",
};

static const char *const neutral_words[] = {
	"application", "archive", "asc", "att", "attached", "attachment",
	"attachments", "bin", "body", "bz2", "content", "csv", "dat", "data",
	"diff", "doc", "document", "docx", "email", "eml", "encrypted",
	"enc", "file", "files", "format", "gif", "gpg", "gpgol", "gpgmime",
	"gz", "htm", "html", "identification", "image", "img", "info",
	"ident", "inline", "jpeg", "jpg", "json", "key", "log", "mail",
	"md", "message", "messages", "mime", "msg", "multipart", "noname",
	"octet", "odt", "of", "openpgp", "original", "outlook", "part",
	"patch", "pcap", "pdf", "pgp", "pgpexch", "pgpmime", "plain", "png",
	"photo", "picture", "reply", "rfc", "sec", "secure", "screenshot",
	"sig", "signature", "signed", "smime", "stream", "structure", "tar",
	"text", "tgz", "txt", "unnamed", "untitled", "version", "versions",
	"xml", "xz", "zip", "a", "an", "the", "p7m", "p7s", "inlinepgp",
	"winmail", "proton", "protonmail", "mailvelope", "x", "v", "dl",
	"encryptedmessage", "encryptedattachment", "readme", "letter",
	"pgpencrypted", "py", "c", "h", "cpp", "cc", "pl", "sh", "js", "rs",
	"go", "java", "tex", "svg", "webp", "heic", "xls", "xlsx", "ods",
	"odp", "ppt", "pptx", "rtf", "ics", "vcf", "conf", "7z", "zst", "scan",
	"photos", "pictures", "invoice", "att", "null", "undefined", "default",
	"pgpmail", "gpgtools", "thunderbird", "mutt", "f", "gnupg",
	"payload", "digital", "mailattachment",
};

static const char *const date_words[] = {
	"mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar",
	"apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "gmt",
	"utc",
};

static bool
is_one_of(struct span s, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_is_nocase(s, list[i]))
			return true;
	return false;
}

/* A part of a UUID, a key id, a checksum: hexadecimal, with a digit. */
static bool
is_hex_word(struct span word)
{
	bool has_digit = false;
	size_t i;

	if (word.len > 1 && text_starts_nocase(word, "0x"))
		word = text_sub(word, 2, word.len);
	for (i = 0; i < word.len; i++) {
		if (text_is_digit(word.data[i]))
			has_digit = true;
		else if (text_lower(word.data[i]) < 'a' ||
		    text_lower(word.data[i]) > 'f')
			return false;
	}
	return has_digit && word.len <= 64;
}

/* "15", "2rc1", "beta895": numbers round at most one known tag. */
static bool
is_version_part(struct span part)
{
	static const char *const tags[] = { "", "a", "b", "c", "p", "r",
	    "i", "ia", "rc", "beta", "alpha", "svn", "git", "dev", "pre",
	    "int", "ecc", "ckt", "unknown", "dfsg", "deb", "ubuntu", "fc",
	    "el", "mr", "g", "in", "thialfihar" };

	if (part.len >= 7 && part.len <= 10 && is_hex_word(part))
		return true;	/* a revision: "2.4.0+83ebf4a805" */
	while (part.len > 0 && text_is_digit(part.data[part.len - 1]))
		part.len--;
	while (part.len > 0 && text_is_digit(part.data[0]))
		part = text_sub(part, 1, part.len);
	return is_one_of(part, tags, COUNT(tags));
}

/* "v2.0.15", "(10.2.0)", "1.4.2rc1", "2.1.0-beta895": a number comes first. */
static bool
is_version_number(struct span word)
{
	size_t start = 0, i;

	if (text_starts(word, "("))
		word = text_sub(word, 1, word.len);
	if (text_starts(word, "netstandard"))	/* "(net6.0)": a framework */
		word = text_sub(word, strlen("netstandard"), word.len);
	else if (text_starts(word, "net"))
		word = text_sub(word, strlen("net"), word.len);
	while (word.len > 1 && (word.data[word.len - 1] == ')' ||
	    word.data[word.len - 1] == ','))
		word.len--;
	if (text_starts_nocase(word, "v"))
		word = text_sub(word, 1, word.len);
	if (text_starts(word, "."))
		word = text_sub(word, 1, word.len);
	if (word.len == 0 || word.len > 32 || !text_is_digit(word.data[0]))
		return false;
	for (i = 0; i <= word.len; i++) {
		if (i < word.len && memchr(".-+_/[]", word.data[i], 7) == NULL)
			continue;
		if (!is_version_part(text_sub(word, start, i - start)))
			return false;
		start = i + 1;
	}
	return true;
}

/* A word behind a product: a version, a platform, a word of the name. */
static bool
is_version_word(struct span word)
{
	static const char *const extra[] = {
		"(GNU/Linux)", "(Darwin)", "(MingW32)", "(MinGW)", "(Cygwin)",
		"(FreeBSD)", "(OpenBSD)", "(NetBSD)", "(SunOS)", "(HP-UX)",
		"(AIX)", "(Android)", "(iOS)", "(OS/2)", "(Windows)", "(Win32)",
		"(OSF1)", "(GNU)", "(BSD)", "(Linux)", "(macOS)", "(Build",
		"(Windows", "NT)", "Build", "-", "beta", "MacGPG2", "GPG",
		"Freeware", "Desktop", "for", "Personal", "Privacy", "BCPG",
		"C#", "Lite", "Web", "Extension", "Android", "iOS", "unknown",
		"Corporate", "Universal", "(Cipher-Suite", "int.", "use",
		"non-commercial", "<http://www.pgp.com>", "Email", "Gmail",
		"Encryption", "Security", "(cross", "[Production]",
		"Production", "Chrome", "Firefox", "portable", "Library",
		"Java", ".NET", "VERSION", "v@RELEASE_NAME@", "(.NET",
		"edition)", "Command", "Line", "N/A", "Full", "License",
		"[BUILD_REPLACEABLE_VERSION]", "(OpenVMS)", "Server", "MP1",
		"MP2", "MP3", "MP4", "MP5", "WinPT", "GPGshell", "GPGrelay",
		"(OpenPGP-only,", "(Version:",
	};

	return is_one_of(word, extra, COUNT(extra)) ||
	    is_one_of(word, comments, COUNT(comments)) ||
	    is_version_number(word);
}

static bool
next_word(struct span *rest, struct span *word_out)
{
	size_t i = 0;

	*rest = text_trim(*rest);
	while (i < rest->len && memchr(" \t\r\n", rest->data[i], 4) == NULL)
		i++;
	*word_out = text_sub(*rest, 0, i);
	*rest = text_sub(*rest, i, rest->len);
	return i > 0;
}

/* Unpaid PGP Desktop says so. */
static struct span
cut_licence(struct span rest)
{
	return text_sub(rest, 0, text_find_nocase(rest,
	    " - not licensed for commercial use: www.pgp.com"));
}

static bool
is_version(struct span value)
{
	struct span rest, word;
	size_t i, len, longest = 0, words = 0;

	for (i = 0; i < COUNT(products); i++) {
		len = strlen(products[i]);
		if (len > longest && text_starts_nocase(value, products[i]) &&
		    (len == value.len || !text_is_alnum(value.data[len])))
			longest = len;
	}
	/* PGP 2 wrote its number alone, PGP 10.4 "10.4.1 (Build 759)" */
	rest = value;
	if (longest == 0 && (!next_word(&rest, &word) ||
	    !is_version_number(word)))
		return false;
	rest = cut_licence(longest == 0 ? rest :
	    text_sub(value, longest, value.len));
	while (next_word(&rest, &word))
		if (++words > 6 || !is_version_word(word))
			return false;
	return true;
}

/* "Using ENGINE with HOST - URL" */
static bool
is_enigmail_comment(struct span value)
{
	static const char *const joints[] = { "Using ", " with ", " - " };
	const char *const *lists[] = { engines, hosts, enigmail_urls };
	const size_t counts[] = {
	    COUNT(engines), COUNT(hosts), COUNT(enigmail_urls) };
	size_t i, end;

	for (i = 0; i < 3; i++) {
		if (!text_starts_nocase(value, joints[i]))
			return false;
		value = text_sub(value, strlen(joints[i]), value.len);
		end = i < 2 ? text_find_nocase(value, joints[i + 1]) :
		    value.len;
		if (!is_one_of(text_sub(value, 0, end), lists[i], counts[i]))
			return false;
		value = text_sub(value, end, value.len);
	}
	return true;
}

/* "MessageID: " of PGP 2 and later: 32 characters of base64 alphabet. */
static bool
is_message_id(struct span value)
{
	size_t i;

	if (value.len != 32)
		return false;
	for (i = 0; i < value.len; i++)
		if (!text_is_alnum(value.data[i]) && value.data[i] != '+' &&
		    value.data[i] != '/')
			return false;
	return true;
}

static bool
is_hash(struct span value)
{
	static const char *const hashes[] = { "MD5", "SHA1", "SHA224",
	    "SHA256", "SHA384", "SHA512", "RIPEMD160", "SHA3-256",
	    "SHA3-512" };

	return is_one_of(value, hashes, COUNT(hashes));
}

bool
phrase_is_armor_header(struct span line)
{
	size_t colon = text_find_nocase(line, ":");
	struct span key = text_sub(line, 0, colon);
	struct span value = text_trim(text_sub(line, colon + 1, line.len));

	if (colon == line.len)
		return false;
	if (value.len == 0)
		return text_is_nocase(key, "Version") ||
		    text_is_nocase(key, "Comment");
	if (text_is_nocase(key, "Version"))
		return is_version(value);
	if (text_is_nocase(key, "Comment"))
		return is_one_of(value, comments, COUNT(comments)) ||
		    is_version(value) || is_enigmail_comment(value);
	if (text_is_nocase(key, "Charset"))
		return charset_keeps_ascii(value);
	if (text_is_nocase(key, "Hash"))
		return is_hash(value);
	return text_is_nocase(key, "MessageID") && is_message_id(value);
}

/* "This is an OpenPGP/MIME ... message (RFC 4880 and 3156)", any numbers. */
static bool
is_rfc_preamble(struct span text)
{
	static const char *const starts[] = {
		"This is an OpenPGP/MIME encrypted message (RFC ",
		"This is an OpenPGP/MIME signed message (RFC " };
	struct span word;
	size_t i, words = 0;

	for (i = 0; i < COUNT(starts); i++)
		if (text_starts_nocase(text, starts[i]))
			break;
	if (text.len > 0 && text.data[text.len - 1] == '.')
		text.len--;
	if (i == COUNT(starts) || text.data[text.len - 1] != ')')
		return false;
	text = text_sub(text, strlen(starts[i]),
	    text.len - strlen(starts[i]) - 1);
	while (next_word(&text, &word))
		if (++words > 3 || (!text_is_nocase(word, "and") &&
		    (word.len > 4 || !is_version_number(word))))
			return false;
	return words > 0;
}

/* The same words, whatever blanks and line ends are between them. */
static bool
has_same_words(struct span a, struct span b)
{
	struct span word, other;

	while (next_word(&a, &word))
		if (!next_word(&b, &other) ||
		    !text_is_same_nocase(word, other))
			return false;
	return !next_word(&b, &other);
}

bool
phrase_is_preamble(struct span text)
{
	size_t i;

	text = text_trim(text);
	if (text.len > PREAMBLE_MAX)
		return false;
	if (is_rfc_preamble(text))
		return true;
	while (text.len > 0 && text.data[text.len - 1] == '.')
		text.len--;
	for (i = 0; i < COUNT(preambles); i++)
		if (has_same_words(text, text_span(preambles[i])))
			return true;
	return false;
}

/* A number, a word of the list, or one such word with a number behind it. */
static bool
is_neutral_word(struct span word)
{
	size_t len = word.len;

	while (len > 0 && text_is_digit(word.data[len - 1]))
		len--;
	if (word.len - len <= 14 && (len == 0 || is_one_of(
	    text_sub(word, 0, len), neutral_words, COUNT(neutral_words))))
		return true;
	return word.len == 1 || is_hex_word(word) ||
	    is_one_of(word, neutral_words, COUNT(neutral_words));
}

bool
phrase_is_neutral_name(struct span name)
{
	size_t start = 0, i, words = 0;

	if (name.len > 80)
		return false;
	for (i = 0; i <= name.len; i++) {
		if (i < name.len && text_is_alnum(name.data[i]))
			continue;
		if (i < name.len &&
		    memchr(" ._-/+()", name.data[i], 8) == NULL)
			return false;
		if (i > start && (++words > 8 ||
		    !is_neutral_word(text_sub(name, start, i - start))))
			return false;
		start = i + 1;
	}
	return true;
}

bool
phrase_is_date(struct span value)
{
	size_t start = 0, i;

	if (value.len > 40)
		return false;
	for (i = 0; i <= value.len; i++) {
		if (i < value.len && text_is_alpha(value.data[i]))
			continue;
		if (i < value.len && !text_is_digit(value.data[i]) &&
		    memchr(" ,:+-()", value.data[i], 7) == NULL)
			return false;
		if (i > start && !is_one_of(text_sub(value, start, i - start),
		    date_words, COUNT(date_words)))
			return false;
		start = i + 1;
	}
	return true;
}
