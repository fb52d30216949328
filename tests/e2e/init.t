#!/bin/sh
# A new vault: what is printed, what lies on the disk, what is refused.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
export HIRZ_PASSPHRASE_FILE

must_pass "$HIRZ" init "$T/خزنة v" --org 'مركز التوثيق' --desk DM3 --kdf-mem 64
like "$(cat "$T/out")" 'desk DM3' 'the desk is named'
like "$(cat "$T/out")" '[0-9A-F]{4}( [0-9A-F]{4}){7}' 'the fingerprint stands in groups of four'
is "$(stat -c %a "$T/خزنة v")" 700 'nobody else may look into the folder'
is "$(cat "$T/خزنة v/FORMAT")" 'hirz-vault 1 compat=0 incompat=0' 'FORMAT'
for f in data.mdb keyring keyring.2 pin; do
	is "$(stat -c %a "$T/خزنة v/$f")" 600 "$f is there, for its owner"
done
must_pass cmp "$T/خزنة v/keyring" "$T/خزنة v/keyring.2"
lacks "$T/خزنة v/data.mdb" 'مركز' 'the name of the organisation is not in the file'
lacks "$T/خزنة v/data.mdb" 'DM3' 'nor the desk'
is "$(find "$T/state/hirz/pins" -type f | wc -l)" 1 'one pin outside'

must_pass "$HIRZ" --json init "$T/two" --org x --desk A1 --kdf-mem 64 --no-pin
is "$(json .type)" vault 'a line of type vault'
like "$(json .id)" '^[0-9a-f]{32}$' 'its id'
like "$(json .fingerprint)" '^[0-9a-f]{32}$' 'its fingerprint'
is "$(json .origin | cut -d/ -f1-2)" "hirz.invalid/$(json .id)" 'its origin'
is "$(json .desk)" A1 'its desk'
finger=$(json .fingerprint)
must_pass "$HIRZ" --json --vault "$T/two" status
is "$(json .fingerprint)" "$finger" 'status shows the same fingerprint'
must_pass "$HIRZ" --vault "$T/two" case new K1
is "$(find "$T/state/hirz/pins" -type f | wc -l)" 1 'a vault made with --no-pin never gets a pin outside'

must_fail 1 "$HIRZ" init "$T/two" --org x --desk A1 --kdf-mem 64
like "$(cat "$T/err")" 'HZ-E043' 'a folder that holds something is refused'
mkdir "$T/full" && echo mine >"$T/full/letter"
must_fail 1 "$HIRZ" init "$T/full" --org x --desk A1 --kdf-mem 64
is "$(cat "$T/full/letter")" mine 'what lies in it is untouched'
is "$(find "$T/full" -type f | wc -l)" 1 'nothing is added to it'
must_fail 6 "$HIRZ" init "$T/full/letter" --org x --desk A1 --kdf-mem 64
must_fail 2 "$HIRZ" init "$T/n" --org x --desk dm3 --kdf-mem 64
must_fail 2 "$HIRZ" init "$T/n" --org x --desk ABCDEFGHIJKLM --kdf-mem 64
must_fail 2 "$HIRZ" init "$T/n" --desk DM3
must_fail 2 "$HIRZ" init "$T/n" --org x
must_fail 2 "$HIRZ" init "$T/n" --org x --desk DM3 --kdf-mem 63
must_fail 2 "$HIRZ" init "$T/n" --org x --desk DM3 --kdf-mem 2049
must_fail 1 "$HIRZ" init "$T/n" --org x --desk DM3 --profile field
like "$(cat "$T/err")" 'HZ-E094' 'a field vault is refused by name'
passphrase "$T/weak" abc
must_fail 2 "$HIRZ" init "$T/n" --org x --desk DM3 --kdf-mem 64 --passphrase-file "$T/weak"
like "$(cat "$T/err")" 'HZ-E023' 'a weak passphrase is refused'
[ ! -e "$T/n" ]
ok $? 'none of these left a folder'
mkdir "$T/empty"
must_fail 2 "$HIRZ" init "$T/empty" --org x --desk DM3 --kdf-mem 64 --passphrase-file "$T/weak"
is "$(find "$T/empty" | wc -l)" 1 'an empty folder that was there stays, empty'
must_pass "$HIRZ" init "$T/empty" --org x --desk DM3 --kdf-mem 64 -q
is "$(cat "$T/out")" '' '-q says nothing'
unset HIRZ_PASSPHRASE_FILE
must_fail 12 "$HIRZ" --no-input init "$T/n" --org x --desk DM3
must_fail 9 "$HIRZ" init "$T/n" --org x --desk DM3 --kdf-mem 64 --passphrase-file "$T/nowhere"
printf 'another good passphrase of words\n' >"$T/fd"
run sh -c '"$1" init "$2/by-fd" --org x --desk D --kdf-mem 64 --passphrase-fd 7 7<"$2/fd"' sh "$HIRZ" "$T"
tap_verdict 0 'the passphrase through a descriptor'
must_fail 5 "$HIRZ" --vault "$T/by-fd" list --passphrase-file "$T/pw"
must_pass "$HIRZ" --vault "$T/by-fd" list --passphrase-file "$T/fd"
done_testing
