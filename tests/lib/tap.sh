# shellcheck shell=sh
# For the tests in shell: TAP lines, a home of the test's own, and a strict notion of what failing means.
#
#   . "$(dirname "$0")/../lib/tap.sh"
#   must_pass "$HIRZ" --version
#   must_fail 2 "$HIRZ" no-such-command
#   is "$(cat "$T/out")" "" "nothing on standard output"
#   done_testing
#
# HIRZ, HIRZ_VERIFY and HIRZ_INSPECT name the programs. $T is the test's own folder; HOME and the XDG folders lie in
# it; its name has a space and Arabic letters. $T/out and $T/err hold what the last command wrote, $rc its exit code.
# shellcheck disable=SC2034

set -u
LC_ALL=C.UTF-8
export LC_ALL
unset LANG LANGUAGE HIRZ_VAULT HIRZ_PASSPHRASE_FILE HIRZ_LANG NO_COLOR CLICOLOR CLICOLOR_FORCE
umask 022

tap_here=$(cd "$(dirname "$0")" && pwd -P)
tap_top=$(cd "$tap_here/../.." && pwd -P)
tap_n=0
tap_bad=0
rc=0

T=$(mktemp -d "${TMPDIR:-/tmp}/hirz تجربة.XXXXXX") || exit 2
mkdir -p "$T/home" "$T/state" "$T/config" "$T/cache" && mkdir -m 0700 "$T/runtime" || exit 2
HOME=$T/home
XDG_STATE_HOME=$T/state
XDG_CONFIG_HOME=$T/config
XDG_CACHE_HOME=$T/cache
XDG_RUNTIME_DIR=$T/runtime
TMPDIR=$T
export HOME XDG_STATE_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR TMPDIR
tap_end() {
	chmod -R u+rwx "$T" 2>/dev/null
	rm -rf "$T"
}
trap tap_end EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
cd "$T" || exit 2

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}
# ok CODE NAME: good when CODE is 0.
ok() {
	tap_n=$((tap_n + 1))
	if [ "$1" = 0 ]; then
		printf 'ok %d - %s\n' "$tap_n" "$(tap_name "$2")"
	else
		tap_bad=$((tap_bad + 1))
		printf 'not ok %d - %s\n' "$tap_n" "$(tap_name "$2")"
	fi
	[ "$1" = 0 ]
}
# A name on one line, without what TAP would read as a directive.
tap_name() {
	printf '%s' "$1" | tr '\n#' ' +' | cut -c 1-200
}
# is GOT WANT NAME: the same text.
is() {
	if [ "$1" = "$2" ]; then
		ok 0 "$3"
	else
		ok 1 "$3"
		diag "got:  $1"
		diag "want: $2"
		return 1
	fi
}
# isnt GOT OTHER NAME: another text.
isnt() {
	[ "$1" != "$2" ]
	ok $? "$3" || { diag "got: $1" && return 1; }
}
# like TEXT PATTERN NAME: a line fits the extended regular expression. unlike: none does.
like() {
	printf '%s\n' "$1" | grep -qE -- "$2"
	ok $? "$3" || { diag "got:     $1" && diag "pattern: $2" && return 1; }
}
unlike() {
	if printf '%s\n' "$1" | grep -qE -- "$2"; then
		ok 1 "$3"
		diag "got:     $1"
		diag "pattern: $2"
		return 1
	fi
	ok 0 "$3"
}
# holds FILE WORDS NAME: the file has these bytes somewhere. lacks: it has not.
holds() {
	grep -qaF -- "$2" "$1"
	ok $? "$3"
}
lacks() {
	if [ ! -r "$1" ] || grep -qaF -- "$2" "$1"; then ok 1 "$3"; else ok 0 "$3"; fi
}
# run CMD...: runs it without input, keeps what it wrote and its exit code in $rc.
run() {
	"$@" >"$T/out" 2>"$T/err" </dev/null
	rc=$?
}
# run_in FILE CMD...: the same with the file as input.
run_in() {
	tap_in=$1
	shift
	"$@" <"$tap_in" >"$T/out" 2>"$T/err"
	rc=$?
}
# A sanitizer's report is never one of our exits, whatever the code.
tap_crashed() {
	grep -qE 'ERROR: (Address|Leak|Thread|Memory)Sanitizer|WARNING: ThreadSanitizer|runtime error: |internal error: |: Assertion .* failed' "$T/err"
}
tap_verdict() {
	if [ "$rc" -gt 128 ] && [ "$1" != "$rc" ]; then
		ok 1 "$2"
		diag "ended by signal $((rc - 128)), wanted exit $1"
	elif [ "$rc" = 126 ] || [ "$rc" = 127 ]; then
		ok 1 "$2"
		diag "could not be run"
	elif tap_crashed; then
		ok 1 "$2"
		diag "crashed, wanted exit $1"
	elif [ "$rc" != "$1" ]; then
		ok 1 "$2"
		diag "exit $rc, wanted $1"
	else
		ok 0 "$2"
		return 0
	fi
	head -c 2000 "$T/out" | sed 's/^/# out: /'
	head -c 4000 "$T/err" | sed 's/^/# err: /'
	return 1
}
# must CODE NAME CMD...: exactly this exit code, with a name of one's own.
must() {
	tap_code=$1
	tap_title=$2
	shift 2
	run "$@"
	tap_verdict "$tap_code" "$tap_title"
}
# must_pass CMD...: exit 0.
must_pass() {
	run "$@"
	tap_verdict 0 "$(tap_words "$@")"
}
# must_fail CODE CMD...: exactly our exit code CODE (1 to 123); a signal, a crash or "not found" is not a refusal.
must_fail() {
	tap_code=$1
	shift
	run "$@"
	if [ "$tap_code" -lt 1 ] || [ "$tap_code" -gt 123 ]; then
		ok 1 "must_fail wants a code from 1 to 123"
		return 1
	fi
	tap_verdict "$tap_code" "exit $tap_code: $(tap_words "$@")"
}
tap_words() {
	tap_first=${1##*/}
	shift
	printf '%s' "$tap_first $*" | sed "s|$T|.|g"
}
# skip COUNT REASON: so many tests are not run here, and why.
skip() {
	tap_left=$1
	while [ "$tap_left" -gt 0 ]; do
		tap_n=$((tap_n + 1))
		tap_left=$((tap_left - 1))
		printf 'ok %d # SKIP %s\n' "$tap_n" "$2"
	done
}
skip_all() {
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}
# plan COUNT may come first; done_testing comes last and prints the plan where none was given.
tap_plan=
plan() {
	tap_plan=$1
	printf '1..%d\n' "$1"
}
done_testing() {
	[ -n "$tap_plan" ] || printf '1..%d\n' "$tap_n"
	if [ -n "$tap_plan" ] && [ "$tap_plan" != "$tap_n" ]; then
		diag "planned $tap_plan, ran $tap_n"
		exit 1
	fi
	[ "$tap_bad" = 0 ] || exit 1
	exit 0
}

# passphrase FILE [WORDS]: a passphrase file that only its owner reads.
passphrase() {
	(umask 077 && printf '%s\n' "${2:-seven quiet lanterns over the river bend}" >"$1")
}
# flip FILE OFFSET [BIT]: turns one bit round in place.
flip() {
	/usr/bin/python3 - "$1" "$2" "${3:-0}" <<'X'
import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(int(sys.argv[2]))
    byte = f.read(1)[0]
    f.seek(int(sys.argv[2]))
    f.write(bytes([byte ^ (1 << int(sys.argv[3]))]))
X
}
# samples FOLDER: sample evidence of our own (samples.py says what).
samples() {
	/usr/bin/python3 "$tap_top/tests/lib/samples.py" "$1"
}
# json FILTER [FILE]: a value out of JSON lines, without quotes.
json() {
	jq -r "$1" <"${2:-$T/out}"
}

# session VAULT [STATE]: the kernel keeps the vault's keys for half an hour, where it can, and its commands are spared deriving
# them; it is opened in a copy, so that the log and what is remembered in STATE (XDG_STATE_HOME) stay as they are.
# no_session VAULT ends it.
session() {
	mkdir "$T/session" && cp -a "$1" "$T/session/v" && mkdir -p "${2:-$XDG_STATE_HOME}" && cp -a "${2:-$XDG_STATE_HOME}" "$T/session/state" &&
		XDG_STATE_HOME=$T/session/state "$HIRZ" --no-input --vault "$T/session/v" unlock --for 30m >"$T/session/out" 2>&1 </dev/null
	rm -rf "$T/session"
}
no_session() {
	"$HIRZ" --no-input --vault "$1" lock >"$T/null" 2>&1 </dev/null
}

# clock_shim: makes $shim/shift.so, with which a program's clock is CLOCK_SHIFT seconds off (LD_PRELOAD takes no path with a
# space, so it lies in a folder of its own, which the caller removes). False where there is no compiler, or a sanitizer
# that minds it.
clock_shim() {
	shim=$(mktemp -d /tmp/hirz-clock.XXXXXX) || return 1
	command -v cc >"$T/null" && printf '%s\n' '#define _GNU_SOURCE' '#include <dlfcn.h>' '#include <stdlib.h>' '#include <time.h>' \
		'int clock_gettime(clockid_t c, struct timespec *t) { int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");' \
		'int r = real(c, t); if (c == CLOCK_REALTIME) t->tv_sec += atol(getenv("CLOCK_SHIFT")); return r; }' >"$shim/shift.c" &&
		cc -shared -fPIC -o "$shim/shift.so" "$shim/shift.c" -ldl 2>"$T/err" &&
		CLOCK_SHIFT=0 LD_PRELOAD=$shim/shift.so "$HIRZ" version >"$T/null" 2>&1
}
