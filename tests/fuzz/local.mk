EXTRA_DIST += tests/fuzz/fuzz_crd.c
