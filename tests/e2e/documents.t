#!/bin/sh
# What a document says becomes an exhibit of its own, made by a machine and named as such; what cannot be read is sealed
# all the same (docs/reference/documents.md).
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
HIRZ_VAULT=$T/v
export HIRZ_PASSPHRASE_FILE HIRZ_VAULT

items() { jq -r 'select(.type == "item") | '"$1" <"$T/out"; }
counts() { jq -r 'select(.type == "summary") | [.given, .sealed, .duplicate, .refused, .failed] | map(tostring) | join(" ")' <"$T/out"; }
sheet() { "$HIRZ" show "$1" --json; }
# words ID: the text of the exhibit derived from it.
words() {
	rm -f "$T/words"
	"$HIRZ" open "$1.1" -o "$T/words" --reason test >"$T/opened" 2>&1 && cat "$T/words"
}

must_pass "$HIRZ" --json init "$T/v" --org O --desk DM3 --kdf-mem 64
session "$T/v"
print=$(jq -r .fingerprint <"$T/out")
must_pass /usr/bin/python3 "$tap_top/tests/lib/make_docs.py" "$T/in"
must_pass "$HIRZ" add -r --json --consent none -m test "$T/in"
is "$(counts)" '7 7 0 0 0' 'seven files are seven results'
is "$(items .id | tr '\n' ' ')" 'DM3-000001 DM3-000002 DM3-000003 DM3-000004 DM3-000005 DM3-000006 DM3-000007 ' \
	'and seven numbers, one after the other'
must_pass "$HIRZ" list --json
is "$(jq -r 'select(.type == "exhibit") | .id' <"$T/out" | wc -l)" 7 'lists show what was given'
if [ "$(sheet DM3-000001 | jq -r '.fields["content.media_type"]')" = unknown ]; then
	skip 30 'there is no sandbox here, so that nothing is asked'
	done_testing
fi
is "$(words DM3-000001)" "قال الشاهد
second" 'the words of a DOCX, runs joined'
is "$(words DM3-000002)" "عنوان
one" 'of an ODT'
is "$(words DM3-000004)" 'مرحبا' 'of a page in windows-1256'
is "$(words DM3-000005)" "one.txt
two/اثنان.txt" 'the names in a zip'
is "$(words DM3-000006)" "شهادة مكتوبة بترميز قديم
وسطر ثان" 'of a text in windows-1256'
is "$(sheet DM3-000007 | jq '.derived | length')" 0 'a text in UTF-8 is its own'
is "$(sheet DM3-000004 | jq -r '.fields["inspected.doc.title"]')" 'صفحة' 'the title of a page is a claim'
is "$(sheet DM3-000005 | jq -r '.fields["inspected.archive.entries"]')" 2 'entries are counted'
if "$HIRZ" doctor --json | jq -e '.checks[] | select(.name == "pdf") | .state == "good"' >"$T/state.pdf"; then
	is "$(words DM3-000003 | tr '\f' '!')" "first line
second line

!" 'of a PDF'
	is "$(sheet DM3-000003 | jq -r '.fields["inspected.doc.pages"]')" 1 'its pages'
	is "$(sheet DM3-000003 | jq -r '.fields["inspected.doc.time_created"]')" '2024-02-29T10:00:00Z' 'and its time'
	like "$(sheet DM3-000003.1 | jq -r '.fields["derive.tool"]')" '^pdftotext [0-9]' 'the tool and its version are named'
else
	must_pass "$HIRZ" doctor
	like "$(cat "$T/out")" 'poppler-utils' 'doctor says what PDF needs'
	is "$(sheet DM3-000003 | jq '.derived | length')" 0 'without it there is no text, and the file is sealed'
	skip 2 'pdftotext is not installed'
fi

# What it is.
is "$(sheet DM3-000001 | jq -c '.derived[0] | [.id, .what, .made_by, .complete]')" '["DM3-000001.1","text","machine",true]' \
	'the sheet of the origin names it'
is "$(sheet DM3-000005 | jq -r '.derived[0].what')" listing 'names are called so'
is "$(sheet DM3-000001.1 | jq -r .derived_from)" DM3-000001 'and it names its origin'
must_pass "$HIRZ" show DM3-000001
like "$(cat "$T/out")" '^text +.*DM3-000001\.1.*not by a person' 'for people too'
must_pass "$HIRZ" --json custody DM3-000001.1
is "$(jq -r 'select(.type == "event") | .act' <"$T/out" | tr '\n' ' ')" 'derive access ' 'its chain begins with derive'
must_fail 1 "$HIRZ" show DM3-000001.2
must_fail 1 "$HIRZ" show DM3-000007.1
must_pass "$HIRZ" object export DM3-000001.1 -o "$T/o.age"
must_pass "$HIRZ" --json verify --full
is "$(jq -r 'select(.type == "verdict") | .verdict' <"$T/out")" VALID-SIGNED 'verify covers it'
[ "$(jq -r 'select(.type == "check") | .checked' <"$T/out" | tail -n 1)" -gt 7 ]
ok $? 'and counts it'

# The same file again is a further receipt of its origin; the same bytes as the words are a file of their own.
cp "$T/in/a.docx" "$T/again.docx"
words DM3-000001 >"$T/same.txt"
cp "$T/words" "$T/same.txt"
must_pass "$HIRZ" --json add "$T/again.docx" "$T/same.txt"
is "$(items '.result + " " + .id' | tr '\n' ' ')" 'duplicate DM3-000001 sealed DM3-000008 ' 'neither is taken for the other'
is "$(sheet DM3-000001 | jq '.derived | length')" 1 'nothing is derived twice'
"$HIRZ" --json add - --name b.docx <"$T/in/b.odt" >"$T/out"
is "$(items .result)" duplicate 'standard input is like a file'
printf 'x' >>"$T/in/b.odt"
"$HIRZ" --json add - --name c.odt <"$T/in/b.odt" >"$T/out"
is "$(sheet "$(items .id)" | jq '.derived | length')" 1 'and its words are read too'

# Out: alone and only when it is named, with the consent of its origin.
must_pass "$HIRZ" export DM3-000001 --to X -o "$T/one.tar"
is "$(tar tf "$T/one.tar" | grep -c '/data/exhibits/')" 1 'a bundle of the origin leaves it at home'
must_pass "$HIRZ" export DM3-000001 DM3-000001.1 --to X -o "$T/two.tar"
is "$(tar tf "$T/two.tar" | grep -c '/data/exhibits/')" 2 'a bundle that names it has it'
must_pass "$HIRZ_VERIFY" --key "$print" "$T/two.tar"
must_pass /usr/bin/python3 "$tap_top/tests/lib/verify.py" "$T/two.tar" --key "$print"
printf x >>"$T/in/a.docx"
must_pass "$HIRZ" --json add "$T/in/a.docx"
unknown=$(items .id)
must_fail 8 "$HIRZ" export "$unknown.1" --to X -o "$T/no.tar"

# Samples of others, compared with the tool itself, and files made to hurt.
if [ -z "${HIRZ_SHARED:-}" ]; then
	skip 4 'HIRZ_SHARED is not set'
else
	mkdir "$T/pdf" "$T/bad"
	find "$HIRZ_SHARED/conformance/docs/pdf" -name '*.pdf' -exec cp {} "$T/pdf" \;
	chmod u+w "$T/pdf/"*
	must_pass "$HIRZ" --json add -r "$T/pdf"
	cp "$T/out" "$T/pdfs"
	wrong=''
	jq -r 'select(.type == "item") | .id + " " + .path' <"$T/pdfs" >"$T/list"
	while read -r id path; do
		command -v pdftotext >"$T/which" || break
		pdftotext -q -enc UTF-8 "$path" - | LC_ALL=C sed 's/\xe2\x80[\xaa-\xae]//g' >"$T/want"
		words "$id" >"$T/got"
		LC_ALL=C tr -d '\000-\010\013\016-\037\177' <"$T/want" | cmp -s - "$T/got" || wrong="$wrong $path"
	done <"$T/list"
	is "$wrong" '' 'PDF: what pdftotext says in its own order, without direction marks'
	find "$HIRZ_SHARED/conformance/bad" "$HIRZ_SHARED/conformance/own/bad-input" "$HIRZ_SHARED/conformance/web" \
		"$HIRZ_SHARED/conformance/docs/docx" -type f -size +0 ! -name '*.json' ! -name '*.jpg' ! -name '*.heic' |
		while read -r f; do cp "$f" "$T/bad/$(printf '%s' "$f" | tr / _)"; done
	given=$(find "$T/bad" -type f | wc -l)
	began=$(date +%s)
	run "$HIRZ" --json add -r "$T/bad"
	took=$(($(date +%s) - began))
	is "$(jq -r 'select(.type == "item" and (.result == "failed" or .result == "refused")) | .path' <"$T/out")" '' 'no file is bad enough to fail'
	[ "$took" -lt $((2 * given)) ]
	ok $? "and none takes its two seconds: $given files in $took s"
	must_pass "$HIRZ" --json verify --full
fi
no_session "$T/v"
done_testing
