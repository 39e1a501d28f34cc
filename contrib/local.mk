EXTRA_DIST += contrib/demo.py contrib/quickstart
