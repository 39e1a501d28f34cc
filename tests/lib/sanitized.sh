#!/bin/sh
# Runs a test of programs that were built for sanitizers: what one of them has
# to report fails it, whichever process below the test that was.  Standard
# error is no place for reports: keepers have none, and tests look into it.
#
# usage: sanitized.sh SUPPRESSIONS COMMAND [ARGUMENT]...
set -u
suppressions=$1
shift

folder=$(mktemp -d "${TMPDIR:-/tmp}/sanitizer-XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
chmod 1777 "$folder"		# programs change users
common="log_path=$folder/report"
# as hide.c has malloc do, which is AddressSanitizer's now
wipe=free_fill_byte=255:max_free_fill_size=1073741824
export ASAN_OPTIONS="$common:$wipe:${ASAN_OPTIONS-}"
export UBSAN_OPTIONS="$common:print_stacktrace=1:${UBSAN_OPTIONS-}"
export TSAN_OPTIONS="$common:suppressions=$suppressions:${TSAN_OPTIONS-}"
# GLib before 2.76 hands memory from thread to thread where nobody sees it
export G_SLICE=always-malloc
"$@"
code=$?
for report in "$folder"/report.*; do
	[ -e "$report" ] || continue
	# killed by its test while it looked for leaks: nothing was found
	grep -qv 'Unable to get registers from thread' "$report" || continue
	sed 's/^/# /' "$report"
	code=1
done
exit $code
