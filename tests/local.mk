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
