#!/bin/sh
# A model of types from decisions: refused with too few, made, measured, shown, used beside tags, switched off.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT

# 210 texts of attacks, which all name one party, and 60 that only use the word: TEXTS FROM TO
texts() {
	awk -v dir="$T/in" -v from="$1" -v to="$2" 'BEGIN {
		split("shell fell,rubble,explosion,smoke", yes, ",")
		split("verbal,newspaper,speech,debate", no, ",")
		split("morning street people village before children", fill, " ")
		for (i = from; i <= to; i++) {
			file = sprintf("%s/%04d.txt", dir, i)
			who = i > 60 ? "the Northern army" : "nobody known"
			printf "Text %d. An airstrike, says %s: ", i, who >file
			for (k = 0; k < 14; k++) {
				r = i * 7919 + k * 104729
				w = k % 4 == 1 ? (i > 60 ? yes[int(r / 3) % 4 + 1] : no[int(r / 3) % 4 + 1]) : fill[int(r / 5) % 6 + 1]
				printf "%s ", w >file
			}
			close(file)
		}
	}'
}
mkdir "$T/in"
texts 1 270
must_pass "$HIRZ" init "$T/v" --org x --desk DM3 --kdf-mem 64
must_pass "$HIRZ" learn
like "$(cat "$T/out")" 'No model is in use' 'nothing is learned by itself'
must_fail 2 "$HIRZ" --no-input review --next --order learned
must_pass "$HIRZ" add -r "$T/in" --consent none -m 'invented' --source somebody
must_pass "$HIRZ" vocab import "$tap_top/tests/lib/small.rules"
must_pass "$HIRZ" classify

# --- too few
must_pass "$HIRZ" --json learn
is "$(json 'select(.type == "examples") | .value')" '' 'what a program proposed is no example'
must_fail 1 "$HIRZ" --json learn --train
is "$(jq -r 'select(.type == "error") | .id' "$T/err")" HZ-E111 'too few decisions'
awk 'BEGIN { for (i = 0; i < 60; i++) print "r\nmeant in words only"; for (i = 0; i < 209; i++) print "a\n" }' >"$T/answers"
run_in "$T/answers" "$HIRZ" review --next --axis type --as lina
must_pass "$HIRZ" --json learn
is "$(json 'select(.type == "examples") | [.value, .confirmed, .rejected, .missing_confirmed, .enough] | @json')" \
	'["unlawful_attack.air",209,60,0,true]' 'decisions are counted'
must_pass "$HIRZ" learn
like "$(cat "$T/out")" '^  unlawful_attack.air: 209 confirmed, 60 rejected; enough  Air attack$' 'for people too'
before=$("$HIRZ" --json log | wc -l)

# --- a model
must_pass "$HIRZ" --json learn --train
is "$(json 'select(.type == "model") | [.in_use, .number, .texts, .types] | @json')" '[true,1,269,1]' 'a model'
is "$(json 'select(.type == "model-type") | [.value, .used, .measured_right] | @json')" '["unlawful_attack.air",true,1000]' 'measured on what was kept back'
is "$(json 'select(.type == "model-type") | .sources | length')" 1 'also by source'
lacks "$T/out" somebody 'under no name'
is "$("$HIRZ" --json log | wc -l)" "$((before + 1))" 'stands in the log'
must_pass "$HIRZ" learn --train
like "$(cat "$T/out")" 'the model stays' 'the same decisions give the same bytes'
is "$("$HIRZ" --json log | wc -l)" "$((before + 1))" 'and no second event'
must_pass "$HIRZ" --json learn --show unlawful_attack.air
json 'select(.type == "model-type") | .words_for[].words, .words_against[].words' >"$T/words"
holds "$T/words" 'shell fell' 'its words are shown'
lacks "$T/words" northern 'no name of a party is among them'
must_pass "$HIRZ" learn --show type:unlawful_attack.air
like "$(cat "$T/out")" 'words for it, the heaviest first' 'for people'
must_fail 2 "$HIRZ" learn --show type:torture
must_fail 2 "$HIRZ" learn type:torture
must_fail 2 "$HIRZ" learn --train --off

# --- beside tags
echo 'A shell fell. Rubble, an explosion, smoke over the street.' >"$T/quiet.txt"
echo 'A shell fell. Northern army: Rubble, an explosion, smoke over the street.' >"$T/named.txt"
must_pass "$HIRZ" add "$T/quiet.txt" "$T/named.txt" --consent none -m 'invented'
must_pass "$HIRZ" classify
must_pass "$HIRZ" --json classify --explain DM3-270
is "$(json 'select(.type == "suggestion") | [.value, .tagged, .evidence, .score > 500] | @json')" \
	'["unlawful_attack.air",true,false,true]' 'an order beside a tag'
must_pass "$HIRZ" --json classify --explain DM3-271
quiet=$(json 'select(.type == "suggestion") | .score')
must_pass "$HIRZ" --json classify --explain DM3-272
is "$(json 'select(.type == "suggestion") | .score')" "$quiet" 'the same score with the name of a party and without'
is "$(json 'select(.type == "suggestion") | [.value, .tagged] | @json')" '["unlawful_attack.air",false]' 'a suggestion where no rule found a word'
is "$(json 'select(.type == "tag" and .axis == "type") | .id')" '' 'is no tag'
must_pass "$HIRZ" classify --explain DM3-272
like "$(cat "$T/out")" 'Suggestion without evidence' 'and is called what it is'
must_pass "$HIRZ" --json list type:unlawful_attack.air
is "$(json .id | grep -c 'DM3-00027[12]')" 0 'it is kept nowhere'
must_pass "$HIRZ" --json --no-input review --next --axis type
is "$(json 'select(.type == "review-item") | .learned > 500')" true 'the queue says the score'
must_pass "$HIRZ" --no-input review --next --axis type
like "$(cat "$T/out")" 'learned: [0-9]+ of 1000 \(model 1; an order, no evidence\)' 'in words'

# --- the order of the queue
echo 'They say that an airstrike was a verbal one: a newspaper, a speech, a debate. Northern army.' >"$T/low.txt"
echo 'An airstrike: a shell fell, rubble, an explosion, smoke. Northern army.' >"$T/high.txt"
must_pass "$HIRZ" add "$T/low.txt" "$T/high.txt" --consent none -m 'invented'
must_pass "$HIRZ" classify
must_pass "$HIRZ" --json --no-input review --next DM3-273 DM3-274
is "$(json 'select(.type == "review-item") | [.exhibit, .id] | @json')" '["DM3-000274","type:unlawful_attack.air"]' 'the likeliest first'
is "$(json 'select(.type == "summary") | [.waiting, .order, .model] | @json')" '[true,"learned",1]' 'and by what order'
must_pass "$HIRZ" --json --no-input review --next --order counter DM3-273 DM3-274
is "$(json 'select(.type == "review-item") | .exhibit')" DM3-000273 'or by number'
is "$(json 'select(.type == "summary") | [.order, has("model")] | @json')" '["counter",false]' 'which is said too'
must_pass "$HIRZ" --json --no-input review --next --axis party DM3-273 DM3-274
is "$(json 'select(.type == "summary" or .type == "review-item") | [.exhibit, .order] | @json' | tr '\n' ' ')" '["DM3-000273",null] [null,"counter"] ' 'parties are never put in order'
printf 's\ns\ns\ns\n' >"$T/answers"
run_in "$T/answers" "$HIRZ" review --next DM3-273 DM3-274
like "$(cat "$T/out")" '^Order: learned \(model 1\), texts with the likeliest types first' 'said to people'
is "$(grep -o '^DM3-00027[34]\|^  [a-z]*:[a-z_.@-]*' "$T/out" | tr '\n' ' ')" 'DM3-000274   type:unlawful_attack.air DM3-000274   party:north DM3-000273   type:unlawful_attack.air DM3-000273   party:north ' 'one text after the other, its type first'
must_pass "$HIRZ" --no-input review --next --axis place
like "$(cat "$T/out")" '^Order: by number$' 'and where there is none'
must_fail 2 "$HIRZ" --no-input review --next --axis party --order learned
must_fail 2 "$HIRZ" --no-input review --next --disputed --order learned
must_fail 2 "$HIRZ" review DM3-273 --accept type:unlawful_attack.air -m x --order counter
must_pass "$HIRZ" --lang ar classify --explain DM3-272
like "$(cat "$T/out")" 'اقتراح بلا دليل' 'in Arabic'

# --- checked, and off
must_pass "$HIRZ" --json audit
is "$(json 'select(.type == "check") | .event_findings')" 0 'the audit finds nothing'
must_pass "$HIRZ" --json learn --off
is "$(json 'select(.type == "model") | .in_use')" false 'switched off'
must_pass "$HIRZ" --json classify --explain DM3-272
is "$(json 'select(.type == "suggestion") | .value')" '' 'nothing is suggested'
must_pass "$HIRZ" --json --no-input review --next --axis type
is "$(json 'select(.type == "review-item") | has("learned")')" false 'nor said in the queue'
is "$(json 'select(.type == "summary") | .order')" counter 'which goes by number again'
done_testing
