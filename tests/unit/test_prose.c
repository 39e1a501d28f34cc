/*
 * prose: header fields that tell a story, and those that only look long.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/prose.h"

#define STORY	"the parser of sshd copies the name into a buffer of fixed " \
	"size before it looks at the length"
#define ENCODED	"=?utf-8?B?dGhlIHBhcnNlciBvZiBzc2hkIGNvcGllcyB0aGUgbmFtZSBp?="

static const struct {
	const char	*name, *value;
	bool		 expected;	/* is it prose? */
} rows[] = {
	{ "Comments", " sshd", true },
	{ "Keywords", " sshd", true },
	{ "Comments", "  ", false },
	{ "X-Description", " " STORY, true },
	{ "X-Note", " the parser\r\n of sshd copies the name\r\n into a "
	    "buffer of\r\n\tfixed size", true },
	{ "X-Hint", ENCODED " " ENCODED " " ENCODED " " ENCODED " " ENCODED,
	    true },
	{ "Summary", STORY, true },
	{ "Organization", " Example Widgets and Gadgets Ltd", false },
	{ "X-Token", " AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", false },
	{ "X-Scores", " 1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0 9.0 10 11 12", false },
	{ "X-Spam-Report", " " STORY, false },
	/* what machines fill, but not with sentences */
	{ "x-ms-exchange-whatever", " " STORY, true },
	{ "X-Warning", " The parser of OpenSSL 3.2, which nobody reads, "
	    "copies the name into a buffer", true },
	{ "X-Filter", ENCODED " " ENCODED " " ENCODED " " ENCODED, true },
	{ "Received", " from a by b with c for d; " STORY, true },
	{ "Authentication-Results", " mx.example.org; " STORY, true },
	{ "Autocrypt", " addr=a@example.org; keydata=" STORY, true },
	{ "DKIM-Signature", " v=1; b=" STORY, true },
	{ "X-PGP-Hint", " the-parser-of-sshd-copies-the-name-into-some-other-"
	    "buffer-of-size", true },
	{ "Received", " from mail.example.org (mail.example.org [192.0.2.1])"
	    "\r\n (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 "
	    "bits)\r\n key-exchange X25519 server-signature RSA-PSS (2048 "
	    "bits) server-digest SHA256)\r\n (No client certificate "
	    "requested)\r\n by mx.example.org (Postfix) with ESMTPS id AB1C2",
	    false },
	{ "Received-SPF", " Neutral (protection.outlook.com: 192.0.2.1 is "
	    "neither permitted nor denied by domain of example.org)", false },
	{ "Authentication-Results-Original", " mx.google.com; dkim=pass "
	    "header.i=@example.org; spf=pass (google.com: domain of "
	    "a@example.org designates 192.0.2.1 as permitted sender) "
	    "smtp.mailfrom=a@example.org; dmarc=pass (p=NONE sp=NONE "
	    "dis=NONE) header.from=example.org", false },
	{ "X-Example-MailScanner-SpamCheck", " not spam, SpamAssassin (not "
	    "cached, score=-1.9, required 6, autolearn=not spam, BAYES_00 "
	    "-1.90, SPF_PASS -0.00)", false },
	{ "X-KLMS-AntiVirus", " Kaspersky Security for Linux Mail Server, "
	    "version 8.0.3.30, bases: 2026/11/23 08:41:00 #15836013", false },
	{ "X-AntiAbuse", " This header was added to track abuse, please "
	    "include it with any abuse report", false },
	{ "X-Spam-Status", " No, score=-1.9 required=5.0 tests=BAYES_00, "
	    "DKIM_SIGNED, DKIM_VALID, HTML_MESSAGE, SPF_HELO_NONE, SPF_PASS, "
	    "RCVD_IN_DNSWL_NONE, URIBL_BLOCKED autolearn=ham", false },
	/* the name of a field, and words that a dot joins */
	{ "X-The-Parser-Of-Sshd-Copies-The-Name-Into-A-Buffer", "1", true },
	{ "X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp",
	    " TenantId=0; Ip=[192.0.2.1]", false },
	{ "X-Hint", " the.parser.of.sshd.copies.the.name.into.a.buffer.of",
	    true },
	{ "Subject", " " STORY, false },	/* subject_tags, hide_subject */
	{ "From", " Alice Example <alice@example.org>", false },
	{ "From", " " STORY " <alice@example.org>", true },
	{ "To", " \"" STORY "\" <distros@vs.example.org>", true },
	{ "Cc", " Alice Example <a@example.org>, Bob Example "
	    "<b@example.org>, Carol Example <c@example.org>, Dan Example "
	    "<d@example.org>, Erin Example <e@example.org>", false },
	{ "Cc", " \"Example, Alice (Product Security)\" <a@example.org>",
	    false },
	{ "From", " =?utf-8?Q?Alice_Example_=28Security=29?= <a@example.org>",
	    false },
	{ "From", " " ENCODED "\r\n " ENCODED " <a@example.org>", true },
	{ "User-Agent", " Mozilla/5.0 (X11; Linux x86_64; rv:102.0) "
	    "Gecko/20100101 Thunderbird/102.6.0", false },
	{ "User-Agent", " " STORY, true },
	{ "X-Message-Flag", " " STORY, true },
	{ "Date", " Wed, 25 Nov 2026 10:00:00 +0100 (" STORY ")", true },
	{ "List-Id", " " STORY " <list.example.org>", true },
	{ "List-Id", " The private list <distros.vs.example.org>", false },
	{ "Thread-Topic", " " STORY, false },	/* the Subject again */
	{ "In-Reply-To", " Your message of Tue, 24 Nov 2026 <a@b.example>",
	    false },
	{ "References", " <abcdefgh@mail.example.org> <ijklmnop@b.example> "
	    "<abcdefgh@mail.example.org> <ijklmnop@b.example> "
	    "<abcdefgh@mail.example.org> <ijklmnop@b.example> "
	    "<abcdefgh@mail.example.org> <ijklmnop@b.example> "
	    "<abcdefgh@mail.example.org> <ijklmnop@b.example> "
	    "<abcdefgh@mail.example.org> <ijklmnop@b.example>", false },
	{ "X-Hint", " the_parser_of_sshd_copies_the_name_into_a_buffer_"
	    "of_fixed_size", true },
	{ "X-Hint", " The-Parser-Of-Sshd-Copies-The-Name-Into-A-Buffer-Of",
	    true },
	{ "X-Sig", " Q2hhcmxlcyBCYWJiYWdl+SGFsbG8gV2VsdA/Zm9vYmFyYmF6cXV4+"
	    "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=", false },
	{ "X-Data", " a/bcDefGhiJkl/MnoPq+rs7tuVwx9YzAbc/DEfghIjklm3NopQr0ST+"
	    "uv/WXyz1AB/cdEFGhij4klMNOPqr/stUV+wxYZ5abCDEf/ghIJkl6mnOPqrs"
	    "/tuvWXyz2ABCdefGH/ijKLmn8opQRstu/vwXYZ+abCDef3GHijk/lmnOPqr5"
	    "ST/uvWXyz0ABcdEF+ghIJKlmn/opQR4stUV/wxYZabCDefGHi9jkLM/noPQr",
	    false },
	{ "X-Relayed", " by mx-out.mail.example.org via smtp.example.net "
	    "for lists.example.com", false },
	/* sixty ideographs, and a name of four */
	{ "X-Hint", " \xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	    "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	    "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	    "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	    "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	    "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	    "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	    "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	    "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
	    "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", true },
	{ "From", " \xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2 "
	    "<a@example.org>", false },
};

static void
test_rows(void **state)
{
	struct field field = { { NULL, 0 }, { NULL, 0 }, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		field.name = text_span(rows[i].name);
		field.value = text_span(rows[i].value);
		if ((prose_check(&field) != NULL) != rows[i].expected)
			fail_msg("%s:%s", rows[i].name, rows[i].value);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
