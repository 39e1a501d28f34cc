flow_tests = tests/flow/test_faults.py tests/flow/test_hostile.py \
	tests/flow/test_process.py tests/flow/test_reasons.py \
	tests/flow/test_session.py tests/flow/test_warnd.py
dist_check_SCRIPTS += $(flow_tests)
TESTS += $(flow_tests)
EXTRA_DIST += tests/lib/fake_gpg.py tests/lib/fake_mta.py \
	tests/lib/gpg_keys.py tests/lib/mails.py tests/lib/milter_rig.py \
	tests/lib/openpgp.py tests/lib/private_redis.py tests/lib/tap.py
EXTRA_DIST += tests/flow/rows_accepted.py tests/flow/rows_malformed.py \
	tests/flow/rows_policy.py tests/flow/rows_refused.py \
	tests/flow/shapes.py
