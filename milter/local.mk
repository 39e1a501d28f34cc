noinst_LIBRARIES += libcore.a libedge.a libflow.a
sbin_PROGRAMS += embargo-milter embargo-warnd
bin_PROGRAMS += embargoctl

libcore_a_SOURCES = \
	milter/core/address.c \
	milter/core/address.h \
	milter/core/answer.c \
	milter/core/answer.h \
	milter/core/armor.c \
	milter/core/armor.h \
	milter/core/axis.c \
	milter/core/axis.h \
	milter/core/base64.c \
	milter/core/base64.h \
	milter/core/buf.c \
	milter/core/buf.h \
	milter/core/certificate.c \
	milter/core/certificate.h \
	milter/core/charset.c \
	milter/core/charset.h \
	milter/core/civil.c \
	milter/core/civil.h \
	milter/core/classify.c \
	milter/core/classify.h \
	milter/core/cms.c \
	milter/core/cms.h \
	milter/core/cms_cut.c \
	milter/core/cms_recipient.c \
	milter/core/cms_recipient.h \
	milter/core/crd.c \
	milter/core/crd.h \
	milter/core/crd_clock.c \
	milter/core/crd_eval.c \
	milter/core/crd_eval.h \
	milter/core/crd_hedge.c \
	milter/core/crd_label.c \
	milter/core/crd_label.h \
	milter/core/crd_phrase.c \
	milter/core/crd_quote.c \
	milter/core/crd_quote.h \
	milter/core/crd_scan.c \
	milter/core/crd_scan.h \
	milter/core/crd_text.c \
	milter/core/crd_text.h \
	milter/core/crd_tie.c \
	milter/core/crd_tie.h \
	milter/core/crd_token.c \
	milter/core/crd_turn.c \
	milter/core/crd_turn.h \
	milter/core/crd_word.c \
	milter/core/crd_word.h \
	milter/core/cursor.c \
	milter/core/cursor.h \
	milter/core/deadline.c \
	milter/core/deadline.h \
	milter/core/der.c \
	milter/core/der.h \
	milter/core/description.c \
	milter/core/description.h \
	milter/core/encodedword.c \
	milter/core/encodedword.h \
	milter/core/endpoint.c \
	milter/core/endpoint.h \
	milter/core/entity.c \
	milter/core/entity.h \
	milter/core/escape.c \
	milter/core/escape.h \
	milter/core/fault.c \
	milter/core/fault.h \
	milter/core/field.c \
	milter/core/field.h \
	milter/core/flowed.c \
	milter/core/flowed.h \
	milter/core/harmless.c \
	milter/core/harmless.h \
	milter/core/html.c \
	milter/core/html.h \
	milter/core/ical.c \
	milter/core/ical.h \
	milter/core/issue.c \
	milter/core/issue.h \
	milter/core/keyset.h \
	milter/core/leaf.c \
	milter/core/leaf.h \
	milter/core/mail.h \
	milter/core/mangled.c \
	milter/core/mangled.h \
	milter/core/mediatype.c \
	milter/core/mediatype.h \
	milter/core/memo.c \
	milter/core/memo.h \
	milter/core/mimevalue.c \
	milter/core/narrow.c \
	milter/core/narrow.h \
	milter/core/noise.c \
	milter/core/noise.h \
	milter/core/notice.c \
	milter/core/notice.h \
	milter/core/openpgp.c \
	milter/core/openpgp.h \
	milter/core/packet.c \
	milter/core/packet.h \
	milter/core/period.c \
	milter/core/period.h \
	milter/core/phrase.c \
	milter/core/phrase.h \
	milter/core/policy.c \
	milter/core/policy.h \
	milter/core/prose.c \
	milter/core/prose.h \
	milter/core/quoted.c \
	milter/core/quoted.h \
	milter/core/reply.c \
	milter/core/settings.h \
	milter/core/signature.c \
	milter/core/signature.h \
	milter/core/stats.c \
	milter/core/stats.h \
	milter/core/text.c \
	milter/core/text.h \
	milter/core/units.c \
	milter/core/units.h \
	milter/core/utf8.c \
	milter/core/utf8.h \
	milter/core/verdict.c \
	milter/core/verdict.h \
	milter/core/wire.c \
	milter/core/wire.h

libedge_a_SOURCES = \
	milter/edge/child.c \
	milter/edge/child.h \
	milter/edge/clock.c \
	milter/edge/clock.h \
	milter/edge/conf.c \
	milter/edge/conf.h \
	milter/edge/conf_check.c \
	milter/edge/conf_check.h \
	milter/edge/conf_key.c \
	milter/edge/conf_key.h \
	milter/edge/conf_value.c \
	milter/edge/conf_value.h \
	milter/edge/digest.c \
	milter/edge/digest.h \
	milter/edge/gpg.c \
	milter/edge/gpg.h \
	milter/edge/gpg_home.c \
	milter/edge/gpg_home.h \
	milter/edge/gpg_sink.c \
	milter/edge/gpg_sink.h \
	milter/edge/gpg_status.c \
	milter/edge/gpg_status.h \
	milter/edge/gpgsm.c \
	milter/edge/gpgsm.h \
	milter/edge/hide.c \
	milter/edge/hide.h \
	milter/edge/job.c \
	milter/edge/job.h \
	milter/edge/job_keeper.c \
	milter/edge/job_keeper.h \
	milter/edge/keyring.c \
	milter/edge/keyring.h \
	milter/edge/kv.c \
	milter/edge/kv.h \
	milter/edge/kv_command.c \
	milter/edge/kv_line.c \
	milter/edge/kv_line.h \
	milter/edge/kv_login.c \
	milter/edge/kv_login.h \
	milter/edge/kv_master.c \
	milter/edge/kv_master.h \
	milter/edge/kv_sentinel.c \
	milter/edge/kv_sentinel.h \
	milter/edge/log.c \
	milter/edge/log.h \
	milter/edge/members.c \
	milter/edge/members.h \
	milter/edge/mime.c \
	milter/edge/mime.h \
	milter/edge/post.c \
	milter/edge/post.h \
	milter/edge/process.c \
	milter/edge/process.h \
	milter/edge/smtp.c \
	milter/edge/smtp.h \
	milter/edge/store.c \
	milter/edge/store.h \
	milter/edge/store_dump.c \
	milter/edge/store_guard.c \
	milter/edge/store_issues.c \
	milter/edge/store_key.h \
	milter/edge/store_purge.c \
	milter/edge/store_mail.c \
	milter/edge/store_streams.c
nodist_libedge_a_SOURCES = $(lua_headers)
libedge_a_CPPFLAGS = $(AM_CPPFLAGS) $(GPGME_CFLAGS) $(GMIME_CFLAGS) \
	$(HIREDIS_CFLAGS) $(LIBCONFIG_CFLAGS)

libflow_a_SOURCES = \
	milter/flow/crowd.c \
	milter/flow/crowd.h \
	milter/flow/examine.c \
	milter/flow/examine.h \
	milter/flow/guard.c \
	milter/flow/guard.h \
	milter/flow/inside.c \
	milter/flow/inside.h \
	milter/flow/inside_job.c \
	milter/flow/inside_job.h \
	milter/flow/inside_open.c \
	milter/flow/inside_open.h \
	milter/flow/keywatch.c \
	milter/flow/keywatch.h \
	milter/flow/mailer.c \
	milter/flow/mailer.h \
	milter/flow/message.c \
	milter/flow/message.h \
	milter/flow/outcome.c \
	milter/flow/outcome.h \
	milter/flow/privileges.c \
	milter/flow/privileges.h \
	milter/flow/record.c \
	milter/flow/record.h \
	milter/flow/reminder.c \
	milter/flow/reminder.h \
	milter/flow/service.c \
	milter/flow/service.h \
	milter/flow/session.c \
	milter/flow/session.h \
	milter/flow/tracker.c \
	milter/flow/tracker.h \
	milter/flow/wrap.c \
	milter/flow/wrap.h

# The Lua scripts become C strings, each behind common.lua, comments left out.
lua_files = \
	milter/edge/backlog.lua \
	milter/edge/change.lua \
	milter/edge/copy.lua \
	milter/edge/dump.lua \
	milter/edge/gather.lua \
	milter/edge/guard.lua \
	milter/edge/keys.lua \
	milter/edge/list.lua \
	milter/edge/look.lua \
	milter/edge/move.lua \
	milter/edge/purge.lua \
	milter/edge/record.lua \
	milter/edge/refuse.lua \
	milter/edge/restore.lua \
	milter/edge/take.lua
lua_common = milter/edge/common.lua
lua_headers = $(lua_files:.lua=.lua.h)
EXTRA_DIST += $(lua_files) $(lua_common) milter/README
BUILT_SOURCES += $(lua_headers)
CLEANFILES += $(lua_headers)
$(lua_headers): $(lua_common)
milter/edge/libedge_a-store.$(OBJEXT): $(lua_headers)
SUFFIXES = .lua .lua.h
.lua.lua.h:
	$(AM_V_GEN)$(MKDIR_P) $(@D) && { \
	printf 'static const char script_%s[] =\n' `basename $< .lua`; \
	cat $(srcdir)/$(lua_common) $< | \
	sed -e '/^[[:space:]]*--/d' -e 's/\\/\\\\/g' -e 's/"/\\"/g' \
	    -e 's/^/	"/' -e 's/$$/\\n"/'; \
	printf '	"";\n'; } > $@.tmp && mv $@.tmp $@

# And so does the style sheet of the pages, comments left out.
css_files = milter/ctl/page.css
css_headers = $(css_files:.css=.css.h)
EXTRA_DIST += $(css_files)
BUILT_SOURCES += $(css_headers)
CLEANFILES += $(css_headers)
milter/ctl/embargoctl-page.$(OBJEXT): $(css_headers)
SUFFIXES += .css .css.h
.css.css.h:
	$(AM_V_GEN)$(MKDIR_P) $(@D) && { \
	printf 'static const char %s_css[] =\n' `basename $< .css`; \
	sed -e '/^[[:space:]]*\/\*.*\*\/$$/d' -e 's/^[[:space:]]*//' \
	    -e 's/\\/\\\\/g' -e 's/"/\\"/g' \
	    -e 's/^/	"/' -e 's/$$/\\n"/' $<; \
	printf '	"";\n'; } > $@.tmp && mv $@.tmp $@

EDGE_LIBS = $(GPGME_LIBS) $(GMIME_LIBS) $(HIREDIS_LIBS) $(LIBCONFIG_LIBS) \
	-lpthread

embargo_milter_SOURCES = milter/embargo-milter.c milter/callbacks.c \
	milter/callbacks.h milter/daemon.c milter/daemon.h
embargo_milter_CPPFLAGS = $(AM_CPPFLAGS) $(MILTER_CFLAGS)
embargo_milter_LDADD = libflow.a libedge.a libcore.a $(MILTER_LIBS) \
	$(EDGE_LIBS)

dist_man_MANS += milter/embargo-milter.8 milter/embargo-warnd.8 \
	milter/embargoctl.8
embargo_warnd_SOURCES = milter/embargo-warnd.c milter/daemon.c milter/daemon.h
embargo_warnd_LDADD = libflow.a libedge.a libcore.a $(EDGE_LIBS)

embargoctl_SOURCES = milter/embargoctl.c \
	milter/ctl/alerts.c \
	milter/ctl/aliases.c \
	milter/ctl/aliases.h \
	milter/ctl/ask.c \
	milter/ctl/ask.h \
	milter/ctl/change.c \
	milter/ctl/check.c \
	milter/ctl/check.h \
	milter/ctl/check_keys.c \
	milter/ctl/check_postfix.c \
	milter/ctl/check_redis.c \
	milter/ctl/check_socket.c \
	milter/ctl/classify.c \
	milter/ctl/ctl.c \
	milter/ctl/ctl.h \
	milter/ctl/date.c \
	milter/ctl/date.h \
	milter/ctl/due.c \
	milter/ctl/events.c \
	milter/ctl/events.h \
	milter/ctl/export.c \
	milter/ctl/ics.c \
	milter/ctl/import.c \
	milter/ctl/import.h \
	milter/ctl/import_mail.c \
	milter/ctl/issues.c \
	milter/ctl/issues.h \
	milter/ctl/json.c \
	milter/ctl/json.h \
	milter/ctl/list.c \
	milter/ctl/mailbox.c \
	milter/ctl/mailbox.h \
	milter/ctl/metrics.c \
	milter/ctl/move.c \
	milter/ctl/page.c \
	milter/ctl/page.h \
	milter/ctl/piece.c \
	milter/ctl/piece.h \
	milter/ctl/plot.c \
	milter/ctl/plot.h \
	milter/ctl/postfix.c \
	milter/ctl/postfix.h \
	milter/ctl/probe.c \
	milter/ctl/progress.c \
	milter/ctl/progress.h \
	milter/ctl/purge.c \
	milter/ctl/report.c \
	milter/ctl/show.c \
	milter/ctl/stats.c \
	milter/ctl/stats_data.c \
	milter/ctl/stats_page.c \
	milter/ctl/stats_plots.c \
	milter/ctl/stats_text.c \
	milter/ctl/stats_view.h \
	milter/ctl/table.c \
	milter/ctl/table.h \
	milter/ctl/term.c \
	milter/ctl/term.h
nodist_embargoctl_SOURCES = $(css_headers)
embargoctl_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
embargoctl_LDADD = libflow.a libedge.a libcore.a $(JANSSON_LIBS) $(EDGE_LIBS)
