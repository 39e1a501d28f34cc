e2e_tests = \
	tests/e2e/test_alert_mail.py \
	tests/e2e/test_contrib.py \
	tests/e2e/test_failures.py \
	tests/e2e/test_guard.py \
	tests/e2e/test_interop.py \
	tests/e2e/test_postfix.py \
	tests/e2e/test_readme.py \
	tests/e2e/test_setup.py \
	tests/e2e/test_stranger.py
dist_check_SCRIPTS += $(e2e_tests)
TESTS += $(e2e_tests)
EXTRA_DIST += tests/README tests/lib/bare_host.py \
	tests/lib/guarded_site.py tests/lib/ledger.py \
	tests/lib/private_postfix.py tests/lib/private_sendmail.py \
	tests/lib/reporter.py tests/lib/unpack_sendmail.sh
