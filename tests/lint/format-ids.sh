#!/bin/bash
# Every paragraph of docs/format.md that code or tests cite, as [F-n.n], is there.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
run_lint() { py_lint format-ids "$1"; }

page() {
	new_sample && put docs/format.md <<'X'
# Formats
## 3. Objects
### 3.1 Segments
[F-3.2] **Addresses.** As [F-3.1] says.
X
}
page && put src/base/a.c <<<'/* as [F-3.1] and [F-3] say, and [F-3, F-3.2] */'
good "sections that exist pass"
page && put src/base/a.c <<<'/* [F-3.3] */'
bad "a section that is not there" "no section 3.3"
page && put tests/unit/a.c <<<'/* [F-3.1, F-4] */'
bad "the second of a pair" "no section 4"
page && put src/base/a.c <<<'/* [F-three] */'
bad "something else in the brackets" "not a citation"
page && put docs/cli.md <<<'See [F-9.9].'
bad "a citation in the documentation" "docs/cli.md:1: docs/format.md has no section 9.9"
page && printf '[F-3.2] **Again.**\n' >>"$work/sample/docs/format.md"
bad "two paragraphs with one id" "two paragraphs begin with [F-3.2]"
new_sample && put src/base/a.c <<<'int a;'
sample_files | run_lint "$work/sample" >"$work/out" 2>&1
[ $? = 2 ]
report $? "no page at all cannot be checked"
the_project src include fuzz tests docs
done_linting
