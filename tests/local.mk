# Every test speaks TAP; automake's driver counts.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TEST_EXTENSIONS = .py .sh
PY_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_DRIVER = $(LOG_DRIVER)
# SANITIZED: nothing, or what sees to it that a sanitizer's report is a failure.
LOG_COMPILER = $(SANITIZED)
PY_LOG_COMPILER = $(SANITIZED) $(PYTHON3)
SH_LOG_COMPILER = $(SANITIZED) $(SHELL)
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	PYTHONPATH='$(abs_top_srcdir)/tests/lib'; export PYTHONPATH; \
	PYTHONDONTWRITEBYTECODE=1; export PYTHONDONTWRITEBYTECODE; \
	ASAN_OPTIONS="verify_asan_link_order=0:$${ASAN_OPTIONS-}"; \
	export ASAN_OPTIONS;

UNIT_LDADD = libcore.a $(CMOCKA_LIBS)
AM_TESTS_FD_REDIRECT =

# Programs that link the store and talk to a redis-server of their own.
STORE_LDADD = libedge.a libcore.a $(CMOCKA_LIBS) $(EDGE_LIBS)
RIG = tests/lib/rig.c tests/lib/rig.h \
	tests/lib/rig_group.c tests/lib/rig_group.h
RIG_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests $(CMOCKA_CFLAGS)
UNIT_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)

# What wants the network and half an hour: Debian from nothing.
EXTRA_DIST += tests/proof/fresh-debian.sh
.PHONY: proof
proof:
	STEPS='$(STEPS)' $(srcdir)/tests/proof/fresh-debian.sh

include tests/unit/local.mk
include tests/edge/local.mk
include tests/flow/local.mk
include tests/time/local.mk
include tests/ctl/local.mk
include tests/e2e/local.mk
include tests/lint/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk

# What takes long: a line each, "SCRIPT ARGUMENTS...", one after the other.
# SOAK=PATTERN picks some.
SOAK = .
soak: $(check_PROGRAMS) $(sbin_PROGRAMS) $(bin_PROGRAMS)
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/soak.sh '$(SOAK)' \
	    '$(PYTHON3)' '$(abs_top_srcdir)'
.PHONY: soak
EXTRA_DIST += tests/soak.sh tests/soak.list
EXTRA_DIST += tests/lib/sanitized.sh tests/lib/tsan.supp

# The unit tests under valgrind.
memcheck: $(unit_tests)
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/memcheck.sh \
	    $(unit_tests)
.PHONY: memcheck
EXTRA_DIST += tests/memcheck.sh

# What other compilers and checkers say of the programs.
ANALYZE_CPPFLAGS = -DHAVE_CONFIG_H -I$(abs_top_builddir) \
	-I$(abs_top_srcdir)/milter -I$(abs_top_builddir)/milter \
	-DSYSCONFDIR=\"$(sysconfdir)\" -DPKGDATADIR=\"$(pkgdatadir)\" \
	-DLOCALSTATEDIR=\"$(localstatedir)\" $(MILTER_CFLAGS) $(GPGME_CFLAGS) \
	$(GMIME_CFLAGS) $(HIREDIS_CFLAGS) $(LIBCONFIG_CFLAGS) $(JANSSON_CFLAGS)
analyze: $(BUILT_SOURCES)
	CPPFLAGS='$(ANALYZE_CPPFLAGS)' $(SHELL) $(srcdir)/tests/analyze.sh \
	    '$(abs_top_srcdir)'
.PHONY: analyze
EXTRA_DIST += .clang-tidy tests/analyze.sh tests/cppcheck.supp
