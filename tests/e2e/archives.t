#!/bin/sh
# Hostile archives: none passes for a bundle, none makes a file, none takes time or memory without bound; and as evidence they
# are sealed like anything else, byte for byte, and never unpacked.
# HIRZ_SHARED names a folder with archives that others were broken by; without it ours must do.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
lib=$tap_top/tests/lib
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
BAD_TAR_DIR=$(mktemp -d /dev/shm/hirz-archives.XXXXXX 2>/dev/null) || BAD_TAR_DIR=$T
trap '[ "$BAD_TAR_DIR" = "$T" ] || rm -rf "$BAD_TAR_DIR"; tap_end' EXIT
export HIRZ HIRZ_VERIFY HIRZ_PASSPHRASE_FILE HIRZ_VAULT BAD_TAR_DIR
samples "$T/s"
must_pass "$HIRZ" --json init "$T/v" --org x --desk DM3 --kdf-mem 64
session "$T/v"
fingerprint=$(json .fingerprint)
must_pass "$HIRZ" add "$T/s/testimony-ar.txt" "$T/s/photo.jpg" --consent none -m test
must_pass "$HIRZ" export --all --to Court -o "$T/b.tar"
must_pass "$HIRZ_VERIFY" --key "$fingerprint" "$T/b.tar"

# each KIND LEAST ARG...: what bad_tar.py tries, one line of ours for each of its own.
each() {
	each_kind=$1 each_least=$2
	shift 2
	/usr/bin/python3 "$lib/bad_tar.py" "$each_kind" "$@" >"$T/tried" 2>"$T/err"
	[ "$(grep -cE '^(not )?ok ' "$T/tried")" -ge "$each_least" ]
	ok $? "$each_kind: at least $each_least were tried" || diag "$(cat "$T/err")"
	while read -r line; do
		case $line in
		'ok '*) ok 0 "${line#*- }" ;;
		'not ok '*) ok 1 "${line#*- }" ;;
		'#'*) printf '%s\n' "$line" ;;
		esac
	done <"$T/tried"
}
each bundle 100 "$T/b.tar" "$fingerprint"

shared=${HIRZ_SHARED:-}/conformance/bad/archives
if [ -n "${HIRZ_SHARED:-}" ] && [ -d "$shared" ]; then
	each folder 20 "$shared"
	cp -R "$shared" "$T/evil"
else
	skip 1 'HIRZ_SHARED is not set'
	mkdir "$T/evil"
fi
# As evidence.
(cd "$T/evil" && ln -s /etc/passwd x && tar -cf link.tar x && rm x && gzip -c "$T/b.tar" >b.tar.gz && cp "$T/b.tar" b.tar && head -c 100 b.tar >cut.tar)
before=$(find "$T/evil" | sort | sha256sum)
must_pass "$HIRZ" --json add -r "$T/evil" --consent none -m test
json 'select(.type == "item") | .id + " " + .path' >"$T/items"
is "$(json 'select(.type == "summary") | [.given - .sealed - .duplicate, .failed, .refused] | @json')" '[0,0,0]' 'every archive is sealed'
is "$(find "$T/evil" | sort | sha256sum)" "$before" 'nothing was unpacked beside them'
[ "$(wc -l <"$T/items")" -ge 4 ]
ok $? 'at least four of them'
must_pass "$HIRZ" verify --full
n=0
while read -r id path; do
	n=$((n + 1))
	[ $n -le 8 ] || break
	"$HIRZ" -q open "$id" --reason test >"$T/back" 2>"$T/err" && cmp -s "$T/back" "$T/evil/${path#*evil/}"
	ok $? "$id comes back as it was" || diag "$path"
done <"$T/items"
no_session "$T/v"
done_testing
