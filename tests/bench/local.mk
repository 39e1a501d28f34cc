# What "make bench" needs; test_bench.py runs its short form.
bench_programs = tests/bench/load tests/bench/nothing tests/bench/tracked
check_PROGRAMS += $(bench_programs)
tests_bench_load_SOURCES = tests/bench/load.c
tests_bench_load_CPPFLAGS = $(AM_CPPFLAGS)
tests_bench_load_LDADD = libcore.a -lpthread
tests_bench_nothing_SOURCES = tests/bench/nothing.c
tests_bench_nothing_CPPFLAGS = $(AM_CPPFLAGS) $(MILTER_CFLAGS)
tests_bench_nothing_LDADD = $(MILTER_LIBS) -lpthread
tests_bench_tracked_SOURCES = tests/bench/tracked.c $(RIG)
tests_bench_tracked_CPPFLAGS = $(RIG_CPPFLAGS)
tests_bench_tracked_LDADD = $(STORE_LDADD)

bench_tests = tests/bench/test_bench.py
dist_check_SCRIPTS += $(bench_tests)
TESTS += $(bench_tests)
EXTRA_DIST += tests/bench/RESULTS tests/bench/bench.py tests/bench/meter.py \
	tests/bench/scenes.py

# BENCH=WORD... picks rows: other, blind, sighted, memory, tracked.
BENCH =
bench: $(bench_programs) $(sbin_PROGRAMS)
	$(AM_TESTS_ENVIRONMENT) $(PYTHON3) $(srcdir)/tests/bench/bench.py \
	    --output $(srcdir)/tests/bench/RESULTS $(BENCH)
.PHONY: bench
