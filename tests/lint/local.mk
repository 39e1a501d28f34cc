lint_tests = \
	tests/lint/test_commands.py \
	tests/lint/test_conf_keys.py \
	tests/lint/test_conf_values.py \
	tests/lint/test_floors.py \
	tests/lint/test_guides.py \
	tests/lint/test_install.py \
	tests/lint/test_map.py \
	tests/lint/test_pages.py \
	tests/lint/test_purity.py \
	tests/lint/test_reason_table.py \
	tests/lint/test_redis_names.py \
	tests/lint/test_scripts.py \
	tests/lint/test_style.py \
	tests/lint/test_vocabulary.py
dist_check_SCRIPTS += $(lint_tests)
TESTS += $(lint_tests)
EXTRA_DIST += tests/lint/keys.py tests/lint/lint.py
