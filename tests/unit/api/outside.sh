#!/bin/bash
# The library as a program outside of this tree meets it: what it exports, its pkg-config file, and the example of
# docs/reference/library.md, compiled and run.
# outside.sh LIBRARY SOURCE PKGCONFIG-DIR VERIFIER SANITIZERS COMPILER...
set -u
library=$(realpath "$1") source=$(realpath "$2") pc=$(realpath "$3") verifier=$(realpath "$4") sanitize=$5
shift 5
cc=("$@")
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
export LC_ALL=C HOME=$work XDG_STATE_HOME=$work/state
export PKG_CONFIG_PATH=$pc PKG_CONFIG_DISABLE_UNINSTALLED=1
n=0
ok() { # ok WHAT COMMAND...
	n=$((n + 1))
	local what=$1
	shift
	if "$@" >"$work/out" 2>&1; then echo "ok $n - $what"; else echo "not ok $n - $what" && sed 's/^/# /' "$work/out"; fi
}
has() { grep -qE "$1" "$work/said"; }

# --- what leaves it
nm -D --defined-only "$library" | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort -u >"$work/symbols"
only_ours() { ! grep -vE '^(hirz_[a-z_]+|HIRZ_0)$' "$work/symbols"; }
ok "the shared library exports hirz_* and nothing else" only_ours
# Each declared function is there, and each that is there is declared.
grep -oE '\bhirz_[a-z_]+\(' <(sed -n '/^HIRZ_API/,/;/p' "$source/include/hirz/hirz.h" | tr '\n' ' ' | sed 's/HIRZ_API/\n&/g' |
	sed -nE 's/^HIRZ_API[^(]*\b(hirz_[a-z_]+\().*/\1/p') | tr -d '(' | sort -u >"$work/declared"
grep '^hirz_' "$work/symbols" >"$work/exported"
enough() { [ "$(wc -l <"$work/declared")" -ge 19 ]; }
ok "the header declares functions" enough
ok "they are exactly those that the library exports" diff "$work/declared" "$work/exported"
soname() { readelf -d "$library" | grep -qF 'SONAME' && readelf -d "$library" | grep -qF '[libhirz.so.0]'; }
ok "its soname is libhirz.so.0" soname

# --- a program of somebody else
pkg=(pkg-config "--define-variable=libdir=$(dirname "$library")" "--define-variable=includedir=$source/include")
ok "pkg-config knows it" pkg-config --exists 'hirz >= 0.1'
read -r -a cflags <<<"$("${pkg[@]}" --cflags hirz)"
read -r -a libs <<<"$("${pkg[@]}" --libs hirz)"
[ "$sanitize" = none ] || cflags+=("-fsanitize=$sanitize")
fence=$(printf '\140\140\140')
sed -n "/^${fence}c\$/,/^$fence\$/p" "$source/docs/reference/library.md" | sed "/^$fence/d" >"$work/example.c"
strict=(-std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror)
ok "the example of the documentation compiles" \
	"${cc[@]}" "${strict[@]}" "${cflags[@]}" -o "$work/example" "$work/example.c" "${libs[@]}"
head -c 2500000 /dev/urandom >"$work/photo.jpg"
run() {
	printf 'a few words nobody would guess\n' |
		LD_LIBRARY_PATH=$(dirname "$library") "$work/example" "$work/vault" "$work/photo.jpg" "$work/copy" "$work/bundle.tar"
}
example() { run >"$work/said" 2>"$work/errors" || { cat "$work/said" "$work/errors" && return 1; }; }
ok "it runs" example
quiet() { [ -e "$work/errors" ] && [ ! -s "$work/errors" ]; }
ok "the library prints nothing" quiet
ok "it sealed" has '^sealed EX1-000001$'
ok "it listed" has '^exhibit EX1-000001 2500000 Market street$'
ok "it verified" has '^matched 1 of 1$'
ok "it told both events" has '^event 0/2 [0-9TZ:-]{20} access 1 mb-[0-9a-f]{32} [0-9a-f]{64}$'
ok "it exported" has '^exported 1$'
ok "what was read back is what was sealed" cmp "$work/photo.jpg" "$work/copy"
key=$(sed -n 's/^fingerprint //p' "$work/said")
ok "the independent verifier accepts its bundle" /usr/bin/python3 "$verifier" "$work/bundle.tar" --key "$key"
again() { ! run >"$work/said" 2>"$work/errors" && grep -q '^init: HZ-E043: ' "$work/errors"; }
ok "a second run is refused with an id" again
echo "1..$n"
