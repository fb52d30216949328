#!/bin/sh
# One writer at a time, readers beside it, and a writer that is killed in the middle: what was said stays, what was not
# said comes with the next run, and nothing comes twice. Closed descriptors, few of them, a full device. Nothing of what
# is sealed is readable anywhere on the disk.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

kills=${HIRZ_KILLS:-20}
passphrase "$T/pass"
HIRZ_PASSPHRASE_FILE=$T/pass
HIRZ_VAULT=$T/v
export HIRZ HIRZ_PASSPHRASE_FILE HIRZ_VAULT

# many FOLDER COUNT BYTES: files of our own, none like another.
many() {
	mkdir -p "$1"
	/usr/bin/python3 - "$@" <<'X'
import random
import sys
rng = random.Random(sys.argv[1])
for i in range(int(sys.argv[2])):
    with open(f"{sys.argv[1]}/{i:03}", "wb") as f:
        f.write(rng.randbytes(int(sys.argv[3]) + i))
X
}
# sums FOLDER...: the hashes of all files below.
sums() {
	find "$@" -type f -exec sha256sum -- {} + | cut -c 1-64 | sort
}
# sealed: the hashes of all exhibits. whole NAME FOLDER...: each file of the folders is an exhibit, once, and no other is.
sealed() {
	"$HIRZ" --json list --limit 10000 | jq -r .sha256 | sort
}
whole() {
	whole_name=$1
	shift
	is "$(sealed | sha256sum)" "$(sums "$@" | sha256sum)" "$whole_name: every file is an exhibit exactly once" ||
		diag "$(sealed | wc -l) exhibits, $(sums "$@" | wc -l) files"
	must 0 "$whole_name: every byte is good" "$HIRZ" --json verify --full
}
fresh() {
	rm -rf "$T/v"
	"$HIRZ" -q init "$T/v" --org Lock --desk LK --kdf-mem 64
	ok $? "a vault for $1"
}

fresh 'two writers'
many "$T/a" 30 100000
many "$T/b" 30 90000
"$HIRZ" --json add -r "$T/a" >"$T/a.out" 2>"$T/a.err" &
first=$!
"$HIRZ" --json add -r "$T/b" >"$T/b.out" 2>"$T/b.err" &
second=$!
readers=0
while kill -0 $first 2>/dev/null || kill -0 $second 2>/dev/null; do
	"$HIRZ" --json list >"$T/list" 2>"$T/list.err" || readers=1
	jq -e . <"$T/list" >"$T/null" || [ ! -s "$T/list" ] || readers=1
done
wait $first
is $? 0 'two writers: the first ends well'
wait $second
is $? 0 'two writers: the other waits and ends well'
is "$readers" 0 'two writers: readers beside them are served' || diag "$(cat "$T/list.err")"
is "$(cat "$T/a.out" "$T/b.out" | jq -r 'select(.type == "item") | .id' | sort | uniq -d)" '' \
	'two writers: no number was given twice'
whole 'two writers' "$T/a" "$T/b"

fresh 'a held lock'
begun=$(date +%s)
must 7 'a held lock: after 10 seconds the writer gives up' flock "$T/v/writer.lock" "$HIRZ" --json add "$T/a/000"
took=$(($(date +%s) - begun))
[ "$took" -ge 9 ] && [ "$took" -le 30 ]
ok $? "a held lock: it waited $took seconds"
like "$(cat "$T/err")" '"id":"HZ-E045"' 'a held lock: it says that the vault is in use'
must 0 'a held lock: readers do not mind' flock "$T/v/writer.lock" "$HIRZ" --json list
must 0 'a held lock: when it is free, work goes on' "$HIRZ" --json add "$T/a/000"

# How long it takes in peace says when to disturb it.
many "$T/k" 80 1000000
fresh 'a measure'
begun=$(date +%s%N)
"$HIRZ" -q add -r "$T/k"
took=$((($(date +%s%N) - begun) / 1000000))
fresh 'kill -9'
killed=0 said=$T/said
: >"$said"
for n in $(seq "$kills"); do
	"$HIRZ" --json add -r "$T/k" >"$T/k.out" 2>"$T/k.err" &
	pid=$!
	sleep "$(awk -v n="$n" -v seed="$$" -v took="$took" \
		'BEGIN { srand(seed * 100 + n); printf "%.3f", 0.05 + rand() * took / 1000 }')"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	[ $? = 137 ] && killed=$((killed + 1))
	# The last line may be cut.
	sed -n '/"result":"sealed".*}$/p' "$T/k.out" >>"$said"
done
[ "$killed" -gt 0 ] && [ -s "$said" ]
ok $? "kill -9: $killed of $kills runs were killed, $(wc -l <"$said") files had been reported by then"
must 0 'kill -9: what remains is added' "$HIRZ" --json add -r "$T/k"
is "$(json 'select(.type == "summary") | .sealed + .duplicate')" 80 'kill -9: all of them are there'
whole 'kill -9' "$T/k"
"$HIRZ" --json list --limit 1000 | jq -r '.id + " " + .sha256' | sort >"$T/have"
jq -r '.id + " " + .sha256' <"$said" | sort >"$T/promised"
is "$(comm -13 "$T/have" "$T/promised")" '' 'kill -9: each that was reported has its number'
is "$(find "$T/v" -type f -printf '%f\n' | sort | tr '\n' ' ')" \
	'FORMAT data.mdb keyring keyring.2 lock.mdb pin writer.lock ' 'kill -9: no other file is left'

fresh 'Ctrl-C'
many "$T/c" 60 1000000
# A shell gives its children in the background a deaf ear for SIGINT; this one hears it.
/usr/bin/python3 - "$HIRZ" "$T/c" "$T/c.out" "$T/c.err" <<'X' >"$T/c.rc"
import signal
import subprocess
import sys
import time
signal.signal(signal.SIGINT, signal.default_int_handler)
with open(sys.argv[3], "wb") as out, open(sys.argv[4], "wb") as err:
    p = subprocess.Popen([sys.argv[1], "--json", "add", "-r", sys.argv[2]], stdout=out, stderr=err)
    end = time.monotonic() + 20
    while p.poll() is None and time.monotonic() < end and b"progress" not in open(sys.argv[3], "rb").read() \
            and b"sealed" not in open(sys.argv[3], "rb").read():
        time.sleep(0.005)
    p.send_signal(signal.SIGINT)
    code = p.wait(30)
print(130 if code == -2 else code)
X
is "$(cat "$T/c.rc")" 130 'Ctrl-C: exit 130'
like "$(cat "$T/c.err")" '"id":"HZ-E095"' 'Ctrl-C: it says that it stopped as asked'
before=$(sealed | wc -l)
[ "$before" -lt 60 ]
ok $? "Ctrl-C: $before of 60 were sealed by then"
is "$(grep -c '"result":"sealed"' "$T/c.out")" "$before" 'Ctrl-C: as many as were reported'
must 0 'Ctrl-C: the next run goes on' "$HIRZ" --json add -r "$T/c"
is "$(json 'select(.type == "summary") | "\(.sealed) \(.duplicate)"')" "$((60 - before)) $before" 'Ctrl-C: with what remains'
whole 'Ctrl-C' "$T/c"

fresh 'closed descriptors'
for mask in 0 1 2 3 4 5 6 7; do
	set --
	[ $((mask & 1)) = 0 ] || set -- "$@" '<&-'
	[ $((mask & 2)) = 0 ] || set -- "$@" '>&-'
	[ $((mask & 4)) = 0 ] || set -- "$@" '2>&-'
	(eval "\"\$HIRZ\" add \"\$T/a/00$mask\" $*") >"$T/out" 2>"$T/err" </dev/null
	rc=$?
	# A word that could not be said is exit 9; the work is done all the same.
	[ "$rc" = 0 ] || [ "$rc" = 9 ]
	ok $? "closed descriptors (${*:-none}): exit $rc"
	is "$(sealed | wc -l)" $((mask + 1)) "closed descriptors (${*:-none}): the file is sealed"
done
must 0 'closed descriptors: every byte is good' "$HIRZ" --json verify --full

run sh -c 'ulimit -n 16 && exec "$HIRZ" --json add -r "$1"' sh "$T/b"
case $rc in
0) ok 0 '16 descriptors are enough' ;;
*)
	like "$(cat "$T/out" "$T/err")" 'HZ-E[0-9]{3}.*Too many open files' "16 descriptors are too few: exit $rc says so"
	must 0 'then with more' "$HIRZ" --json add -r "$T/b"
	;;
esac
must 0 '16 descriptors: every byte is good' "$HIRZ" --json verify --full
if [ -c /dev/full ]; then
	"$HIRZ" --json add "$T/k/000" >/dev/full 2>"$T/err" </dev/null
	rc=$?
	tap_verdict 9 'a full device for the output'
	like "$(cat "$T/err")" 'HZ-E(004|031)' 'it is said that the output could not be written'
	must 0 'and the vault is intact' "$HIRZ" --json verify --full
	sealed | grep -q "$(sha256sum <"$T/k/000" | cut -c 1-64)"
	ok $? 'the file is sealed all the same'
else
	skip 4 'there is no /dev/full'
fi

# Words that stand nowhere else: in names, titles, remarks and contents.
fresh canaries
mkdir -p "$T/canary/Canaryfolder"
{ echo 'Canarycontent شاهدكناري' && seq 2000 && echo Canarymiddle && seq 2000; } >"$T/canary/Canaryfolder/Canaryname.txt"
printf '%s' '--title Canarytitle --source Canarysource --received-from Canaryfrom --where Canaryplace -m Canaryremark
--case CANARY-CASE --consent Canaryconsent' >"$T/canary.args"
trace=
if command -v strace >/dev/null && strace -o "$T/null" true 2>/dev/null; then
	trace="env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -xx -s 1000000 -e trace=write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg -o $T/trace"
	trace=$(printf '%s' "$trace" | sed "s|$T|.|g")
fi
# shellcheck disable=SC2046,SC2086
(cd "$T" && run $trace "$HIRZ" --json add -r "$T/canary" $(cat "$T/canary.args") && exit "$rc")
ok $? 'a file full of telling words is added' || diag "$(cat "$T/err")"
cp "$T/out" "$T/said.out"
must 0 'shown' "$HIRZ" --json show LK-000001
like "$(cat "$T/out")" 'Canarytitle' 'show prints the title'
must 0 'listed with a query' "$HIRZ" --json list case:CANARY-CASE
is "$(json .id)" LK-000001 'and found by its case'
rm -f "$T/out" "$T/err"
# forms WORD: the word as bytes, in UTF-16, base64 at each offset and hex, one regular expression a line.
cat >"$T/forms.py" <<'X'
import base64
import sys
for word in sys.argv[1:]:
    raw = word.encode()
    print(word, raw.hex())
    print(word, word.encode("utf-16-le").hex())
    print(word, word.encode("utf-16-be").hex())
    print(word, raw.hex().encode().hex())
    print(word, raw.hex().upper().encode().hex())
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw)
        # What depends on the neighbours is left out.
        print(word, text[4 if shift else 0:len(text) // 4 * 4 - 4].hex())
X
cat >"$T/search.py" <<'X'
import os
import sys
forms = [line.split() for line in open(sys.argv[1], encoding="utf-8")]
for top in sys.argv[2:]:
    for folder, _, files in os.walk(os.fsencode(top)):
        for name in files:
            path = os.path.join(folder, name)
            data = path + b"\0" + open(path, "rb").read() if os.path.isfile(path) else path
            for word, form in forms:
                if bytes.fromhex(form) in data:
                    print(path.decode("utf-8", "replace"), word)
X
words='Canarycontent شاهدكناري Canarymiddle Canaryname Canaryfolder Canarytitle Canarysource Canaryfrom Canaryplace
Canaryremark CANARY-CASE Canaryconsent'
# shellcheck disable=SC2086
/usr/bin/python3 "$T/forms.py" $words >"$T/forms"
is "$(/usr/bin/python3 "$T/search.py" "$T/forms" "$T/v" "$T/state" "$T/home" "$T/config" "$T/cache" "$T/runtime")" '' \
	'no telling word stands in the vault, the state folder or the home'
is "$(/usr/bin/python3 "$T/search.py" "$T/forms" "$T/canary" | awk '{ print $NF }' | sort -u | wc -l)" 5 \
	'control: the search finds the words in the source'
for form in utf-16-le base64 hex; do
	mkdir -p "$T/control/$form"
	/usr/bin/python3 -c 'import base64, sys
word = "xxCanarytitleyy"
print({"utf-16-le": word.encode("utf-16-le"), "base64": base64.b64encode(word.encode()), "hex": word.encode().hex().encode()}[
    sys.argv[1]].decode("latin-1"))' "$form" >"$T/control/$form/x"
	like "$(/usr/bin/python3 "$T/search.py" "$T/forms" "$T/control/$form")" 'Canarytitle' "control: also in $form"
done
if [ -s "$T/trace" ]; then
	# In the trace each byte stands as \xNN; what went to descriptor 1 is the answer on the terminal, and the inspector
	# gets the beginning of a file through a socket or pipe of its own.
	sed -n 's/^[0-9]* *\([a-z0-9]*\)(\([0-9]*\), /\1 \2 /p' "$T/trace" | grep -v '^write 1 ' | sed 's/\\x//g' >"$T/written"
	found=$(cut -d' ' -f2 "$T/forms" | sort -u | grep -oFf - "$T/written" | sort -u)
	is "$found" '' 'and none was written anywhere but to the output'
	grep -q . "$T/written"
	ok $? 'control: the trace saw writing'
	sed -n 's/^[0-9]* *write(1, //p' "$T/trace" | sed 's/\\x//g' | grep -qF "$(printf Canaryname | od -An -tx1 | tr -d ' \n')"
	ok $? 'control: and the name on the output'
else
	skip 3 'no strace here'
fi
done_testing
