#!/bin/sh
# hirz add: files go in once, whole, with what is said of them; the same again is a receipt; a cut-off run goes on.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
unset HIRZ_PASSPHRASE_FILE
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT

items() { jq -r 'select(.type == "item") | '"$1" <"$T/out"; }
summary() { jq -r 'select(.type == "summary") | '"$1" <"$T/out"; }
counts() { summary '[.given, .sealed, .duplicate, .refused, .failed] | map(tostring) | join(" ")'; }
field() { "$HIRZ" show "$1" --json | jq -r ".fields[\"$2\"] // \"\""; }

must_pass "$HIRZ" init "$T/v" --org "مركز" --desk DM3 --kdf-mem 64
session "$T/v"
samples "$T/s"
find "$T/s" -type f -exec touch -d 2019-07-22T05:01:02Z {} +
(cd "$T/s" && sha256sum ./*) >"$T/before"

# --- one folder, with everything said of it
must_fail 3 "$HIRZ" add "$T/s" --json
is "$(counts)" '1 0 0 1 0' 'a folder without -r is refused'
must_pass "$HIRZ" add -r "$T/s" --json --title 'القصف على السوق' --source 'شاهد 14' --received-from 'منظمة' \
	--where 'معرة النعمان' --when '~٢٠١٩-٠٧-٢٢' --consent C-031 --case 2019-MAR --lang-of ar -m 'from a stick'
is "$(counts)" '4 4 0 0 0' 'four files sealed'
is "$(items .id | tr '\n' ' ')" 'DM3-000001 DM3-000002 DM3-000003 DM3-000004 ' 'numbers in order'
is "$(items .path)" "$(printf '%s\n' "$T/s/clip.mp4" "$T/s/photo.jpg" "$T/s/testimony-ar.txt" "$T/s/testimony-en.txt")" \
	'in byte order of the names'
is "$(items .sha256)" "$(cd "$T/s" && sha256sum clip.mp4 photo.jpg testimony-ar.txt testimony-en.txt | cut -d' ' -f1)" \
	'with the hash that sha256sum gives'
head=$(summary '.log_head | "\(.size) \(.root)"')
is "${head%% *}" 7 'event 0, the case, four exhibits, one relation'
must_pass "$HIRZ" log --checkpoint --json
is "$(json '"\(.size) \(.root)"')" "$head" 'the head in the summary is that of the checkpoint'
is "$(field DM3-1 exhibit.title)" 'القصف على السوق' 'title'
is "$(field DM3-1 receipt.source)" 'شاهد 14' 'source'
is "$(field DM3-1 receipt.from)" 'منظمة' 'received from'
is "$(field DM3-1 receipt.where)" 'معرة النعمان' 'where'
is "$(field DM3-1 receipt.when)" '~٢٠١٩-٠٧-٢٢' 'when, as it was given'
is "$(field DM3-1 receipt.when_from) $(field DM3-1 receipt.when_to) $(field DM3-1 receipt.when_precision)" \
	'2019-07-22 2019-07-22 about' 'when, as days'
is "$(field DM3-1 receipt.consent) $(field DM3-1 receipt.consent_ref)" 'given C-031' 'consent'
is "$(field DM3-1 receipt.note)" 'from a stick' 'remark'
is "$(field DM3-1 exhibit.lang) $(field DM3-1 case)" 'ar 2019-MAR' 'language and case'
is "$(field DM3-1 file.mtime)" '2019-07-22T05:01:02Z' 'time of the file'
is "$(field DM3-1 exhibit.name)" 'clip.mp4' 'name'
is "$(field DM3-1 exhibit.path)" '' 'no path where it is the name'
is "$(field DM3-1 content.size)" 3000156 'size'
is "$(field DM3-3 content.media_type)" 'text/plain; charset=utf-8' 'plain text'
is "$(field DM3-3 content.type_by)" 'hirz plain text check' 'and who says so'
like "$(field DM3-2 content.media_type)" '^(image/jpeg|unknown)$' 'a photo, or unknown where there is no sandbox'
like "$(field DM3-2 content.type_by)" '^(libmagic, sandbox (full|partial)|hirz-inspect: [a-z-]+)$' 'and who says so'
"$HIRZ" list case:2019-MAR --json >"$T/out" 2>/dev/null
is "$(json .id | sort | tr '\n' ' ')" 'DM3-000001 DM3-000002 DM3-000003 DM3-000004 ' 'all are in the case'
must_pass "$HIRZ" open DM3-1 -o "$T/clip" --reason test
must_pass cmp "$T/clip" "$T/s/clip.mp4"
is "$(cd "$T/s" && sha256sum ./*)" "$(cat "$T/before")" 'the sources are as they were'

# --- the same again
must_pass "$HIRZ" add -r "$T/s" --json
is "$(counts)" '4 0 4 0 0' 'the same files again: duplicates'
is "$(items .receipt | sort -u)" false 'no receipt of the same source twice'
is "$(summary '.log_head.size')" "$("$HIRZ" log --checkpoint --json | jq .size)" 'no event'
is "$(items .id | head -1)" DM3-000001 'with the number of the exhibit'
is "$(items .sha256 | head -1)" "$(sha256sum <"$T/s/clip.mp4" | cut -d' ' -f1)" 'and its hash, unread'
mkdir "$T/copy" && cp "$T/s/photo.jpg" "$T/copy/a.jpg" && cp "$T/s/photo.jpg" "$T/copy/b.jpg"
must_pass "$HIRZ" add -r "$T/copy" --json --source 'another' --consent none -m 'published by its author'
is "$(counts) $(items .receipt | tr '\n' ' ')" '2 0 2 0 0 true true ' 'the same bytes from elsewhere: receipts'
is "$(items .id | sort -u)" DM3-000002 'of the exhibit that is there'
printf 'twice in one run' >"$T/copy/x1"
printf 'twice in one run' >"$T/copy/x2"
head -c 3000000 /dev/urandom >"$T/copy/y1"
cp "$T/copy/y1" "$T/copy/y2"
must_pass "$HIRZ" add --json "$T/copy/x1" "$T/copy/x2" "$T/copy/y2" "$T/copy/y1"
is "$(counts) $(items .result | tr '\n' ' ')" '4 2 2 0 0 sealed duplicate sealed duplicate ' \
	'two equal files of one run: one exhibit and a receipt'
is "$(items .id | tr '\n' ' ')" 'DM3-000005 DM3-000005 DM3-000006 DM3-000006 ' 'with the same number'
must_pass "$HIRZ" add --json --case 2019-MAR "$T/copy/x1"
must_pass "$HIRZ" list case:2019-MAR --json
like "$(json .id)" DM3-000005 'a duplicate joins the case'
must_pass "$HIRZ" add --json --case 2019-MAR "$T/copy/x1"
is "$(summary .log_head.size)" "$("$HIRZ" log --checkpoint --json | jq .size)" 'once'

# --- standard input
printf 'رسالة من الشاهد\n' >"$T/letter"
run_in "$T/letter" "$HIRZ" add - --name 'letter.txt' --json
is "$rc $(counts)" '0 1 1 0 0 0' 'standard input'
is "$(field DM3-7 exhibit.name) $(field DM3-7 file.mtime)" 'letter.txt ' 'with the name that was given, without a time'
is "$(field DM3-7 content.media_type)" 'text/plain; charset=utf-8' 'its type'
run_in "$T/letter" "$HIRZ" add - --json
is "$rc $(counts)" '0 1 0 1 0 0' 'the same bytes again: a receipt'
head -c 5000000 /dev/urandom >"$T/stream"
"$HIRZ" add - --json <"$T/stream" >"$T/out" 2>"$T/err"
is "$(counts) $(items .sha256)" "1 1 0 0 0 $(sha256sum <"$T/stream" | cut -d' ' -f1)" 'a stream of several segments'
must_pass "$HIRZ" open DM3-8 -o "$T/stream.out" --reason test
must_pass cmp "$T/stream.out" "$T/stream"
run_in /dev/null "$HIRZ" add - --json
is "$rc $(counts)" '3 1 0 0 1 0' 'an empty stream is refused'

# --- what would happen
printf 'new one' >"$T/copy/new"
cp "$T/copy/new" "$T/copy/new2"
before=$("$HIRZ" log --checkpoint)
must_fail 3 "$HIRZ" add -n --json "$T/copy/new" "$T/copy/new2" "$T/copy/x1" "$T/none" --case NEW
is "$(counts)" '4 1 2 0 1' 'a dry run counts'
is "$(items .result | tr '\n' ' ')" 'sealed duplicate duplicate failed ' 'each'
is "$(items '.dry_run' | sort -u)" true 'and says that it is one'
is "$("$HIRZ" log --checkpoint)" "$before" 'nothing was written'
must_fail 3 "$HIRZ" add -n "$T/copy/new" "$T/none"
like "$(cat "$T/out")" 'Nothing was written' 'in words too'

# --- text for people
must_pass "$HIRZ" add "$T/copy/new"
like "$(cat "$T/out")" 'sealed +1  DM3-000009  7.B' 'the numbers, the sizes'
like "$(cat "$T/out")" 'given +1' 'the counts'
must_pass "$HIRZ" --lang ar add "$T/copy/new2"
like "$(cat "$T/out")" 'موجود من قبل +1' 'in Arabic'
must_pass "$HIRZ" add -q "$T/copy/new2"
is "$(cat "$T/out" "$T/err")" '' 'quiet'
mkdir "$T/empty"
must_pass "$HIRZ" add -r --json "$T/empty"
is "$(counts)" '0 0 0 0 0' 'an empty folder'

# --- wrong use
must_fail 2 "$HIRZ" add
must_fail 2 "$HIRZ" add --consent none "$T/copy/new"
for when in 2019-13 2019-02-29 2019-7-22 '' 19 2019-07-22..2019-07-21 '~' '..' 2019-07-22T24:00 2019..2020..2021 \
	'2019-07-22T08' 2019x; do
	must_fail 2 "$HIRZ" add --when "$when" "$T/copy/new"
done
must_fail 2 "$HIRZ" add --case 'a b' "$T/copy/new"
must_fail 2 "$HIRZ" add --lang-of xx "$T/copy/new"
must_fail 2 "$HIRZ" add --title "$(printf 'a\377b')" "$T/copy/new"
must_fail 2 "$HIRZ" add --name x "$T/copy/new"
must_fail 2 "$HIRZ" add - -
must_fail 2 "$HIRZ" add --passphrase-fd 0 -
must_fail 6 "$HIRZ" --vault "$T/empty" add "$T/copy/new"

# --- folders: order, paths, depth
mkdir -p "$T/tree/b/c" "$T/tree/a" && (cd "$T/tree" && printf 1 >B && printf 2 >a/z && printf 3 >b/c/d && printf 4 >b/b &&
	printf 5 >c && ln -s c link)
must_fail 3 "$HIRZ" add -r --json "$T/tree/"
is "$(items .path | sed "s|$T/||" | tr '\n' ' ')" 'tree/B tree/a/z tree/b/b tree/b/c/d tree/c tree/link ' 'byte order, depth first'
is "$(field "$(items 'select(.path | endswith("b/c/d")) | .id')" exhibit.path)" b/c/d 'the path below the folder'
(cd "$T/tree" && "$HIRZ" add -r --json . >"$T/out" 2>"$T/err")
is "$(counts)" '6 0 5 1 0' 'the same tree by another name'
is "$(items .receipt | sort -u)" "$(printf 'false\nnull')" 'is the same source'
cp -r "$T/tree" "$T/v/tree" 2>/dev/null
must_fail 3 "$HIRZ" add -r --json "$T/v" "$T/tree/c"
is "$(counts)" '2 0 1 1 0' 'the vault does not swallow itself'
rm -r "$T/v/tree"

# --- a run that is cut off
mkdir "$T/many"
python3 - "$T/many" <<'X'
import os, sys
for i in range(60):
    with open(f"{sys.argv[1]}/{i:03d}", "wb") as f:
        f.write(os.urandom(500000))
X
mkfifo "$T/fifo"
: >"$T/acked"
must_pass "$HIRZ" init "$T/k" --org O --desk K --kdf-mem 64
HIRZ_VAULT=$T/k
(sleep 1000 >"$T/fifo") &
writer=$!
"$HIRZ" add -r "$T/many" - --json <"$T/fifo" >"$T/acked" 2>"$T/err" &
pid=$!
for _ in $(seq 100); do
	[ "$(grep -c '"sealed"' "$T/acked")" -ge 20 ] && break
	sleep 0.1
done
kill -9 $pid
wait $pid 2>/dev/null
cp "$T/acked" "$T/out"
acked=$(items '"\(.id) \(.sha256)"' | grep -c .)
ok "$([ "$acked" -ge 20 ] && [ "$acked" -le 60 ]; echo $?)" "killed after $acked files were acknowledged"
items '"\(.id) \(.sha256)"' | sort >"$T/told"
must_pass "$HIRZ" list --json
json '"\(.id) \(.sha256)"' | sort >"$T/there"
is "$(comm -23 "$T/told" "$T/there")" '' 'every one of them is there'
must_pass "$HIRZ" add -r "$T/many" --json
is "$(summary '.given == 60 and .sealed + .duplicate == 60 and .duplicate >= '"$acked")" true 'the same command goes on'
is "$(items 'select(.result == "duplicate") | .receipt' | sort -u)" false 'without a receipt for what was done'
must_pass "$HIRZ" list --json
is "$(json .sha256 | sort -u | grep -c .) $(json .id | grep -c .)" '60 60' 'each file once'

# --- Ctrl-C
mkdir "$T/more"
python3 - "$T/more" <<'X'
import os, sys
for i in range(5):
    with open(f"{sys.argv[1]}/{i}", "wb") as f:
        f.write(os.urandom(1000))
X
for signal in INT TERM; do
	env --default-signal=INT "$HIRZ" add -r "$T/more" - --json <"$T/fifo" >"$T/out" 2>"$T/err" &
	pid=$!
	sleep 1.5
	kill -$signal $pid
	wait $pid
	rc=$?
	want=$([ $signal = INT ] && echo 130 || echo 143)
	is "$rc $(items .result | grep -c .)" "$want 5" "SIG$signal: what is complete is told, exit $want"
	is "$(jq -r .id <"$T/err") $(jq -r .exit <"$T/err")" "HZ-E095 $want" 'with the message'
done
kill $writer 2>/dev/null
must_pass "$HIRZ" add -r "$T/more" --json
is "$(counts)" '5 0 5 0 0' 'and stays'

# --- two at once
(sleep 1000 >"$T/fifo") &
writer=$!
"$HIRZ" add - --json <"$T/fifo" >"$T/out1" 2>"$T/err1" &
first=$!
sleep 0.7
"$HIRZ" add "$T/letter" --json >"$T/out2" 2>"$T/err2" &
second=$!
must_fail 7 "$HIRZ" add "$T/s/photo.jpg"
wait $second
is "$? $(jq -r .id <"$T/err2")" '7 HZ-E045' 'the one that waits longer than ten seconds gives up'
"$HIRZ" add "$T/letter" --json >"$T/out" 2>"$T/err" &
second=$!
sleep 0.3
kill $writer
pkill -P $writer 2>/dev/null
wait $first
first=$?
wait $second
is "$? $(counts)" '0 1 1 0 0 0' 'the one that waits less goes on'
no_session "$T/v"
done_testing
