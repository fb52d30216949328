#!/bin/sh
# Keys in the forms of other tools; an exhibit as an age file.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
must_pass "$HIRZ" --json init "$T/v" --org x --desk DM3 --kdf-mem 64
origin=$(json .origin)
samples "$T/s"
must_pass "$HIRZ" add "$T/s/photo.jpg" "$T/s/clip.mp4"
must_fail 2 "$HIRZ" key export
must_fail 2 "$HIRZ" key export --age --ssh

must_pass "$HIRZ" key export --vkey
is "$(cut -d+ -f1 "$T/out")" "$origin" 'the vkey has the name of the log'
must_pass "$HIRZ" key export --minisign -o "$T/minisign.pub"
must_pass "$HIRZ" key export --ssh -o "$T/id.pub"
must_fail 1 "$HIRZ" key export --ssh -o "$T/id.pub"
like "$(cat "$T/id.pub")" '^ssh-ed25519 AAAA[A-Za-z0-9+/]+ hirz-DM3$' 'a line for ssh'
if command -v ssh-keygen >/dev/null; then
	must_pass ssh-keygen -l -f "$T/id.pub"
else
	skip 1 'no ssh-keygen'
fi
must_pass "$HIRZ" key export --jwk
is "$(json '.keys | length')" 1 'one member'
is "$(json '.keys[0] | [.kty, .crv] | @json')" '["OKP","Ed25519"]' 'a JWK'
# The key of minisign and that of ssh are the same one.
is "$(sed -n 2p "$T/minisign.pub" | base64 -d | tail -c 32 | base64)" \
	"$(cut -d' ' -f2 "$T/id.pub" | base64 -d | tail -c 32 | base64)" 'minisign and ssh have one key'
must_pass "$HIRZ" --json key export --vkey
is "$(json '[.type, .kind] | @json')" '["key","vkey"]' 'JSON'
is "$("$HIRZ" --json log | wc -l)" 3 'public keys are no act'

must_fail 2 "$HIRZ" --json key export --age
must_fail 12 env -u HIRZ_PASSPHRASE_FILE "$HIRZ" --no-input key export --age -o "$T/keys.txt"
must_pass "$HIRZ" key export --age -o "$T/keys.txt"
is "$(stat -c %a "$T/keys.txt")" 600 'only its owner may read the identities'
is "$(grep -c '^AGE-SECRET-KEY-1' "$T/keys.txt")" 2 'one for each compartment'
like "$(grep '^#' "$T/keys.txt")" 'compartment 1 general, epoch 1' 'each is named'
must_fail 1 "$HIRZ" key export --age -o "$T/keys.txt"
must_pass "$HIRZ" --json log
is "$(json '[.act, .fields.kind] | @json' | tail -n 1)" '["note","key-export"]' 'the log says so'
is "$(json .act | wc -l)" 4 'once'

must_pass "$HIRZ" --json object export DM3-1 -o "$T/photo.age"
size=$(stat -c %s "$T/s/photo.jpg")
is "$(json '[.type, .id, .size] | @json')" "[\"object\",\"DM3-000001\",$size]" 'the line of the contract'
like "$(json .root)" '^[0-9a-f]{64}$' 'its root'
is "$(json .segments)" 1 'its segments'
padded=$(json .padded)
must_fail 1 "$HIRZ" object export DM3-1 -o "$T/photo.age"
must_fail 2 "$HIRZ" object export DM3-1
must_fail 1 "$HIRZ" object export DM3-99 -o "$T/none"
must_pass "$HIRZ" --json object export DM3-2 -o "$T/clip.age"
is "$(json .segments)" 3 'three segments'
clip=$(json .size)
if command -v age >/dev/null; then
	must_pass age -d -i "$T/keys.txt" -o "$T/photo.out" "$T/photo.age"
	is "$(stat -c %s "$T/photo.out")" "$padded" 'age gives the padded bytes'
	truncate -s "$size" "$T/photo.out"
	must_pass cmp "$T/photo.out" "$T/s/photo.jpg"
	must_pass age -d -i "$T/keys.txt" -o "$T/clip.out" "$T/clip.age"
	truncate -s "$clip" "$T/clip.out"
	must_pass cmp "$T/clip.out" "$T/s/clip.mp4"
else
	skip 5 'no age'
fi
must_pass "$HIRZ" --json custody DM3-1
is "$(json .act | tr '\n' ' ')" 'acquire access ' 'that it was written out stands in its custody'
done_testing
