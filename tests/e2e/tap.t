#!/bin/sh
# The helpers of the shell tests themselves: what must fail does, and only that.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

# inner TEXT: runs a small test of its own and keeps what it printed.
inner() {
	mkdir -p "$T/in/e2e"
	printf '. "%s/tests/lib/tap.sh"\n%s\ndone_testing\n' "$tap_top" "$1" >"$T/in/e2e/x.t"
	run sh "$T/in/e2e/x.t"
}

inner 'must_fail 3 sh -c "exit 3"'
like "$(cat "$T/out")" '^ok 1 ' 'the wanted code passes'
is "$rc" 0 'and the test as a whole too'
inner 'must_fail 3 sh -c "exit 4"'
like "$(cat "$T/out")" '^not ok 1 ' 'another code is a failure'
is "$rc" 1 'and the test as a whole fails'
inner 'must_fail 3 sh -c "exit 0"'
like "$(cat "$T/out")" '^not ok 1 ' 'success is a failure'
inner 'must_fail 3 sh -c "kill -SEGV \$\$"'
like "$(cat "$T/out")" '^not ok 1 ' 'a signal is a failure'
like "$(cat "$T/out")" 'signal 11' 'and is named'
inner 'must_fail 1 sh -c "echo ERROR: AddressSanitizer: x >&2; exit 1"'
like "$(cat "$T/out")" '^not ok 1 ' 'a report of a sanitizer is a failure'
inner 'must_fail 127 no-such-command-at-all'
like "$(cat "$T/out")" '^not ok 1 ' 'a command that is not there is a failure'
inner 'must_pass sh -c "exit 1"'
like "$(cat "$T/out")" '^not ok 1 ' 'must_pass wants 0'
inner 'is a b "x"; isnt a a "x"; like a b "x"; unlike a a "x"; lacks /nowhere x "x"; holds /nowhere x "x"'
is "$(grep -c '^not ok' "$T/out")" 6 'each comparison can fail'
inner 'plan 2; ok 0 one'
is "$rc" 1 'a plan that was not kept is a failure'
# shellcheck disable=SC2016
inner 'printf "%s\n" "$HOME" "$XDG_STATE_HOME" "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME" "$T" >&2; ok 0 x'
is "$(grep -c "^$T/hirz تجربة\." "$T/err")" 5 'the test has a home of its own'
is "$(find "$T" -mindepth 1 -maxdepth 1 -name 'hirz*' | wc -l)" 0 'which goes with it'
samples "$T/s"
is "$(find "$T/s" -type f | wc -l)" 4 'four sample files'
samples "$T/s2"
must_pass cmp "$T/s/photo.jpg" "$T/s2/photo.jpg"
like "$(file -b --mime-type "$T/s/photo.jpg")" 'image/jpeg' 'a photo to libmagic'
like "$(file -b --mime-type "$T/s/clip.mp4")" 'video/mp4' 'a film to libmagic'
flip "$T/s2/photo.jpg" 100 3
must_fail 1 cmp "$T/s/photo.jpg" "$T/s2/photo.jpg"
done_testing
