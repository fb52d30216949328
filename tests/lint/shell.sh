#!/bin/bash
# The tool of that name over every shell script of the project, known by its first line or its name.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
run_lint() {
	local f line scripts=()
	while IFS= read -r -d '' f; do
		[ -f "$1/$f" ] || continue
		line=
		IFS= read -r line <"$1/$f" 2>/dev/null
		case $f:$line in
		*.sh:* | *:'#!'*/bash* | *:'#!'*/sh*) scripts+=("$f") ;;
		esac
	done
	[ ${#scripts[@]} -eq 0 ] || (cd "$1" && shellcheck -x "${scripts[@]}")
}

new_sample && put scripts/a <<'X'
#!/bin/sh
echo "$1"
X
good "a clean script passes"
new_sample && put scripts/a <<'X'
#!/bin/sh
rm -rf $1/x
X
bad "a word that splits" "SC2086"
the_project scripts .ci tests bench fuzz debian docs
done_linting
