EXTRA_DIST += contrib/quickstart
