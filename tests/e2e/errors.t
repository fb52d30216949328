#!/bin/sh
# Bad input at the door of every command: its own id, its own code, nothing changed.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
passphrase "$T/wrong" 'seven quiet lanterns under the river bend'
must_pass "$HIRZ" init "$T/v" --org x --desk DM3 --kdf-mem 64 --passphrase-file "$T/pw"
echo text >"$T/text"
must_pass "$HIRZ" --vault "$T/v" --passphrase-file "$T/pw" add "$T/text"
cp -a "$T/v" "$T/whole"

# fails CODE ID NAME ARGUMENTS...: code, id, and the four parts as JSON.
fails() {
	code=$1 id=$2 name=$3
	shift 3
	must_fail "$code" "$HIRZ" "$@"
	like "$(head -n 1 "$T/err")" "$id" "$name is $id"
	run "$HIRZ" --json "$@"
	is "$(tail -n 1 "$T/err" | jq -c '[.v, .type, .id, .exit]')" "[1,\"error\",\"$id\",$code]" "$name as JSON"
	is "$(tail -n 1 "$T/err" | jq -r '[.what, .why, .do, .safe] | map(type == "string" and length > 0) | all')" true \
		"$name says what, why, what to do and what is safe"
}
fails 5 HZ-E021 'a wrong passphrase' --vault "$T/v" --passphrase-file "$T/wrong" list
fails 5 HZ-E021 'a wrong passphrase' --vault "$T/v" --passphrase-file "$T/wrong" unlock
fails 6 HZ-E041 'a folder that is not there' --vault "$T/nowhere" --passphrase-file "$T/pw" list
mkdir "$T/folder"
fails 6 HZ-E041 'a folder without a vault' --vault "$T/folder" --passphrase-file "$T/pw" list
fails 6 HZ-E042 'a file instead of a folder' --vault "$T/text" --passphrase-file "$T/pw" list
fails 12 HZ-E003 'no passphrase and nobody to ask' --vault "$T/v" --no-input list
fails 9 HZ-E022 'no such passphrase file' --vault "$T/v" --passphrase-file "$T/nowhere" list
fails 2 HZ-E002 'an unknown command' --vault "$T/v" lsit
fails 2 HZ-E001 'an unknown option' --vault "$T/v" list --colour
fails 2 HZ-E001 'too many arguments' --vault "$T/v" show DM3-1 DM3-2
fails 1 HZ-E060 'no such exhibit' --vault "$T/v" --passphrase-file "$T/pw" show XY-1
fails 1 HZ-E061 'no such case' --vault "$T/v" --passphrase-file "$T/pw" case show X
cd "$T/folder" || exit 2
fails 6 HZ-E041 'no vault around the current folder' --passphrase-file "$T/pw" status
mkdir "$T/v/below"
cd "$T/v/below" || exit 2
must_pass "$HIRZ" --passphrase-file "$T/pw" list
cd "$T" || exit 2
rmdir "$T/v/below"

fresh() {
	rm -rf "$T/v"
	cp -a "$T/whole" "$T/v"
}
printf 'hirz-vault 2 compat=0 incompat=0\n' >"$T/v/FORMAT"
fails 6 HZ-E044 'a newer vault' --vault "$T/v" --passphrase-file "$T/pw" list
printf 'hirz-vault 1 compat=0 incompat=1\n' >"$T/v/FORMAT"
fails 6 HZ-E044 'an unknown feature' --vault "$T/v" --passphrase-file "$T/pw" list
printf 'something else\n' >"$T/v/FORMAT"
fails 4 HZ-E046 'a damaged FORMAT' --vault "$T/v" --passphrase-file "$T/pw" list
fresh
rm "$T/v/FORMAT"
fails 6 HZ-E041 'no FORMAT' --vault "$T/v" --passphrase-file "$T/pw" list
for at in 20 200 -1 -100; do
	fresh
	[ "$at" -gt 0 ] || at=$(($(stat -c %s "$T/v/keyring") + at))
	flip "$T/v/keyring" "$at" 3
	fails 4 HZ-E048 "a flipped bit of the keyring at $at" --vault "$T/v" --passphrase-file "$T/pw" list
done
fresh
rm "$T/v/keyring"
fails 4 HZ-E048 'no keyring' --vault "$T/v" --passphrase-file "$T/pw" list
fresh
truncate -s 4096 "$T/v/data.mdb"
fails 4 HZ-E046 'a cut file' --vault "$T/v" --passphrase-file "$T/pw" list
fresh
head -c 65536 /dev/urandom >"$T/v/data.mdb"
fails 4 HZ-E046 'random bytes instead of the data' --vault "$T/v" --passphrase-file "$T/pw" list
fresh
rm "$T/v/data.mdb"
must_fail 4 "$HIRZ" --vault "$T/v" --passphrase-file "$T/pw" list
fresh
echo nonsense >"$T/v/pin"
fails 4 HZ-E046 'a damaged pin' --vault "$T/v" --passphrase-file "$T/pw" list
fresh
must_pass "$HIRZ" --vault "$T/v" --passphrase-file "$T/pw" show DM3-1

# Another writer.
/usr/bin/python3 -c '
import fcntl, sys, time
f = open(sys.argv[1], "r+")
fcntl.flock(f, fcntl.LOCK_EX)
open(sys.argv[2], "w").close()
time.sleep(30)' "$T/v/writer.lock" "$T/held" &
holder=$!
while [ ! -e "$T/held" ]; do sleep 0.1; done
must_pass "$HIRZ" --vault "$T/v" --passphrase-file "$T/pw" list
must_fail 7 "$HIRZ" --vault "$T/v" --passphrase-file "$T/pw" case new K
like "$(cat "$T/err")" 'HZ-E045' 'somebody else writes'
kill "$holder"
wait "$holder" 2>/dev/null
must_pass "$HIRZ" --vault "$T/v" --passphrase-file "$T/pw" case new K

# Arabic, without an Arabic locale.
run "$HIRZ" --lang ar --vault "$T/nowhere" --passphrase-file "$T/pw" list
tap_verdict 6 'the same code in Arabic'
like "$(head -n 1 "$T/err")" '^حرز: HZ-E041 ' 'the id stays'
like "$(cat "$T/err")" 'السبب' 'the parts are named in Arabic'
run env LANG=ar_SY.UTF-8 LC_ALL= LC_MESSAGES= "$HIRZ" --json --vault "$T/nowhere" --passphrase-file "$T/pw" list
is "$(jq -r '.id + " " + .type' <"$T/err")" 'HZ-E041 error' 'keys never depend on the language'
like "$(jq -r .what <"$T/err")" 'خزنة' 'texts do'

# The list for gettext, as a desktop sets it; both programs, and no Arabic locale.
for program in "$HIRZ" "$HIRZ_VERIFY"; do
	run env LANGUAGE=ku:ar LC_ALL=C.UTF-8 "$program" --help
	like "$(cat "$T/out")" 'أمثلة|الأوامر|خزنة' "LANGUAGE asks ${program##*/} for Arabic"
	run env LANGUAGE=ar LC_ALL=C "$program" --help
	unlike "$(cat "$T/out")" 'أمثلة|الأوامر|خزنة' "but not where ${program##*/} is to be plain"
done

# No passphrase on a command line, in the environment or in messages.
run "$HIRZ" --vault "$T/v" --passphrase-file "$T/wrong" -v list
lacks "$T/err" 'lanterns' 'the passphrase is not repeated'
# Standard output that cannot be written.
if [ -e /dev/full ]; then
	run sh -c '"$1" --vault "$2/v" --passphrase-file "$2/pw" list >/dev/full' sh "$HIRZ" "$T"
	tap_verdict 9 'exit 9 where the output cannot be written'
	like "$(cat "$T/err")" 'HZ-E004' 'which is not a full disk of the vault'
	like "$(cat "$T/err")" 'No space left' 'and says why'
	run sh -c '"$1" --vault "$2/v" --passphrase-file "$2/pw" --json status >/dev/full' sh "$HIRZ" "$T"
	is "$(tail -n 1 "$T/err" | jq -c '[.id, .exit]')" '["HZ-E004",9]' 'the same as JSON'
	run sh -c '"$1" --vault "$2/v" --passphrase-file "$2/pw" add "$2/none" "$2/text" >/dev/full' sh "$HIRZ" "$T"
	tap_verdict 9 'a lost output comes before items that failed'
	run sh -c '"$1" --vault "$2/v" --passphrase-file "$2/pw" open DM3-1 --reason test >/dev/full' sh "$HIRZ" "$T"
	tap_verdict 9 'the bytes of an exhibit'
	like "$(cat "$T/err")" 'HZ-E004' 'which is the output too'
fi
done_testing
