#!/bin/sh
# Cases: new, list, show, add.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT
must_pass "$HIRZ" init "$T/v" --org x --desk DM3 --kdf-mem 64
session "$T/v"
for i in 1 2 3 4 5; do
	echo "text $i" >"$T/$i.txt"
done
must_pass "$HIRZ" add "$T/1.txt" "$T/2.txt" "$T/3.txt" "$T/4.txt" "$T/5.txt"
must_pass "$HIRZ" --json case new 2019-MAR --title 'القصف على السوق'
is "$(json '[.type, .code, .title, .exhibits] | @json')" '["case","2019-MAR","القصف على السوق",0]' 'a new case'
must_fail 1 "$HIRZ" case new 2019-MAR
like "$(cat "$T/err")" 'HZ-E062' 'the same code again'
must_fail 2 "$HIRZ" case new 'a b'
must_fail 2 "$HIRZ" case new a/b
must_fail 2 "$HIRZ" case new ''
must_fail 2 "$HIRZ" case new "$(printf 'a\033b')"
must_fail 2 "$HIRZ" case new "$(printf '%065d' 0)"
must_pass "$HIRZ" case new "$(printf '%064d' 0)"
must_pass "$HIRZ" case new قضية-1
must_pass "$HIRZ" --json case add 2019-MAR DM3-1 dm3-000003 DM3-1
is "$(json '[.code, .added, .already] | @json')" '["2019-MAR",2,0]' 'two added, named three times'
must_pass "$HIRZ" --json case add 2019-MAR DM3-3 DM3-4
is "$(json '[.added, .already] | @json')" '[1,1]' 'one was in it'
before=$("$HIRZ" --json log | wc -l)
must_pass "$HIRZ" case add 2019-MAR DM3-1
is "$("$HIRZ" --json log | wc -l)" "$before" 'nothing new is no act'
must_pass "$HIRZ" --json case add قضية-1 -- 'size:7' not id:DM3-2
is "$(json .added)" 4 'by a query'
must_fail 1 "$HIRZ" case add NONE DM3-1
must_fail 1 "$HIRZ" case add 2019-MAR DM3-1 DM3-99
must_fail 2 "$HIRZ" case add 2019-MAR -- nothing-like-this
like "$(cat "$T/err")" 'HZ-E066' 'a query that finds nothing'
must_pass "$HIRZ" --json case list
is "$(json '[.code, .exhibits] | @json' | grep -v 0000 | tr '\n' ' ')" '["2019-MAR",3] ["قضية-1",4] ' 'the list counts'
must_pass "$HIRZ" --json case show 2019-MAR
is "$(json 'select(.type == "exhibit") | .id' | tr '\n' ' ')" 'DM3-000001 DM3-000003 DM3-000004 ' 'its exhibits'
is "$(json 'select(.id == "DM3-000001") | [.case, .cases] | @json')" '["2019-MAR",["2019-MAR","قضية-1"]]' 'an exhibit may be in two'
must_pass "$HIRZ" case show 2019-MAR
like "$(cat "$T/out")" '^2019-MAR +3 +القصف على السوق$' 'its head for people'
must_fail 1 "$HIRZ" case show NONE
must_pass "$HIRZ" --json custody DM3-1
is "$(json .act | tr '\n' ' ')" 'acquire record record ' 'both stand in the custody of the exhibit'
no_session "$T/v"
done_testing
