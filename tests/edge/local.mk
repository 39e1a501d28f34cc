gpg_tests = tests/edge/test_gpg_status tests/edge/test_job \
	tests/edge/test_members
check_PROGRAMS += $(gpg_tests)
TESTS += $(gpg_tests)
tests_edge_test_gpg_status_SOURCES = tests/edge/test_gpg_status.c
tests_edge_test_gpg_status_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_edge_test_gpg_status_LDADD = $(STORE_LDADD)
tests_edge_test_job_SOURCES = tests/edge/test_job.c tests/lib/job_rig.c \
	tests/lib/job_rig.h
tests_edge_test_job_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_job_LDADD = $(STORE_LDADD)
tests_edge_test_members_SOURCES = tests/edge/test_members.c
tests_edge_test_members_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_edge_test_members_LDADD = $(STORE_LDADD)

RIG_ALL = $(RIG) tests/lib/rig_all.c tests/lib/rig_all.h
RIG_TALK = $(RIG) tests/lib/talk.c tests/lib/talk.h
store_tests = tests/edge/test_kv tests/edge/test_kv_sentinel \
	tests/edge/test_store tests/edge/test_store_cluster \
	tests/edge/test_store_guard \
	tests/edge/test_store_notice tests/edge/test_store_ops \
	tests/edge/test_store_many tests/edge/test_store_property \
	tests/edge/test_store_schema \
	tests/edge/test_store_policy tests/edge/test_store_replay \
	tests/edge/test_store_trouble
check_PROGRAMS += $(store_tests)
TESTS += $(store_tests)
tests_edge_test_kv_SOURCES = tests/edge/test_kv.c
tests_edge_test_kv_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_kv_LDADD = $(STORE_LDADD)
tests_edge_test_kv_sentinel_SOURCES = tests/edge/test_kv_sentinel.c \
	tests/lib/fake_redis.c tests/lib/fake_redis.h
tests_edge_test_kv_sentinel_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_kv_sentinel_LDADD = $(STORE_LDADD)
tests_edge_test_store_SOURCES = tests/edge/test_store.c $(RIG)
tests_edge_test_store_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_LDADD = $(STORE_LDADD)
tests_edge_test_store_cluster_SOURCES = tests/edge/test_store_cluster.c \
	$(RIG_ALL)
tests_edge_test_store_cluster_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_cluster_LDADD = $(STORE_LDADD)
tests_edge_test_store_guard_SOURCES = tests/edge/test_store_guard.c $(RIG)
tests_edge_test_store_guard_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_guard_LDADD = $(STORE_LDADD)
tests_edge_test_store_ops_SOURCES = tests/edge/test_store_ops.c $(RIG)
tests_edge_test_store_ops_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_ops_LDADD = $(STORE_LDADD)
tests_edge_test_store_property_SOURCES = tests/edge/test_store_property.c \
	$(RIG_TALK)
tests_edge_test_store_property_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_property_LDADD = $(STORE_LDADD)
tests_edge_test_store_schema_SOURCES = tests/edge/test_store_schema.c $(RIG)
tests_edge_test_store_schema_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_schema_LDADD = $(STORE_LDADD)
tests_edge_test_store_many_SOURCES = tests/edge/test_store_many.c $(RIG_TALK)
tests_edge_test_store_many_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_many_LDADD = $(STORE_LDADD)
tests_edge_test_store_policy_SOURCES = tests/edge/test_store_policy.c $(RIG)
tests_edge_test_store_policy_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_policy_LDADD = $(STORE_LDADD)
tests_edge_test_store_trouble_SOURCES = tests/edge/test_store_trouble.c \
	$(RIG_ALL)
tests_edge_test_store_trouble_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_trouble_LDADD = $(STORE_LDADD)
tests_edge_test_store_replay_SOURCES = tests/edge/test_store_replay.c $(RIG)
tests_edge_test_store_replay_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_replay_LDADD = $(STORE_LDADD)
tests_edge_test_store_notice_SOURCES = tests/edge/test_store_notice.c $(RIG)
tests_edge_test_store_notice_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_notice_LDADD = $(STORE_LDADD)
edge_scripts = tests/edge/test_sentinel.py
dist_check_SCRIPTS += $(edge_scripts)
TESTS += $(edge_scripts)
EXTRA_DIST += tests/lib/redis_group.py

# What embargo-warnd does with alerts.
mail_tests = tests/edge/test_post tests/edge/test_store_mail \
	tests/edge/test_store_tell
check_PROGRAMS += $(mail_tests)
TESTS += $(mail_tests)
tests_edge_test_post_SOURCES = tests/edge/test_post.c
tests_edge_test_post_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_edge_test_post_LDADD = $(STORE_LDADD)
tests_edge_test_store_mail_SOURCES = tests/edge/test_store_mail.c $(RIG)
tests_edge_test_store_mail_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_mail_LDADD = $(STORE_LDADD)
tests_edge_test_store_tell_SOURCES = tests/edge/test_store_tell.c $(RIG)
tests_edge_test_store_tell_CPPFLAGS = $(RIG_CPPFLAGS)
tests_edge_test_store_tell_LDADD = $(STORE_LDADD)
