#!/bin/bash
# Nothing lies beside the lists: every shell test is run, every fuzz target built, every target has its seeds.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
run_lint() {
	local f name rc=0
	while IFS= read -r -d '' f; do
		name=${f##*/}
		case $f in
		tests/e2e/*.t)
			grep -qF "'$name'" "$1/tests/e2e/meson.build" || { echo "$f: not in tests/e2e/meson.build" && rc=1; }
			;;
		fuzz/replay.c) ;;
		fuzz/*/*) ;;
		fuzz/*.c)
			grep -q "^${name%.c} " "$1/fuzz/TARGETS" || { echo "$f: not in fuzz/TARGETS" && rc=1; }
			[ "$(find "$1/fuzz/corpus/${name%.c}" -type f 2>/dev/null | wc -l)" -ge 8 ] ||
				{ echo "$f: fewer than 8 seeds in fuzz/corpus/${name%.c}" && rc=1; }
			;;
		esac
	done
	return $rc
}

start() {
	new_sample && put tests/e2e/meson.build <<<"e2e_tests = ['a.t']"
	put fuzz/TARGETS <<<'key codec'
	put fuzz/key.c <<<'int x;'
	for i in 1 2 3 4 5 6 7 8; do put fuzz/corpus/key/$i <<<$i; done
}
start && put tests/e2e/a.t <<<'x'
good "what is listed passes"
start && put tests/e2e/b.t <<<'x'
bad "a shell test that nobody runs" "tests/e2e/b.t: not in"
start && put fuzz/other.c <<<'x'
bad "a fuzz target that nobody builds" "fuzz/other.c: not in"
start && rm "$work/sample/fuzz/corpus/key/8"
bad "seven seeds" "fewer than 8 seeds"
the_project tests/e2e fuzz
done_linting
