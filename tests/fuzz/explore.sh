#!/bin/sh
# explore.sh: build the fuzz targets with libFuzzer and run each for a while.
#
# Called by `make fuzz', which says in the environment what to build with
# (CLANG, CPPFLAGS, LIBS), where (top_srcdir, top_builddir) and how long
# (FUZZ_SECONDS for each target, FUZZ_TARGETS to run only some of them).
#
#	explore.sh		explore; what crashes a target stays in
#				fuzz-build/crashes, and the exit code is 1
#	explore.sh merge	afterwards: the smallest set of inputs that
#				covers the same, into tests/data/fuzz
set -eu

all="address armor classify cms conf crd entity field inside mime openpgp store"
targets=${FUZZ_TARGETS:-$all}
: "${top_srcdir:?}" "${top_builddir:?}" "${CPPFLAGS:=}" "${LIBS:=}"
src=$top_srcdir/tests/fuzz
data=$top_srcdir/tests/data/fuzz
work=$top_builddir/fuzz-build
flags="-std=gnu17 -g -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all"
sanitizers=address,undefined
LSAN_OPTIONS=suppressions=$src/lsan.supp:print_suppressions=0
export LSAN_OPTIONS
max_files=190
max_bytes=280000

compile() {
	# shellcheck disable=SC2086
	$CLANG $flags $CPPFLAGS -DSYSCONFDIR='"/etc"' \
	    -DLOCALSTATEDIR='"/var"' -DPKGDATADIR='"/usr/share"' "$@"
}

build_objects() {
	mkdir -p "$work/obj" "$work/crashes"
	for c in "$top_srcdir"/milter/core/*.c "$top_srcdir"/milter/edge/*.c \
	    "$src/fuzz.c" "$src/naive.c" "$src/naive_mail.c"; do
		o=$work/obj/$(basename "$c" .c).o
		[ -f "$o" ] && [ -z "$(find "$c" -newer "$o")" ] && continue
		compile -fsanitize=fuzzer-no-link,$sanitizers -c "$c" -o "$o"
	done
	rm -f "$work/edge.a"
	ar rc "$work/edge.a" "$work"/obj/*.o
}

# An archive, so that a target may bring its own kv.
build_target() {
	# shellcheck disable=SC2086
	compile -fsanitize=fuzzer,$sanitizers "$src/fuzz_$1.c" \
	    "$work/edge.a" $LIBS -o "$work/fuzz_$1"
}

explore() {
	mkdir -p "$work/corpus/$1" "$data/$1"
	dict=$src/$1.dict
	case $1 in classify | entity | mime) dict=$src/mail.dict ;; esac
	dict=$([ ! -f "$dict" ] || echo "-dict=$dict")
	echo "fuzz: $1 for ${FUZZ_SECONDS:-60} seconds"
	# shellcheck disable=SC2086
	"$work/fuzz_$1" $dict -max_total_time="${FUZZ_SECONDS:-60}" \
	    -timeout=10 -rss_limit_mb=2048 -max_len="$(max_len "$1")" \
	    -print_final_stats=1 -artifact_prefix="$work/crashes/$1-" \
	    "$work/corpus/$1" "$data/$1" "$work/seeds/$1" \
	    >"$work/$1.log" 2>&1 || {
		tail -n 40 "$work/$1.log"
		echo "fuzz: $1 failed, see $work/$1.log"
		return 1
	}
	grep -E '^(#.*DONE|stat::number_of_exec)' "$work/$1.log"
}

max_len() {
	case $1 in
	classify | conf | entity | mime) echo 4096 ;;
	*) echo 2048 ;;
	esac
}

# Each input covers something that no other does: the largest first, and as
# many as may be committed.
merge() {
	rm -rf "$work/merged"
	mkdir -p "$work/merged" "$data/$1"
	"$work/fuzz_$1" -merge=1 -use_counters=0 \
	    -max_len="$(max_len "$1")" "$work/merged" \
	    "$work/seeds/$1" "$data/$1" "$work/corpus/$1" \
	    >"$work/$1.merge" 2>&1
	rm -f "$data/$1"/*
	files=0
	bytes=0
	# shellcheck disable=SC2045  # libFuzzer names files by their digest
	for f in $(ls -S "$work/merged"); do
		size=$(wc -c <"$work/merged/$f")
		[ "$files" -lt "$max_files" ] || break
		[ $((bytes + size)) -le "$max_bytes" ] || break
		cp "$work/merged/$f" "$data/$1/$f"
		files=$((files + 1))
		bytes=$((bytes + size))
	done
	echo "corpus: $1, $files files, $bytes bytes of" \
	    "$(find "$work/merged" -type f | wc -l) files"
}

[ -n "${CLANG:-}" ] || {
	echo "make fuzz needs clang with libFuzzer (Debian: clang," \
	    "libclang-rt-dev)" >&2
	exit 69
}
build_objects
"${PYTHON3:-python3}" "$src/seeds.py" "$work/seeds"
code=0
for t in $targets; do
	build_target "$t"
	if [ "${1:-}" = merge ]; then
		merge "$t"
	else
		explore "$t" || code=1
	fi
done
exit $code
