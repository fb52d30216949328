# shellcheck shell=bash
# For the lints: each is one TAP program that first shows itself failing on bad samples, then looks at the project.
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
clean_env

lint_count=0
lint_bad=0
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# report RC NAME: one TAP line; the file $work/out holds the reasons.
report() {
	lint_count=$((lint_count + 1))
	if [ "$1" = 0 ]; then
		printf 'ok %d - %s\n' $lint_count "$2"
	else
		lint_bad=1
		printf 'not ok %d - %s\n' $lint_count "$2"
		sed 's/^/# /' "$work/out"
	fi
}

# A sample is a small tree of files. new_sample starts one; put FILE < TEXT adds to it.
new_sample() {
	rm -rf "$work/sample" && mkdir -p "$work/sample"
}
put() {
	mkdir -p "$(dirname "$work/sample/$1")" && cat >"$work/sample/$1"
}
sample_files() {
	(cd "$work/sample" && find . -type f -print0 | sed -z 's,^\./,,')
}

# run_lint ROOT runs the check that the lint defines as a function of its own: names of files on standard input.
# good NAME: the sample passes. bad NAME WORDS: the sample is refused with code 1, and the finding has these words.
good() {
	sample_files | run_lint "$work/sample" >"$work/out" 2>&1
	report $? "$1"
}
bad() {
	sample_files | run_lint "$work/sample" >"$work/out" 2>&1
	local rc=$?
	echo "(exit $rc; wanted exit 1 and the words: $2)" >>"$work/out"
	if [ $rc = 1 ] && grep -qF -- "$2" <(sed '$d' "$work/out"); then report 0 "$1"; else report 1 "$1"; fi
}
# the_project [PATTERN...]: the same check on the tracked files that fit.
the_project() {
	project_files "$@" | run_lint "$top" >"$work/out" 2>&1
	report $? "the project"
}
done_linting() {
	printf '1..%d\n' $lint_count
	exit $lint_bad
}
py_lint() {
	/usr/bin/python3 "$top/tests/lint/lint.py" "$@"
}
