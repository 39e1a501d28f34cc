/*
 * page: a self-contained page of HTML; see page.h.
 */
#include <stdio.h>

#include "core/crd.h"
#include "core/escape.h"
#include "ctl/ctl.h"
#include "ctl/page.h"
#include "milter/ctl/page.css.h"

#define MAX_TEXT (64 * 1024)

void
page_begin(const char *title, const char *seal)
{
	puts("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
	    "base-uri 'none'; form-action 'none'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<link rel=\"icon\" href=\"data:,\">");
	if (seal != NULL)
		puts("<meta name=\"robots\" content=\"noindex\">");
	fputs("<title>", stdout);
	page_text(title);
	printf("</title>\n<style>\n%s", page_css);
	if (seal != NULL)	/* on each page of paper */
		puts("@page { @bottom-center { content: \"EMBARGOED\"; "
		    "font: 600 9pt sans-serif; color: #a02c12; } }");
	puts("</style>\n</head>\n<body>");
	if (seal != NULL) {
		fputs("<header class=\"seal\"><p>", stdout);
		page_text(seal);
		puts("</p></header>");
	}
	fputs("<main>\n<h1>", stdout);
	page_text(title);
	puts("</h1>");
}

void
page_end(int64_t now)
{
	fputs("</main>\n<footer>Made by embargoctl at ", stdout);
	page_time(now);
	puts(" UTC.</footer>\n</body>\n</html>");
}

void
page_text(const char *text)
{
	struct buf out;

	buf_init(&out, MAX_TEXT);
	(void)!escape_html(text_span(text), &out);	/* or cut */
	if (out.len > 0)
		fwrite(out.data, 1, out.len, stdout);
	buf_clear(&out);
}

void
page_time(int64_t at)
{
	char machine[CRD_PRINT_SIZE], people[24];

	if (at == 0)
		return;
	crd_print(at, machine);
	ctl_print_time(at, people);
	printf("<time datetime=\"%s\">%s</time>", machine, people);
}

/* An address that was escaped as one still has "&" in it. */
static bool
escape_href(struct span url, struct buf *out)
{
	struct buf plain;
	bool ok;

	buf_init(&plain, MAX_TEXT);
	ok = escape_url(url, &plain) && escape_html(buf_span(&plain), out);
	buf_clear(&plain);
	return ok;
}

void
page_link(const char *url)
{
	struct buf href;

	buf_init(&href, MAX_TEXT);
	if (escape_href(text_span(url), &href) && href.len > 0) {
		printf("<a rel=\"noreferrer\" href=\"%.*s\">", (int)href.len,
		    (const char *)href.data);
		page_text(url);
		fputs("</a>", stdout);
	} else
		page_text(url);
	buf_clear(&href);
}
