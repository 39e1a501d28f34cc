dist_man_MANS += conf/embargo-milter.conf.5 conf/embargo-redis.5

# What an administrator copies and fills in: installing must never touch a
# configuration that is in use.
examplesdir = $(docdir)/examples
dist_examples_DATA = conf/apparmor.profile conf/embargo-milter.conf \
	conf/redis.acl \
	conf/postfix-main.cf.snippet conf/sendmail.mc.snippet

# Units of systemd and the user that they run as; unused elsewhere.
systemdunitdir = $(prefix)/lib/systemd/system
sysusersdir = $(prefix)/lib/sysusers.d
units = conf/embargo-milter.service conf/embargo-warnd.service
unit_sources = conf/embargo-milter.service.in conf/embargo-warnd.service.in
systemdunit_DATA = $(units)
dist_sysusers_DATA = conf/sysusers.d/embargo-milter.conf
EXTRA_DIST += $(unit_sources)
CLEANFILES += $(units)
$(units): $(unit_sources)
	$(AM_V_GEN)$(MKDIR_P) conf && \
	sed -e 's|@sbindir[@]|$(sbindir)|g' $(srcdir)/$@.in > $@.tmp && \
	mv $@.tmp $@
