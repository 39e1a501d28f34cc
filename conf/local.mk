dist_man_MANS += conf/embargo-members.7 conf/embargo-milter.7 \
	conf/embargo-milter.conf.5 conf/embargo-redis.5

# What an administrator copies and fills in: installing must never touch a
# configuration that is in use.
examplesdir = $(docdir)/examples
dist_examples_DATA = conf/embargo-milter.conf
# The same, but embargo-setup reads them as well.
dist_pkgdata_DATA = conf/redis.acl conf/postfix-main.cf.snippet \
	conf/sendmail.mc.snippet

# Not loaded before the next boot, unless somebody does so.
apparmordir = $(sysconfdir)/apparmor.d
apparmor_DATA = conf/apparmor.d/embargo-milter
EXTRA_DIST += conf/apparmor.profile
CLEANFILES += $(apparmor_DATA)
$(apparmor_DATA): conf/apparmor.profile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && cp $(srcdir)/conf/apparmor.profile $@

# Units of systemd, its user and its folders; unused elsewhere.
systemdunitdir = $(prefix)/lib/systemd/system
sysusersdir = $(prefix)/lib/sysusers.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
units = conf/embargo-milter.service conf/embargo-warnd.service
unit_sources = conf/embargo-milter.service.in conf/embargo-warnd.service.in
systemdunit_DATA = $(units)
dist_sysusers_DATA = conf/sysusers.d/embargo-milter.conf
dist_tmpfiles_DATA = conf/tmpfiles.d/embargo-milter.conf
EXTRA_DIST += $(unit_sources)
CLEANFILES += $(units)
$(units): $(unit_sources)
	$(AM_V_GEN)$(MKDIR_P) conf && \
	sed -e 's|@sbindir[@]|$(sbindir)|g' \
	    -e 's|@sysconfdir[@]|$(sysconfdir)|g' $(srcdir)/$@.in > $@.tmp && \
	mv $@.tmp $@
