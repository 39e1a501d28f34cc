# A file a line: several hands add to these lists at once.
ctl_tests = \
	tests/ctl/test_oper_change.py \
	tests/ctl/test_oper_check.py \
	tests/ctl/test_oper_classify.py \
	tests/ctl/test_oper_completion.py \
	tests/ctl/test_oper_export.py \
	tests/ctl/test_oper_import.py \
	tests/ctl/test_oper_probe.py \
	tests/ctl/test_oper_purge.py
dist_check_SCRIPTS += $(ctl_tests)
TESTS += $(ctl_tests)
EXTRA_DIST += \
	tests/ctl/past_mail.py \
	tests/lib/operator_desk.py
