#!/bin/sh
# Runs the lines of tests/soak.list that match a pattern; fails if one fails.
#
# usage: soak.sh PATTERN PYTHON FOLDER-OF-THE-SOURCES
set -u
pattern=$1 python=$2 sources=$3
log=soak.log
passed=0 failed=0

: >"$log"
while read -r script arguments; do
	case $script in
	''|\#*)
		continue
		;;
	esac
	echo "$script $arguments" | grep -Eq -- "$pattern" || continue
	echo "== $(date -u +%H:%M:%S) $script $arguments" | tee -a "$log"
	# shellcheck disable=SC2086 # several arguments
	"$python" "$sources/$script" $arguments </dev/null >"$log.one" 2>&1
	code=$?
	cat "$log.one" >>"$log"
	grep -E '^(not ok|#)' "$log.one"
	ok=$(grep -c '^ok' "$log.one")
	bad=$(grep -c '^not ok' "$log.one")
	if [ "$bad" -eq 0 ] && { [ $code -ne 0 ] || [ "$ok" -eq 0 ]; }; then
		echo "not ok - $script ended with $code"
		bad=1
	fi
	passed=$((passed + ok)) failed=$((failed + bad))
done <"$sources/tests/soak.list"
rm -f "$log.one"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
