#!/bin/sh
# One bit is turned round, a tail is cut, files of two vaults are mixed: it is found, with a documented exit code and one
# message id, or it lay in unused space and everything comes out as it went in. Never a crash, a hang or a wrong byte.
# HIRZ_TAMPER_FLIPS asks for more positions of data.mdb than the quick run's.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

lib=$tap_top/tests/lib
flips=${HIRZ_TAMPER_FLIPS:-400}
passphrase "$T/pass"
HIRZ_PASSPHRASE_FILE=$T/pass
TAMPER_DIR=$(mktemp -d /dev/shm/hirz-tamper.XXXXXX 2>/dev/null) || TAMPER_DIR=$T
trap '[ "$TAMPER_DIR" = "$T" ] || rm -rf "$TAMPER_DIR"; tap_end' EXIT
export HIRZ HIRZ_VERIFY HIRZ_PASSPHRASE_FILE TAMPER_DIR

# A vault with three exhibits and as many notes as make its tables more than one page high; what they hold lies beside
# it under their numbers.
notes=24
make() {
	mkdir -p "$T/$1/state" "$T/$1/files"
	samples "$T/$1/given"
	seq 1 $notes | while read -r n; do
		printf 'Note %s of %s: nothing was seen.\n' "$n" "$1" >"$T/$1/given/note-$n.txt"
	done
	(
		cd "$T/$1" || exit 2
		HOME=$T/$1 XDG_STATE_HOME=$T/$1/state
		export HOME XDG_STATE_HOME
		"$HIRZ" --json init v --org Tamper --desk TP --kdf-mem 64 >vault.json &&
			"$HIRZ" --vault v --json add given/testimony-ar.txt given/photo.jpg given/clip.mp4 given/note-*.txt --consent C-1 >items.json
	)
	ok $? "$1: a vault with three exhibits and $notes notes"
	json 'select(.type == "item") | .id + " " + .path' "$T/$1/items.json" | while read -r id path; do
		mv "$T/$1/$path" "$T/$1/files/$id"
	done
	rm -rf "$T/$1/given"
}
# is_refused NAME: what was tried last ended with 4 to 11 and one message id, and not by a crash.
is_refused() {
	case $rc in
	4 | 6 | 11) [ "$(cat "$T/out" "$T/err" | grep -oE 'HZ-E[0-9]{3}' | sort -u | wc -l)" -le 1 ] && ! tap_crashed ;;
	*) false ;;
	esac
	ok $? "$1: exit $rc" || diag "$(cat "$T/out" "$T/err")"
}
# tampered NAME LEAST CMD...: tamper.py finds nothing wrong, and at least so many were refused.
tampered() {
	tampered_name=$1 tampered_least=$2
	shift 2
	run /usr/bin/python3 "$lib/tamper.py" "$@"
	cp "$T/out" "$T/tampered"
	is "$rc" 0 "$tampered_name: $(tail -n 1 "$T/out")" || diag "$(cat "$T/out" "$T/err")"
	[ "$(sed -n '$s/.* \([0-9]*\) refused.*/\1/p' "$T/tampered")" -ge "$tampered_least" ] 2>/dev/null
	ok $? "$tampered_name: at least $tampered_least were refused" || diag "$(cat "$T/tampered")"
}
# verify FOLDER
verify() {
	HOME=$1 XDG_STATE_HOME=$1/state run "$HIRZ" --vault "$1/v" --json --no-input verify --full
}

make one
make two
# The bundle is made on a copy, so that the vault's last act is a sealing.
cp -a "$T/one" "$T/exported"
HOME=$T/exported XDG_STATE_HOME=$T/exported/state must 0 'a bundle of it' \
	"$HIRZ" --vault "$T/exported/v" --json export --all --to Court -o "$T/b.tar"
fingerprint=$(json .fingerprint "$T/one/vault.json")
rm -rf "$T/exported"

# Each try is spared deriving the keys, but where what they come from is changed.
session "$T/one/v" "$T/one/state"
tampered 'data.mdb' $((flips / 4)) vault "$T/one" data.mdb "$flips" 1
for kind in branch content leaf meta run; do
	like "$(cat "$T/tampered")" "^$kind: .*[1-9][0-9]* refused" "data.mdb: changes in a page of kind $kind are found"
done
tampered 'data.mdb cut' 40 cut "$T/one" data.mdb
no_session "$T/one/v"

# The keyring stands twice; what is left of it heals what is lost.
tampered keyring 60 vault "$T/one" keyring 60 2
like "$(tail -n 1 "$T/tampered")" ' 0 harmless' 'no byte of the keyring is without meaning'
cp -a "$T/one" "$T/k"
for at in 0 9 100 1000 last; do
	[ "$at" != last ] || at=$(($(stat -c %s "$T/k/v/keyring") - 1))
	flip "$T/k/v/keyring" "$at"
	verify "$T/k"
	is_refused "keyring changed at $at"
	like "$(cat "$T/err")" 'HZ-E048' 'it is said that the keyring is damaged'
	cp "$T/k/v/keyring.2" "$T/k/v/keyring"
	verify "$T/k"
	is "$rc" 0 'its copy put back: all is well'
done
rm "$T/k/v/keyring"
verify "$T/k"
is_refused 'no keyring'
cp "$T/k/v/keyring.2" "$T/k/v/keyring"
rm -rf "$T/k"

tampered pin 40 vault "$T/one" pin 50 3
tampered FORMAT 33 vault "$T/one" FORMAT 33 4
like "$(tail -n 1 "$T/tampered")" ' 0 harmless' 'no byte of FORMAT is without meaning'
cp -a "$T/one" "$T/k"
rm "$T/k/v/FORMAT"
verify "$T/k"
is "$rc" 6 'without FORMAT there is no vault'
cp "$T/one/v/FORMAT" "$T/k/v/FORMAT"
rm "$T/k/v/pin"
verify "$T/k"
is "$rc $(json 'select(.type == "verdict") | .verdict')" '3 INCOMPLETE' 'a missing pin is a finding'
rm -rf "$T/k"

# Two vaults of one owner, with one passphrase, mixed.
mixed() {
	cp -a "$T/one" "$T/m"
	for file; do
		cp "$T/two/v/$file" "$T/m/v/$file"
	done
	verify "$T/m"
	is_refused "with another vault's $*"
	rm -rf "$T/m"
}
mixed data.mdb
mixed keyring
mixed keyring keyring.2
mixed pin
mixed data.mdb pin
mixed keyring keyring.2 pin

tampered bundle 316 bundle "$T/b.tar" "$fingerprint" 300 5
done_testing
