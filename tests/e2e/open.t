#!/bin/sh
# open: the original bytes, recorded first; nothing half-written.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
must_pass "$HIRZ" init "$T/v" --org x --desk DM3 --kdf-mem 64
session "$T/v"
samples "$T/s"
must_pass "$HIRZ" add "$T/s/photo.jpg"
head -c 20000000 /dev/urandom >"$T/big"
must_pass "$HIRZ" add "$T/big"
i=3
for n in 1 1023 1024 1025 65535 65536 65537 1048544 1048560 1048561; do
	head -c $n /dev/urandom >"$T/n$n"
	must_pass "$HIRZ" add -q "$T/n$n"
	must_pass "$HIRZ" open "DM3-$i" -o "$T/o$n" --reason 'a test'
	cmp -s "$T/n$n" "$T/o$n"
	ok $? "$n bytes come back"
	i=$((i + 1))
done

must_pass "$HIRZ" --json open DM3-1 -o "$T/photo" --reason 'مراجعة قانونية'
is "$(json '[.type, .id, .size, .sha256] | @json')" \
	"[\"opened\",\"DM3-000001\",$(stat -c %s "$T/s/photo.jpg"),\"$(sha256sum "$T/s/photo.jpg" | cut -c 1-64)\"]" 'the line of the contract'
is "$(json .path)" "$T/photo" 'and where it is'
must_pass cmp "$T/photo" "$T/s/photo.jpg"
is "$(stat -c %a "$T/photo")" 600 'only its owner may read it'
must_pass "$HIRZ" --json custody DM3-1
is "$(json '[.act, .fields["access.reason"]] | @json' | tail -n 1)" '["access","مراجعة قانونية"]' 'the log has the reason'
must_pass "$HIRZ" open DM3-2 --reason 'to a pipe'
cmp -s "$T/out" "$T/big"
ok $? 'the bytes alone go into the pipe'
(cd "$T" && "$HIRZ" open DM3-2 -o - --reason 'to a pipe too' >"$T/dash" && [ ! -e ./- ] && cmp -s "$T/dash" "$T/big")
ok $? 'and with -o - too'

events() {
	"$HIRZ" --json log | wc -l
}
before=$(events)
must_fail 1 "$HIRZ" open DM3-1 -o "$T/photo" --reason again
like "$(cat "$T/err")" 'HZ-E065' 'an existing file is never overwritten'
ln -s "$T/nowhere" "$T/link"
must_fail 1 "$HIRZ" open DM3-1 -o "$T/link" --reason again
must_fail 2 "$HIRZ" open DM3-1 -o "$T/new"
must_fail 2 "$HIRZ" open DM3-1 -o "$T/new" --reason ''
must_fail 2 "$HIRZ" open DM3-1 -o "$T/new" --reason "$(printf 'x\377')"
must_fail 2 "$HIRZ" --json open DM3-1 --reason x
must_fail 1 "$HIRZ" open DM3-99 -o "$T/new" --reason x
must_fail 9 "$HIRZ" open DM3-1 -o "$T/no/such/folder" --reason x
is "$(events)" "$before" 'none of these is an act'
[ ! -e "$T/new" ]
ok $? 'and none left a file'

# A reader that goes away.
run sh -c '"$1" open DM3-2 --reason x | head -c 1000 | wc -c' sh "$HIRZ"
is "$(tr -d ' ' <"$T/out")" 1000 'a reader may go away'

# One flipped bit of the content: the file is removed.
size=$(stat -c %s "$T/v/data.mdb")
at=$(/usr/bin/python3 - "$T/v/data.mdb" <<'X'
import re, sys
# The longest stretch without a zero page in the middle of the file: inside the segments of the large exhibit.
data = open(sys.argv[1], "rb").read()
best = max(re.finditer(rb"(?:(?!\0{64}).)+", data, re.S), key=lambda m: len(m.group()))
print((best.start() + best.end()) // 2)
X
)
[ "$at" -gt 0 ] && [ "$at" -lt "$size" ]
ok $? 'a place inside the content'
cp -a "$T/v" "$T/kept"
flip "$T/v/data.mdb" "$at" 5
must_fail 4 "$HIRZ" open DM3-2 -o "$T/bad" --reason 'after a flipped bit'
like "$(cat "$T/err")" 'HZ-E064' 'the content differs'
[ ! -e "$T/bad" ] && [ ! -e "$T/bad.part" ]
ok $? 'nothing is left of it'
must_pass "$HIRZ" open DM3-1 -o "$T/other" --reason 'the other is whole'
must_pass cmp "$T/other" "$T/s/photo.jpg"

# Into a folder: the name comes from the evidence, as far as it may.
mkdir "$T/folder"
evil=$(printf 'x/..-\033[2J\342\200\256gpj?.exe')
mkdir -p "$T/x"
printf 'evil\n' >"$T/$evil"
must_pass "$HIRZ" add "$T/$evil"
evil_id=DM3-000013
must_pass "$HIRZ" open $evil_id -o "$T/folder/" --reason 'its name is odd'
is "$(ls "$T/folder")" "$evil_id-_.-_x1b[2J_u202egpj_.exe" 'number and what the name may be'
must_pass cmp "$T/folder/$(ls "$T/folder")" "$T/$evil"
must_fail 1 "$HIRZ" open $evil_id -o "$T/folder/" --reason 'again'
must_fail 9 "$HIRZ" open $evil_id -o "$T/no-folder/" --reason 'no such folder'

# A full disk.
if [ -e /dev/full ]; then
	run sh -c '"$1" open DM3-1 --reason x >/dev/full' sh "$HIRZ"
	tap_verdict 9 'exit 9 where the output cannot be written'
fi
no_session "$T/v"
done_testing
