EXTRA_DIST += contrib/demo.py contrib/quickstart

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
