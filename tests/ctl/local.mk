# A file a line: several hands add to these lists at once.
ctl_tests = \
	tests/ctl/test_oper_change.py \
	tests/ctl/test_oper_check.py
dist_check_SCRIPTS += $(ctl_tests)
TESTS += $(ctl_tests)
EXTRA_DIST += \
	tests/lib/operator_desk.py
