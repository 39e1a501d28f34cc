#!/bin/sh
# Reads the programs with gcc -fanalyzer, clang-tidy and cppcheck; each
# complaint is a failure.  .clang-tidy and cppcheck.supp say what is none.
#
# usage: CPPFLAGS=... analyze.sh FOLDER-OF-THE-SOURCES
set -u
sources=$1
jobs=$(nproc)
status=0

for program in gcc clang-tidy cppcheck; do
	command -v "$program" >/dev/null || {
		echo "not ok - $program is not there"
		status=1
	}
done
[ $status -eq 0 ] || exit 1

report()
{
	if [ "$2" -eq 0 ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		status=1
	fi
}

# each_file COMMAND...: with the file as its last word, several at once
each_file()
{
	find "$sources/milter" -name '*.c' -print0 | sort -z |
	    xargs -0 -P "$jobs" -n 1 "$@"
}

# CPPFLAGS are quoted for a shell; its $0 is the file.
each_file sh -c "exec gcc -std=gnu17 -O2 -fanalyzer -Werror $CPPFLAGS \
    -o /dev/null -c \"\$0\""
report "gcc -fanalyzer" $?
each_file sh -c "exec clang-tidy --quiet \"\$0\" -- -std=gnu17 $CPPFLAGS \
    2>/dev/null"
report clang-tidy $?
cppcheck -q -j "$jobs" --std=c11 --enable=warning,performance,portability \
    --error-exitcode=1 --suppress=missingInclude \
    --suppressions-list="$sources/tests/cppcheck.supp" \
    -I "$sources/milter" "$sources/milter"
report cppcheck $?
exit $status
