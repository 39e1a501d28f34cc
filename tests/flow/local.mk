# A file a line: several hands add to these lists at once.
flow_tests = \
	tests/flow/test_corpus.py \
	tests/flow/test_date_inside.py \
	tests/flow/test_faults.py \
	tests/flow/test_gpg_trouble.py \
	tests/flow/test_guard.py \
	tests/flow/test_hardening.py \
	tests/flow/test_hostile.py \
	tests/flow/test_inside.py \
	tests/flow/test_keywatch.py \
	tests/flow/test_kill_points.py \
	tests/flow/test_mail_chaos.py \
	tests/flow/test_mailer.py \
	tests/flow/test_plaintext.py \
	tests/flow/test_lifecycle.py \
	tests/flow/test_load.py \
	tests/flow/test_process.py \
	tests/flow/test_reasons.py \
	tests/flow/test_sandbox.py \
	tests/flow/test_session.py \
	tests/flow/test_smime.py \
	tests/flow/test_smime_inside.py \
	tests/flow/test_told.py \
	tests/flow/test_warnd.py \
	tests/flow/test_wrap.py
# For gpg as well: without sanitizers, whatever the programs are built with.
check_DATA = tests/lib/shift-clock.so
tests/lib/shift-clock.so: tests/lib/shift_clock.c
	@$(MKDIR_P) tests/lib
	$(AM_V_CC)$(CC) $(CPPFLAGS) $(CFLAGS) -D_GNU_SOURCE -fPIC -shared \
	    -o $@ $(srcdir)/tests/lib/shift_clock.c
EXTRA_DIST += tests/lib/shift_clock.c
CLEANFILES += tests/lib/shift-clock.so
dist_check_SCRIPTS += $(flow_tests)
TESTS += $(flow_tests)
EXTRA_DIST += \
	tests/lib/account.py \
	tests/lib/cutting_proxy.py \
	tests/lib/fake_gpg.py \
	tests/lib/fake_mta.py \
	tests/lib/fake_sendmail.py \
	tests/lib/gpg_keys.py \
	tests/lib/mails.py \
	tests/lib/milter_rig.py \
	tests/lib/openpgp.py \
	tests/lib/private_redis.py \
	tests/lib/processes.py \
	tests/lib/redis_trouble.py \
	tests/lib/shift_clock.py \
	tests/lib/tap.py \
	tests/lib/warnd_rig.py \
	tests/lib/x509.py \
	tests/flow/rows_accepted.py \
	tests/flow/rows_malformed.py \
	tests/flow/rows_policy.py \
	tests/flow/rows_refused.py \
	tests/flow/shapes.py \
	tests/flow/sighted.py \
	tests/flow/wrapping.py

# The corpus: its generator, and the folder that it writes.
EXTRA_DIST += \
	tests/corpus/attacks_armor.py \
	tests/corpus/attacks_fields.py \
	tests/corpus/attacks_packets.py \
	tests/corpus/attacks_structure.py \
	tests/corpus/attacks_syntax.py \
	tests/corpus/clients.py \
	tests/corpus/make_corpus.py \
	tests/corpus/notes.py \
	tests/corpus/others.py \
	tests/corpus/refusals.py \
	tests/corpus/shape.py \
	tests/corpus/testkeys.py \
	tests/data/mail
.PHONY: corpus
corpus:
	$(PYTHON3) $(srcdir)/tests/corpus/make_corpus.py
