#!/bin/bash
# Manual pages that parse, translations that fit their formats, common spelling mistakes.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
run_lint() {
	local f rc=0 prose=()
	while IFS= read -r -d '' f; do
		[ -f "$1/$f" ] || continue
		case $f in
		docs/man/*.scd)
			if ! scdoc <"$1/$f" >"$work/page" || ! mandoc -T lint -W error "$work/page"; then
				echo "$f"
				rc=1
			fi
			;;
		po/*.po) msgfmt --check --check-accelerators -o /dev/null "$1/$f" || rc=1 ;;
		*.md | *.c | *.h | debian/* | scripts/*)
			prose+=("$1/$f")
			;;
		esac
	done
	# Words that are right here: the name of a letter, Latin pieces, names of variables.
	[ ${#prose[@]} -eq 0 ] || codespell -L teh,adn,ro,ba,fo,ans,ser,te,nd,inout,curren "${prose[@]}" || rc=1
	return $rc
}

new_sample && printf 'hirz(1)\n\n# NAME\n\nhirz - evidence vault\n' | put docs/man/hirz.1.scd
put docs/a.md <<<'An ordinary sentence.'
good "ordinary texts pass"
new_sample && put docs/a.md <<<'Recieve the file.'
bad "a spelling mistake" "Recieve"
new_sample && printf 'hirz\n\n# NAME\n' | put docs/man/hirz.1.scd
bad "a manual page that does not parse" "docs/man/hirz.1.scd"
new_sample && printf 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n#, c-format\nmsgid "%%s files"\nmsgstr "%%d files"\n' | put po/ar.po
bad "a translation with another format" "format"
the_project docs po src include debian scripts README.md SECURITY.md
done_linting
