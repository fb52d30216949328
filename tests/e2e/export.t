#!/bin/sh
# export and verify: what they are about (numbers, cases, everything, queries after "--") and how much verify says.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
must_pass "$HIRZ" init "$T/v" --org x --desk DM3 --kdf-mem 64
session "$T/v"
must_fail 2 "$HIRZ" export --all --to Court -o "$T/none.tar"
like "$(cat "$T/err")" 'HZ-E066' 'an empty vault has nothing to hand over'
for i in 1 2 3 4 5; do
	printf 'testimony %s\n' "$i" >"$T/$i.txt"
done
must_pass "$HIRZ" add "$T/1.txt" --consent C-1 --case MAR --title 'القصف على السوق' --when 2019-07-22
must_pass "$HIRZ" add "$T/2.txt" --consent C-1 --case MAR --title 'Letter of a doctor'
must_pass "$HIRZ" add "$T/3.txt" --consent C-1 --title 'a -dash and --all'
must_pass "$HIRZ" add "$T/4.txt" --title 'Letter without consent'
must_pass "$HIRZ" add "$T/5.txt" --consent C-2
must_pass "$HIRZ" case new EMPTY

# Numbers of the exhibits in the bundle that these words select.
bundle_of() {
	rm -f "$T/b.tar"
	run "$HIRZ" --json export --to Court -o "$T/b.tar" "$@"
	[ "$rc" = 0 ] || printf 'exit %s ' "$rc"
	[ -s "$T/b.tar" ] && tar -xOf "$T/b.tar" --wildcards '*/data/exhibits/*' | grep -ao 'testimony [0-9]' |
		cut -c 11- | sort | tr '\n' ' '
}
is "$(bundle_of DM3-1 dm3-000003 DM3-1)" '1 3 ' 'numbers'
is "$(bundle_of MAR)" '1 2 ' 'a case'
is "$(bundle_of MAR DM3-3 DM3-2)" '1 2 3 ' 'a case and numbers, one of them twice'
is "$(bundle_of --all)" 'exit 3 1 2 3 5 ' 'everything that may leave'
is "$(bundle_of -- قصف)" '1 ' 'a word, in any spelling'
is "$(bundle_of -- case:MAR not doctor)" '1 ' 'terms'
is "$(bundle_of -- letter)" 'exit 3 2 ' 'what a query finds needs consent like anything'
is "$(bundle_of -- date:2019-07)" '1 ' 'a month'
is "$(bundle_of DM3-5 -- title:letter not consent:unknown)" '2 5 ' 'a number and a query'
is "$(bundle_of MAR -- id:DM3-2)" '1 2 ' 'a case and a query that meet'
is "$(bundle_of -- DM3-1 DM3-3)" '1 3 ' 'numbers after the dashes, as scripts write them'
is "$(bundle_of -- '"-dash"')" '3 ' 'a quoted word with a dash'
is "$(bundle_of -- -dash)" '3 ' 'a word with a dash that is no option'
is "$(bundle_of -- '"--all"')" '3 ' 'an option between quotation marks is a word'
must 0 'options may stand behind the query' "$HIRZ" --json export -- doctor --to Court -o "$T/behind.tar" --purpose trial
is "$(json .included)" 1 'and it is a query still'
must 0 'a short option too' "$HIRZ" --json export --to Court -- doctor -n
is "$(json '[.included, .dry_run] | @json')" '[1,true]' 'which is obeyed'

before=$("$HIRZ" --json log | wc -l)
refused() {
	id=$1
	code=$2
	shift 2
	must_fail "$code" "$HIRZ" export --to Court -o "$T/none.tar" "$@"
	like "$(cat "$T/err")" "HZ-E$id" "which is HZ-E$id"
}
refused 063 2 -- colour:red
refused 063 2 -- one or two
refused 063 2 -- date:yesterday
refused 063 2 -- letter not
refused 063 2 DM3-1 -- '"open'
refused 061 1 -- case:NONE
refused 061 1 letter
refused 060 1 -- DM3-1 DM3-99
refused 066 2 -- nothing-like-this
refused 066 2 DM3-1 -- nothing-like-this
refused 066 2 EMPTY
refused 001 2 --
refused 001 2
refused 001 2 --all -- letter
refused 001 2 --all DM3-1
refused 070 8 -- id:DM3-4
[ -z "$(find "$T" -maxdepth 1 -name 'none*')" ]
ok $? 'no refusal leaves a file'
is "$("$HIRZ" --json log | wc -l)" $((before + 1)) 'and only what a rule refused is an event'

# The same words for verify, which needs no consent.
checked() {
	run "$HIRZ" --json verify "$@"
	[ "$rc" = 0 ] || printf 'exit %s ' "$rc"
	json 'select(.type == "check") | .checked'
}
is "$(checked DM3-1 MAR)" 2 'verify: a number and its case'
is "$(checked -- letter)" 2 'verify: a query'
is "$(checked DM3-5 -- letter)" 3 'verify: a number and a query'
is "$(checked --full -- DM3-1)" 1 'verify: a number after the dashes'
must_fail 2 "$HIRZ" verify -- nothing-like-this
like "$(cat "$T/err")" 'HZ-E066' 'verify: a query that finds nothing is no success'
must_fail 2 "$HIRZ" verify EMPTY
must_fail 2 "$HIRZ" verify -- size:big
like "$(cat "$T/err")" 'HZ-E063' 'verify: a wrong query'
must_fail 1 "$HIRZ" verify letter
# The stored bytes alone: what the events signed with keys at hand, and what could be seen without.
must_pass "$HIRZ" --json verify --sealed
is "$(json 'select(.type == "verdict") | [.verdict, .reasons] | @json')" '["VALID-SIGNED",["stored-bytes-only"]]' \
	'--sealed with keys: signed, and it says what was not looked at'
no_session "$T/v"
must_fail 3 env -u HIRZ_PASSPHRASE_FILE "$HIRZ" --json --no-input verify --sealed
is "$(json 'select(.type == "verdict") | [.verdict, .reasons] | @json')" \
	'["INCOMPLETE",["no-keys","stored-bytes-only"]]' '--sealed without keys: incomplete'
# And for case add, where words that are no numbers are a query without the dashes too.
must_pass "$HIRZ" --json case add EMPTY DM3-5 -- letter
is "$(json '[.added, .already] | @json')" '[3,0]' 'case add: a number and a query'
must_pass "$HIRZ" --json case add EMPTY letter id:DM3-2
is "$(json '[.added, .already] | @json')" '[0,1]' 'case add: a query alone'
must_fail 1 "$HIRZ" case add EMPTY MAR -- DM3-1 case:NONE
no_session "$T/v"
done_testing
