# A file a line: several hands add to these lists at once.
ctl_tests = \
	tests/ctl/test_browser.py \
	tests/ctl/test_calendar.py \
	tests/ctl/test_metrics.py \
	tests/ctl/test_oper_change.py \
	tests/ctl/test_oper_check.py \
	tests/ctl/test_oper_classify.py \
	tests/ctl/test_oper_completion.py \
	tests/ctl/test_oper_export.py \
	tests/ctl/test_oper_import.py \
	tests/ctl/test_oper_probe.py \
	tests/ctl/test_oper_purge.py \
	tests/ctl/test_stats.py \
	tests/ctl/test_terminal.py \
	tests/ctl/test_views.py
dist_check_SCRIPTS += $(ctl_tests)
TESTS += $(ctl_tests)
EXTRA_DIST += \
	tests/ctl/past_mail.py \
	tests/lib/browser.py \
	tests/lib/ctl_rig.py \
	tests/lib/operator_desk.py \
	tests/lib/past.py \
	tests/lib/terminal.py
