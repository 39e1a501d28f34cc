# Fuzz targets.  Each is also a test that replays its corpus, with any
# compiler; "make fuzz" explores with clang's libFuzzer.
fuzz_replays = \
	tests/fuzz/replay_address \
	tests/fuzz/replay_armor \
	tests/fuzz/replay_classify \
	tests/fuzz/replay_cms \
	tests/fuzz/replay_conf \
	tests/fuzz/replay_crd \
	tests/fuzz/replay_entity \
	tests/fuzz/replay_field \
	tests/fuzz/replay_inside \
	tests/fuzz/replay_mime \
	tests/fuzz/replay_openpgp \
	tests/fuzz/replay_store
check_PROGRAMS += $(fuzz_replays)
TESTS += $(fuzz_replays)
FUZZ = tests/fuzz/fuzz.c tests/fuzz/fuzz.h tests/fuzz/replay.c
NAIVE = tests/fuzz/naive.c tests/fuzz/naive.h tests/fuzz/naive_mail.c
FUZZ_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests

tests_fuzz_replay_address_SOURCES = tests/fuzz/fuzz_address.c $(FUZZ)
tests_fuzz_replay_address_CPPFLAGS = $(FUZZ_CPPFLAGS) \
	-DFUZZ_NAME='"address"'
tests_fuzz_replay_address_LDADD = libcore.a
tests_fuzz_replay_armor_SOURCES = tests/fuzz/fuzz_armor.c $(FUZZ) \
	$(NAIVE)
tests_fuzz_replay_armor_CPPFLAGS = $(FUZZ_CPPFLAGS) \
	-DFUZZ_NAME='"armor"'
tests_fuzz_replay_armor_LDADD = libcore.a
tests_fuzz_replay_classify_SOURCES = tests/fuzz/fuzz_classify.c $(FUZZ) \
	$(NAIVE)
tests_fuzz_replay_classify_CPPFLAGS = $(FUZZ_CPPFLAGS) \
	-DFUZZ_NAME='"classify"'
tests_fuzz_replay_classify_LDADD = libcore.a
tests_fuzz_replay_cms_SOURCES = tests/fuzz/fuzz_cms.c $(FUZZ)
tests_fuzz_replay_cms_CPPFLAGS = $(FUZZ_CPPFLAGS) \
	-DFUZZ_NAME='"cms"'
tests_fuzz_replay_cms_LDADD = libcore.a
tests_fuzz_replay_conf_SOURCES = tests/fuzz/fuzz_conf.c $(FUZZ)
tests_fuzz_replay_conf_CPPFLAGS = $(FUZZ_CPPFLAGS) \
	-DFUZZ_NAME='"conf"'
tests_fuzz_replay_conf_LDADD = libedge.a libcore.a $(EDGE_LIBS)
tests_fuzz_replay_crd_SOURCES = tests/fuzz/fuzz_crd.c $(FUZZ)
tests_fuzz_replay_crd_CPPFLAGS = $(FUZZ_CPPFLAGS) \
	-DFUZZ_NAME='"crd"'
tests_fuzz_replay_crd_LDADD = libcore.a
tests_fuzz_replay_entity_SOURCES = tests/fuzz/fuzz_entity.c $(FUZZ)
tests_fuzz_replay_entity_CPPFLAGS = $(FUZZ_CPPFLAGS) \
	-DFUZZ_NAME='"entity"'
tests_fuzz_replay_entity_LDADD = libcore.a
tests_fuzz_replay_field_SOURCES = tests/fuzz/fuzz_field.c $(FUZZ)
tests_fuzz_replay_field_CPPFLAGS = $(FUZZ_CPPFLAGS) \
	-DFUZZ_NAME='"field"'
tests_fuzz_replay_field_LDADD = libcore.a
tests_fuzz_replay_inside_SOURCES = tests/fuzz/fuzz_inside.c $(FUZZ)
tests_fuzz_replay_inside_CPPFLAGS = $(FUZZ_CPPFLAGS) \
	-DFUZZ_NAME='"inside"'
tests_fuzz_replay_inside_LDADD = libcore.a
tests_fuzz_replay_mime_SOURCES = tests/fuzz/fuzz_mime.c $(FUZZ) \
	$(NAIVE)
tests_fuzz_replay_mime_CPPFLAGS = $(FUZZ_CPPFLAGS) $(GMIME_CFLAGS) \
	-DFUZZ_NAME='"mime"'
tests_fuzz_replay_mime_LDADD = libedge.a libcore.a $(EDGE_LIBS)
tests_fuzz_replay_openpgp_SOURCES = tests/fuzz/fuzz_openpgp.c $(FUZZ) \
	$(NAIVE)
tests_fuzz_replay_openpgp_CPPFLAGS = $(FUZZ_CPPFLAGS) \
	-DFUZZ_NAME='"openpgp"'
tests_fuzz_replay_openpgp_LDADD = libcore.a
tests_fuzz_replay_store_SOURCES = tests/fuzz/fuzz_store.c $(FUZZ)
tests_fuzz_replay_store_CPPFLAGS = $(FUZZ_CPPFLAGS) $(HIREDIS_CFLAGS) \
	-DFUZZ_NAME='"store"'
tests_fuzz_replay_store_LDADD = libedge.a libcore.a $(EDGE_LIBS)

dist_check_SCRIPTS += tests/fuzz/differential.py
TESTS += tests/fuzz/differential.py
EXTRA_DIST += tests/fuzz/README tests/fuzz/address.dict \
	tests/fuzz/armor.dict tests/fuzz/conf.dict tests/fuzz/coverage.py \
	tests/fuzz/explore.sh tests/fuzz/field.dict tests/fuzz/inside.dict \
	tests/fuzz/lsan.supp tests/fuzz/mail.dict tests/fuzz/seeds.py tests/fuzz/store.dict \
	tests/data/fuzz

# FUZZ_SECONDS=60 for each of FUZZ_TARGETS; fuzz-corpus keeps what was found.
FUZZ_ENVIRONMENT = $(AM_TESTS_ENVIRONMENT) CLANG='$(CLANG)'; \
	CPPFLAGS='-I$(top_builddir) -I$(srcdir)/milter -I$(srcdir)/tests \
	$(GPGME_CFLAGS) $(GMIME_CFLAGS) $(HIREDIS_CFLAGS) \
	$(LIBCONFIG_CFLAGS)'; LIBS='$(EDGE_LIBS)'; \
	export CLANG CPPFLAGS LIBS;
fuzz: $(BUILT_SOURCES)
	$(FUZZ_ENVIRONMENT) $(SHELL) $(srcdir)/tests/fuzz/explore.sh
fuzz-corpus: $(BUILT_SOURCES)
	$(FUZZ_ENVIRONMENT) $(SHELL) $(srcdir)/tests/fuzz/explore.sh merge

# The sources once more in a folder of their own, for gcov.
COVERAGE_TESTS = $(unit_tests) $(fuzz_replays)
coverage:
	rm -rf coverage-build
	$(MAKE) $(AM_MAKEFLAGS) distdir distdir=coverage-build
	chmod -R u+w coverage-build
	cd coverage-build && ./configure -q --enable-coverage && \
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(COVERAGE_TESTS)'
	$(PYTHON3) $(srcdir)/tests/fuzz/coverage.py coverage-build
clean-local: clean-fuzz
clean-fuzz:
	rm -rf fuzz-build coverage-build
.PHONY: clean-fuzz coverage fuzz fuzz-corpus
