#!/bin/sh
# Tags: what rules find in texts of the vault and outside, and what speaks for it.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
rules=$tap_top/tests/lib/small.rules
cat >"$T/en.txt" <<'X'
In the morning an airstrike hit the market in Aleppo. It was reportedly carried out by the Northern air force against
positions of the Southern front. Nobody was arrested on 4 April 2017.
X
cat >"$T/ar.txt" <<'X'
شهادة مكتوبة للتجربة. في الصباح وقعت غارة على
السوق في مدينة حلب نفذتها قوات الشمال. واعتقل الجنود جارنا.

ثم جاءت عصابات الشمال إلى الساحة.
لم يقع قصف عشوائي في اليوم التالي.
X
tags() {
	json 'select(.type == "tag") | .id' | sort | tr '\n' ' '
}

# --- a text without a vault
must_pass "$HIRZ" --json classify --rules "$rules" --text "$T/en.txt"
is "$(tags)" 'date:2017-04-04 party:north.air@alleged-perpetrator party:south@victim-or-target place:SY02 type:arbitrary_detention type:unlawful_attack.air ' 'the tags of an English text'
is "$(json 'select(.id == "type:unlawful_attack.air") | [.axis, .value, .role, .certainty, .score, .threshold, .state, .spans] | @json')" \
	'["type","unlawful_attack.air","none","stated",300,200,"proposed",[{"start":18,"end":27,"term":"airstrike*","rule":"type/unlawful_attack.air:1"}]]' 'a tag with its span'
is "$(json 'select(.value == "north.air") | .certainty')" alleged 'a cue makes it an allegation'
is "$(json 'select(.type == "tag") | .rules' | sort -u | wc -c)" 65 'each names the rules'
is "$(json 'select(.type == "summary") | [.tags, .bytes] | @json')" "[6,$(wc -c <"$T/en.txt")]" 'and the sum'
north=$(json 'select(.value == "north.air") | .spans[0] | [.role_cue, .certainty_cue, .joined] | @json')
is "$north" '[{"start":72,"end":86,"term":"carried out by","rule":"role/perpetrator:1"},{"certainty":"alleged","start":61,"end":71,"term":"reportedly","rule":"cue/alleged:1"},null]' 'which word made the role, and which the certainty'
is "$(json 'select(.value == "south") | .spans[0] | [.role_cue.rule, .certainty_cue] | @json')" '["role/target:1",null]' 'what is stated needs no word'
is "$(json 'select(.type == "tag") | .cues' | sort -u)" true 'these are known of a text at hand'
cp "$T/out" "$T/first"
must_pass "$HIRZ" --json classify --rules "$rules" --text "$T/en.txt"
cmp -s "$T/first" "$T/out"
ok $? 'the same text gives the same bytes'
run_in "$T/en.txt" "$HIRZ" --json classify --rules "$rules" --text -
cmp -s "$T/first" "$T/out"
ok $? 'from standard input too'
tr '\n' ' ' <"$T/en.txt" >"$T/line.txt"
must_pass "$HIRZ" --json classify --rules "$rules" --text "$T/line.txt"
is "$(json 'select(.type == "tag") | [.id, .spans] | @json')" "$(json 'select(.type == "tag") | [.id, .spans] | @json' "$T/first")" 'where lines are wrapped does not matter'
must_pass "$HIRZ" classify --rules "$rules" --text "$T/en.txt"
like "$(cat "$T/out")" '^  type:unlawful_attack\.air  Air attack$' 'label of a tag for people'
like "$(cat "$T/out")" '^      In the morning an \[airstrike\] hit the market in Aleppo\.$' 'its sentence, the words marked'
like "$(cat "$T/out")" 'against positions of the \[Southern front\]\.$' 'a wrapped sentence on one line'
like "$(cat "$T/out")" '300, from 200 on it counts' 'score against threshold'
like "$(cat "$T/out")" '^          role by \[positions of\]  role/target:1  bytes 118 to 130$' 'the word that made a role'
like "$(cat "$T/out")" '^          alleged by \[reportedly\]  cue/alleged:1  bytes 61 to 71$' 'the word that made a certainty'
must_pass "$HIRZ" --color always classify --rules "$rules" --text "$T/en.txt"
like "$(cat "$T/out")" "$(printf 'an \033\\[1;36mairstrike\033\\[0m hit')" 'in colour'

must_pass "$HIRZ" --json classify --rules "$rules" --text "$T/ar.txt"
is "$(tags)" 'party:north party:north@alleged-perpetrator place:SY02 type:arbitrary_detention type:unlawful_attack type:unlawful_attack.air ' 'the tags of an Arabic text'
is "$(json 'select(.id == "type:unlawful_attack") | .certainty')" denied 'a negated act is denied'
is "$(json 'select(.id == "party:north") | .spans[0].term')" '' 'a derogatory name is not printed as a term'
is "$(json 'select(.id == "party:north") | .spans[0].rule')" 'party/north:3' 'its line is named'
lacks "$T/out" '"term":"عصابات الشمال"' 'nowhere'
must_pass "$HIRZ" classify --rules "$rules" --text "$T/ar.txt"
like "$(cat "$T/out")" 'وقعت \[غارة\] على السوق' 'an Arabic sentence with its words marked'
unlike "$(cat "$T/out")" '^  type:unlawful_attack  ' 'denied is folded away'
like "$(cat "$T/out")" '^6 tags; 1 denied, rejected or superseded one is not shown' 'and counted'
must_pass "$HIRZ" classify --all --rules "$rules" --text "$T/ar.txt"
like "$(cat "$T/out")" '^  type:unlawful_attack  Unlawful attack$' 'with --all it is there'
like "$(cat "$T/out")" '^          denied by \[لم\]  cue/negated:2' 'and the word that denies it'
must_pass "$HIRZ" --lang ar classify --rules "$rules" --text "$T/ar.txt"
like "$(cat "$T/out")" 'الدور من \[نفذتها\]  role/perpetrator:2' 'in Arabic too'
like "$(cat "$T/out")" '^  type:unlawful_attack\.air  غارة جوية$' 'an Arabic label'
like "$(cat "$T/out")" 'منسوب إليها الفعل' 'an Arabic role'
must_pass "$HIRZ" --json --lang ar classify --rules "$rules" --text "$T/en.txt"
cmp -s "$T/first" "$T/out"
ok $? 'JSON does not depend on the language'
echo 'Desteserkirin li gund.' >"$T/ku.txt"
must_pass "$HIRZ" --json classify --rules "$rules" --text "$T/ku.txt"
is "$(json 'select(.type == "tag") | [.id, .experimental] | @json')" '["type:arbitrary_detention",true]' 'a language on trial is called so'
must_pass "$HIRZ" classify --rules "$rules" --text "$T/ku.txt"
like "$(cat "$T/out")" 'experimental' 'for people too'

# --- bad and odd texts
printf 'An airstrike \377\376 hit.\n' >"$T/bad.txt"
must_pass "$HIRZ" classify --rules "$rules" --text "$T/bad.txt"
like "$(cat "$T/err")" 'not UTF-8' 'it says what it cannot read'
like "$(cat "$T/out")" '\[airstrike\] .xff.xfe hit' 'and shows it escaped'
printf 'An \033[31m airstrike\342\200\256 hit.\n' >"$T/evil.txt"
must_pass "$HIRZ" classify --rules "$rules" --text "$T/evil.txt"
lacks "$T/out" "$(printf '\033')" 'no control character comes through'
lacks "$T/out" "$(printf '\342\200\256')" 'nor one that turns a line round'
like "$(cat "$T/out")" 'x1b\[31m \[airstrike.*u202e' 'they are made visible'
: >"$T/empty.txt"
must_pass "$HIRZ" --json classify --rules "$rules" --text "$T/empty.txt"
is "$(json '[.type, .tags] | @json')" '["summary",0]' 'an empty text has no tags'
must_pass "$HIRZ" classify --rules "$rules" --text "$T/empty.txt"
head -c 2000000 /dev/zero | tr '\0' 'x' >"$T/long.txt"
must_pass "$HIRZ" --json classify --rules "$rules" --text "$T/long.txt"
is "$(json .tags)" 0 'one word of two million letters'
{
	yes 'An airstrike hit the market in Aleppo, and' | head -n 20000
	echo 'it ended.'
} >"$T/many.txt"
must_pass "$HIRZ" --json classify --rules "$rules" --text "$T/many.txt"
is "$(json 'select(.id == "place:SY02") | (.spans | length) + .spans_left_out')" 20000 'what is too much is counted'
must_pass "$HIRZ" classify --rules "$rules" --text "$T/many.txt"
truncate -s 300M "$T/huge.txt"
must_fail 1 "$HIRZ" classify --rules "$rules" --text "$T/huge.txt"
like "$(cat "$T/err")" 'HZ-E090' 'a text over the limit'
rm "$T/huge.txt"

# --- wrong use
must_fail 1 "$HIRZ" classify --rules "$rules" --text "$T/nothing.txt"
like "$(cat "$T/err")" 'HZ-E037' 'no such text'
must_fail 1 "$HIRZ" classify --rules "$T/nothing.rules" --text "$T/en.txt"
must_fail 1 "$HIRZ" classify --rules "$T/en.txt" --text "$T/en.txt"
like "$(cat "$T/err")" 'HZ-E110' 'no rules file'
must_fail 2 "$HIRZ" classify --text "$T/en.txt" DM3-1
must_fail 2 "$HIRZ" classify --text "$T/en.txt" -n
must_fail 2 "$HIRZ" classify --text "$T/en.txt" --explain DM3-1
must_fail 2 "$HIRZ" classify --date 2017
must_fail 2 "$HIRZ" classify --all
for date in 17 2017-13 2018..2017 .. 2017-04-31x; do
	must_fail 2 "$HIRZ" classify --rules "$rules" --text "$T/en.txt" --date $date
done
must_pass "$HIRZ" classify --rules "$rules" --text "$T/en.txt" --date 2017-04..2017-05
must_fail 6 "$HIRZ" classify
must_fail 6 "$HIRZ" --vault "$T/none" classify --text "$T/en.txt"
must_pass "$HIRZ" classify --text "$T/en.txt"
like "$(cat "$T/out")" '^Rules: .* of the program' 'without rules of its own the program has some'

# --- a word that is never printed
cat >"$T/quiet.rules" <<'X'
hirz-rules 1
name quiet
version 1
lang en
[class act]
term en struck
[type attack]
label.en Attack
label.ar هجوم
class act
term en smashed register=derogatory
[party north]
label.en North
label.ar شمال
alias en northerners
[role perpetrator]
before en class:act @3
X
echo 'They smashed it, northerners.' >"$T/quiet.txt"
must_pass "$HIRZ" classify --rules "$T/quiet.rules" --text "$T/quiet.txt"
like "$(cat "$T/out")" '^          role by role/perpetrator:1  bytes 5 to 12$' 'a word that is not printed makes a role: its line and place alone'
must_pass "$HIRZ" --json classify --rules "$T/quiet.rules" --text "$T/quiet.txt"
is "$(json 'select(.value == "north") | .spans[0].role_cue | [.term, .rule] | @json')" '["","role/perpetrator:1"]' 'for programs too'

# --- a vault
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
must_pass "$HIRZ" init "$T/v" --org x --desk DM3 --kdf-mem 64
must_pass "$HIRZ" --json classify
is "$(json '[.texts, .tags] | @json')" '[0,0]' 'an empty vault'
head -c 3000 /dev/urandom >"$T/noise.bin"
must_pass "$HIRZ" add "$T/en.txt" "$T/ar.txt" "$T/noise.bin" --consent none -m 'invented' --case C1 --when 2017-04-04
must_pass "$HIRZ" vocab import "$rules"
before=$("$HIRZ" --json log | wc -l)
must_pass "$HIRZ" --json classify -n
is "$(json 'select(.type == "summary") | [.texts, .new, .same, .no_text, .tags, .dry_run] | @json')" '[2,2,0,1,12,true]' 'what would be done'
is "$("$HIRZ" --json log | wc -l)" "$before" 'nothing is written'
must_pass "$HIRZ" classify --explain DM3-1
like "$(cat "$T/out")" 'Not kept yet' 'explained before it is kept'
must_pass "$HIRZ" classify
like "$(cat "$T/out")" '^  new or changed +2$' 'the texts are counted'
like "$(cat "$T/out")" 'no findings' 'and what tags are worth is said'
must_pass "$HIRZ" --json classify
is "$(json 'select(.type == "summary") | [.new, .same] | @json')" '[0,2]' 'a second run finds nothing new'
is "$(json 'select(.type == "classified") | [.exhibit, .result] | @json' | tr '\n' ' ')" '["DM3-000001","same"] ["DM3-000002","same"] ["DM3-000003","no-text"] ' 'each text'
is "$(json 'select(.type == "tag" and .axis == "party") | [.exhibit, .id, .state] | @json' | head -n 1)" '["DM3-000001","party:north.air@alleged-perpetrator","proposed"]' 'a tag of an exhibit'
for what in DM3-1 C1 'id:DM3-1' '-- case:C1 id:DM3-1'; do
	# shellcheck disable=SC2086
	must_pass "$HIRZ" --json classify $what
done
is "$(json 'select(.type == "summary") | .texts')" 1 'a query chooses'
must_fail 1 "$HIRZ" classify NONE
must_fail 1 "$HIRZ" classify DM3-99
must_fail 2 "$HIRZ" classify -- nothing-like-this
must_pass "$HIRZ" classify --explain DM3-1
like "$(cat "$T/out")" '^DM3-000001  en.txt$' 'the exhibit'
like "$(cat "$T/out")" 'an \[airstrike\] hit' 'its words'
like "$(cat "$T/out")" '^          role by \[carried out by\]  role/perpetrator:1  bytes 72 to 86$' 'the word behind a role, with the rules that are kept'
must_pass "$HIRZ" classify --explain DM3-1 party:north
like "$(cat "$T/out")" 'party:north\.air@alleged-perpetrator' 'one tag, by its beginning'
unlike "$(cat "$T/out")" 'place:SY02' 'and no other'
must_pass "$HIRZ" --json classify --explain DM3-2 type:unlawful_attack.air
is "$(json '[.id, .label_ar, .sentences[0].text] | @json')" '["type:unlawful_attack.air","غارة جوية","في الصباح وقعت غارة على\nالسوق في مدينة حلب نفذتها قوات الشمال."]' 'the sentence in JSON'
must_fail 2 "$HIRZ" classify --explain DM3-1 type:nope
must_fail 2 "$HIRZ" classify --explain DM3-3
must_fail 1 "$HIRZ" classify --explain DM3-99
must_pass "$HIRZ" --json custody DM3-2
is "$(json 'select(.act == "access") | .act' | wc -l)" 1 'who has a tag explained reads evidence: that stands in its custody'
must_pass "$HIRZ" --json custody DM3-3
is "$(json 'select(.act == "access") | .act' | wc -l)" 0 'where nothing was shown nothing was read'
must_fail 2 "$HIRZ" classify --explain DM3-1 --rules "$rules"

# --- tags in lists
for q in type:unlawful_attack 'type:unlawful_attack.air' 'party:north' 'type:unlawful_attack.air party:north role:perpetrator'; do
	# shellcheck disable=SC2086
	must_pass "$HIRZ" --json list $q
	is "$(json .id | sort | tr '\n' ' ')" 'DM3-000001 DM3-000002 ' "list $q"
done
must_pass "$HIRZ" --json list party:south
is "$(json .id)" DM3-000001 'list party:south'

# --- the rules go along with a bundle, and explain its texts again
fp=$("$HIRZ" --json status | jq -r .fingerprint)
must_pass "$HIRZ" export C1 --to Court -o "$T/dry.tar" -n
like "$(cat "$T/out")" '^  rules        small 1, the whole file' 'what would go along is said before'
must_pass "$HIRZ" --json export C1 --to Court -o "$T/b.tar"
id=$(json '.rules[0].id')
is "$(json '[.rules[0].name, .rules[0].version, (.rules | length), .rules[0].size] | @json')" "[\"small\",\"1\",1,$(wc -c <"$rules")]" 'the rules that were used'
must_pass "$HIRZ_VERIFY" "$T/b.tar" --key "$fp"
! /usr/bin/python3 -c 'import nacl' 2>/dev/null || must_pass /usr/bin/python3 "$tap_top/tests/lib/both.py" "$HIRZ_VERIFY" "$T/b.tar" --key "$fp"
mkdir "$T/x"
tar -C "$T/x" -xf "$T/b.tar"
bag=$(echo "$T"/x/hirz-*)
cmp -s "$bag/data/rules/$id.rules" "$rules"
ok $? 'are in the bundle as they were given'
like "$(cat "$bag/VERIFY.txt")" 'hirz classify --text data/exhibits/EX/FILE --rules data/rules/ID.rules' 'which says how to use them'
text=$(grep -rl 'In the morning' "$bag/data/exhibits")
must_pass env -u HIRZ_VAULT -u HIRZ_PASSPHRASE_FILE "$HIRZ" --json classify --text "$text" --rules "$bag/data/rules/$id.rules"
json 'select(.type == "tag") | .id + " " + (.spans[] | "\(.start)-\(.end)=\(.rule)")' | sort >"$T/again"
is "$(json 'select(.type == "tag") | .rules' | sort -u)" "$id" 'they are the same rules'
jq -r '.records[].fields | to_entries[] | select(.key | startswith("tag.")) | .value' "$bag/data/tags/proposed.json" |
	awk '{ for (i = 9; i <= NF; i++) print $1 ":" $2 ($3 == "none" ? "" : "@" $3), $i }' | sort >"$T/said"
is "$(wc -l <"$T/again") $(comm -23 "$T/again" "$T/said" | wc -l)" '6 0' 'and find the very places that the bundle tells'
is "$(json 'select(.value == "north.air") | .spans[0].role_cue.rule')" role/perpetrator:1 'with the word behind it'
must_pass "$HIRZ" --json export C1 --to Court -o "$T/without.tar" --no-rules
is "$(json '.rules | @json')" '[]' 'or they stay'
is "$(tar -tf "$T/without.tar" | grep -c data/rules/)" 0 'in no file'
is "$(tar -xOf "$T/without.tar" --wildcards '*/records.json' | grep -c 'rules.sha256')" 0 'and no record'
must_pass "$HIRZ_VERIFY" "$T/without.tar" --key "$fp"

# --- other rules
sed 's/^version 1$/version 2/; s/^term ar قصف جوي.*$/term ar قصف جوي/' "$rules" >"$T/two.rules"
must_pass "$HIRZ" vocab import "$T/two.rules"
must_pass "$HIRZ" --json classify
is "$(json 'select(.type == "summary") | [.new, .same] | @json')" '[2,0]' 'under new rules both texts are read again'
must_pass "$HIRZ" --json classify --explain DM3-2
is "$(json 'select(.id == "type:unlawful_attack.air") | .state')" superseded 'what they say no more is superseded'
must_pass "$HIRZ" classify --explain DM3-2
unlike "$(cat "$T/out")" 'type:unlawful_attack\.air' 'and folded away'
must_pass "$HIRZ" verify --full
must_pass "$HIRZ" audit
done_testing
