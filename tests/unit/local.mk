unit_tests = tests/unit/test_address tests/unit/test_civil tests/unit/test_crd \
	tests/unit/test_deadline tests/unit/test_issue \
	tests/unit/test_phrase tests/unit/test_prose
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
EXTRA_DIST += tests/data/crd.tsv
tests_unit_test_address_SOURCES = tests/unit/test_address.c
tests_unit_test_address_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_address_LDADD = $(UNIT_LDADD)
tests_unit_test_civil_SOURCES = tests/unit/test_civil.c
tests_unit_test_civil_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_civil_LDADD = $(UNIT_LDADD)
tests_unit_test_crd_SOURCES = tests/unit/test_crd.c
tests_unit_test_crd_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_crd_LDADD = $(UNIT_LDADD)
tests_unit_test_deadline_SOURCES = tests/unit/test_deadline.c
tests_unit_test_deadline_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_deadline_LDADD = $(UNIT_LDADD)
tests_unit_test_issue_SOURCES = tests/unit/test_issue.c
tests_unit_test_issue_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_issue_LDADD = $(UNIT_LDADD)
tests_unit_test_phrase_SOURCES = tests/unit/test_phrase.c
tests_unit_test_phrase_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_phrase_LDADD = $(UNIT_LDADD)
tests_unit_test_prose_SOURCES = tests/unit/test_prose.c
tests_unit_test_prose_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_prose_LDADD = $(UNIT_LDADD)
