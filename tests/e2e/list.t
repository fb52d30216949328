#!/bin/sh
# list and its queries, show.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
must_pass "$HIRZ" init "$T/v" --org x --desk DM3 --kdf-mem 64
session "$T/v"
must_pass "$HIRZ" list
like "$(cat "$T/out")" '^0 exhibits' 'an empty vault has none'
mkdir "$T/in" && cd "$T/in" || exit 2
printf 'one, a testimony\n' >one.txt
printf 'two, another one\n' >two.txt
head -c 300000 /dev/zero >three.bin
evil=$(printf 'a\033[31m\nb.txt')
printf 'four\n' >"$evil"
must_pass "$HIRZ" add one.txt --title 'القصف على سوق معرة النعمان' --source 'شاهد 14' --where 'معرة النعمان' \
	--when 2019-07-22 --consent C-031 --case MAR
must_pass "$HIRZ" add two.txt --title 'Letter of a doctor' --source 'witness 3' --where حلب --when 2018..2019-03 \
	--consent none -m 'public statement'
must_pass "$HIRZ" add three.bin
must_pass "$HIRZ" add "$evil"

# Ids that a query finds, oldest first.
find_ids() {
	run "$HIRZ" --json list "$@"
	[ "$rc" = 0 ] || printf 'exit %s ' "$rc"
	jq -r .id <"$T/out" | sed 's/^DM3-0*//' | sort -n | tr '\n' ' '
}
is "$(find_ids)" '1 2 3 4 ' 'all'
must_pass "$HIRZ" --json list
is "$(json .id | head -n 1)" DM3-000004 'newest first'
is "$(json 'select(.id == "DM3-000001") | [.title, .size, .consent, .case, .state, .times.claimed, .party, .tags] | @json')" \
	'["القصف على سوق معرة النعمان",17,"given","MAR","sealed","2019-07-22",null,[]]' 'the members of the contract'
is "$(json 'select(.id == "DM3-000001") | .sha256')" "$(sha256sum one.txt | cut -c 1-64)" 'the hash'
like "$(json 'select(.id == "DM3-000001") | .times.sealed')" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$' 'time of sealing'
is "$(json 'select(.id == "DM3-000001") | .times.file')" "$(TZ=UTC date -r one.txt +%Y-%m-%dT%H:%M:%SZ)" 'time of the file'
is "$(json 'has("sha256") and has("media_type") and (.times | has("camera"))' | sort -u)" true 'in every line'
is "$(find_ids --limit 2)" '3 4 ' 'a limit'

for word in قصف القصف 'قَصْف' 'قــصف' 'معره' 'النُّعمان'; do
	is "$(find_ids "$word")" '1 ' "found by $word"
done
is "$(find_ids doctor)" '2 ' 'a word'
is "$(find_ids LETTER)" '2 ' 'in any case'
is "$(find_ids three)" '3 ' 'the name of a file'
is "$(find_ids 000003)" '3 ' 'a number'
is "$(find_ids doctor قصف)" '' 'all words must match'
is "$(find_ids 'title:of a')" '2 ' 'a title of words'
is "$(find_ids 'title:of a doctor' source:witness)" '2 ' 'two keys'
is "$(find_ids "title:of a source:شاهد")" '' 'two keys in one word'
is "$(find_ids 'مكان:معرة النعمان')" '1 ' 'an Arabic key'
is "$(find_ids place:'"معرة النعمان"')" '1 ' 'a quoted value'
is "$(find_ids '"letter of"')" '2 ' 'a quoted phrase'
is "$(find_ids not doctor)" '1 3 4 ' 'not'
is "$(find_ids ليس doctor)" '1 3 4 ' 'not in Arabic'
is "$(find_ids case:MAR)" '1 ' 'a case'
is "$(find_ids not case:MAR)" '2 3 4 ' 'not in a case'
is "$(find_ids id:dm3-2)" '2 ' 'an id, zeros left out'
is "$(find_ids id:DM3-99)" '' 'an id that is not there'
is "$(find_ids consent:given)$(find_ids consent:none)$(find_ids consent:unknown)" '1 2 3 4 ' 'consent'
is "$(find_ids date:2019-07)" '1 ' 'a month'
is "$(find_ids date:٢٠١٩-٠٧)" '1 ' 'in Arabic digits'
is "$(find_ids date:2019)" '1 2 ' 'a year that meets a span'
is "$(find_ids date:2019-04..)" '1 ' 'from a month on'
is "$(find_ids date:..2019-07-21)" '2 ' 'up to a day'
is "$(find_ids date:2019-07-22..2019-07-22)" '1 ' 'one day'
is "$(find_ids date:2019-03-31)" '2 ' 'the last day of a span'
is "$(find_ids date:2019-04-01..2019-07-21)" '' 'between two'
is "$(find_ids sealed:2020..)" '1 2 3 4 ' 'sealed since'
is "$(find_ids sealed:..2019)" '' 'sealed before'
is "$(find_ids 'size:>100k')" '3 ' 'larger'
is "$(find_ids 'size:<17')" '4 ' 'smaller'
is "$(find_ids size:17..17)" '1 2 ' 'sizes from and to'
is "$(find_ids size:300000)" '3 ' 'one size'
is "$(find_ids type:text/ id:DM3-1)" '1 ' 'a kind'
is "$(find_ids type:text/plain not size:5)" '1 2 ' 'a kind without one'

is "$(find_ids type:image)$(find_ids type:text id:DM3-1)" '1 ' 'a media type by its first part'
is "$(find_ids type:unlawful_attack)$(find_ids party:gov_sy)$(find_ids state:proposed)$(find_ids role:perpetrator)" '' 'no tags yet'
is "$(find_ids not party:gov_sy type:text/ id:DM3-1)" '1 ' 'without a tag'
is "$(find_ids not جهة:gov_sy دور:source id:DM3-1)" '' 'in Arabic'

bad_query() {
	position=$1
	shift
	must_fail 2 "$HIRZ" list "$@"
	like "$(cat "$T/err")" 'HZ-E063' "a bad query: $*"
	like "$(cat "$T/err")" "at character $position:" 'and where'
}
bad_query 1 colour:red
bad_query 5 one colour:red
bad_query 6 قصف، لون:أحمر
bad_query 1 date:yesterday
bad_query 1 date:2019-13
bad_query 1 date:..
bad_query 1 size:big
bad_query 1 consent:maybe
bad_query 1 role:boss
bad_query 1 state:sure
bad_query 1 party:
bad_query 1 title:
bad_query 1 '"open'
bad_query 5 one or two
bad_query 8 one not
must_fail 1 "$HIRZ" list case:NONE
must_fail 2 "$HIRZ" list --limit 0
is "$(find_ids 12:30)" '' 'a time is a word, no key'

must_pass "$HIRZ" list
like "$(cat "$T/out")" 'DM3-000001 .* given .* القصف' 'a row for people'
[ "$(grep -c "$(printf '\033')" "$T/out")" = 0 ]
ok $? 'no control character of a file name is printed'
like "$(cat "$T/out")" 'a\\x1b\[31m\\x0ab\.txt' 'it is shown escaped'
lacks "$T/out" "$(printf '\342\201\250')" 'no isolates in a pipe'
must_pass "$HIRZ" --json show DM3-4
is "$(json .name)" "$evil" 'JSON has the exact name'

must_pass "$HIRZ" show dm3-1
for words in 'شاهد 14' 'C-031' 'MAR' "$(sha256sum one.txt | cut -c 1-64)" '2019-07-22'; do
	holds "$T/out" "$words" "show has: $words"
done
must_pass "$HIRZ" --json show DM3-000001
is "$(json '[.source, .where, .consent_ref, .events, .fields["receipt.when_precision"]] | @json')" \
	'["شاهد 14","معرة النعمان","C-031",1,"day"]' 'show gives more'
ex=$(json .ex)
like "$ex" '^ex-[0-9a-f]{32}$' 'the id of the exhibit in events'
must_pass "$HIRZ" --json show "$ex"
is "$(json .id)" DM3-000001 'which finds it too'
cp one.txt same.txt
must_pass "$HIRZ" add same.txt --source 'شاهد 20'
is "$(find_ids source:'شاهد 20')" '1 ' 'a further receipt is searched too'
must_pass "$HIRZ" --json show DM3-1 --history
is "$(json 'select(.type == "record") | [.kind, .ver, .fields["receipt.source"]] | @json' | tr '\n' ' ')" \
	'["exhibit",1,"شاهد 14"] ["receipt",1,"شاهد 20"] ' 'the history has both records'
must_fail 1 "$HIRZ" show DM3-99
like "$(cat "$T/err")" 'HZ-E060' 'no such exhibit'
must_fail 2 "$HIRZ" show

# A table for spreadsheets: every value comes back, and nothing becomes a formula.
printf 'five\n' >five.txt
must_pass "$HIRZ" add five.txt --title "=HYPERLINK(\"x\";@A1)" --case MAR2
must_fail 2 "$HIRZ" --json list --csv
must_pass "$HIRZ" list --csv
is "$(head -n 1 "$T/out" | tr -d '\r')" 'id,title,media_type,size,sha256,claimed,file,sealed,consent,cases,state' 'names of columns'
is "$(wc -l <"$T/out")" 6 'a line for each exhibit'
lacks "$T/out" "$(printf '\033')" 'no sign that steers is in it'
unlike "$(sed 's/[,;]/\n/g' "$T/out")" '^"* *[=+@-]' 'no cell begins a formula'
/usr/bin/python3 - "$T/out" >"$T/cells" <<'X'
import csv, sys
for row in csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True):
    print(row[0], row[1], row[3], row[9], row[10], sep="|")
X
holds "$T/cells" "DM3-000005|'=HYPERLINK(\"x\";'@A1)|5|MAR2|sealed" 'an apostrophe stands before what could calculate'
holds "$T/cells" 'DM3-000001|القصف على سوق معرة النعمان|17|MAR|sealed' 'ordinary text is as it is'

must_pass "$HIRZ" --lang ar list
like "$(cat "$T/out")" 'أحراز$' 'Arabic although the system has no Arabic locale, with its plural'
must_pass env LC_ALL=ar_SY.UTF-8 "$HIRZ" show DM3-1
like "$(cat "$T/out")" '^المصدر +شاهد 14$' 'Arabic from the environment'
must_fail 1 "$HIRZ" --lang ar show DM3-99
like "$(cat "$T/err")" 'حرز: HZ-E060' 'an Arabic error keeps its id'
no_session "$T/v"
done_testing
