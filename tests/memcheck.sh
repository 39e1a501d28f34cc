#!/bin/sh
# Runs test programs under valgrind: an error or a leak fails.
#
# usage: memcheck.sh PROGRAM...
set -u
passed=0 failed=0

command -v valgrind >/dev/null || {
	echo "memcheck: valgrind is not installed" >&2
	exit 1
}
for program; do
	if said=$(valgrind -q --error-exitcode=99 --leak-check=full \
	    --errors-for-leak-kinds=definite,indirect "$program" 2>&1); then
		passed=$((passed + 1))
	else
		echo "not ok - $program"
		echo "$said" | grep -v '^ok '
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
