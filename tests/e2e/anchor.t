#!/bin/sh
# Time stamps as a person makes them: request, answer of an authority, import, list, export, verification.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
trap 'rm -rf "${shim:-}"; tap_end' EXIT
lib=$tap_top/tests/lib
command -v openssl >/dev/null || {
	echo '1..0 # SKIP openssl is not installed'
	exit 0
}
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
tsa() { sh "$lib/authority.sh" "$T/a" "$@"; }
tsa make
must_pass "$HIRZ" --json init "$T/v" --org x --desk DM3 --kdf-mem 64
session "$T/v"
fingerprint=$(json .fingerprint)
printf 'one\n' >"$T/one"
printf 'two\n' >"$T/two"
must_pass "$HIRZ" add "$T/one" --consent none -m 'made by ourselves'
must_pass "$HIRZ" add "$T/two"
must_pass "$HIRZ" anchor list
like "$(cat "$T/out")" 'no time stamps yet' 'what there is at first'
must_pass "$HIRZ" --json status
is "$(json '[.anchors, .anchor] | @json')" '[0,"none"]' 'status knows of none'

# The request, and its answer.
must_fail 2 "$HIRZ" anchor request
must_pass "$HIRZ" --json anchor request -o "$T/q.tsq" --checkpoint "$T/cp"
is "$(json '[.type, .result, .size] | @json')" '["anchor","requested",3]' 'the line of a request'
openssl ts -query -in "$T/q.tsq" -text >"$T/text" 2>/dev/null
like "$(cat "$T/text")" 'Hash Algorithm: sha256' 'openssl reads the request'
like "$(cat "$T/text")" 'Certificate required: yes' 'it asks for the certificate'
like "$(cat "$T/text")" 'Nonce: 0x[0-9A-F]{16}' 'it has a nonce'
must_fail 1 "$HIRZ" anchor request -o "$T/q.tsq"
tsa reply good "$T/q.tsq" "$T/r.tsr"
openssl ts -verify -data "$T/cp" -in "$T/r.tsr" -CAfile "$T/a/ca.pem" >/dev/null 2>&1
ok $? 'openssl verifies the answer against the checkpoint'

# What must not get in.
must_fail 2 "$HIRZ" anchor import "$T/r.tsr"
must_fail 4 "$HIRZ" anchor import "$T/r.tsr" --tsa-ca "$T/a/otherca.pem"
like "$(cat "$T/err")" 'HZ-E084' 'an authority that was not given'
like "$(cat "$T/err")" 'leads to none of the authorities' 'and why'
tsa reply expired "$T/q.tsq" "$T/x.tsr"
must_fail 4 "$HIRZ" anchor import "$T/x.tsr" --tsa-ca "$T/a/ca.pem"
like "$(cat "$T/err")" 'not valid when the time stamp was made' 'a certificate that had ended'
openssl ts -query -data "$T/cp" -sha256 -cert -out "$T/o.tsq" 2>/dev/null
tsa reply good "$T/o.tsq" "$T/o.tsr"
must_fail 4 "$HIRZ" anchor import "$T/o.tsr" --tsa-ca "$T/a/ca.pem"
like "$(cat "$T/err")" 'nonce' 'a nonce that was not asked for'
openssl ts -query -data "$T/one" -sha256 -cert -out "$T/n.tsq" 2>/dev/null
tsa reply good "$T/n.tsq" "$T/n.tsr"
must_fail 4 "$HIRZ" anchor import "$T/n.tsr" --tsa-ca "$T/a/ca.pem"
like "$(cat "$T/err")" 'no checkpoint of this vault' 'a time stamp of something else'
must_fail 4 "$HIRZ" anchor import "$T/n.tsr" --tsa-ca "$T/a/ca.pem" --checkpoint "$T/one"
openssl ts -reply -in "$T/r.tsr" -token_out -out "$T/token" 2>/dev/null
for kind in noess code sha1; do
	case $kind in
	noess) tsa forge good "$T/token" "$T/bad" ;;
	code) tsa forge code "$T/token" "$T/bad" -cades ;;
	sha1) tsa forge good "$T/token" "$T/bad" -cades -md sha1 ;;
	esac
	must_fail 4 "$HIRZ" anchor import "$T/bad" --tsa-ca "$T/a/ca.pem"
done
head -c 400 "$T/r.tsr" >"$T/cut"
must_fail 4 "$HIRZ" anchor import "$T/cut" --tsa-ca "$T/a/ca.pem"
: >"$T/empty"
must_fail 4 "$HIRZ" anchor import "$T/empty" --tsa-ca "$T/a/ca.pem"
must_fail 1 "$HIRZ" anchor import "$T/nothing" --tsa-ca "$T/a/ca.pem"
must_pass "$HIRZ" --json log
is "$(json .act | grep -c anchor)" 1 'none of them is in the log: only the request is'

# What gets in.
must_pass "$HIRZ" --json anchor import "$T/r.tsr" --tsa-ca "$T/a/ca.pem" --crl "$T/a/empty.crl" -n
is "$(json '[.result, .valid_then, .valid_today, .revoked] | @json')" '["checked","valid","valid","no"]' 'three facts'
must_pass "$HIRZ" --json anchor import "$T/r.tsr" --tsa-ca "$T/a/ca.pem" --crl "$T/a/empty.crl"
is "$(json '[.result, .kind, .size, .index] | @json')" '["imported","rfc3161",3,4]' 'imported'
like "$(json .t)" 'T[0-9:]{8}Z$' 'its time'
must_pass "$HIRZ" --json anchor import "$T/token" --tsa-ca "$T/a/ca.pem"
is "$(json '[.result, .index] | @json')" '["duplicate",4]' 'the bare token is the same'
must_pass "$HIRZ" --json anchor list
is "$(json '[.result, .state, .revoked] | @json')" '["listed","good","no"]' 'the list checks it with what was kept'
must_pass "$HIRZ" --json status
is "$(json '[.anchors, .anchor, .anchor_size] | @json')" '[1,"good",3]' 'status knows it'
must_pass "$HIRZ" --lang ar status
like "$(cat "$T/out")" 'ختم زمني' 'in Arabic too'
must_pass "$HIRZ" verify --full

# Checks of the vault say what it proves.
for command in audit 'verify --full'; do
	# shellcheck disable=SC2086 # the command is words
	must_pass "$HIRZ" --json $command
	is "$(json 'select(.type == "anchor") | [.result, .index, .size, .state, .valid_then, .valid_today, .revoked, .renewed] | @json')" \
		'["checked",4,3,"good","valid","valid","no",false]' "$command: the three facts, as its importer trusted it"
	# shellcheck disable=SC2086
	must_pass "$HIRZ" --json $command --tsa-ca "$T/a/ca.pem"
	is "$(json 'select(.type == "anchor") | .state')" good 'with the authority from outside'
	# shellcheck disable=SC2086
	must_fail 3 "$HIRZ" --json $command --tsa-ca "$T/a/otherca.pem"
	is "$(json 'select(.type == "verdict") | .reasons | contains(["stamp-untrusted"])')" true 'and with another one'
	is "$(json 'select(.type == "anchor") | [.result, .state, .valid_then] | @json')" '["checked","untrusted","untrusted"]' 'which vouches for nothing'
done
must_pass "$HIRZ" audit
like "$(cat "$T/out")" 'event 0:4 .*hirz test good; then: valid; today: valid; revoked: not revoked' 'in words'
must_pass "$HIRZ" --lang ar verify
like "$(cat "$T/out")" 'ختم زمني' 'in Arabic'
must_fail 2 "$HIRZ" audit --tsa-ca "$T/one"
must_fail 1 "$HIRZ" verify --crl "$T/nothing"

# A renewal by another authority, whose certificate ends soon.
must_pass "$HIRZ" --json anchor request --renew -o "$T/q2.tsq"
is "$(json '[.renewed, .size] | @json')" '[1,6]' 'the renewal comes before the request'
tsa reply second "$T/q2.tsq" "$T/r2.tsr"
must_pass "$HIRZ" anchor import "$T/r2.tsr" --tsa-ca "$T/a/ca.pem"
must_pass "$HIRZ" --json status
is "$(json '[.anchors, .anchor, .anchor_size] | @json')" '[2,"renew",6]' 'status asks for a renewal in time'
must_pass "$HIRZ" status
like "$(cat "$T/out")" 'its first certificate ends on' 'and tells people'

# OpenTimestamps: a proof made here, with its block.
must_pass "$HIRZ" log --checkpoint -o "$T/cp2"
/usr/bin/python3 - "$T" "$lib" <<'X'
import hashlib, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[2])
import make_bundle
d = hashlib.sha256(open(sys.argv[1] + '/cp2', 'rb').read()).digest()
open(sys.argv[1] + '/p.ots', 'wb').write(make_bundle.proof(d))
open(sys.argv[1] + '/block', 'w').write(make_bundle.block_of(d).hex() + '\n')
open(sys.argv[1] + '/other', 'wb').write(bytes(80))
X
must_pass "$HIRZ" --json anchor import "$T/p.ots" -n
is "$(json '[.kind, .state, .attestations[0].kind, .attestations[0].uri, .attestations[1].height] | @json')" \
	'["ots","untrusted","pending","https://example/",482232]' 'promise, height and root are told'
must_fail 4 "$HIRZ" anchor import "$T/p.ots" --block-header "$T/other"
must_pass "$HIRZ" --json anchor import "$T/p.ots" --block-header "$T/block"
is "$(json .state)" good 'the block proves it'
must_pass "$HIRZ" anchor list
is "$(grep -c . "$T/out")" 4 'a heading and three time stamps'

# The whole of it: what was renewed, whose key was stolen, and a page to read.
must_pass "$HIRZ" --json audit --html "$T/report.html"
is "$(json 'select(.type == "anchor") | [.index, .state, .renewed] | @json' | tr '\n' ' ')" \
	'[4,"good",true] [7,"good",false] [8,"good",false] ' 'a renewal carries the first one on'
is "$(json 'select(.type == "check") | .anchors')" 3 'how many there are'
holds "$T/report.html" 'good, renewed' 'the page names them'
holds "$T/report.html" 'hirz test second' 'with who stamped'
cp -a "$T/a" "$T/a2"
sed -i "s|$T/a\$|$T/a2|" "$T/a2/openssl.cnf"
sh "$lib/authority.sh" "$T/a2" revoke second keyCompromise
must_fail 3 "$HIRZ" --json audit --crl "$T/a2/second.crl" --html "$T/stolen.html"
is "$(json 'select(.type == "finding" and .what == "stamp-revoked") | [.kind, .id] | @json')" '["unproven","event 0:7"]' 'a stolen key is found by a list of today'
is "$(json 'select(.type == "anchor" and .index == 7) | [.valid_then, .revoked] | @json')" '["valid","yes"]' 'though its chain holds'
is "$(json 'select(.type == "anchor" and .index == 4) | .renewed')" true 'what it renewed is carried on by the block alone'
is "$(json 'select(.type == "verdict") | .verdict')" INCOMPLETE 'which leaves the verdict incomplete'
holds "$T/stolen.html" 'أُبطلت شهادته' 'on the page too'
if clock_shim; then
	# Five years on: the certificates have ended, the time stamps have not.
	must 0 'after the end of its certificate' env CLOCK_SHIFT=75000000 LD_PRELOAD="$shim/shift.so" "$HIRZ" --json audit
	is "$(json 'select(.type == "anchor" and .index == 7) | [.state, .valid_then, .valid_today] | @json')" '["good","valid","expired"]' \
		'a time stamp stays what it was'
else
	skip 2 'no compiler here that makes a clock to be set, or a sanitizer that minds it'
fi

# Bundles.
must_pass "$HIRZ" export --to x -o "$T/b.tar" DM3-1
must_pass "$HIRZ_VERIFY" --json --key "$fingerprint" "$T/b.tar"
is "$(json 'select(.id == "stamp-open") | .path' | grep -c anchors)" 3 'without an authority they are named'
must_pass "$HIRZ_VERIFY" --json --key "$fingerprint" --tsa-ca "$T/a/ca.pem" --block-header "$T/block" "$T/b.tar"
is "$(json 'select(.id == "stamped") | .path' | sort -u | tr '\n' ' ')" \
	'custody/anchors/4 custody/anchors/7 custody/anchors/8 ' 'with it they prove their times'
is "$(json 'select(.id == "stamp-renewed") | [.path, .detail] | @json')" '["custody/anchors/4","by that of event 7, over 6 events"]' \
	'the renewal is carried, and what it carries on is said'
must_fail 3 "$HIRZ_VERIFY" --json --key "$fingerprint" --tsa-ca "$T/a/otherca.pem" "$T/b.tar"
is "$(json 'select(.type == "verdict") | .verdict')" INCOMPLETE 'another authority'
is "$(json 'select(.id == "stamp-renewed") | .path')" '' 'by one that is not proved nothing is carried on'
tsa revoke second keyCompromise
must_fail 3 "$HIRZ_VERIFY" --json --key "$fingerprint" --tsa-ca "$T/a/ca.pem" --crl "$T/a/second.crl" "$T/b.tar"
is "$(json 'select(.id == "stamp-revoked") | .path')" custody/anchors/7 'one whose key was stolen proves nothing'
must_fail 2 "$HIRZ_VERIFY" --key "$fingerprint" --tsa-ca "$T/one" "$T/b.tar"
must_pass /usr/bin/python3 -B "$lib/verify.py" "$T/b.tar" --key "$fingerprint" --tsa-ca "$T/a/ca.pem" --block-header "$(cat "$T/block")"
is "$(grep -c '^proved' "$T/out")" 3 'the second verifier says the same'
mkdir "$T/u"
tar xf "$T/b.tar" -C "$T/u"
cd "$T"/u/hirz-*/custody/anchors || exit 99
openssl ts -verify -token_in -in 4.tst -data 4.checkpoint -CAfile "$T/a/ca.pem" >/dev/null 2>&1
ok $? 'openssl verifies the token in the bundle'
cd "$T" || exit 99

# A changed token is found and named.
/usr/bin/python3 - "$T/b.tar" "$T/changed.tar" <<'X'
import sys
b = bytearray(open(sys.argv[1], 'rb').read())
at = b.index(b'/custody/anchors/4.tst')
b[(at // 512 + 1) * 512 + 200] ^= 1
open(sys.argv[2], 'wb').write(b)
X
must_fail 4 "$HIRZ_VERIFY" --json --key "$fingerprint" "$T/changed.tar"
is "$(json 'select(.id == "changed") | .path')" custody/anchors/4.tst 'the file is named'
is "$(json 'select(.id == "stamp") | .path' | grep -v '^data/records/')" custody/anchors/4 'and the time stamp'
is "$(json 'select(.id == "stamp") | .path' | grep -c '^data/records/')" 1 'and its renewal, which names another one'
no_session "$T/v"

# A closed log: stamped while it was open, stamped after it was closed, and a newer log over both.
HIRZ_VAULT=$T/c
must_pass "$HIRZ" --json init "$T/c" --org x --desk C --kdf-mem 64
fingerprint=$(json .fingerprint)
must_pass "$HIRZ" add "$T/one" --consent none -m 'made by ourselves'
must_pass "$HIRZ" anchor request -o "$T/c1.tsq"
tsa reply good "$T/c1.tsq" "$T/c1.tsr"
must_pass "$HIRZ" anchor import "$T/c1.tsr" --tsa-ca "$T/a/ca.pem"
must_pass "$HIRZ" anchor request -o "$T/c2.tsq"
cp -a "$T/c" "$T/older"
must_pass "$HIRZ" add "$T/two" --consent none -m 'made by ourselves'
rm -rf "$T/c"
cp -a "$T/older" "$T/c"
must_pass "$HIRZ" recover restored -m 'the disk failed'
tsa reply good "$T/c2.tsq" "$T/c2.tsr"
must_pass "$HIRZ" --json anchor import "$T/c2.tsr" --tsa-ca "$T/a/ca.pem"
is "$(json '[.result, .log, .index, .size] | @json')" '["imported",1,1,4]' 'a time stamp over the closed log comes into the new one'
must_pass "$HIRZ" anchor request --renew -o "$T/c3.tsq"
tsa reply good "$T/c3.tsq" "$T/c3.tsr"
must_pass "$HIRZ" anchor import "$T/c3.tsr" --tsa-ca "$T/a/ca.pem"
must_pass "$HIRZ" --json audit
is "$(json 'select(.type == "anchor") | [.result, .log, .index, .size, .state, .renewed] | @json' | tr '\n' ' ')" \
	'["checked",0,3,2,"good",true] ["checked",1,1,4,"good",true] ["checked",1,4,3,"good",false] ' 'each is held against the log that it is over'
is "$(json 'select(.type == "verdict") | .verdict')" VALID-SIGNED 'and nothing is wrong'
must_pass "$HIRZ" verify --full
must_pass "$HIRZ" export --to x -o "$T/c.tar" C-1
tar tf "$T/c.tar" >"$T/names"
is "$(grep -c 'custody/logs/[0-9a-f]*/anchors/3[.]tst$' "$T/names")" 1 'the bundle carries it with the closed log'
is "$(grep -c 'custody/anchors/[14][.]tst$' "$T/names")" 2 'and the others with the new one'
must_pass "$HIRZ_VERIFY" --json --key "$fingerprint" --tsa-ca "$T/a/ca.pem" "$T/c.tar"
is "$(json 'select(.id == "stamped") | .path' | sed 's|logs/[0-9a-f]*|logs/ID|' | sort -u | tr '\n' ' ')" \
	'custody/anchors/1 custody/anchors/4 custody/logs/ID/anchors/3 ' 'all prove their times'
is "$(json 'select(.id == "stamp-renewed") | .path' | grep -c anchors)" 2 'over both logs the renewal carries on'
must_pass /usr/bin/python3 -B "$lib/verify.py" "$T/c.tar" --key "$fingerprint" --tsa-ca "$T/a/ca.pem"
is "$(grep -c '^proved' "$T/out")" 3 'the second verifier says the same'
done_testing
