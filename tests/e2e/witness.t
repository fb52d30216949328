#!/bin/sh
# Two partner laptops sign each other's logs by files on a stick; what a witness refuses, and with which exit code; words,
# QR codes, published tiles, bundles against earlier ones, and the proof that a log signed two histories.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

passphrase "$T/pass"
HIRZ_PASSPHRASE_FILE=$T/pass
export HIRZ_PASSPHRASE_FILE
samples "$T/files"
stick=$T/stick
mkdir "$stick" "$T/a" "$T/b"
lib=$tap_top/tests/lib

# on WHO CMD...: as that partner, with a home and a state folder of its own. The code goes to $rc.
on() {
	on_who=$1
	shift
	HOME=$T/$on_who XDG_STATE_HOME=$T/$on_who/state HIRZ_VAULT=$T/$on_who/vault "$@"
}
at() { # at CODE NAME WHO CMD...
	at_code=$1 at_name=$2
	shift 2
	must "$at_code" "$at_name" on "$@"
}

for who in a b; do
	at 0 "$who: a vault" "$who" "$HIRZ" --json init "$T/$who/vault" --org "Partner $who" --desk P --kdf-mem 64
	json .fingerprint >"$T/$who/fingerprint"
	at 0 "$who: a witness" "$who" "$HIRZ" --json witness init --name "$who.example/witness" --kdf-mem 64
	json .key >"$stick/$who.witness"
	at 0 "$who: the key of its log" "$who" "$HIRZ" key export --vkey -o "$stick/$who.vkey"
	at 0 "$who: an exhibit" "$who" "$HIRZ" --json add "$T/files/photo.jpg" --consent C-1
done
at 2 'a witness is made once' a "$HIRZ" witness init --kdf-mem 64
at 1 'and never over another' a "$HIRZ" witness init --name other --kdf-mem 64
at 2 'a name has no space' a "$HIRZ" witness init --name 'a b' --state "$T/none"

# --- the way of a signature, both ways
for pair in a:b b:a; do
	log=${pair%:*} by=${pair#*:}
	at 0 "$log asks $by" "$log" "$HIRZ" witness request -o "$stick/$log.request"
	at 8 "$by does not know the log" "$by" "$HIRZ" witness sign "$stick/$log.request" -o "$stick/x"
	at 8 "nor with the key of another" "$by" "$HIRZ" witness sign "$stick/$log.request" -o "$stick/x" --log "$stick/$by.vkey"
	at 0 "$by signs" "$by" "$HIRZ" --json witness sign "$stick/$log.request" -o "$stick/$log.answer" --log "$stick/$log.vkey"
	at 5 "$log does not know the witness" "$log" "$HIRZ" witness import "$stick/$log.answer"
	at 5 'nor with the key of another' "$log" "$HIRZ" witness import "$stick/$log.answer" --witness "$stick/$log.witness"
	at 2 'a log key is no witness key' "$log" "$HIRZ" witness import "$stick/$log.answer" --witness "$stick/$log.vkey"
	at 0 "$log takes it" "$log" "$HIRZ" --json witness import "$stick/$log.answer" --witness "$stick/$by.witness"
	is "$(json '[.added, .known] | join(" ")')" '1 0' 'as a new one'
	at 0 'again' "$log" "$HIRZ" --json witness import "$stick/$log.answer"
	is "$(json '[.added, .known] | join(" ")')" '0 1' 'it is known already'
done
size=$(on a "$HIRZ" --json log --checkpoint | jq .size)
at 0 'the checkpoint carries it' a "$HIRZ" log --checkpoint
like "$(cat "$T/out")" '^— b\.example/witness ' 'as a line of its own'
lacks "$T/a/vault/pin" 'b.example' 'the pin, which lies in clear, does not'
at 0 'so does a proof' a "$HIRZ" log --proof 1
like "$(cat "$T/out")" '^— b\.example/witness ' 'with the cosigned checkpoint'
at 0 'the list' a "$HIRZ" --json witness list
is "$(json '[.name, .size, .behind] | join(" ")')" "b.example/witness $size 0" 'names the witness and how far it saw'
at 0 'in words' a "$HIRZ" witness list
at 0 'and of the witness itself' b "$HIRZ" --json witness list --own
is "$(json 'select(.origin) | .size')" "$size" 'what it signed'
at 0 'a policy' a "$HIRZ" witness policy -o "$stick/a.policy"
at 0 'verify with it' a "$HIRZ" --json verify --policy "$stick/a.policy"
is "$(json 'select(.type == "verdict") | .verdict')" VALID-WITNESSED 'VALID-WITNESSED'
at 0 'an audit with it' a "$HIRZ" --json audit --policy "$stick/a.policy" --html "$T/a/report.html"
is "$(json 'select(.type == "verdict") | .verdict')" VALID-WITNESSED 'VALID-WITNESSED'
is "$(json 'select(.type == "witnessed") | [.met, .size, .witnesses[]] | @json')" "[true,$size,\"w1\"]" 'by whom, and how far'
is "$(json 'select(.type == "check") | .cosignatures')" 1 'its cosignature was checked'
holds "$T/a/report.html" 'b.example/witness' 'on the page too'
at 0 'an audit without it' a "$HIRZ" --json audit
is "$(json 'select(.type == "verdict") | .verdict')" VALID-SIGNED 'VALID-SIGNED'

# --- later
at 0 'a bundle' a "$HIRZ" --json export --all --to Court -o "$stick/one.tar"
at 0 'a later exhibit' a "$HIRZ" --json add "$T/files/clip.mp4" --consent C-1
at 0 'what came after is not witnessed' a "$HIRZ" --json verify --policy "$stick/a.policy"
is "$(json 'select(.type == "verdict") | .verdict')" VALID-SIGNED 'VALID-SIGNED'
is "$(json 'select(.type == "verdict") | .reasons | contains(["not-witnessed"])')" true 'and says why'
at 0 'nor for an audit' a "$HIRZ" --json audit --policy "$stick/a.policy"
is "$(json 'select(.type == "verdict") | .verdict')" VALID-SIGNED 'VALID-SIGNED'
is "$(json 'select(.type == "witnessed") | [.met, .size] | @json')" "[true,$size]" 'how far they saw is said'
cp -a "$T/b/state/hirz/witness" "$T/b/older"
at 0 'the next request begins where the witness stood' a "$HIRZ" --json witness request -o "$stick/a2.request"
is "$(json .old)" "$size" 'by itself'
at 0 'signed' b "$HIRZ" --json witness sign "$stick/a2.request" -o "$stick/a2.answer"
at 0 'an answer that was lost is given again' b "$HIRZ" --json witness sign "$stick/a2.request" -o "$stick/a2b.answer"
at 0 'taken' a "$HIRZ" --json witness import "$stick/a2.answer"
size2=$(on a "$HIRZ" --json log --checkpoint --cosigned | jq .size)

# --- what is refused
at 11 'an older request, replayed' b "$HIRZ" witness sign "$stick/a.request" -o "$stick/x"
like "$(cat "$T/err")" 'HZ-E104' 'the log would be older'
at 0 'a request from the beginning' a "$HIRZ" --json witness request --old 0 -o "$stick/a3.request"
at 0 'more' a "$HIRZ" --json add "$T/files/testimony-en.txt" --consent C-1
at 0 'another one from the beginning' a "$HIRZ" --json witness request --old 0 -o "$stick/a4.request"
at 1 'begins where the witness does not stand' b "$HIRZ" witness sign "$stick/a4.request" -o "$stick/x"
like "$(cat "$T/err")" "HZ-E101" 'a conflict'
like "$(cat "$T/err")" "old $size2" 'that names the size'
at 11 'a request beyond the log' a "$HIRZ" witness request --old 999 -o "$stick/x"
at 0 'a good one' a "$HIRZ" --json witness request -o "$stick/a5.request"
sed '2s/^./=/; 2s/=/A/' "$stick/a5.request" >"$stick/bad"
cmp -s "$stick/bad" "$stick/a5.request" && sed '2s/^./B/' "$stick/a5.request" >"$stick/bad"
at 4 'a bad proof' b "$HIRZ" witness sign "$stick/bad" -o "$stick/x"
is "$(find "$T/b/state/hirz/witness" -name 'request-*' | wc -l)" 1 'is kept as evidence'
sed '$s/\(.*\) \(..........\)\(.\)/\1 \2A\3/; $s/=*$//' "$stick/a5.request" >"$stick/bad"
at 4 'a bad signature' b "$HIRZ" witness sign "$stick/bad" -o "$stick/x"
sed 's/^hirz.invalid/hirz.example/' "$stick/a5.request" >"$stick/bad"
at 8 'another origin' b "$HIRZ" witness sign "$stick/bad" -o "$stick/x"
head -c 60 "$stick/a5.request" >"$stick/bad"
at 4 'a torn one' b "$HIRZ" witness sign "$stick/bad" -o "$stick/x"
at 1 'something else' b "$HIRZ" witness sign "$T/files/photo.jpg" -o "$stick/x"
[ ! -e "$stick/x" ]
ok $? 'and nothing was answered'
printf 'wrong words\n' >"$T/wrong" && chmod 600 "$T/wrong"
at 5 'a wrong passphrase' b "$HIRZ" --passphrase-file "$T/wrong" witness sign "$stick/a5.request" -o "$stick/x"
mv "$T/b/state/hirz/witness/state" "$T/b/newer" && cp "$T/b/older/state" "$T/b/state/hirz/witness/state"
at 11 'an older copy of its memory' b "$HIRZ" witness sign "$stick/a5.request" -o "$stick/x"
like "$(cat "$T/err")" 'HZ-E102' 'is known by the mark'
rm "$T/b/state/hirz/witness/mark"
at 11 'and without the mark by what the log knows' b "$HIRZ" witness sign "$stick/a5.request" -o "$stick/x"
like "$(cat "$T/err")" 'HZ-E102' 'as such'
rm -rf "$T/b/state/hirz/witness" && cp -a "$T/b/older" "$T/b/state/hirz/witness"
cp "$T/b/newer" "$T/b/state/hirz/witness/state"
flip "$T/b/state/hirz/witness/state" 40
at 4 'a changed memory' b "$HIRZ" witness sign "$stick/a5.request" -o "$stick/x"
cp "$T/b/newer" "$T/b/state/hirz/witness/state"
rm -f "$T/b/state/hirz/witness/mark"
trap 'rm -rf "${shim:-}"; tap_end' EXIT
if clock_shim; then
	at 8 'a clock that went back' b env CLOCK_SHIFT=-200000000 LD_PRELOAD="$shim/shift.so" "$HIRZ" witness sign "$stick/a5.request" -o "$stick/x"
else
	skip 1 'no compiler here that makes a clock to be set, or a sanitizer that minds it'
fi
at 0 'the good one' b "$HIRZ" --json witness sign "$stick/a5.request" -o "$stick/a5.answer"
sed 's/ \(.\{30\}\)./ \1_/' "$stick/a5.answer" >"$stick/bad"
at 4 'a torn answer' a "$HIRZ" witness import "$stick/bad"
at 4 'an answer for another log' b "$HIRZ" witness import "$stick/a5.answer" --witness "$stick/b.witness"
at 0 'the whole one' a "$HIRZ" --json witness import "$stick/a5.answer"

# --- bundles
at 0 'a second bundle' a "$HIRZ" --json export --all --to Court -o "$stick/two.tar"
key=$(cat "$T/a/fingerprint")
must 0 'is valid' "$HIRZ_VERIFY" --json --key "$key" "$stick/two.tar"
must 0 'contains the first' "$HIRZ_VERIFY" --json --key "$key" --against "$stick/one.tar" "$stick/two.tar"
like "$(cat "$T/out")" '"id":"grew"' 'and can show it'
must 11 'the first does not contain the second' "$HIRZ_VERIFY" --json --key "$key" --against "$stick/two.tar" "$stick/one.tar"
must 0 'nor anything that the witness has not seen' "$HIRZ_VERIFY" --json --key "$key" --against "$T/b/state/hirz/witness/state" "$stick/two.tar"
must 0 'with the policy' "$HIRZ_VERIFY" --json --key "$key" --policy "$stick/a.policy" "$stick/two.tar"
is "$(json 'select(.type == "verdict") | .verdict')" VALID-WITNESSED 'it is witnessed'
must 0 'for the second verifier too' /usr/bin/python3 "$lib/verify.py" "$stick/two.tar" --key "$key" --against "$stick/one.tar"
must 0 'an answer that came later' on a "$HIRZ" --json witness request -o "$stick/a6.request"

# --- words and codes
must 0 'a sheet to print' on a "$HIRZ" log --checkpoint --words --qr -o "$stick/sheet.txt"
must 0 'its words for programs' on a "$HIRZ" --json log --checkpoint
words=$(json .words_en) arabic=$(json .words_ar)
is "$(printf '%s\n' "$words" | wc -w)" 17 'seventeen of them'
# shellcheck disable=SC2086
at 0 'read out in English' a "$HIRZ" --json log compare $words
# shellcheck disable=SC2086
at 0 'in Arabic, with vowels and commas' a "$HIRZ" log compare "$(printf '%s' "$arabic" | sed 's/ /، /g; s/ب/بَ/')"
mixed="$(printf '%s' "$words" | cut -d' ' -f1-8 | tr '[:lower:]' '[:upper:]') $(printf '%s' "$arabic" | cut -d' ' -f9-)"
at 0 'in both' a "$HIRZ" log compare "$mixed"
at 2 'a word too few' a "$HIRZ" log compare "${words% *}"
at 2 'a word that is none' a "$HIRZ" log compare "${words% *} hirz"
swapped="$(printf '%s' "$words" | awk '{ t = $1; $1 = $2; $2 = t; print }')"
run on a "$HIRZ" log compare "$swapped"
is "$rc" 4 'two words in the wrong order'
on a "$HIRZ" log --checkpoint -o "$stick/now.txt"
must 0 'held against a file, without a vault' on none "$HIRZ" log compare --of "$stick/now.txt" "$words"
must 4 'of another state' on none "$HIRZ" log compare --of "$stick/one.tar" "$words"
for kind in png svg; do
	at 0 "a code as $kind" a "$HIRZ" log --checkpoint --qr-file "$stick/code.$kind" -o "$stick/code.$kind.txt"
done
at 2 'not as anything else' a "$HIRZ" log --checkpoint --qr-file "$stick/code.gif"
if command -v zbarimg >/dev/null; then
	zbarimg -q --raw --oneshot "$stick/code.png" >"$T/read" 2>/dev/null
	is "$(head -c "$(wc -c <"$stick/code.png.txt")" "$T/read")" "$(cat "$stick/code.png.txt")" 'read back, it is the checkpoint'
else
	skip 1 'no zbarimg'
fi

# --- tiles
at 0 'published' a "$HIRZ" --json log publish "$T/www"
must 0 'a client of the layout reads it' /usr/bin/python3 "$lib/tiles.py" "$T/www" "$stick/a.vkey"
at 0 'more events' a "$HIRZ" --json add -r "$T/files" --consent C-1
cp -a "$T/www" "$T/www.old"
at 0 'published again' a "$HIRZ" --json log publish "$T/www"
must 0 'it only grew' /usr/bin/python3 "$lib/tiles.py" "$T/www" "$stick/a.vkey" "$T/www.old/checkpoint"
at 0 'with nothing new' a "$HIRZ" --json log publish "$T/www"
is "$(json .written)" 0 'nothing is written'
find "$T/www" -type f ! -path '*/tile/[0-9]*' ! -name checkpoint >"$T/others"
is "$(cat "$T/others")" '' 'hashes and the checkpoint, nothing else'
is "$(find "$T/www" -path '*.p/*' | wc -l)" 1 'of the partial tiles the newest is left'
printf 'note of somebody\n' >"$T/www/tile/0/000.p/note"
head -c 32 /dev/zero >"$T/www/tile/0/000.p/1"
ln -s 1 "$T/www/tile/0/000.p/2"
mkdir "$T/many"
n=0
while [ $n -lt 260 ]; do
	printf 'many %s\n' "$n" >"$T/many/$n"
	n=$((n + 1))
done
at 0 'a full tile of events' a "$HIRZ" -q add -r "$T/many" --consent C-1
at 0 'published with it' a "$HIRZ" --json log publish "$T/www"
is "$(json .removed)" 1 'the partial tile that it replaces is gone'
must 0 'a client reads it' /usr/bin/python3 "$lib/tiles.py" "$T/www" "$stick/a.vkey" "$T/www.old/checkpoint"
is "$(cd "$T/www/tile/0/000.p" && echo *)" '1 2 note' 'what others put there stays'
rm "$T/www/tile/0/000.p"/*
cp -a "$T/www.old/tile/0/000.p" "$T/www/tile/0/"
at 0 'published once more' a "$HIRZ" --json log publish "$T/www"
ok "$(test ! -e "$T/www/tile/0/000.p"; echo $?)" 'an empty folder goes too'
at 1 'another log is never published over it' b "$HIRZ" log publish "$T/www"

# --- two histories
cp -a "$T/a/vault" "$T/a/fork"
at 0 'one history' a "$HIRZ" --json export --all --to Court -o "$stick/left.tar"
at 0 'goes on' a "$HIRZ" --json export --all --to Court -o "$stick/left2.tar"
on a "$HIRZ" log --checkpoint -o "$stick/left.txt"
mv "$T/a/vault" "$T/a/kept" && mv "$T/a/fork" "$T/a/vault"
mv "$T/a/state" "$T/a/state.kept"
at 0 'the other history' a "$HIRZ" --json add "$stick/sheet.txt" --consent C-1
at 0 'with a bundle' a "$HIRZ" --json export --all --to Press -o "$stick/right.tar"
at 0 'and others' a "$HIRZ" --json export --all --to Press -o "$stick/right2.tar"
on a "$HIRZ" log --checkpoint -o "$stick/right.txt"
must 11 'the vault against the other bundle' on a "$HIRZ" --json verify --against "$stick/left2.tar"
is "$(json 'select(.type == "against") | .state')" fork 'a fork'
first=$(json 'select(.type == "against") | .first_differing')
[ "$first" -ge "$size2" ]
ok $? 'with the first entry that differs'
must 11 'published tiles are not replaced by another history' on a sh -c "'$HIRZ' log publish '$T/www' && cp -a '$T/www' '$T/www2'; HIRZ_VAULT='$T/a/kept' '$HIRZ' log publish '$T/www'"
must 11 'bundle against bundle' "$HIRZ_VERIFY" --json --key "$key" --against "$stick/left.tar" "$stick/right2.tar"
must 0 'a proof of it' on none "$HIRZ" log misconduct "$stick/left.tar" "$stick/right2.tar" --log "$stick/a.vkey" -o "$stick/proof" ||
	must 0 'a proof out of the vault' on a "$HIRZ" log misconduct "$stick/left.txt" "$stick/right.txt" -o "$stick/proof"
must 11 'holds' "$HIRZ_VERIFY" --json --key "$stick/a.vkey" "$stick/proof"
must 4 'for that log only' "$HIRZ_VERIFY" --json --key "$stick/b.vkey" "$stick/proof"
must 11 'for the second verifier too' /usr/bin/python3 "$lib/verify.py" "$stick/proof"
must 11 'a bundle of that log is not relied on any more' "$HIRZ_VERIFY" --json --key "$key" --against "$stick/proof" "$stick/one.tar"
cp "$stick/proof" "$stick/bad" && flip "$stick/bad" "$(($(wc -c <"$stick/bad") - 20))"
must 4 'a changed proof proves nothing' "$HIRZ_VERIFY" --json "$stick/bad"
must 4 'for the second verifier either' /usr/bin/python3 "$lib/verify.py" "$stick/bad"
must 4 'two states of one history are no proof' on a "$HIRZ" log misconduct "$stick/right.tar" "$stick/right2.tar" --log "$stick/a.vkey" -o "$stick/x"
at 0 'the fork asks the witness' a "$HIRZ" --json witness request --old "$size2" -o "$stick/fork.request"
run on b "$HIRZ" witness sign "$stick/fork.request" -o "$stick/x"
isnt "$rc" 0 'which does not sign another begin'
done_testing
