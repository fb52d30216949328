#!/bin/sh
# Bad input: each has its result, its message and its exit code; nothing half-written, nothing lost.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT

items() { jq -r 'select(.type == "item") | '"$1" <"$T/out"; }
counts() { jq -r 'select(.type == "summary") | [.given, .sealed, .duplicate, .refused, .failed] | map(tostring) | join(" ")' <"$T/out"; }
# one PATH RESULT ID NAME: adding it gives this result and message, exit 3, and changes nothing in the log.
one() {
	size=$("$HIRZ" log --checkpoint --json | jq .size)
	must 3 "$4: exit 3" timeout 20 "$HIRZ" add --json "$1"
	is "$(items '"\(.result) \(.error.id)"')" "$2 $3" "$4: $2"
	is "$("$HIRZ" log --checkpoint --json | jq .size)" "$size" "$4: nothing in the log"
}

must_pass "$HIRZ" init "$T/v" --org O --desk DM3 --kdf-mem 64
session "$T/v"
mkdir "$T/in"
cd "$T/in" || exit 1
: >empty
one empty refused HZ-E034 'an empty file'
mkfifo fifo
one fifo refused HZ-E035 'a pipe'
one /dev/null refused HZ-E035 'a device'
printf x >file
ln -s file link
one link refused HZ-E035 'a link'
one link/ refused HZ-E035 'a link with a slash'
ln -s . loop
one loop/ refused HZ-E035 'a link to a folder'
ln -s nowhere broken
one broken refused HZ-E035 'a broken link'
/usr/bin/python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("sock")'
one sock refused HZ-E035 'a socket'
one /proc/self/status refused HZ-E034 'a file that is made up when it is read'
one none failed HZ-E037 'a missing file'
one file/x failed HZ-E037 'a file as a folder'
one '' failed HZ-E037 'an empty name'
printf x >secret
chmod 000 secret
if [ "$(id -u)" = 0 ]; then
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nexec setpriv --bounding-set=-dac_override,-dac_read_search "$REAL" "$@"\n' >"$T/plain"
	chmod +x "$T/plain"
	REAL=$HIRZ
	export REAL
	if setpriv --bounding-set=-dac_override,-dac_read_search cat secret 2>/dev/null; then
		skip 3 'root cannot give up the right to read everything here'
	else
		HIRZ=$T/plain
		one secret failed HZ-E038 'an unreadable file'
		HIRZ=$REAL
	fi
else
	one secret failed HZ-E038 'an unreadable file'
fi
rm -f secret

# Everything at once through a folder; the pipe does not hold the run.
printf 'good' >good
must 3 'a folder of bad things' timeout 20 "$HIRZ" add -r --json "$T/in"
is "$(counts)" '8 2 0 6 0' 'each has a result, the good ones are sealed'
is "$(items 'select(.result == "sealed") | .path' | sed 's|.*/||' | tr '\n' ' ')" 'file good ' 'and named'

# --- names
mkdir "$T/names"
/usr/bin/python3 - "$T/names" <<'X'
import os, sys
d = os.fsencode(sys.argv[1])
names = [b"new\nline", b"esc\x1b[31mred", "rtl\u202egpj.exe".encode(), b"bad\xff\xfeutf8", "ش".encode() * 127 + b"x",
         b"-n", b" ", b"back\\slash", b"quo\"te", b"tab\t", "\u200f".encode()]
for i, n in enumerate(names):
    with open(d + b"/" + n, "wb") as f:
        f.write(b"name %d" % i)
X
must_pass "$HIRZ" add -r --json "$T/names"
is "$(counts)" '11 11 0 0 0' 'odd names are names'
/usr/bin/python3 - "$T/names" "$T/out" >"$T/cmp" <<'X'
import base64, json, os, sys
want = sorted(os.listdir(os.fsencode(sys.argv[1])))
got = []
for line in open(sys.argv[2], encoding="utf-8"):
    o = json.loads(line)
    if o["type"] == "item":
        b = o.get("path_b64")
        p = base64.urlsafe_b64decode(b + "=" * (-len(b) % 4)) if b else o["path"].encode()
        got.append(os.path.basename(p))
print("same" if got == want else (got, want))
X
is "$(cat "$T/cmp")" same 'JSON carries every byte of them, in order'
id=$(items 'select(.path_b64) | .id')
must_pass "$HIRZ" show "$id" --json
is "$(json '.fields["exhibit.name_b64"]')" "$(printf 'bad\377\376utf8' | base64 | tr '+/' '-_' | tr -d =)" 'the record too'
is "$(json '.fields["exhibit.name"]')" 'bad��utf8' 'and a text of it'
must 0 'odd names as text' "$HIRZ" add -v -r "$T/names"
is "$(tr -d '\n\t -~' <"$T/out" | LC_ALL=C grep -c "$(printf '[\001-\037]')")" 0 'no control character reaches the reader'
unlike "$(cat "$T/out")" "$(printf '\342\200\256')" 'no turned line'
like "$(cat "$T/out")" '\\x1b\[31mred' 'but its escape'
must 0 'a name like an option' "$HIRZ" add --json -- "$T/names/-n"
deep=$T/deep
mkdir "$deep"
/usr/bin/python3 - "$deep" <<'X'
import os, sys
os.chdir(sys.argv[1])
for i in range(200):
    os.mkdir("d")
    os.chdir("d")
open("f", "w").write("deep")
X
must 3 'a tree of 200 folders' "$HIRZ" add -r --json "$deep"
is "$(items '"\(.result) \(.error.id)"')" 'failed HZ-E090' 'is over the limit, and said'

# --- a file that changes while it is read
truncate -s 600M "$T/growing"
(while :; do printf x >>"$T/growing"; done) &
grower=$!
must 3 'a growing file' "$HIRZ" add --json "$T/growing" "$T/in/good"
kill $grower
wait $grower 2>/dev/null
is "$(items '"\(.result) \(.error.id)"' | head -1)" 'refused HZ-E036' 'is refused as changed'
is "$(counts)" '2 0 1 1 0' 'the next one goes on'
rm "$T/growing"
must_pass "$HIRZ" add --json "$T/in/good"
lacks "$T/err" 'cut off' 'and leaves no orphans behind'

# --- few descriptors: fewer workers, or nothing is begun
some=0 none=0 wrong=
for most in 10 11 12 13 14 15 16 17 18 20 24 32 64; do
	rm -rf "$T/few"
	mkdir "$T/few"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		head -c 3000 /dev/urandom >"$T/few/$i"
	done
	head -c 5000000 /dev/urandom >"$T/few/large"
	# shellcheck disable=SC3045
	run sh -c 'ulimit -n "$1" && exec "$2" add -r --json "$3"' sh "$most" "$HIRZ" "$T/few"
	case $rc,$(json 'select(.type == "item") | .result' | sort | uniq -c | tr -s ' ' | tr '\n' ' ') in
	0,' 11 sealed ') some=$((some + 1)) ;;
	1,) none=$((none + 1)) ;;
	9,) ;; # not even the vault could be opened
	*) wrong="$wrong $most:$rc" ;;
	esac
	tap_crashed && wrong="$wrong $most:crash"
done
is "$wrong" '' 'with few descriptors all is sealed, or nothing is begun'
[ "$some" -ge 3 ]
ok $? "with 20 at the latest it works ($some did, $none were refused)"

# --- a full disk
mkdir "$T/small"
if mount -t tmpfs -o size=12m none "$T/small" 2>/dev/null; then
	HIRZ_VAULT=$T/small/v
	must_pass "$HIRZ" init "$T/small/v" --org O --desk S --kdf-mem 64
	head -c 400000 /dev/urandom >"$T/a"
	must_pass "$HIRZ" add --json "$T/a"
	mkdir "$T/full"
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		head -c 1500000 /dev/urandom >"$T/full/$i"
	done
	must_fail 9 "$HIRZ" add -r --json "$T/full"
	is "$(jq -r '.id' <"$T/err")" HZ-E031 'the disk is full'
	like "$(jq -r '.safe' <"$T/err")" 'complete|nothing was added' 'and what is safe is said'
	items .sha256 | sort >"$T/told"
	must_pass "$HIRZ" list --json
	json .sha256 | sort >"$T/there"
	is "$(comm -23 "$T/told" "$T/there")" '' 'every acknowledged one is there'
	like "$(cat "$T/there")" "$(sha256sum <"$T/a" | cut -d' ' -f1)" 'and the one before'
	mount -o remount,size=200m "$T/small"
	must_pass "$HIRZ" add -r --json "$T/full"
	is "$(counts | cut -d' ' -f1,4,5)" '20 0 0' 'with room, the same command goes on'
	must_pass "$HIRZ" open S-1 -o "$T/a.out" --reason test
	must_pass cmp "$T/a" "$T/a.out"
	umount "$T/small"
else
	skip 12 'no small file system can be mounted here'
fi
no_session "$T/v"
done_testing
