/*
 * libFuzzer target: what decrypted text is read with: HTML, flowed text, the
 * Embargo fields, the dates.
 */
#include <stdlib.h>
#include <string.h>

#include "core/flowed.h"
#include "core/html.h"
#include "core/notice.h"
#include "fuzz/fuzz.h"

#define NOW	1784970000
#define HOUR	(14 * 3600)

static void
check_html(struct span text)
{
	struct buf out, small;
	size_t half;

	buf_init(&out, SIZE_MAX / 2);
	fuzz_check(html_print_text(text, &out), "room enough", text);
	/* a mark in front of each line of a quotation */
	fuzz_check(out.len <= 64 * (text.len + 1), "grows within bounds",
	    text);
	half = out.len / 2;
	buf_init(&small, half);
	(void)!html_print_text(text, &small);
	fuzz_check(small.len <= half, "the limit holds", text);
	buf_clear(&small);
	buf_clear(&out);
}

static void
check_flowed(struct span text)
{
	struct buf out;
	int delsp;

	for (delsp = 0; delsp < 2; delsp++) {
		buf_init(&out, text.len + 1);
		fuzz_check(flowed_print(text, delsp == 1, &out),
		    "it gets no longer", text);
		buf_clear(&out);
	}
}

static void
check_notice(const struct notice *n, struct span text)
{
	fuzz_check(memchr(n->url, '\0', sizeof(n->url)) != NULL &&
	    memchr(n->cve, '\0', sizeof(n->cve)) != NULL &&
	    memchr(n->issue, '\0', sizeof(n->issue)) != NULL,
	    "terminated", text);
	fuzz_check(notice_problem_text(n->problem) != NULL &&
	    (notice_problem_text(n->problem)[0] == '\0') ==
	    (n->problem == NOTICE_CLEAR), "a problem has a text", text);
	fuzz_check(strpbrk(n->url, " \t\r\n\x1b") == NULL &&
	    strpbrk(n->cve, "\r\n\x1b") == NULL, "clean", text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct span text = { bytes, size }, header, body;
	struct notice notice;
	struct fields fields;
	size_t line;

	check_html(text);
	check_flowed(text);
	memset(&notice, 0, sizeof(notice));
	field_split(text, &header, &body);
	(void)field_parse(header, fuzz_limits.max_fields, &fields, &line);
	notice_add_fields(&fields, NOW, HOUR, &notice);
	check_notice(&notice, text);
	notice_add_text(body, NOW, HOUR, &notice);
	check_notice(&notice, text);
	field_clear(&fields);
	memset(&notice, 0, sizeof(notice));
	notice_add_text(text, NOW, HOUR, &notice);
	check_notice(&notice, text);
	return 0;
}
