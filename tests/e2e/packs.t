#!/bin/sh
# Audit packs of a vault with time stamps and witnesses: hirz-verify and the second verifier answer the same, on good and bad ones, and
# stock tools check what is in them; packs that are sealed to a key.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
lib=$tap_top/tests/lib
command -v openssl >/dev/null || {
	echo '1..0 # SKIP openssl is not installed'
	exit 0
}
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
XDG_STATE_HOME=$T/state
HOME=$T
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT XDG_STATE_HOME HOME
tsa() { sh "$lib/authority.sh" "$T/a" "$@"; }
# agree WANT WHAT FILE [OPTION VALUE]...: both verifiers, with the fingerprint
agree() {
	agree_want=$1 agree_what=$2
	shift 2
	/usr/bin/python3 "$lib/both.py" "$HIRZ_VERIFY" "$@" --key "$key" >"$T/both" 2>&1
	is "$(cat "$T/both")" "$agree_want" "$agree_what"
}
tsa make
must_pass "$HIRZ" --json init "$T/v" --org x --desk DM3 --kdf-mem 64
key=$(json .fingerprint)
for n in one two three four; do printf '%s\n' "$n" >"$T/$n"; done
must_pass "$HIRZ" add "$T/one" --consent none -m 'made by ourselves'
must_pass "$HIRZ" audit -o "$T/before.pack"
must_pass "$HIRZ" --json anchor request -o "$T/q.tsq" --checkpoint "$T/cp"
tsa reply good "$T/q.tsq" "$T/r.tsr"
must_pass "$HIRZ" --json anchor import "$T/r.tsr" --tsa-ca "$T/a/ca.pem"
index=$(json .index)
must_pass "$HIRZ" log --checkpoint -o "$T/cp2"
/usr/bin/python3 - "$T" "$lib" <<'X'
import hashlib, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[2])
import make_bundle
d = hashlib.sha256(open(sys.argv[1] + '/cp2', 'rb').read()).digest()
open(sys.argv[1] + '/p.ots', 'wb').write(make_bundle.proof(d))
open(sys.argv[1] + '/block', 'w').write(make_bundle.block_of(d).hex() + '\n')
X
must_pass "$HIRZ" anchor import "$T/p.ots"
must_pass "$HIRZ" --json witness init --name b.example/witness --kdf-mem 64
json .key >"$T/witness"
must_pass "$HIRZ" key export --vkey -o "$T/vkey"
must_pass "$HIRZ" witness request -o "$T/request"
must_pass "$HIRZ" witness sign "$T/request" -o "$T/answer" --log "$T/vkey"
must_pass "$HIRZ" witness import "$T/answer" --witness "$T/witness"
printf 'witness one %s\nquorum one\n' "$(cat "$T/witness")" >"$T/policy"
printf 'witness one %s\nquorum none\n' "$(cat "$T/witness")" >"$T/nobody"
must_pass "$HIRZ" case new MAR

# --- what is in a pack
must_pass "$HIRZ" --json audit -o "$T/pack"
is "$(json 'select(.type == "pack") | [.stamps, .sealed, (.checkpoints > 5)] | @json')" '[3,false,true]' 'stamps, requests and checkpoints are in the pack'
is "$(grep -c '^record ' "$T/pack")" 3 'a record behind each event of a stamp or request'
is "$(grep -c '^— b.example/witness ' "$T/pack")" 1 'the cosignature'
lacks "$T/pack" 'made by ourselves' 'nothing else'

# --- both verifiers
agree '0 VALID-SIGNED -' 'alone' "$T/pack"
agree '0 VALID-SIGNED -' 'with the authority' "$T/pack" --tsa-ca "$T/a/ca.pem"
agree '3 INCOMPLETE -' 'with another authority' "$T/pack" --tsa-ca "$T/a/otherca.pem"
agree '0 VALID-WITNESSED -' 'with a policy, by a checkpoint on the way' "$T/pack" --policy "$T/policy"
agree '0 VALID-SIGNED -' 'with a policy that asks for nobody' "$T/pack" --policy "$T/nobody"
agree '0 VALID-SIGNED -' 'against an earlier pack' "$T/pack" --against "$T/before.pack"
agree '0 VALID-SIGNED -' 'against the pin, a checkpoint and a request' "$T/pack" --against "$T/v/pin" --against "$T/cp2" --against "$T/request"
must_pass "$HIRZ_VERIFY" --json "$T/pack" --key "$key" --tsa-ca "$T/a/ca.pem" --block-header "$T/block"
is "$(json 'select(.id == "stamped") | .path' | sort | tr '\n' ' ')" "0:$index 0:$((index + 1)) " 'both stamps prove their times'
must_pass /usr/bin/python3 "$lib/verify.py" "$T/pack" --key "$key" --tsa-ca "$T/a/ca.pem" --block-header "$(cat "$T/block")" --extract "$T/files"
is "$(grep -c '^proved' "$T/out")" 2 'the second verifier says the same'
openssl ts -verify -token_in -in "$T/files/0-$index.tst" -data "$T/files/0-$index.checkpoint" -CAfile "$T/a/ca.pem" >/dev/null 2>&1
ok $? 'openssl verifies the token out of the pack'
cmp -s "$T/cp2" "$T/files/0-$((index + 1)).checkpoint"
ok $? 'the file that was stamped is there, byte by byte'
must 3 'a policy of witnesses is no key' "$HIRZ_VERIFY" "$T/pack" --policy "$T/policy"

# --- changed ones
cat >"$T/mutate.py" <<'X'
"""Changes the sections of a pack; both verifiers must refuse each, with one code."""
import random, re, subprocess, sys
both, verify, key, path = sys.argv[1:]
data, rng, ways, bad = open(path, 'rb').read(), random.Random(11), {}, []
records = [m for m in re.finditer(rb'^record (\d+)\n', data, re.M)]
notes = [m for m in re.finditer(rb'^checkpoint (\d+)\n', data, re.M)]
def body(m):
    return m.end(), m.end() + int(m[1])
for m in records:
    start, end = body(m)
    for _ in range(6):
        at, bit = rng.randrange(start, end), 1 << rng.randrange(7)
        ways['bit %d of byte %d of a record' % (bit, at)] = data[:at] + bytes([data[at] ^ bit]) + data[at + 1:]
    ways['record at %d twice' % start] = data[:end] + data[m.start():end] + data[end:]
    fields = data[start:end - 1].split(b'~')
    short = b'~'.join(fields[:2] + fields[3:]) + b'\n'
    if b'anchor' in bytes(__import__('base64').urlsafe_b64decode(fields[2] + b'==')):
        ways['record at %d without a part' % start] = data[:m.start()] + b'record %d\n' % len(short) + short + data[end:]
first, last = records[0], records[-1]
ways['records swapped'] = data[:first.start()] + data[last.start():body(last)[1]] + data[body(first)[1]:last.start()] + data[first.start():body(first)[1]] + data[body(last)[1]:]
for m in notes[:-1]:
    start, end = body(m)
    at = rng.randrange(start, data.index(b' ', data.index(b'\n\n', start) + 6))
    ways['a checkpoint changed at %d' % at] = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
for what, content in ways.items():
    open(path + '.bad', 'wb').write(content)
    r = subprocess.run([sys.executable, both, verify, path + '.bad', '--key', key], capture_output=True)
    if r.returncode or not r.stdout.startswith((b'4 ', b'6 ')):
        bad.append('%s: %s' % (what, r.stdout.decode()))
print('\n'.join(bad) or 'all of %d refused by both' % len(ways))
sys.exit(bool(bad))
X
must 0 'changed in many ways' /usr/bin/python3 "$T/mutate.py" "$lib/both.py" "$HIRZ_VERIFY" "$key" "$T/pack"
diag "$(tail -n 1 "$T/out")"

# --- two histories
cp -a "$T/v" "$T/desk2"
cp -a "$T/state" "$T/state2"
must_pass "$HIRZ" add "$T/two" --consent C-1
must_pass "$HIRZ" audit -o "$T/desk1.pack"
must_pass "$HIRZ" export --all --to Court -o "$T/desk1.tar"
# shellcheck disable=SC2317 # must_pass calls it
second() { env XDG_STATE_HOME="$T/state2" "$HIRZ" --vault "$T/desk2" "$@"; }
must_pass second add "$T/three" --consent C-1
must_pass second add "$T/four" --consent C-1
must_pass second audit -o "$T/desk2.pack"
must_pass second export --all --to Court -o "$T/desk2.tar"
must_pass second log --checkpoint -o "$T/desk2.cp"
parted=$("$HIRZ_VERIFY" "$T/pack" --json --key "$key" | jq -r 'select(.type == "verdict") | .log.size // .size // empty')
agree "11 INVALID $parted" 'a fork between two packs' "$T/desk2.pack" --against "$T/desk1.pack"
agree "11 INVALID $parted" 'the other way round' "$T/desk1.pack" --against "$T/desk2.pack"
agree "11 INVALID $parted" 'a bundle against the pack of another history' "$T/desk1.tar" --against "$T/desk2.pack"
agree "11 INVALID $parted" 'a pack against the bundle of another history' "$T/desk1.pack" --against "$T/desk2.tar"
agree "11 INVALID $((parted + 1))" 'a checkpoint alone tells only what is missing' "$T/desk1.pack" --against "$T/desk2.cp"
agree '0 VALID-SIGNED -' 'each is one with its own bundle' "$T/desk2.pack" --against "$T/pack"
must 11 'the vault itself against the pack of another history' "$HIRZ" --json audit --against "$T/desk2.pack"
is "$(json 'select(.what == "fork") | .id')" "event 0:$parted" 'names the same event'

# --- sealed
if command -v age-keygen >/dev/null; then
	age-keygen -o "$T/identity" 2>/dev/null
	to=$(age-keygen -y "$T/identity")
	must_pass "$HIRZ" --json audit -o "$T/sealed" --sealed-to "$to"
	is "$(json 'select(.type == "pack") | .sealed')" true 'said so'
	like "$(head -c 21 "$T/sealed")" 'age-encryption.org/v1' 'an age file'
	lacks "$T/sealed" 'hirz' 'in which nothing can be read'
	age -d -i "$T/identity" "$T/sealed" >"$T/opened"
	must_pass "$HIRZ" audit -o "$T/plain"
	cmp -s "$T/opened" "$T/plain"
	ok $? 'opened it is the very pack'
	must_pass "$HIRZ" --lang ar audit -o "$T/sealed2" --sealed-to "$to"
	like "$(cat "$T/out")" 'مُعمّى' 'in Arabic'
else
	skip 8 'age is not installed'
fi
must_fail 2 "$HIRZ" audit -o "$T/x" --sealed-to age1nothing
must_fail 2 "$HIRZ" audit --sealed-to age1nothing
is "$(find "$T" -name '*.part' -o -name x | wc -l)" 0 'nothing half-written is left'
done_testing
