#!/bin/sh
# custody, log, proofs, checkpoints.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
must_pass "$HIRZ" init "$T/v" --org x --desk DM3 --kdf-mem 64
session "$T/v"
printf 'one\n' >"$T/one"
printf 'two\n' >"$T/two"
printf 'one\n' >"$T/again"
must_pass "$HIRZ" add "$T/one" "$T/two" --source 'شاهد 14'
must_pass "$HIRZ" open DM3-1 -o "$T/o" --reason 'review'
must_pass "$HIRZ" case new MAR
must_pass "$HIRZ" case add MAR DM3-1 DM3-2
must_pass "$HIRZ" add "$T/again" --source 'شاهد 20'

must_pass "$HIRZ" --json custody DM3-1
is "$(json .type | sort -u)" event 'lines of type event'
is "$(json '[.act, .seq] | @json' | tr '\n' ' ')" \
	'["acquire",0] ["access",1] ["record",null] ["receipt",2] ' 'every act, in order of time'
is "$(json '[.index] | @json' | tr -d '[]' | sort -n | tr '\n' ' ')" "$(json .index | tr '\n' ' ')" 'by index'
is "$(json 'select(.seq != null) | .ex' | sort -u | wc -l)" 1 'one exhibit'
like "$(json .actor | sort -u)" '^mb-[0-9a-f]{32}$' 'the actor'
like "$(json .t | head -n 1)" 'T[0-9:]{8}Z$' 'the time'
must_pass "$HIRZ" custody DM3-1
like "$(cat "$T/out")" 'unbroken' 'people are told that the chain is whole'
like "$(cat "$T/out")" 'opened +review' 'and why it was opened'
must_fail 1 "$HIRZ" custody DM3-9

must_pass "$HIRZ" --json log
is "$(json .act | tr '\n' ' ')" 'init acquire acquire access record record receipt ' 'the whole log'
is "$(json .index | tr '\n' ' ')" '0 1 2 3 4 5 6 ' 'numbered from 0'
is "$(json 'select(.act == "init") | [.ex == .actor, .seq] | @json')" '[true,0]' 'event 0 is about the first member'
leaf=$(json 'select(.index == 3) | .leaf')
must_pass "$HIRZ" --json log --since 5
is "$(json .index | tr '\n' ' ')" '5 6 ' 'since an event'
must_pass "$HIRZ" --json log --since 2000-01
is "$(json .index | wc -l)" 7 'since a month'
must_pass "$HIRZ" --json log --since 2999-01-01
is "$(cat "$T/out")" '' 'nothing since a later day'
must_fail 2 "$HIRZ" log --since yesterday
must_fail 2 "$HIRZ" log --since 3 --checkpoint
must_fail 2 "$HIRZ" log -o "$T/x"
must_pass "$HIRZ" log
like "$(cat "$T/out")" 'DM3-000001 +review' 'rows for people'

must_pass "$HIRZ" log --checkpoint -o "$T/cp"
is "$(sed -n 2p "$T/cp")" 7 'the checkpoint has the size of the log'
must_fail 1 "$HIRZ" log --checkpoint -o "$T/cp"
must_pass "$HIRZ" log --checkpoint
cmp -s "$T/out" "$T/cp"
ok $? 'the same on standard output'
must_pass "$HIRZ" --json log --checkpoint
is "$(json '[.type, .size] | @json')" '["checkpoint",7]' 'the line of the contract'
is "$(json .note)" "$(cat "$T/cp")" 'the note'
is "$(json .origin)" "$(head -n 1 "$T/cp")" 'the origin'
is "$(json .root | xxd -r -p | base64)" "$(sed -n 3p "$T/cp")" 'the root'

must_pass "$HIRZ" log --proof 3 -o "$T/proof"
is "$(head -n 2 "$T/proof" | tr '\n' ' ')" 'c2sp.org/tlog-proof@v1 index 3 ' 'a tlog-proof'
must_fail 2 "$HIRZ" log --proof 7
must_fail 2 "$HIRZ" log --proof x
must_pass "$HIRZ" key export --vkey -o "$T/vkey"
# The proof and the checkpoint by other means: RFC 6962 by hand, the signature by openssl.
cat >"$T/check.py" <<'X'
import base64, hashlib, subprocess, sys
proof, vkey, leaf, tmp = sys.argv[1:]
text = open(proof).read()
head, note = text.split("\n\n", 1)
lines = head.split("\n")
index, h = int(lines[1].split()[1]), bytes.fromhex(leaf)
origin, size, root = note.split("\n")[:3]
fn, sn = index, int(size) - 1
for p in (base64.b64decode(x) for x in lines[2:]):
    assert sn > 0
    if fn & 1 or fn == sn:
        h = hashlib.sha256(b"\1" + p + h).digest()
        while not fn & 1 and fn:
            fn >>= 1
            sn >>= 1
    else:
        h = hashlib.sha256(b"\1" + h + p).digest()
    fn >>= 1
    sn >>= 1
assert sn == 0 and base64.b64encode(h).decode() == root, "inclusion"
name, kid, key = open(vkey).read().strip().split("+", 2)
key = base64.b64decode(key)
assert name == origin and key[0] == 1
assert hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == kid
signed, sig = note.split("\n\n", 1)
sig = base64.b64decode(sig.split(" ")[2])
assert sig[:4].hex() == kid
open(tmp + "/pub.der", "wb").write(bytes.fromhex("302a300506032b6570032100") + key[1:])
open(tmp + "/signed", "w").write(signed + "\n")
open(tmp + "/sig", "wb").write(sig[4:])
X
must_pass /usr/bin/python3 "$T/check.py" "$T/proof" "$T/vkey" "$leaf" "$T"
must_pass openssl pkeyutl -verify -pubin -keyform DER -inkey "$T/pub.der" -rawin -in "$T/signed" -sigfile "$T/sig"
must_fail 1 /usr/bin/python3 "$T/check.py" "$T/proof" "$T/vkey" "00${leaf#??}" "$T"
no_session "$T/v"
done_testing
