/*
 * endpoint: where a server listens, as the configuration and sentinels say it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/endpoint.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define TEN	"0123456789"
#define HUNDRED	TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/* NULL: refused */
static const struct row {
	const char		*text;
	enum endpoint_scheme	 scheme;
	const char		*expected;
} rows[] = {
	{ "unix:/run/redis.sock", ENDPOINT_TCP, "unix:/run/redis.sock" },
	{ "tcp:redis.example:6379", ENDPOINT_TCP, "tcp:redis.example:6379" },
	{ "tcp:192.0.2.1:1", ENDPOINT_TCP, "tcp:192.0.2.1:1" },
	{ "tcp:[2001:db8::1]:65535", ENDPOINT_TCP, "tcp:[2001:db8::1]:65535" },
	{ "redis.example:26379", ENDPOINT_BARE, "tcp:redis.example:26379" },
	{ "[::1]:26379", ENDPOINT_BARE, "tcp:[::1]:26379" },
	{ "tcp:a:26379", ENDPOINT_BARE, "tcp:a:26379" },
	{ "unix:/s", ENDPOINT_BARE, "unix:/s" },
	{ "redis.example:26379", ENDPOINT_TCP, NULL },
	{ "unix:relative", ENDPOINT_TCP, NULL },
	{ "unix:", ENDPOINT_TCP, NULL },
	{ "unix:/" HUNDRED TEN, ENDPOINT_TCP, NULL },
	{ "unix:/with blank", ENDPOINT_TCP, NULL },
	{ "tcp:", ENDPOINT_TCP, NULL },
	{ "tcp:host", ENDPOINT_TCP, NULL },
	{ "tcp:host:", ENDPOINT_TCP, NULL },
	{ "tcp::6379", ENDPOINT_TCP, NULL },
	{ "tcp:host:0", ENDPOINT_TCP, NULL },
	{ "tcp:host:65536", ENDPOINT_TCP, NULL },
	{ "tcp:host:123456", ENDPOINT_TCP, NULL },
	{ "tcp:host:+1", ENDPOINT_TCP, NULL },
	{ "tcp:host:1 ", ENDPOINT_TCP, NULL },
	{ "tcp:::1:6379", ENDPOINT_TCP, NULL },
	{ "tcp:[]:6379", ENDPOINT_TCP, NULL },
	{ "tcp:ho st:6379", ENDPOINT_TCP, NULL },
	{ "tls:host:6379", ENDPOINT_TCP, NULL },
	{ "tls:host:6379", ENDPOINT_BARE, NULL },
	{ "rediss://host:6379", ENDPOINT_BARE, NULL },
	{ "tcp:" HUNDRED HUNDRED TEN TEN TEN TEN TEN "012345:1", ENDPOINT_TCP,
	    NULL },
	{ "", ENDPOINT_BARE, NULL },
};

static void
test_parse(void **state)
{
	char text[ENDPOINT_TEXT_SIZE];
	struct endpoint got;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		if (!endpoint_parse(text_span(rows[i].text), rows[i].scheme,
		    &got)) {
			if (rows[i].expected != NULL)
				fail_msg("%s: refused", rows[i].text);
			continue;
		}
		endpoint_print(&got, text);
		if (rows[i].expected == NULL)
			fail_msg("%s: taken as %s", rows[i].text, text);
		assert_string_equal(text, rows[i].expected);
	}
}

static void
test_same(void **state)
{
	struct endpoint a, b;

	(void)state;
	assert_true(endpoint_of(text_span("::1"), text_span("6379"), &a));
	assert_true(endpoint_parse(text_span("[::1]:6379"), ENDPOINT_BARE,
	    &b));
	assert_true(endpoint_is_same(&a, &b));
	b.port++;
	assert_false(endpoint_is_same(&a, &b));
	assert_false(endpoint_of(text_span(""), text_span("1"), &a));
	assert_false(endpoint_of(text_span("a"), text_span("x"), &a));
	assert_true(endpoint_parse(text_span("unix:/a"), ENDPOINT_BARE, &a));
	assert_true(endpoint_parse(text_span("unix:/b"), ENDPOINT_BARE, &b));
	assert_false(endpoint_is_same(&a, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_same),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
