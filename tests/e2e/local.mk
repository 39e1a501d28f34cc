e2e_tests = \
	tests/e2e/test_alert_mail.py \
	tests/e2e/test_failures.py \
	tests/e2e/test_guard.py \
	tests/e2e/test_interop.py \
	tests/e2e/test_postfix.py \
	tests/e2e/test_readme.py
dist_check_SCRIPTS += $(e2e_tests)
TESTS += $(e2e_tests)
EXTRA_DIST += tests/README tests/lib/guarded_site.py tests/lib/ledger.py \
	tests/lib/private_postfix.py tests/lib/private_sendmail.py \
	tests/lib/unpack_sendmail.sh tests/lib/reporter.py
