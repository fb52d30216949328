#!/bin/sh
# Decisions of people on tags: one by one, from the queue, by two people, and what leaves in a bundle.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
echo 'In the morning an airstrike hit the market in Aleppo. It was carried out by the Northern forces against the Southern front.' >"$T/en.txt"
echo 'في الصباح وقعت غارة على السوق في مدينة حلب نفذتها قوات الشمال.' >"$T/ar.txt"
must_pass "$HIRZ" init "$T/v" --org x --desk DM3 --kdf-mem 64
must_pass "$HIRZ" add "$T/en.txt" "$T/ar.txt" --consent none -m 'invented' --case C1
must_pass "$HIRZ" vocab import "$tap_top/tests/lib/small.rules"
must_pass "$HIRZ" classify
party=party:north@alleged-perpetrator

# --- two people
must_pass "$HIRZ" --json review DM3-1 --accept type:unlawful_attack.air -m 'the words say so' --as lina
is "$(json '[.type, .exhibit, .tag, .decision, .state, .people, .needs] | @json')" \
	'["review","DM3-000001","type:unlawful_attack.air","confirmed","confirmed",1,0]' 'a type needs one person'
must_pass "$HIRZ" --json review DM3-1 --accept $party -m 'named' --as lina
is "$(json '[.state, .people, .needs] | @json')" '["proposed",1,1]' 'a party needs a second'
must_pass "$HIRZ" --json review DM3-1 --accept $party -m 'named indeed' --as Lina
is "$(json '[.state, .people, .needs] | @json')" '["proposed",1,1]' 'the same person is no second'
must_pass "$HIRZ" --json --no-input review --next --as lina --axis party -- id:DM3-1
is "$(json 'select(.type == "review-item") | .id')" 'party:south@victim-or-target' 'her queue goes on'
must_pass "$HIRZ" --json --no-input review --next --as sami --axis party -- id:DM3-1
is "$(json 'select(.type == "review-item") | [.exhibit, .id, .state, .title] | @json')" "[\"DM3-000001\",\"$party\",\"proposed\",\"en.txt\"]" 'the second is asked the same'
lacks "$T/out" lina 'and does not see who decided'
lacks "$T/out" 'people' 'nor how many'
lacks "$T/out" 'named' 'nor why'
must_pass "$HIRZ" --no-input review --next --as sami --axis party -- id:DM3-1
like "$(cat "$T/out")" 'by the \[Northern forces\] against' 'he sees the sentence'
unlike "$(cat "$T/out")" 'lina|confirmed|accepted' 'not the decision, as text neither'
must_pass "$HIRZ" --json list party:north state:confirmed
is "$(json .id)" '' 'not yet confirmed'
must_pass "$HIRZ" --json review DM3-1 --accept $party -m 'named' --as sami
is "$(json '[.state, .people, .needs] | @json')" '["confirmed",2,0]' 'two who agree confirm it'
must_pass "$HIRZ" --json list party:north state:confirmed
is "$(json '[.id, .party] | @json')" '["DM3-000001","north"]' 'now it is found'
must_pass "$HIRZ" --json review DM3-2 --accept $party -m 'named' --as lina
must_pass "$HIRZ" --json review DM3-2 --reject $party -m 'they say who only guesses' --as sami
is "$(json '[.state, .disputed] | @json')" '["proposed",true]' 'people who do not agree'
must_pass "$HIRZ" --json --no-input review --next --disputed
is "$(json 'select(.type == "review-item") | [.exhibit, .id, .disputed] | @json')" "[\"DM3-000002\",\"$party\",true]" 'what is disputed can be looked for'

# --- several at once, by hand
must_pass "$HIRZ" --json review DM3-2 --accept type:unlawful_attack.air --reject place:SY02 --add type:arbitrary_detention -m 'read twice' --as lina \
	--certainty alleged --status likely --proof reasonable-grounds --legal war-crime
is "$(json '[.tag, .state] | @json' | tr '\n' ' ')" \
	'["type:unlawful_attack.air","confirmed"] ["place:SY02","rejected"] ["type:arbitrary_detention","added"] ' 'three decisions in one call'
before=$("$HIRZ" --json log | wc -l)
must_fail 2 "$HIRZ" review DM3-2 --accept type:unlawful_attack.air --accept type:nope -m x
is "$("$HIRZ" --json log | wc -l)" "$before" 'all or none'
must_pass "$HIRZ" --json custody DM3-2
like "$(json .act | tr '\n' ' ')" 'classify-suggest review review access review review review' 'decisions stand in the custody of the exhibit, and that it was read for --next'

# --- wrong use
must_fail 2 "$HIRZ" review
must_fail 2 "$HIRZ" review DM3-1
must_fail 2 "$HIRZ" review DM3-1 --accept type:unlawful_attack.air
must_fail 2 "$HIRZ" review DM3-1 --accept type:unlawful_attack.air -m ''
must_fail 2 "$HIRZ" review DM3-1 --accept nonsense -m x
must_fail 2 "$HIRZ" review DM3-1 --add type:nope -m x
must_fail 2 "$HIRZ" review DM3-1 --add party:nobody@alleged-perpetrator -m x
must_fail 2 "$HIRZ" review DM3-1 --reject type:arbitrary_detention -m x
must_fail 1 "$HIRZ" review DM3-9 --accept type:unlawful_attack.air -m x
must_fail 2 "$HIRZ" review DM3-1 --accept type:unlawful_attack.air -m x --certainty likely
must_fail 2 "$HIRZ" review DM3-1 --accept type:unlawful_attack.air -m x --proof sure
must_fail 2 "$HIRZ" review --next --accept type:unlawful_attack.air
must_fail 2 "$HIRZ" review DM3-1 --accept type:unlawful_attack.air -m x --axis type
must_fail 2 "$HIRZ" review DM3-1 --accept "$(printf 'type:\377')" -m x
must_fail 2 "$HIRZ" review DM3-1 --accept type:unlawful_attack.air -m "$(printf '\377')"
must_pass "$HIRZ" list type:nosuch party:nobody
like "$(cat "$T/out")" '^0 exhibits' 'nobody has what is not there'
like "$(cat "$T/err")" 'have no entry nosuch' 'and the type is said to be unknown'
like "$(cat "$T/err")" 'have no entry nobody' 'and the party'
must_pass "$HIRZ" list type:unlawful_attack.air party:nobody
unlike "$(cat "$T/err")" 'no entry unlawful_attack' 'a known type is not'
must_pass "$HIRZ" list not type:nosuch
unlike "$(cat "$T/err")" 'no entry' 'where something was found nothing is said'
must_fail 12 "$HIRZ" review --next
like "$(cat "$T/err")" 'HZ-E003' 'no answer came'

# --- the queue, with answers from a file
must_pass "$HIRZ" --no-input review --next --as omar --axis type
like "$(cat "$T/out")" 'Nothing waits for you' 'types are done'
must_pass "$HIRZ" --json --no-input review --next --as omar --axis type
is "$(json '[.type, .waiting] | @json')" '["summary",false]' 'in JSON too'
printf '?\nx\ns\nr\n\n\nnot meant\n' >"$T/answers"
run_in "$T/answers" "$HIRZ" review --next --as omar -- id:DM3-1
is "$rc" 0 'a walk through the queue'
like "$(cat "$T/out")" 'r  reject: it does not' 'help is there'
like "$(cat "$T/out")" 'DM3-000001  place:SY02: rejected' 'rejected with a reason'
like "$(cat "$T/out")" 'Nothing waits for you' 'the end'
like "$(cat "$T/out")" 'decided: 1, skipped: 1' 'the sum'
printf 'a\n\n' >"$T/answers"
run_in "$T/answers" "$HIRZ" review --next --as omar -- id:DM3-1
like "$(cat "$T/out")" 'DM3-000001  party:south@victim-or-target: kept; a second person must agree' 'accepted with the usual words'
must_pass "$HIRZ" --json classify --explain DM3-1
is "$(json '[.id, .state] | @json' | tr '\n' ' ')" \
	'["type:unlawful_attack.air","confirmed"] ["party:north@alleged-perpetrator","confirmed"] ["party:south@victim-or-target","proposed"] ["place:SY02","rejected"] ' 'how they stand now'
printf 'ق\nخ\n' >"$T/answers"
run_in "$T/answers" "$HIRZ" --lang ar review --next --as omar
is "$rc" 0 'answers in Arabic'
like "$(cat "$T/out")" 'قُرِّر: 0' 'a letter of the other keyboard layout decides nothing'
printf 'ر\n\n\n\n' >"$T/answers"
run_in "$T/answers" "$HIRZ" --lang ar review --next --as omar --disputed
is "$rc" 0 'a rejection without a reason'
like "$(cat "$T/out")" 'لا يُرفض شيء بلا سبب' 'is none'

# --- counts
must_pass "$HIRZ" --json report tags
is "$(json 'select(.type == "count" and .value == "unlawful_attack" and .below) | [.confirmed, .proposed, .role] | @json')" '[2,0,null]' 'a sum holds what is below'
is "$(json 'select(.type == "count" and .value == "north" and .role == "alleged-perpetrator") | [.confirmed, .proposed, .disputed] | @json')" '[1,1,1]' 'parties by role'
is "$(json 'select(.type == "count" and .value == "arbitrary_detention" and .below) | .added')" 1 'what was added'
is "$(json 'select(.type == "summary") | [.exhibits, .texts, .classified] | @json')" '[2,2,2]' 'and what was looked at'
must_pass "$HIRZ" --json report tags DM3-2
is "$(json 'select(.type == "count" and .value == "unlawful_attack" and .below) | .confirmed')" 1 'of one exhibit'
must_pass "$HIRZ" report tags C1
like "$(cat "$T/out")" '^unlawful_attack +2 +0 +0 +0 +0  Unlawful attack$' 'for people'
like "$(cat "$T/out")" 'not events and not victims' 'with what is not counted'
must_pass "$HIRZ" report tags --csv
like "$(head -n 1 "$T/out")" '^axis,value,below,role,' 'as a table'
must_fail 2 "$HIRZ" --json report tags --csv
must_fail 1 "$HIRZ" report tags NONE
must_pass "$HIRZ" --lang ar report tags
like "$(cat "$T/out")" 'هجوم غير مشروع' 'in Arabic'

# --- a bundle
must_pass "$HIRZ" export C1 --to X -o "$T/b.tar"
fingerprint=$("$HIRZ" --json status | jq -r .fingerprint)
must_pass "$HIRZ_VERIFY" --key "$fingerprint" "$T/b.tar"
mkdir "$T/bag" && tar -xf "$T/b.tar" -C "$T/bag"
confirmed=$(find "$T/bag" -name confirmed.json)
proposed=$(find "$T/bag" -name proposed.json)
holds "$confirmed" 'unlawful_attack.air' 'a confirmed type leaves'
lacks "$confirmed" 'south' 'a proposed party does not leave with it'
holds "$proposed" 'south' 'but apart'
lacks "$proposed" 'unlawful_attack.air' 'and only what is proposed'
holds "$proposed" 'no findings' 'which says what it is'
grep -rqF 'SY02' "$T/bag"/*/data/tags
is "$?" 1 'a rejected tag stays here'
grep -rqiE 'sami|lina|guesses' "$T/bag"/*/data/tags
is "$?" 1 'no reviewer and no reason leaves'
# --- new rules leave decisions alone
sed 's/^version 1$/version 2/; /^term en airstrike/d' "$tap_top/tests/lib/small.rules" >"$T/two.rules"
must_pass "$HIRZ" vocab import "$T/two.rules"
must_pass "$HIRZ" classify
must_pass "$HIRZ" --json classify --explain DM3-1
is "$(json 'select(.id == "type:unlawful_attack.air") | [.state, .spans[0].rule] | @json')" '["confirmed","type/unlawful_attack.air:1"]' 'a confirmed tag stays, with what spoke for it'

must_pass "$HIRZ" verify --full
must_pass "$HIRZ" audit
done_testing
