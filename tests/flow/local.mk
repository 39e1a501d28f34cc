flow_tests = tests/flow/test_warnd.py
dist_check_SCRIPTS += $(flow_tests)
TESTS += $(flow_tests)
EXTRA_DIST += tests/lib/private_redis.py
