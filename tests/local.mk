# Every test speaks TAP; automake's driver counts.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TEST_EXTENSIONS = .py .sh
PY_LOG_DRIVER = $(LOG_DRIVER)
PY_LOG_COMPILER = $(PYTHON3)
SH_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_COMPILER = $(SHELL)
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	PYTHONPATH='$(abs_top_srcdir)/tests/lib'; export PYTHONPATH; \
	PYTHONDONTWRITEBYTECODE=1; export PYTHONDONTWRITEBYTECODE;

UNIT_LDADD = libcore.a $(CMOCKA_LIBS)
AM_TESTS_FD_REDIRECT =

check_PROGRAMS += tests/unit/test_civil tests/unit/test_crd
TESTS += tests/unit/test_civil tests/unit/test_crd
tests_unit_test_civil_SOURCES = tests/unit/test_civil.c
tests_unit_test_civil_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_civil_LDADD = $(UNIT_LDADD)
tests_unit_test_crd_SOURCES = tests/unit/test_crd.c
tests_unit_test_crd_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_crd_LDADD = $(UNIT_LDADD)
EXTRA_DIST += tests/data/crd.tsv

# The store, against a redis-server of the test's own.
STORE_LDADD = libedge.a libcore.a $(CMOCKA_LIBS) $(EDGE_LIBS)
RIG = tests/lib/rig.c tests/lib/rig.h
RIG_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests $(CMOCKA_CFLAGS)
store_tests = tests/edge/test_kv tests/edge/test_store \
	tests/edge/test_store_ops \
	tests/edge/test_store_policy \
	tests/edge/test_store_trouble
check_PROGRAMS += $(store_tests)
TESTS += $(store_tests)
tests_edge_test_store_SOURCES = tests/edge/test_store.c $(RIG)
tests_edge_test_store_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_LDADD = $(STORE_LDADD)
tests_edge_test_store_policy_SOURCES = tests/edge/test_store_policy.c $(RIG)
tests_edge_test_store_policy_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_policy_LDADD = $(STORE_LDADD)
tests_edge_test_store_trouble_SOURCES = tests/edge/test_store_trouble.c $(RIG)
tests_edge_test_store_trouble_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_trouble_LDADD = $(STORE_LDADD)

check_PROGRAMS += tests/unit/test_deadline tests/unit/test_issue
TESTS += tests/unit/test_deadline tests/unit/test_issue
tests_unit_test_deadline_SOURCES = tests/unit/test_deadline.c
tests_unit_test_deadline_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_deadline_LDADD = $(UNIT_LDADD)
tests_unit_test_issue_SOURCES = tests/unit/test_issue.c
tests_unit_test_issue_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_issue_LDADD = $(UNIT_LDADD)
dist_check_SCRIPTS += tests/flow/test_warnd.py
TESTS += tests/flow/test_warnd.py
EXTRA_DIST += tests/lib/private_redis.py
tests_edge_test_store_ops_SOURCES = tests/edge/test_store_ops.c $(RIG)
tests_edge_test_store_ops_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_ops_LDADD = $(STORE_LDADD)
tests_edge_test_kv_SOURCES = tests/edge/test_kv.c
tests_edge_test_kv_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_kv_LDADD = $(STORE_LDADD)
