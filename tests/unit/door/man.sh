#!/bin/sh
# The man pages and the table of commands agree, both ways, and the pages are sound. TAP.
# usage: man.sh HIRZ SOURCE_ROOT
set -u
hirz=$1
root=$2
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LC_ALL=C
export LC_ALL
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

"$hirz" help --dump >"$tmp/dump" 2>"$tmp/out"
result $? "hirz help --dump"

# What the table says: PAGE <tab> COMMAND <tab> --long <tab> -x <tab> ARG
awk -F '\t' -v OFS='\t' '
	$1 == "global" { print "hirz", "hirz", $2, $3, $4 }
	$1 == "option" { split($2, w, " "); print "hirz-" w[1], "hirz " $2, $3, $4, $5 }
' "$tmp/dump" | sort >"$tmp/table"

# What the pages say, from the sections OPTIONS and GLOBAL OPTIONS.
for page in "$root"/docs/man/*.scd; do
	name=$(basename "$page" .scd)
	awk -v OFS='\t' -v page="$name" '
		BEGIN { cmd = page; sub(/^hirz-/, "hirz ", cmd) }
		/^# / { on = $0 == "# OPTIONS" || $0 == "# GLOBAL OPTIONS"; next }
		on && /^## / { cmd = substr($0, 4); next }
		on && /^\*-/ {
			gsub(/[*_]/, "")
			letter = "-"
			if (match($0, /^-[A-Za-z], /)) { letter = substr($0, 1, 2); $0 = substr($0, 5) }
			arg = "-"
			long = $0
			if ((at = index($0, " ")) > 0) { long = substr($0, 1, at - 1); arg = substr($0, at + 1) }
			print page, cmd, long, letter, arg
		}' "$page"
done | sort >"$tmp/pages"
[ -s "$tmp/table" ] && diff -u "$tmp/table" "$tmp/pages" >"$tmp/out"
result $? "options of the table and of the pages are the same"

awk -F '\t' '$1 == "program" { print $2 } $1 == "command" { split($2, w, " "); print "hirz-" w[1] }' "$tmp/dump" |
	sort -u >"$tmp/want"
for page in "$root"/docs/man/*.scd; do basename "$page" .scd; done | sort >"$tmp/have"
diff -u "$tmp/want" "$tmp/have" >"$tmp/out"
result $? "one page for each command"

while IFS= read -r page; do
	grep -q "'$page'" "$root/docs/man/meson.build" || echo "$page"
done <"$tmp/have" >"$tmp/out"
[ ! -s "$tmp/out" ]
result $? "every page is built and installed"

# Every command of a page stands in its synopsis.
awk -F '\t' '$1 == "command" { split($2, w, " "); print "hirz-" w[1] "\t*hirz " $2 "*" }' "$tmp/dump" |
	while IFS='	' read -r page want; do
		grep -qF -- "$want" "$root/docs/man/$page.scd" || echo "$page: $want"
	done >"$tmp/out"
[ ! -s "$tmp/out" ]
result $? "every command stands in a synopsis"

if command -v scdoc >/dev/null && command -v mandoc >/dev/null; then
	for page in "$root"/docs/man/*.scd; do
		if scdoc <"$page" >"$tmp/page.1" 2>"$tmp/err"; then
			# scdoc puts an empty paragraph around every heading; that alone is not a fault of the page.
			mandoc -T lint -W warning "$tmp/page.1" 2>&1 | grep -v 'skipping paragraph macro: PP' |
				sed "s|$tmp/page.1|$page|"
		else
			echo "$page: $(cat "$tmp/err")"
		fi
	done >"$tmp/out"
	[ ! -s "$tmp/out" ]
	result $? "scdoc and mandoc find no fault"
else
	n=$((n + 1))
	echo "ok $n - scdoc and mandoc # SKIP not installed"
fi
echo "1..$n"
exit $bad
