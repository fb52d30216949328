#!/bin/sh
# Yesterday's copy of the whole folder is put back. Every command that opens it says so and ends with 11, reading still
# prints, nothing is written, and `recover restored` goes on in a new log that tells of it for ever.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

passphrase "$T/pass"
HIRZ_PASSPHRASE_FILE=$T/pass
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
samples "$T/files"

must 0 'a vault' "$HIRZ" --json init "$T/v" --org Rollback --desk RB --kdf-mem 64
fingerprint=$(json .fingerprint)
must 0 'two exhibits' "$HIRZ" --json add "$T/files/photo.jpg" "$T/files/testimony-ar.txt" --consent C-1
must 0 'a checkpoint of yesterday' "$HIRZ" --json log --checkpoint
old_size=$(json .size) old_root=$(json .root)
cp -a "$T/v" "$T/old"
must 0 'two more' "$HIRZ" --json add "$T/files/clip.mp4" "$T/files/testimony-en.txt" --consent C-1
must 0 'a bundle of today' "$HIRZ" --json export --all --to Court -o "$T/today.tar"
must 0 'a checkpoint of today' "$HIRZ" --json log --checkpoint
new_size=$(json .size) new_root=$(json .root)
[ "$new_size" -gt "$old_size" ]
ok $? 'which is longer'
mv "$T/v" "$T/newest"
cp -a "$T/old" "$T/v"

# rolled CODE NAME CMD...: HZ-E049 and nothing in the folder is changed.
print_of() {
	(cd "$T/v" && sha256sum data.mdb keyring keyring.2 pin FORMAT && ls) | sha256sum
}
before=$(print_of)
rolled() {
	rolled_name=$1
	shift
	must 11 "$rolled_name" "$@"
	cat "$T/out" "$T/err" >"$T/both"
	like "$(cat "$T/both")" 'HZ-E049' "$rolled_name: it is said why"
	is "$(grep -oE 'HZ-E[0-9]{3}' "$T/both" | sort -u | wc -l)" 1 "$rolled_name: with one message id"
	is "$(print_of)" "$before" "$rolled_name: the folder is as it was"
}
rolled 'list' "$HIRZ" --json list
is "$(json 'select(.type == "exhibit") | .id' | sort | tr '\n' ' ')" 'RB-000001 RB-000002 ' 'list still prints'
rolled 'list in words' "$HIRZ" list
like "$(cat "$T/out")" 'RB-000002' 'and in words'
rolled 'show' "$HIRZ" --json show RB-000001
like "$(cat "$T/out")" '"id":"RB-000001"' 'show still prints'
rolled 'custody' "$HIRZ" --json custody RB-000001
like "$(cat "$T/out")" '"act":"acquire"' 'custody still prints'
rolled 'log' "$HIRZ" --json log
is "$(grep -c '"type":"event"' "$T/out")" "$old_size" 'log still prints'
rolled 'verify --full' "$HIRZ" --json verify --full
rolled 'status' "$HIRZ" --json status
rolled 'add' "$HIRZ" --json add "$T/files/clip.mp4"
lacks "$T/out" sealed 'add seals nothing'
rolled 'open' "$HIRZ" open RB-000001 -o "$T/x" --reason 'a look'
rolled 'export' "$HIRZ" export --all --to Court -o "$T/x"
rolled 'case new' "$HIRZ" case new MARKET
rolled 'backup' "$HIRZ" backup "$T/x"
[ ! -e "$T/x" ]
ok $? 'and no file was written'
must 2 'recover wants a reason' "$HIRZ" recover restored
is "$(print_of)" "$before" 'and does nothing without'

# Without what this machine remembers the copy cannot be told from the newest: it is said that nothing is known.
mv "$T/state" "$T/state.kept"
mkdir "$T/state"
run "$HIRZ" --json list
is "$rc" 0 'on a machine that never saw the vault it opens'
like "$(cat "$T/err")" 'first use' 'and it is said that nothing was seen of it before'
rm -rf "$T/state" && mv "$T/state.kept" "$T/state"
rm -rf "$T/v" && cp -a "$T/newest" "$T/v"
must 0 'the newest is not older than itself' "$HIRZ" --json list
rm -rf "$T/v" && cp -a "$T/old" "$T/v"

must 0 'recover restored' "$HIRZ" --json recover restored -m 'the disk broke, the copy of yesterday'
for command in list status 'verify --full' 'custody RB-000001'; do
	# shellcheck disable=SC2086
	must 0 "after it: $command" "$HIRZ" --json $command
done
must 0 'a look at the log' "$HIRZ" --json log
is "$(json 'select(.act == "restore") | .act')" restore 'the log tells of the restore'
must 0 'adding goes on' "$HIRZ" --json add "$T/files/clip.mp4" "$T/files/testimony-en.txt" --consent C-2
is "$(json 'select(.type == "summary") | .sealed')" 2 'what the copy did not have is sealed again'
is "$(json 'select(.type == "item") | .id' | sort | uniq -d | wc -l)" 0 'each with a number of its own'
must 0 'every byte' "$HIRZ" --json verify --full
must 0 'a bundle' "$HIRZ" --json export --all --to Court -o "$T/b.tar"
must 0 'is valid with the fingerprint that init printed' "$HIRZ_VERIFY" --json --key "$fingerprint" "$T/b.tar"
is "$(json 'select(.type == "verdict") | .verdict')" VALID-SIGNED 'VALID-SIGNED'
must 0 'for the second verifier too' /usr/bin/python3 "$tap_top/tests/lib/verify.py" "$T/b.tar" --key "$fingerprint"
must 0 'the bundle of today is still valid' "$HIRZ_VERIFY" --json --key "$fingerprint" "$T/today.tar"

# What the new log says of both ends.
mkdir "$T/bag" && tar -xf "$T/b.tar" -C "$T/bag"
cut -d. -f2 "$T/bag"/hirz-*/custody/events/0.jws | tr -- '-_' '+/' | sed 's/$/===/' | base64 -d 2>/dev/null >"$T/event0"
is "$(json .act "$T/event0")" restore 'the bundle begins with the restore'
is "$(json .init.found "$T/event0")" "$old_size $old_root" 'it names what was found'
is "$(json .init.pinned "$T/event0")" "$new_size $new_root" 'and what had been seen'
is "$(find "$T/bag"/hirz-*/custody/logs -mindepth 1 -maxdepth 1 | wc -l)" 1 'the closed log is in the bundle'

# The newest copy turns up after all: it belongs to a log that is closed here.
rm -rf "$T/v" && cp -a "$T/newest" "$T/v"
before=$(print_of)
rolled 'the copy that was lost, put back' "$HIRZ" --json add "$T/files/clip.mp4"
done_testing
