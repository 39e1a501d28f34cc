/*
 * phrase: what known clients write is taken, and a sentence is not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/phrase.h"

struct row {
	const char	*text;
	bool		 expected;
};

static const struct row armor_headers[] = {
	{ "Version: GnuPG v2",					true },
	{ "Version: GnuPG v1.4.11 (GNU/Linux)",			true },
	{ "Version: GnuPG v2.0.22 (MingW32)",			true },
	{ "Version: GnuPG/MacGPG2 v2.0.22 (Darwin)",		true },
	{ "Version: GnuPG v2.1.0-beta895 (GNU/Linux)",		true },
	{ "Version: GnuPG v1.4.2rc1",				true },
	{ "Version: BCPG C# v1.6.1.0",				true },
	{ "Version: BCPG v@RELEASE_NAME@",			true },
	{ "Version: OpenPGP.js v4.10.10",			true },
	{ "Version: OpenPGP.js v.1.20130306",			true },
	{ "Version: ProtonMail",				true },
	{ "Version: FlowCrypt 5.0.4 Gmail Encryption flowcrypt.com", true },
	{ "Version: CryptUp 3.2.9 Gmail Encryption https://cryptup.org", true },
	{ "Version: PGP Desktop 10.2.0 (Build 2317)",		true },
	{ "Version: PGP 8.0 - not licensed for commercial use: www.pgp.com",
	    true },
	{ "Version: PGPfreeware 6.5.8 for non-commercial use "
	    "<http://www.pgp.com>",				true },
	{ "Version: 2.6.3ia",					true },
	{ "Version: McAfee E-Business Server v8.5.3 - Full License", true },
	{ "Version: PGPainless",				true },
	{ "Version: NetPGP portable 0.99.17/[20101103]",	true },
	{ "Version: iPGMail (2.13)",				true },
	{ "Version:",						true },
	{ "Comment: GPGTools - https://gpgtools.org",		true },
	{ "Comment: Using GnuPG with Mozilla - http://enigmail.mozdev.org/",
	    true },
	{ "Comment: Using GnuPG with Thunderbird - https://www.enigmail.net/",
	    true },
	{ "Comment: Email security by Mailvelope - "
	    "https://www.mailvelope.com",			true },
	{ "Comment: https://keybase.io/crypto",			true },
	{ "Charset: utf-8",					true },
	{ "Charset: ISO-8859-15",				true },
	{ "Hash: SHA512",					true },
	{ "MessageID: 1b4QfMEkKzPqUJ1Yw0v9tXo3C8RsLhAd",	true },
	/* what a sender would write who wants to be read */
	{ "Version: GnuPG exploit1 in2 sshd3 root0day",		false },
	{ "Version: GnuPG v2 remote root in sshd",		false },
	{ "Version: heap overflow in sshd",			false },
	{ "Version: 1.2.3-exploit",				false },
	{ "Version: GnuPG 1.2.sshd.rce",			false },
	{ "Version: PGPy v0.6.0",				true },
	{ "Version: Didisoft OpenPGP Library for Java 3.2",	true },
	{ "Version: BouncyCastle.NET Cryptography (net6.0) "
	    "v2.4.0+83ebf4a805",				true },
	{ "Version: BouncyCastle.NET Cryptography (OpenPGP-only, net6.0) "
	    "v2.0.0.1",						true },
	{ "Version: GnuPG v1.4.9 (MingW32) - GPGshell v3.70",	true },
	{ "Version: Encryption Desktop 10.4.2 MP3 (Build 502)",	true },
	{ "Version: PGP Command Line v10.1.1 (Build 10) (Linux)", true },
	{ "Comment: Processed by Mailcrypt 3.5.8 "
	    "<http://mailcrypt.sourceforge.net/>",		true },
	{ "Comment: Exmh version 2.7.2 01/07/2005",		true },
	{ "Comment: Use GnuPG with Firefox : http://getfiregpg.org "
	    "(Version: 0.7.10)",				true },
	{ "Version: 10.4.1 (Build 759)",			true },
	{ "Version: 10.4.1 (sshd 759)",				false },
	{ "Version: netsshd 1.0",				false },
	{ "Version: BouncyCastle.NET Cryptography (netfilter) v1", false },
	{ "Version: 9sshd",					false },
	{ "Comment: the patch is in branch fix-rce",		false },
	{ "Comment: https://evil.example/sshd-rce",		false },
	{ "Comment: Using GnuPG with OpenSSH-RCE - "
	    "https://www.enigmail.net/",			false },
	{ "Charset: utf-8 with a heap overflow",		false },
	{ "Hash: the-heap-overflow",				false },
	{ "MessageID: heap overflow",				false },
	{ "Subject: heap overflow",				false },
	{ "no colon",						false },
};

static const struct row names[] = {
	{ "encrypted.asc",				true },
	{ "OpenPGP encrypted message.asc",		true },
	{ "openpgp-encrypted-message.asc",		true },
	{ "msg.asc",					true },
	{ "noname",					true },
	{ "GpgOL_MIME_structure.txt",			true },
	{ "PGPMIME version identification",		true },
	{ "PGP/MIME version identification",		true },
	{ "PGPexch.htm.pgp",				true },
	{ "image001.png.gpg",				true },
	{ "IMG_20261125_101010.jpg.pgp",		true },
	{ "0x2A2BFA75.asc",				true },
	{ "7bd0a1f3-53b9-4b9c-9c4b-0d6e6c1a2f3e.pgp",	true },
	{ "smime.p7m",					true },
	{ "",						true },
	{ "openssh9rce.txt",				false },
	{ "kernel6lpe.pdf.gpg",				false },
	{ "CVE-2026-1234.pgp",				false },
	{ "sshd-remote-root.patch.gpg",			false },
	{ "report-openssh.pdf.pgp",			false },
	{ "exploit.c.gpg",				false },
	{ "message from Alice.asc",			false },
	{ "1 2 3 4 5 6 7 8 9.asc",			false },
	{ "verschl\xc3\xbcsselt.asc",			false },
};

static const struct row preambles[] = {
	{ "This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)",
	    true },
	{ "This is an OpenPGP/MIME encrypted message (RFC 2400 and 3156)",
	    true },
	{ "This is an OpenPGP/MIME signed message (RFC 3156)", true },
	{ "This is an OpenPGP/MIME encrypted message (RFC 3156).", true },
	{ "This message is in MIME format and has been PGP encrypted.", true },
	{ "This is an OpenPGP/MIME encrypted message (RFC exploit)", false },
	{ "\r\nThis is a multi-part message in MIME format.\r\n", true },
	{ "This is a multi-part message in MIME format...\n", true },
	{ "  This message is in MIME format.  The first part should be "
	    "readable text,\r\n  while the remaining parts are likely "
	    "unreadable without MIME-aware tools.\r\n", true },
	{ "This is a MIME encapsulated multipart message -\r\nplease use a "
	    "MIME-compliant e-mail program to open it.", true },
	{ "This is a mimegpg-encrypted message.  If you see this text, it "
	    "means\nthat your E-mail software does not support MIME "
	    "formatted messages.\n", true },
	{ "This is a multi-part message in MIME format. sshd", false },
	{ "This is a multi-part message in sshd", false },
	{ "This is a multi-part message", false },
	{ "This is an OpenPGP/MIME encrypted message: sshd has a hole", false },
};

static const struct row dates[] = {
	{ "Wed, 25 Nov 2026 10:00:00 +0000",	true },
	{ "Wed, 25 Nov 2026 10:00:00 GMT",	true },
	{ "heap overflow 25 Nov 2026",		false },
};

#define CHECK(function, rows) \
	check(function, rows, sizeof(rows) / sizeof((rows)[0]))

static void
check(bool (*function)(struct span), const struct row *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (function(text_span(rows[i].text)) != rows[i].expected)
			fail_msg("%s", rows[i].text);
}

static void
test_armor_headers(void **state)
{
	(void)state;
	CHECK(phrase_is_armor_header, armor_headers);
}

static void
test_names(void **state)
{
	(void)state;
	CHECK(phrase_is_neutral_name, names);
}

static void
test_preambles(void **state)
{
	(void)state;
	CHECK(phrase_is_preamble, preambles);
}

static void
test_charsets_and_dates(void **state)
{
	(void)state;
	CHECK(phrase_is_date, dates);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_armor_headers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_preambles),
		cmocka_unit_test(test_charsets_and_dates),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
