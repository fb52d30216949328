#!/bin/sh
# What files say of themselves: into the record as claims, shown as claims; whatever hirz-inspect does, the file is
# sealed; and what it says is what exiftool says (docs/reference/metadata.md).
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
seeds=$tap_top/fuzz/corpus

items() { jq -r 'select(.type == "item") | '"$1" <"$T/out"; }
counts() { jq -r 'select(.type == "summary") | [.given, .sealed, .duplicate, .refused, .failed] | map(tostring) | join(" ")' <"$T/out"; }
# sheet ID: what is shown of it, asked once: nothing here changes an exhibit.
sheet() {
	[ -s "$T/sheet.$1" ] || "$HIRZ" show "$1" --json >"$T/sheet.$1"
	cat "$T/sheet.$1"
}
field() { sheet "$1" | jq -r ".fields[\"$2\"] // \"\""; }
claims() { sheet "$1" | jq '[.fields | keys[] | select(startswith("inspected."))] | length'; }

must_pass "$HIRZ" init "$T/v" --org O --desk DM3 --kdf-mem 64
session "$T/v"
mkdir "$T/in"
cp "$seeds/jpeg/all" "$T/in/a.jpg"
cp "$seeds/bmff/keys" "$T/in/b.mov"
printf 'a testimony' >"$T/in/c.txt"
cp "$seeds/inspect_claims/far" "$T/in/d.mp4"
hash=$(sha256sum <"$T/in/a.jpg" | cut -d' ' -f1)
printf 'File Path,Notes\n/x,y\n' >"$T/in/$hash.proof.csv"
cp "$seeds/proofmode/proof" "$T/in/z.json"
must_pass "$HIRZ" add -r --json "$T/in"
is "$(counts)" '6 6 0 0 0' 'everything is sealed'
photo=$(items 'select(.path | endswith("a.jpg")) | .id')
movie=$(items 'select(.path | endswith("b.mov")) | .id')
plain=$(items 'select(.path | endswith("c.txt")) | .id')
far=$(items 'select(.path | endswith("d.mp4")) | .id')
part=$(items 'select(.path | endswith(".csv")) | .id')
proof=$(items 'select(.path | endswith("z.json")) | .id')
is "$(claims "$plain")" 0 'a text says nothing of itself'
is "$(field "$part" inspected.proofmode.part) $(field "$part" inspected.proofmode.sha256)" "proof.csv $hash" \
	'a name of a ProofMode set says of which file it is'
is "$(field "$part" inspected.by)" "the file's name" 'and that it is the name that says so'
if [ "$(field "$photo" content.media_type)" = unknown ]; then
	skip 24 'there is no sandbox here, so that nothing is asked'
else
	like "$(field "$photo" inspected.by)" '^hirz-inspect [0-9.]+, sandbox (full|partial)$' 'tool, version and sandbox'
	is "$(field "$photo" inspected.exif.make) $(field "$photo" inspected.exif.model)" 'Acme Field 3' 'the camera'
	is "$(field "$photo" inspected.exif.time_taken)" '2019-07-22T08:01:00.25+03:00' 'when, with its zone'
	is "$(field "$photo" inspected.exif.time_digitized)" '2019-07-22T08:01:01' 'a time without a zone gets none'
	is "$(field "$photo" inspected.gps.latitude) $(field "$photo" inspected.gps.longitude)" '35.191666667 38.983472222' 'where'
	is "$(sheet "$photo" | jq '.fields["inspected.width"]')" 64 'numbers are numbers'
	is "$(field "$photo" inspected.c2pa.label)" 'urn:uuid:2' 'the active manifest'
	is "$(sheet "$photo" | jq -r .times.camera)" '2019-07-22T08:01:00.25+03:00' 'the camera has its own time'
	is "$(field "$movie" inspected.video.latitude) $(field "$movie" inspected.video.make)" '-35.5 Acme' 'a video'
	is "$(sheet "$movie" | jq -r .times.camera)" "$(field "$movie" inspected.video.time_created)" 'and its time'
	is "$(field "$far" inspected.video.latitude)" '35.1916' 'what lies far behind in a file is found'
	is "$(field "$proof" inspected.proofmode.part) $(field "$proof" inspected.proofmode.time)" \
		'proof.json 2019-07-22T08:01:02.123' 'a proof; its Z is not a zone'
	must_pass "$HIRZ" show "$photo"
	like "$(cat "$T/out")" '^As the file says, unchecked' 'shown under a heading that says what it is'
	like "$(cat "$T/out")" 'taken \(EXIF\) +.*2019-07-22T08:01:00.25\+03:00' 'with its place in the file'
	like "$(cat "$T/out")" 'digitized \(EXIF\).*local time, zone not known' 'and what is not known'
	must_pass "$HIRZ" --lang ar show "$photo"
	like "$(cat "$T/out")" '^كما يقول الملف عن نفسه، دون تحقق' 'in Arabic too'
	must_pass "$HIRZ" show "$plain"
	lacks "$T/out" 'As the file says' 'no heading over nothing'
	must_pass "$HIRZ" list --json
	is "$(jq -r 'select(.id == "'"$photo"'") | .times.camera' <"$T/out")" '2019-07-22T08:01:00.25+03:00' 'in lists too'
	"$HIRZ" add --json - --name p.jpg <"$seeds/jpeg/exif" >"$T/out"
	is "$(field "$(items .id)" inspected.exif.make)" Acme 'from standard input'
	must_pass "$HIRZ" verify --full
fi

# --- a child that does what it likes: sealed, with the type that it gave in time, and the reason for the rest
bad_child() { # PLAY TYPE BY
	mkdir -p "$T/bad-$1/cli" "$T/bad-$1/inspect"
	cp "$HIRZ" "$T/bad-$1/cli/hirz"
	cp "$HIRZ_BAD" "$T/bad-$1/inspect/hirz-inspect"
	cat "$seeds/jpeg/exif" >"$T/$1.jpg"
	printf '%s' "$1" >>"$T/$1.jpg"
	must_pass timeout 20 "$T/bad-$1/cli/hirz" add --json "$T/$1.jpg"
	is "$(counts)" '1 1 0 0 0' "$1: sealed"
	id=$(items .id)
	is "$(field "$id" content.media_type)" "$2" "$1: type"
	like "$(field "$id" content.type_by) / $(field "$id" inspected.by)" "$3" "$1: and why"
	is "$(sheet "$id" | jq -r .times.camera)" null "$1: nothing is believed"
	rm -rf "$T/bad-$1"
}
if [ -n "${HIRZ_BAD:-}" ]; then
	bad_child crash unknown '^hirz-inspect: crashed / $'
	bad_child hang unknown '^hirz-inspect: timeout / $'
	bad_child flood unknown '^hirz-inspect: malformed / $'
	bad_child type-then-hang text/x-good '^libmagic, sandbox full / hirz-inspect [0-9.]+: timeout$'
	bad_child type-then-crash text/x-good '^libmagic, sandbox full / hirz-inspect [0-9.]+: crashed$'
	bad_child claims-escape a/b '^libmagic, sandbox full / hirz-inspect [0-9.]+: malformed$'
	bad_child claims-time a/b '^libmagic, sandbox full / hirz-inspect [0-9.]+: malformed$'
	bad_child start-crash unknown '^hirz-inspect: (no-start|gave-up) / $'
	bad_child start-unsandboxed unknown '^hirz-inspect: unsandboxed / $'
	must_pass "$HIRZ" show "$("$HIRZ" list --json | jq -r 'select(.media_type == "a/b") | .id' | head -1)"
	like "$(cat "$T/out")" 'could not be read: .*malformed' 'it is said that nothing could be read'
else
	skip 47 'no program to play a bad child'
fi

# --- damaged files against the real program
find "$seeds/exif" "$seeds/jpeg" "$seeds/png" "$seeds/bmff" "$seeds/heif" "$seeds/xmp" -type f >"$T/seeds"
xargs -d '\n' /usr/bin/python3 "$tap_top/tests/lib/mutate.py" "$HIRZ_INSPECT" 500 1 <"$T/seeds" >"$T/out" 2>"$T/err"
ok $? "$(cat "$T/out")" || diag "$(cat "$T/err")"

# --- the shared samples
shared=${HIRZ_SHARED:-}/conformance
if [ -z "${HIRZ_SHARED:-}" ] || [ ! -r "$shared/media/expected-exiftool.json" ]; then
	skip 7 'HIRZ_SHARED is not set'
else
	find "$shared/media" "$shared/c2pa" -type f ! -name '*.json' ! -name '*.txt' | sort >"$T/samples"
	"$HIRZ_CLAIMS_OF" "$HIRZ_INSPECT" <"$T/samples" >"$T/claims"
	/usr/bin/python3 "$tap_top/tests/lib/metadata.py" "$shared/media/expected-exiftool.json" "$T/claims" \
		"$tap_top/docs/reference/metadata.md" >"$T/compared"
	ok $? 'each sample says what exiftool says, or the page says why not' || grep -v '^ok' "$T/compared" | sed 's/^/# /'
	is "$(jq -r 'select(.claims["c2pa.label"]) | "\(.file | split("/") | last | rtrimstr(".jpg")) \(.claims["c2pa.label"])"' <"$T/claims")" \
		"$(for m in "$shared"/c2pa/manifests/*/manifest_store.json; do
			printf '%s %s\n' "$(basename "$(dirname "$m")")" "$(jq -r .active_manifest "$m")"
		done | LC_ALL=C sort)" 'the active manifest is that of the reference report'
	must_pass "$HIRZ" add -r --json "$shared/media"
	is "$(counts | cut -d' ' -f4,5)" '0 0' 'all samples are sealed'
	must 0 'hostile and damaged files' "$HIRZ" add -r --json "$shared/bad" "$shared/own/bad-input"
	is "$(items 'select(.result == "failed")')" '' 'none fails'
	find "$shared/media" "$shared/c2pa" -type f -size -300k ! -name '*.json' ! -name '*.txt' -print0 |
		xargs -0 /usr/bin/python3 "$tap_top/tests/lib/mutate.py" "$HIRZ_INSPECT" 500 2 >"$T/out" 2>"$T/err"
	ok $? "$(cat "$T/out")" || diag "$(cat "$T/err")"
fi
no_session "$T/v"
done_testing
