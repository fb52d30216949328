#!/bin/sh
# The power goes while a vault is made and files are added: whatever reached the disk by then, no exhibit that was
# reported as sealed is lost. tests/unit/store/crash says what a power cut may leave; HIRZ_CRASH_STATES asks for more
# states than the quick run's. The control is a program whose store does not wait for the disk.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

[ -n "${HIRZ_CRASH:-}" ] || skip_all 'a program under a sanitizer cannot be recorded'
states=${HIRZ_CRASH_STATES:-300}
passphrase "$T/pass"
HIRZ_PASSPHRASE_FILE=$T/pass
CRASH_ONE_MORE=$T/more.txt
export HIRZ HIRZ_PASSPHRASE_FILE CRASH_ONE_MORE
samples "$T/files"
mv "$T/files/clip.mp4" "$T/files/testimony-en.txt" "$T/"
head -c 1200000 "$T/clip.mp4" >"$T/files/clip.mp4"
echo 'what comes after' >"$T/more.txt"
# The states are played back in memory where there is some: what is durable is worked out, not tried.
fast=$(mktemp -d /dev/shm/hirz-crash.XXXXXX 2>/dev/null) || fast=$(mktemp -d "$T/fast.XXXXXX")
trap 'rm -rf "$fast"; tap_end' EXIT

# scene NAME PROGRAM: a vault is made and filled in two commands, each call that changes a file is recorded.
scene() {
	mkdir -p "$T/$1/home" "$T/$1/state"
	cat >"$T/scene.sh" <<-X
		cd "$T/$1" || exit 9
		HOME=$T/$1/home XDG_STATE_HOME=$T/$1/state
		export HOME XDG_STATE_HOME
		"\$1" --json init v --org Crash --desk PC --kdf-mem 64 &&
			"\$1" --vault v --json add "$T/testimony-en.txt" --consent C-1 &&
			"\$1" --vault v --json add -r "$T/files" --consent C-1
	X
	CRASH_ROOT=$T/$1 run "$HIRZ_CRASH/crash-record" "$T/$1.rec" sh "$T/scene.sh" "$2"
	is "$rc" 0 "$1: recorded" || diag "$(cat "$T/err")"
	is "$(grep -c '"result":"sealed"' "$T/out")" 4 "$1: four exhibits were acknowledged"
}
# replay NAME STATES SEED [MORE]: the last line of crash-replay in $last, wrong states of it in $wrong.
replay() {
	replay_name=$1 replay_count=$2 replay_seed=$3
	shift 3
	"$HIRZ_CRASH/crash-replay" "$@" "$T/$replay_name.rec" "$fast/$replay_seed" "$replay_count" "$replay_seed" \
		"$tap_top/tests/lib/crash_check.py" >"$T/replay.$replay_seed" 2>&1
}
wrong_of() {
	sed -n '$s/^[0-9]* states, \([0-9]*\) wrong$/\1/p' "$T/replay.$1"
}

scene synced "$HIRZ"
session "$T/synced/v" "$T/synced/state" # not one of the hundreds of calls below is about passphrases
replay synced $((states / 2)) 11 &
replay synced $((states - states / 2)) 12
wait
for seed in 11 12; do
	is "$(wrong_of $seed)" 0 "no exhibit lost, no vault damaged: $(tail -n 1 "$T/replay.$seed")" ||
		diag "$(cat "$T/replay.$seed")"
done

# Without the control the test above could be blind.
scene unsynced "$HIRZ_NOSYNC"
session "$T/unsynced/v" "$T/unsynced/state"
replay unsynced 40 13 &
replay synced 40 14 --lies
wait
for seed in 13 14; do
	what='a store that does not sync loses exhibits'
	[ "$seed" = 13 ] || what='so does a disk that ignores syncs'
	[ "$(wrong_of "$seed")" -gt 3 ] 2>/dev/null
	ok $? "$what: $(tail -n 1 "$T/replay.$seed")" || diag "$(cat "$T/replay.$seed")"
done
no_session "$T/synced/v"
no_session "$T/unsynced/v"
done_testing
