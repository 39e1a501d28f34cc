# The programs, asking a file for the time: tests/lib/history.py.
IN_TIME = -Wl,--wrap=clock_now
time_programs = tests/time/embargo-milter tests/time/embargo-warnd \
	tests/time/embargoctl
check_PROGRAMS += $(time_programs)
tests_time_embargo_milter_SOURCES = $(embargo_milter_SOURCES) \
	tests/lib/fake_clock.c
tests_time_embargo_milter_CPPFLAGS = $(embargo_milter_CPPFLAGS)
tests_time_embargo_milter_LDADD = $(embargo_milter_LDADD)
tests_time_embargo_milter_LDFLAGS = $(IN_TIME)
tests_time_embargo_warnd_SOURCES = $(embargo_warnd_SOURCES) \
	tests/lib/fake_clock.c
tests_time_embargo_warnd_LDADD = $(embargo_warnd_LDADD)
tests_time_embargo_warnd_LDFLAGS = $(IN_TIME)
tests_time_embargoctl_SOURCES = $(embargoctl_SOURCES) tests/lib/fake_clock.c
tests_time_embargoctl_CPPFLAGS = $(embargoctl_CPPFLAGS)
tests_time_embargoctl_LDADD = $(embargoctl_LDADD)
tests_time_embargoctl_LDFLAGS = $(IN_TIME)

time_tests = tests/time/test_calendar.py tests/time/test_calendar_chaos.py
dist_check_SCRIPTS += $(time_tests)
TESTS += $(time_tests)
EXTRA_DIST += \
	tests/data/calendar/alerts \
	tests/data/calendar/history \
	tests/lib/history.py
