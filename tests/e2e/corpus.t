#!/bin/sh
# Real files of many kinds go in, come out byte by byte, and leave in a bundle that others can check with their own
# tools: a set of our own always, and the collected photos, films, documents and web archives where they are at hand.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

lib=$tap_top/tests/lib
passphrase "$T/pass"
HIRZ_PASSPHRASE_FILE=$T/pass
export HIRZ HIRZ_PASSPHRASE_FILE

# own FOLDER: sizes around every limit of padding, chunk and segment, and names that are hard to print.
own() {
	samples "$1"
	mkdir -p "$1/sizes" "$1/names/شهادات"
	for size in 1 1023 1024 1025 65519 65520 65536 65537 1046528 1048543 1048544 1048560 1048561 2097121; do
		head -c "$size" /dev/zero | openssl enc -aes-128-ctr -K 00 -iv "$(printf %08x "$size")" 2>/dev/null \
			>"$1/sizes/$size.bin"
	done
	printf 'one' >"$1/names/two
lines.txt"
	printf 'two' >"$1/names/$(printf 'bad\377byte')"
	printf 'three' >"$1/names/$(printf 'red\033[31mtext')"
	printf 'four' >"$1/names/شهادات/شهادة ١.txt"
	printf 'five' >"$1/names/ leading blank"
	printf 'six' >"$1/names/--help"
	printf 'seven' >"$1/names/$(printf 'mis\342\200\256leading.txt')"
	printf 'four' >"$1/names/the same bytes again"
}
# size_of FILE
size_of() {
	stat -c %s "$1"
}
# sums FOLDER...: the hashes of all files below, each once.
sums() {
	find "$@" -type f -exec sha256sum -- {} + | sed 's/^\\//' | cut -c 1-64 | sort -u
}

# check_bundle NAME BUNDLE: five tools that know nothing of each other.
check_bundle() {
	must 0 "$1: hirz-verify with the fingerprint" "$HIRZ_VERIFY" --key "$fingerprint" "$2"
	must 0 "$1: the second verifier with the fingerprint" /usr/bin/python3 "$lib/verify.py" "$2" --key "$fingerprint"
	like "$(tail -n 1 "$T/out")" '^VALID-SIGNED' "$1: it says VALID-SIGNED"
	mkdir "$T/$1.x" && tar -xf "$2" -C "$T/$1.x"
	bag=$(echo "$T/$1.x"/hirz-*)
	cd "$bag" || exit 2
	for list in manifest-sha256.txt tagmanifest-sha256.txt; do
		must 0 "$1: sha256sum -c $list" sha256sum --strict --quiet -c $list
	done
	for list in manifest-sha512.txt tagmanifest-sha512.txt; do
		must 0 "$1: sha512sum -c $list" sha512sum --strict --quiet -c $list
	done
	must 0 "$1: minisign" minisign -V -p keys/minisign.pub -m tagmanifest-sha512.txt
	must 0 "$1: ssh-keygen" sh -c 'ssh-keygen -Y verify -f keys/allowed_signers -I hirz -n hirz-bundle \
		-s tagmanifest-sha512.txt.sig <tagmanifest-sha512.txt'
	cd "$T" || exit 2
}

# check_by_hand NAME: an event, a commitment and an inclusion proof with coreutils and a page of Python.
check_by_hand() {
	n=$("$HIRZ" --vault "$T/$1" --json log | jq -r 'select(.act == "acquire") | .index' | sed -n 3p)
	leaf=$("$HIRZ" --vault "$T/$1" --json log | jq -r "select(.index == $n) | .leaf")
	is "$( (printf '\0' && cat "$bag/custody/events/$n.jws") | sha256sum | cut -c 1-64)" "$leaf" \
		"$1: sha256sum gives the leaf hash of event $n"
	cut -d. -f2 "$bag/custody/events/$n.jws" | tr -- '-_' '+/' | sed 's/$/===/' | base64 -d 2>/dev/null >"$T/payload"
	ex=$(jq -r .ex "$T/payload")
	opening=$bag/custody/openings/$ex.txt
	file=$(echo "$bag/data/exhibits/$ex"/*)
	is "$(sha256sum <"$opening" | cut -c 1-64)" "$(jq -r .com "$T/payload")" "$1: sha256sum gives the commitment"
	is "$(sed -n 's/^sha256 //p' "$opening")" "$(sha256sum <"$file" | cut -c 1-64)" "$1: and the file's hash is in it"
	is "$(sed -n 's/^size //p' "$opening")" "$(size_of "$file")" "$1: and its size"
	must 0 "$1: the bundle's proof leads to its root" "$lib/check_one.py" "$bag/custody/events/$n.jws" \
		"$bag/custody/proofs/$n.tlog-proof" "$opening" "$file"
	must 0 "$1: hirz log --proof" "$HIRZ" --vault "$T/$1" log --proof "$n"
	cp "$T/out" "$T/proof"
	must 0 "$1: that proof leads to a root too" "$lib/check_one.py" "$bag/custody/events/$n.jws" "$T/proof"
	got=$(cat "$T/out")
	"$HIRZ" --vault "$T/$1" --json log --checkpoint >"$T/checkpoint"
	is "$got" "$n $(json '"\(.size)"' "$T/checkpoint") $leaf $(json .root "$T/checkpoint")" \
		"$1: the one that the checkpoint says"
	other=$((n + 1))
	must 1 "$1: another event's proof does not" "$lib/check_one.py" "$bag/custody/events/$n.jws" \
		"$bag/custody/proofs/$other.tlog-proof"
	flip "$opening" 30 0
	must 1 "$1: a changed opening does not open" "$lib/check_one.py" "$bag/custody/events/$n.jws" \
		"$bag/custody/proofs/$n.tlog-proof" "$opening" "$file"
}

# corpus NAME FOLDER...: the whole way of these files.
corpus() {
	name=$1
	shift
	count=$(find "$@" -type f -printf x | wc -c)
	distinct=$(sums "$@" | wc -l)
	must 0 "$name: a vault" "$HIRZ" --json init "$T/$name" --org "Corpus" --desk C1 --kdf-mem 64
	fingerprint=$(json .fingerprint)
	session "$T/$name"
	must 0 "$name: $count files are added" "$HIRZ" --vault "$T/$name" --json add -r "$@" --consent C-1
	cp "$T/out" "$T/$name.items"
	is "$(json 'select(.type == "summary") | "\(.given) \(.sealed) \(.sealed + .duplicate) \(.refused) \(.failed)"')" \
		"$count $distinct $count 0 0" "$name: each is sealed, or known where its bytes come twice"
	must 0 "$name: list" "$HIRZ" --vault "$T/$name" --json list --limit 1000
	is "$(json .sha256 | sort)" "$(sums "$@")" "$name: the list holds the hashes of all files"
	must 0 "$name: every exhibit is opened and is its source" "$lib/open_all.py" "$T/$name" "$T/$name.items" "$T/$name.out"
	is "$(cat "$T/out")" "$count same" "$name: all of them"
	must 0 "$name: every byte is checked" "$HIRZ" --vault "$T/$name" --json verify --full
	must 0 "$name: everything is exported" "$HIRZ" --vault "$T/$name" --json export --all --to Court -o "$T/$name.tar"
	is "$(json 'select(.type == "export") | "\(.included) \(.withheld | length)"')" "$distinct 0" "$name: nothing is held back"
	check_bundle "$name" "$T/$name.tar"
	is "$(sums "$bag/data/exhibits")" "$(sums "$@")" "$name: the bundle holds the hashes of all files"
	check_by_hand "$name"
	rm -rf "$T/$name.out" "$T/$name.x" "$T/$name.tar"

	"$HIRZ" --vault "$T/$name" --json log --checkpoint >"$T/before"
	before=$(size_of "$T/$name/data.mdb")
	must 0 "$name: the same folders again" "$HIRZ" --vault "$T/$name" --json add -r "$@" --consent C-1
	is "$(json 'select(.type == "summary") | "\(.sealed) \(.duplicate)"')" "0 $count" "$name: nothing but known files"
	is "$(json 'select(.type == "item") | .receipt' | sort -u)" false "$name: and no receipt of them"
	is "$(json 'select(.type == "summary") | .log_head.size')" "$(json .size "$T/before")" "$name: no event"
	[ $(($(size_of "$T/$name/data.mdb") - before)) -le 65536 ]
	ok $? "$name: the vault grew by $(($(size_of "$T/$name/data.mdb") - before)) bytes"

	mkdir "$T/$name.copy" && cp -a "$@" "$T/$name.copy"
	must 0 "$name: a copy elsewhere" "$HIRZ" --vault "$T/$name" --json add -r "$T/$name.copy" --consent C-2
	is "$(json 'select(.type == "summary") | "\(.sealed) \(.duplicate)"')" "0 $count" "$name: nothing but known bytes"
	is "$(json 'select(.type == "item") | .receipt' | sort -u)" true "$name: each with a receipt"
	is "$(json 'select(.type == "summary") | .log_head.size')" "$(($(json .size "$T/before") + count))" \
		"$name: each receipt is an event"
	must 0 "$name: custody of the first" "$HIRZ" --vault "$T/$name" --json custody C1-000001
	like "$(json .act | tr '\n' ' ')" '^acquire .*receipt $' "$name: begins with its sealing, ends with the receipt"
	[ "$(size_of "$T/$name/data.mdb")" -le $((before + count * 16384 + 1048576)) ]
	ok $? "$name: no content was stored twice"
	must 0 "$name: and every byte is there" "$HIRZ" --vault "$T/$name" verify --full
	no_session "$T/$name"
	rm -rf "${T:?}/$name" "$T/$name.copy"
}

own "$T/files"
corpus own "$T/files"
shared=${HIRZ_SHARED:-}/conformance
if [ -n "${HIRZ_SHARED:-}" ] && [ -d "$shared/media" ]; then
	[ "$(find "$shared/media" "$shared/docs" "$shared/web" -type f -printf x | wc -c)" -ge 69 ]
	ok $? 'the collection is whole'
	corpus collected "$shared/media" "$shared/docs" "$shared/web"
else
	skip 1 'HIRZ_SHARED does not name the folder of collected files'
fi
done_testing
