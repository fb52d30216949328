#!/bin/sh
# The template follows the sources; every text is translated; placeholders agree. TAP.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0
bad=0
result() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		bad=1
		echo "not ok $n - $2"
		[ -s "$tmp/out" ] && sed 's/^/# /' "$tmp/out"
	fi
	: >"$tmp/out"
}

for tool in xgettext msgfmt msgattrib msgcmp; do
	if ! command -v $tool >/dev/null; then
		echo "1..0 # SKIP $tool is not installed"
		exit 0
	fi
done

scripts/po-update --pot "$tmp/hirz.pot" >"$tmp/out" 2>&1
result $? "the texts can be extracted"
cmp -s "$tmp/hirz.pot.list" po/POTFILES
result $? "po/POTFILES lists every source with texts (scripts/po-update)"
diff -u po/hirz.pot "$tmp/hirz.pot" >"$tmp/out"
result $? "po/hirz.pot is up to date (scripts/po-update)"

while read -r lang; do
	po=po/$lang.po
	msgfmt --check --check-accelerators='&' --output-file="$tmp/$lang.mo" "$po" >"$tmp/out" 2>&1
	result $? "$po is sound, placeholders agree"
	msgcmp "$po" po/hirz.pot >"$tmp/out" 2>&1
	result $? "$po has every text of the template"
	msgattrib --untranslated --no-obsolete "$po" | grep '^msgid' >"$tmp/out"
	[ ! -s "$tmp/out" ]
	result $? "$po has no untranslated text"
	msgattrib --only-fuzzy --no-obsolete "$po" | grep '^msgid' >"$tmp/out"
	[ ! -s "$tmp/out" ]
	result $? "$po has no fuzzy text"
	# Commands between backquotes are typed as they stand: none may be lost or changed in translation.
	msgcat --no-wrap "$po" | awk '
		function marks(s,   r) {
			r = ""
			while (match(s, /`[^`]*`/)) { r = r "\n" substr(s, RSTART, RLENGTH); s = substr(s, RSTART + RLENGTH) }
			return r
		}
		/^msgid /  { id = $0; next }
		/^msgstr / { if (id != "" && marks(id) != marks($0)) print id; id = "" }
	' >"$tmp/out"
	[ ! -s "$tmp/out" ]
	result $? "$po keeps every command of the texts"
done <po/LINGUAS
echo "1..$n"
exit $bad
