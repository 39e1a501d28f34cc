dist_sbin_SCRIPTS = contrib/embargo-setup
dist_man_MANS += contrib/embargo-setup.8

# To be copied, see contrib/README.
nobase_dist_examples_DATA = \
	contrib/README \
	contrib/cron/embargo-milter \
	contrib/logcheck/embargo-milter \
	contrib/logwatch/embargo-milter \
	contrib/logwatch/embargo-milter.conf

# Not started unless somebody enables the timer.
dist_systemdunit_DATA = \
	contrib/statistics/embargo-statistics.service \
	contrib/statistics/embargo-statistics.timer

# Read from where they are.
muttdir = $(pkgdatadir)/mutt
nodist_mutt_DATA = contrib/mutt/embargo.muttrc
dist_mutt_SCRIPTS = contrib/mutt/embargo-field
CLEANFILES += contrib/mutt/embargo.muttrc
contrib/mutt/embargo.muttrc: contrib/mutt/embargo.muttrc.in
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	sed -e 's|@pkgdatadir[@]|$(pkgdatadir)|g' $(srcdir)/$@.in > $@.tmp && \
	mv $@.tmp $@

EXTRA_DIST += $(debian_files) \
	contrib/demo.py \
	contrib/mutt/embargo.muttrc.in \
	contrib/quickstart \
	contrib/rpm/embargo-milter.spec
debian_files = \
	contrib/debian/README.source \
	contrib/debian/changelog \
	contrib/debian/control \
	contrib/debian/copyright \
	contrib/debian/embargo-milter.lintian-overrides \
	contrib/debian/postrm \
	contrib/debian/rules \
	contrib/debian/source/format

# A package for Debian, in the folder deb.
.PHONY: deb
deb: dist-xz
	rm -rf deb && $(MKDIR_P) deb
	cp $(distdir).tar.xz deb/$(PACKAGE)_$(VERSION).orig.tar.xz
	cd deb && tar -xJf $(PACKAGE)_$(VERSION).orig.tar.xz && \
	cd $(distdir) && cp -R $$PWD/contrib/debian debian && \
	dpkg-buildpackage -us -uc

# Completion, where Debian's bash and zsh look for it.  What is not installed
# as part of the system belongs to the site.
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/$(if $(filter /usr,$(prefix)),vendor-completions,site-functions)
dist_bashcompletion_DATA = contrib/completion/embargoctl
dist_zshcompletion_DATA = contrib/completion/_embargoctl

# For Prometheus and Grafana: figures of `embargoctl metrics`.
monitoringdir = $(docdir)/examples/monitoring
dist_monitoring_DATA = contrib/prometheus/embargo-milter.rules.yml \
	contrib/prometheus/embargo-milter.test.yml \
	contrib/grafana/embargo-milter.json
