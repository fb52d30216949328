#!/bin/sh
# The vocabulary: list, show, check, import, export; with and without a vault.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
rules=$tap_top/tests/lib/small.rules
must_pass "$HIRZ" vocab list --rules "$rules"
like "$(cat "$T/out")" '^  unlawful_attack  +Unlawful attack  +هجوم غير مشروع$' 'both labels'
like "$(cat "$T/out")" '^    unlawful_attack\.air  +Air attack' 'below its parent'
must_pass "$HIRZ" --json vocab list --rules "$rules"
is "$(json '[.type, .axis, .id, .parent] | @json' | head -n 3 | tr '\n' ' ')" \
	'["term","type","arbitrary_detention",null] ["term","type","unlawful_attack",null] ["term","type","unlawful_attack.air","unlawful_attack"] ' 'as JSON, in the order of the tree'
must_pass "$HIRZ" --json vocab list --axis place --rules "$rules"
is "$(json .id)" SY02 'one axis'
must_fail 2 "$HIRZ" vocab list --axis nonsense
must_pass "$HIRZ" --lang ar vocab list --axis type --rules "$rules"
like "$(head -n 1 "$T/out")" '^نوع$' 'an Arabic heading'

must_pass "$HIRZ" vocab show unlawful_attack --rules "$rules"
like "$(cat "$T/out")" 'Rome Statute 8\.2\.b\.i iac$' 'a cross-reference'
like "$(cat "$T/out")" 'ICRC customary IHL 11 \(not verified\)' 'one that nobody compared'
must_pass "$HIRZ" vocab show party:north --rules "$rules"
like "$(cat "$T/out")" '\.\.2024-12-08' 'its dates'
like "$(cat "$T/out")" 'قوات الشمال' 'its neutral names'
like "$(cat "$T/out")" '1 critical or derogatory name is matched and not shown' 'how many are not shown'
lacks "$T/out" 'عصابات' 'and they are not'
must_pass "$HIRZ" --json vocab show party/north --rules "$rules"
is "$(json '[.id, .terms_not_shown, (.terms | length)] | @json')" '["north",1,4]' 'in JSON'
lacks "$T/out" 'عصابات' 'not there either'
must_fail 2 "$HIRZ" vocab show nothing --rules "$rules"
must_fail 2 "$HIRZ" vocab show type:north --rules "$rules"

# --- check
must_pass "$HIRZ" --json vocab check "$rules"
is "$(json '[.type, .result, .name, .version, (.id | length)] | @json')" '["rules","good","small","1",64]' 'a good file'
id=$(json .id)
sed 's/$/   /; s/^\[party south\]/# a remark\n\n[party south]/' "$rules" >"$T/same.rules"
must_pass "$HIRZ" --json vocab check "$T/same.rules"
is "$(json .id)" "$id" 'blanks and remarks do not change the id'
{
	cat "$rules"
	printf '[type a.b]\nlabel.en A\n[type unlawful_attack]\nlabel.en X\nlabel.ar X\nnonsense here\nterm en x need=nothing@3\n'
} >"$T/bad.rules"
must_fail 1 "$HIRZ" vocab check "$T/bad.rules"
like "$(cat "$T/err")" 'HZ-E110' 'a file with faults'
n=$(wc -l <"$rules")
like "$(cat "$T/out")" "^.*bad\.rules:$((n + 1)): .* – .*" 'each fault with file, line and what to do'
is "$(grep -c 'bad.rules:[0-9]*: ' "$T/out" | awk '{ print ($1 >= 3) }')" 1 'all in one run'
must_fail 1 "$HIRZ" --json vocab check "$T/bad.rules"
is "$(json 'select(.type == "fault") | [.line > 0, (.what | length) > 0, (.do | length) > 0] | @json' | sort -u)" '[true,true,true]' 'in JSON'
must_fail 1 "$HIRZ" --lang ar vocab check "$T/bad.rules"
: >"$T/empty"
must_fail 1 "$HIRZ" vocab check "$T/empty"
head -c 100000 /dev/urandom >"$T/noise"
must_fail 1 "$HIRZ" vocab check "$T/noise"
unlike "$(cat "$T/out")" "$(printf '\033')" 'noise is not printed'
must_fail 1 "$HIRZ" vocab check "$T/none"
must_fail 2 "$HIRZ" vocab check
head -c 5000000 /dev/zero >"$T/large"
must_fail 1 "$HIRZ" vocab check "$T/large"

# --- export
must_pass "$HIRZ" vocab export --rules "$rules"
jq -e '."@graph" | length == 10' <"$T/out" >"$T/null"
ok $? 'SKOS is JSON: three schemes and seven concepts'
is "$(jq -r '."@graph"[] | select(."skos:notation" == "unlawful_attack") | [."skos:prefLabel"[1]."@value", (."skos:closeMatch" | length), (."skos:relatedMatch" | length), (."skos:narrower" | length)] | @json' <"$T/out")" \
	'["Unlawful attack",2,1,1]' 'labels, matches and what is below'
lacks "$T/out" 'عصابات' 'no derogatory name is a label'
is "$(jq -r '."@graph"[] | select(."@type" == "skos:Concept") | .["skos:altLabel"] // [] | .[]."@value"' <"$T/out" | grep -c '[*+{]')" 0 'labels are plain words'
cp "$T/out" "$T/skos"
must_pass "$HIRZ" vocab export --rules "$T/same.rules"
cmp -s "$T/skos" "$T/out"
ok $? 'the same rules give the same bytes'
must_pass "$HIRZ" vocab export --format rules --rules "$rules"
cmp -s "$rules" "$T/out"
ok $? 'the rules file itself'
must_pass "$HIRZ" vocab export --format md --rules "$rules" -o "$T/page.md"
holds "$T/page.md" ' | Air attack | غارة جوية |' 'a page in both languages'
must_fail 1 "$HIRZ" vocab export --format md --rules "$rules" -o "$T/page.md"
must_pass "$HIRZ" --json vocab export --format md --rules "$rules"
is "$(json '[.type, .format] | @json')" '["vocabulary","md"]' 'as a line of JSON'
must_fail 2 "$HIRZ" vocab export --format pdf

# --- the rules of the program
must_pass "$HIRZ" vocab export --format rules -o "$T/shipped.rules"
must_pass "$HIRZ" vocab check "$T/shipped.rules"
cmp -s "$T/shipped.rules" "$tap_top/data/syria.rules"
ok $? 'the file that the project keeps'
must_pass "$HIRZ" --json vocab list
is "$(json 'select(.label_ar == "" or .label_en == "") | .id')" '' 'no entry without both labels'

# --- in a vault
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
must_pass "$HIRZ" init "$T/v" --org x --desk DM3 --kdf-mem 64
must_pass "$HIRZ" --json vocab import "$rules"
is "$(json '[.type, .result, .name, .no] | @json')" '["rules","imported","small",1]' 'kept'
must_pass "$HIRZ" --json vocab import "$T/same.rules"
is "$(json '[.result, .no] | @json')" '["duplicate",1]' 'once'
must_fail 1 "$HIRZ" vocab import "$T/bad.rules"
must_pass "$HIRZ" vocab list
like "$(cat "$T/out")" '^Rules: small 1, of the vault' 'the vault uses them'
must_pass "$HIRZ" --json vocab import --shipped
is "$(json .result)" imported 'those of the program'
must_pass "$HIRZ" vocab list
unlike "$(cat "$T/out")" '^Rules: small' 'are now used'
must_fail 2 "$HIRZ" vocab import
must_fail 2 "$HIRZ" vocab import "$rules" --shipped
must_pass env -u HIRZ_PASSPHRASE_FILE "$HIRZ" vocab list --axis place
like "$(cat "$T/err")" 'the vault is locked' 'a locked vault is not asked'
must_pass "$HIRZ" --json log
is "$(json .act | grep -c record)" 2 'each is an event'
must_fail 3 "$HIRZ" verify --full
like "$(cat "$T/out")" '0 findings' 'an empty vault with rules has nothing wrong'
must_fail 3 "$HIRZ" audit
like "$(cat "$T/out")" '0 findings' 'nor has its log'
done_testing
