#!/bin/bash
# Every header compiles alone.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
read -r -a flags <<<"$(pkg-config --cflags libsodium libcrypto libarchive libutf8proc libseccomp 2>/dev/null)"
run_lint() {
	local f rc=0
	while IFS= read -r -d '' f; do
		case $f in *.h) ;; *) continue ;; esac
		[ -f "$1/$f" ] || continue
		# The header twice, so that a guard that does not work shows too.
		printf '#include "%s"\n#include "%s"\nint hz_lint_unused;\n' "$1/$f" "$1/$f" |
			gcc -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Wall -Wextra -Werror -fsyntax-only \
				-I"$1/src" -I"$1/include" "${flags[@]}" -x c - || rc=1
	done
	return $rc
}

new_sample && put src/base/a.h <<'X'
#ifndef A_H
#define A_H
#include <stddef.h>
struct a {
	size_t n;
};
#endif
X
good "a header with its includes and guard passes"
new_sample && put src/base/a.h <<<'size_t a(void);'
bad "a header that leans on another" "size_t"
new_sample && put src/base/a.h <<<'struct a { int n; };'
bad "a header without a guard" "redefinition"
the_project 'src/*.h' 'include/*.h'
done_linting
