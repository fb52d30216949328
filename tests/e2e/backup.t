#!/bin/sh
# Copies of a vault; an older copy is noticed; going on from it is said for ever.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
must_pass "$HIRZ" --json init "$T/v" --org x --desk DM3 --kdf-mem 64
finger=$(json .fingerprint)
origin=$(json .origin)
echo one >"$T/1"
echo two >"$T/2"
echo three >"$T/3"
must_pass "$HIRZ" add "$T/1"

must_pass "$HIRZ" --json backup "$T/copy"
is "$(json '[.type, .size, .exhibits] | @json')" '["backup",3,1]' 'the line of the contract'
is "$(json .origin)" "$origin" 'of this log'
must_pass "$HIRZ" --json log
is "$(json '[.act, .fields.kind] | @json' | tail -n 1)" '["note","backup"]' 'the log says that a copy exists'
must_fail 1 "$HIRZ" backup "$T/copy"
like "$(cat "$T/err")" 'HZ-E043' 'a folder that holds something is refused'
must_fail 2 "$HIRZ" backup "$T/v/inside"
must_fail 2 "$HIRZ" backup
must_pass "$HIRZ" --vault "$T/copy" --json status
is "$(json '[.log_size, .exhibits, .pins] | @json')" '[3,1,"good"]' 'the copy is a vault'
must_pass "$HIRZ" --vault "$T/copy" show DM3-1

# The whole folder as it was last week, its own pin too.
cp -a "$T/v" "$T/old"
must_pass "$HIRZ" add "$T/2"
mv "$T/v" "$T/newer"
cp -a "$T/old" "$T/v"
must_fail 11 "$HIRZ" list
like "$(cat "$T/err")" 'HZ-E049' 'an older copy is noticed while reading'
like "$(cat "$T/out")" 'DM3-000001' 'and still read'
must_fail 11 "$HIRZ" --json status
is "$(json '[.pins, .next] | @json')" '["older","hirz recover restored -m WHY"]' 'status says what to do'
must_fail 11 "$HIRZ" add "$T/3"
must_fail 11 "$HIRZ" case new K
must_fail 11 "$HIRZ" open DM3-1 -o "$T/o" --reason x
[ ! -e "$T/o" ]
ok $? 'nothing is opened'
must_fail 11 "$HIRZ" --vault "$T/copy" backup "$T/copy2"
must_fail 2 "$HIRZ" recover restored
must_fail 12 env -u HIRZ_PASSPHRASE_FILE "$HIRZ" --no-input recover restored -m x

must_pass "$HIRZ" --json recover restored -m 'القرص تالف'
is "$(json '[.type, .logs, .found, .pinned] | @json')" '["restored",2,3,4]' 'found 3, seen 4'
isnt "$(json .origin)" "$origin" 'a new log'
must_pass "$HIRZ" --json status
is "$(json '[.pins, .log_size, .logs] | @json')" '["good",1,2]' 'which begins with one event'
is "$(json .fingerprint)" "$finger" 'the fingerprint of the vault stays'
must_pass "$HIRZ" --json log
is "$(json .act | tr '\n' ' ')" 'init acquire note restore ' 'both logs are shown'
is "$(json 'select(.act == "restore") | .fields.note')" 'القرص تالف' 'with the reason'
must_pass "$HIRZ" add "$T/3"
must_pass "$HIRZ" open DM3-1 -o "$T/o" --reason 'after the restore'
must_pass cmp "$T/o" "$T/1"
must_pass "$HIRZ" --json custody DM3-1
is "$(json '[.act, .seq] | @json' | tr '\n' ' ')" '["acquire",0] ["access",1] ' 'the chain goes on over both logs'
is "$(json .log | sort -u | wc -l)" 2 'which are two'
must_pass "$HIRZ" log --proof 0
must_pass "$HIRZ" list
# What was lost is back: two histories, and the newer one of the first log is not this one.
rm -rf "$T/v"
mv "$T/newer" "$T/v"
must_fail 11 "$HIRZ" list
done_testing
