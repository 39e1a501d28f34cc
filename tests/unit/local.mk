unit_tests = \
	tests/unit/test_address \
	tests/unit/test_answer \
	tests/unit/test_armor \
	tests/unit/test_axis \
	tests/unit/test_base64 \
	tests/unit/test_buf \
	tests/unit/test_certificate \
	tests/unit/test_charset \
	tests/unit/test_civil \
	tests/unit/test_classify \
	tests/unit/test_cms \
	tests/unit/test_cms_cut \
	tests/unit/test_crd \
	tests/unit/test_cursor \
	tests/unit/test_deadline \
	tests/unit/test_der \
	tests/unit/test_description \
	tests/unit/test_endpoint \
	tests/unit/test_entity \
	tests/unit/test_escape \
	tests/unit/test_fault \
	tests/unit/test_field \
	tests/unit/test_harmless \
	tests/unit/test_html \
	tests/unit/test_ical \
	tests/unit/test_issue \
	tests/unit/test_leaf \
	tests/unit/test_mangled \
	tests/unit/test_memo \
	tests/unit/test_narrow \
	tests/unit/test_noise \
	tests/unit/test_notice \
	tests/unit/test_openpgp \
	tests/unit/test_packet \
	tests/unit/test_period \
	tests/unit/test_phrase \
	tests/unit/test_policy \
	tests/unit/test_policy_copy \
	tests/unit/test_policy_smime \
	tests/unit/test_prose \
	tests/unit/test_quoted \
	tests/unit/test_signature \
	tests/unit/test_stats \
	tests/unit/test_text \
	tests/unit/test_units \
	tests/unit/test_utf8 \
	tests/unit/test_verdict \
	tests/unit/test_wire
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
EXTRA_DIST += tests/data/crd.tsv
PGP = tests/lib/pgp.c tests/lib/pgp.h
ASN1 = tests/lib/asn1.c tests/lib/asn1.h $(PGP)
CMS = tests/lib/cms_recipes.h $(ASN1)
LETTER = tests/lib/letter.c tests/lib/letter.h

tests_unit_test_address_SOURCES = tests/unit/test_address.c
tests_unit_test_address_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_address_LDADD = $(UNIT_LDADD)
tests_unit_test_answer_SOURCES = tests/unit/test_answer.c
tests_unit_test_answer_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_answer_LDADD = $(UNIT_LDADD)
tests_unit_test_armor_SOURCES = tests/unit/test_armor.c $(PGP)
tests_unit_test_armor_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_armor_LDADD = $(UNIT_LDADD)
tests_unit_test_base64_SOURCES = tests/unit/test_base64.c $(PGP)
tests_unit_test_base64_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_base64_LDADD = $(UNIT_LDADD)
tests_unit_test_buf_SOURCES = tests/unit/test_buf.c
tests_unit_test_buf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_buf_LDADD = $(UNIT_LDADD)
tests_unit_test_certificate_SOURCES = tests/unit/test_certificate.c $(ASN1)
tests_unit_test_certificate_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_certificate_LDADD = $(UNIT_LDADD)
tests_unit_test_charset_SOURCES = tests/unit/test_charset.c
tests_unit_test_charset_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_charset_LDADD = $(UNIT_LDADD)
tests_unit_test_civil_SOURCES = tests/unit/test_civil.c
tests_unit_test_civil_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_civil_LDADD = $(UNIT_LDADD)
tests_unit_test_classify_SOURCES = tests/unit/test_classify.c $(PGP) $(LETTER)
tests_unit_test_classify_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_classify_LDADD = $(UNIT_LDADD)
tests_unit_test_cms_SOURCES = tests/unit/test_cms.c $(CMS)
tests_unit_test_cms_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_cms_LDADD = $(UNIT_LDADD)
tests_unit_test_cms_cut_SOURCES = tests/unit/test_cms_cut.c $(CMS)
tests_unit_test_cms_cut_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_cms_cut_LDADD = $(UNIT_LDADD)
tests_unit_test_crd_SOURCES = tests/unit/test_crd.c
tests_unit_test_crd_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_crd_LDADD = $(UNIT_LDADD)
tests_unit_test_cursor_SOURCES = tests/unit/test_cursor.c
tests_unit_test_cursor_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_cursor_LDADD = $(UNIT_LDADD)
tests_unit_test_deadline_SOURCES = tests/unit/test_deadline.c
tests_unit_test_deadline_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_deadline_LDADD = $(UNIT_LDADD)
tests_unit_test_der_SOURCES = tests/unit/test_der.c $(ASN1)
tests_unit_test_der_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_der_LDADD = $(UNIT_LDADD)
tests_unit_test_description_SOURCES = tests/unit/test_description.c
tests_unit_test_description_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_description_LDADD = $(UNIT_LDADD)
tests_unit_test_endpoint_SOURCES = tests/unit/test_endpoint.c
tests_unit_test_endpoint_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_endpoint_LDADD = $(UNIT_LDADD)
tests_unit_test_entity_SOURCES = tests/unit/test_entity.c $(PGP) $(LETTER)
tests_unit_test_entity_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_entity_LDADD = $(UNIT_LDADD)
tests_unit_test_fault_SOURCES = tests/unit/test_fault.c
tests_unit_test_fault_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_fault_LDADD = $(UNIT_LDADD)
tests_unit_test_field_SOURCES = tests/unit/test_field.c
tests_unit_test_field_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_field_LDADD = $(UNIT_LDADD)
tests_unit_test_harmless_SOURCES = tests/unit/test_harmless.c $(PGP) $(LETTER)
tests_unit_test_harmless_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_harmless_LDADD = $(UNIT_LDADD)
tests_unit_test_html_SOURCES = tests/unit/test_html.c
tests_unit_test_html_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_html_LDADD = $(UNIT_LDADD)
tests_unit_test_issue_SOURCES = tests/unit/test_issue.c
tests_unit_test_issue_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_issue_LDADD = $(UNIT_LDADD)
tests_unit_test_leaf_SOURCES = tests/unit/test_leaf.c $(PGP) $(LETTER)
tests_unit_test_leaf_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_leaf_LDADD = $(UNIT_LDADD)
tests_unit_test_mangled_SOURCES = tests/unit/test_mangled.c $(PGP) $(LETTER)
tests_unit_test_mangled_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_mangled_LDADD = $(UNIT_LDADD)
tests_unit_test_noise_SOURCES = tests/unit/test_noise.c $(PGP)
tests_unit_test_noise_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_noise_LDADD = $(UNIT_LDADD)
tests_unit_test_notice_SOURCES = tests/unit/test_notice.c
tests_unit_test_notice_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_notice_LDADD = $(UNIT_LDADD)
tests_unit_test_openpgp_SOURCES = tests/unit/test_openpgp.c $(PGP)
tests_unit_test_openpgp_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_openpgp_LDADD = $(UNIT_LDADD)
tests_unit_test_packet_SOURCES = tests/unit/test_packet.c $(PGP)
tests_unit_test_packet_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_packet_LDADD = $(UNIT_LDADD)
tests_unit_test_phrase_SOURCES = tests/unit/test_phrase.c
tests_unit_test_phrase_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_phrase_LDADD = $(UNIT_LDADD)
tests_unit_test_policy_SOURCES = tests/unit/test_policy.c
tests_unit_test_policy_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_policy_LDADD = $(UNIT_LDADD)
tests_unit_test_policy_copy_SOURCES = tests/unit/test_policy_copy.c
tests_unit_test_policy_copy_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_policy_copy_LDADD = $(UNIT_LDADD)
tests_unit_test_policy_smime_SOURCES = tests/unit/test_policy_smime.c
tests_unit_test_policy_smime_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_policy_smime_LDADD = $(UNIT_LDADD)
tests_unit_test_prose_SOURCES = tests/unit/test_prose.c
tests_unit_test_prose_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_prose_LDADD = $(UNIT_LDADD)
tests_unit_test_quoted_SOURCES = tests/unit/test_quoted.c
tests_unit_test_quoted_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_quoted_LDADD = $(UNIT_LDADD)
tests_unit_test_signature_SOURCES = tests/unit/test_signature.c $(PGP)
tests_unit_test_signature_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_signature_LDADD = $(UNIT_LDADD)
tests_unit_test_text_SOURCES = tests/unit/test_text.c
tests_unit_test_text_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_text_LDADD = $(UNIT_LDADD)
tests_unit_test_units_SOURCES = tests/unit/test_units.c
tests_unit_test_units_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_units_LDADD = $(UNIT_LDADD)
tests_unit_test_verdict_SOURCES = tests/unit/test_verdict.c
tests_unit_test_verdict_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_verdict_LDADD = $(UNIT_LDADD)
tests_unit_test_wire_SOURCES = tests/unit/test_wire.c
tests_unit_test_wire_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_wire_LDADD = $(UNIT_LDADD)
tests_unit_test_memo_SOURCES = tests/unit/test_memo.c
tests_unit_test_memo_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_memo_LDADD = $(UNIT_LDADD)
tests_unit_test_narrow_SOURCES = tests/unit/test_narrow.c $(PGP)
tests_unit_test_narrow_CPPFLAGS = $(RIG_CPPFLAGS)
tests_unit_test_narrow_LDADD = $(UNIT_LDADD)
tests_unit_test_axis_SOURCES = tests/unit/test_axis.c
tests_unit_test_axis_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_axis_LDADD = $(UNIT_LDADD)
tests_unit_test_escape_SOURCES = tests/unit/test_escape.c
tests_unit_test_escape_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_escape_LDADD = $(UNIT_LDADD)
tests_unit_test_period_SOURCES = tests/unit/test_period.c
tests_unit_test_period_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_period_LDADD = $(UNIT_LDADD)
tests_unit_test_stats_SOURCES = tests/unit/test_stats.c
tests_unit_test_stats_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_stats_LDADD = $(UNIT_LDADD)
tests_unit_test_utf8_SOURCES = tests/unit/test_utf8.c
tests_unit_test_utf8_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_utf8_LDADD = $(UNIT_LDADD)
tests_unit_test_ical_SOURCES = tests/unit/test_ical.c
tests_unit_test_ical_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_ical_LDADD = $(UNIT_LDADD)
