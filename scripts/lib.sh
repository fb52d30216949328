# shellcheck shell=bash
# What the scripts of this folder share. To be sourced by bash.

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P) || exit 2

# Stop with one line and code 2: the work could not be done, which is not the same as done and failed.
die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 2
}

# Whatever the caller's shell holds, the work runs in the same surroundings: Debian's own tools first, no foreign
# compiler flags, no locale, no vault of the caller's. HIRZ_SHARED alone is kept: it points at test vectors.
clean_env() {
	local v
	for v in "${!HIRZ_@}"; do
		[ "$v" = HIRZ_SHARED ] || unset "$v"
	done
	for v in "${!LC_@}" "${!PYTHON@}" "${!MESON@}" "${!GIT_@}" "${!BORG_@}" "${!RESTIC_@}" \
		"${!ASAN_@}" "${!UBSAN_@}" "${!TSAN_@}" "${!LSAN_@}" "${!VALGRIND_@}" "${!CMOCKA_@}"; do
		unset "$v"
	done
	unset LANG LANGUAGE CC CXX LD AR CFLAGS CPPFLAGS CXXFLAGS LDFLAGS LIBRARY_PATH CPATH C_INCLUDE_PATH \
		LD_LIBRARY_PATH LD_PRELOAD PKG_CONFIG_PATH DESTDIR MAKEFLAGS NINJA_STATUS CDPATH BASH_ENV ENV \
		GREP_OPTIONS TAR_OPTIONS MALLOC_PERTURB_ MALLOC_CHECK_ GLIBC_TUNABLES TEXTDOMAIN TEXTDOMAINDIR \
		SOURCE_DATE_EPOCH POSIXLY_CORRECT
	PATH=/usr/sbin:/usr/bin:/sbin:/bin
	LC_ALL=C.UTF-8
	export PATH LC_ALL
	umask 022
}

# The files of the project, NUL between them, relative to the top: what git tracks, or everything outside build
# folders where this is not a git checkout (a release archive).
project_files() {
	if git -C "$top" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git -C "$top" ls-files -z -- "$@"
	else
		(cd "$top" && find . -path ./.git -prune -o -path './build*' -prune -o -name __pycache__ -prune -o \
			-type f -print0) | sed -z 's,^\./,,' | select_files "$@"
	fi
}

# Keep the names that fit one of the patterns (all, when there is none); '*' also stands for slashes, as in git.
select_files() {
	local f p
	while IFS= read -r -d '' f; do
		[ $# -gt 0 ] || printf '%s\0' "$f"
		for p in "$@"; do
			# shellcheck disable=SC2254
			case $f in $p | $p/*) printf '%s\0' "$f" && break ;; esac
		done
	done
}

# Number of workers where the caller gave none.
jobs_default() {
	nproc 2>/dev/null || echo 2
}

# Runs a command where the addresses of a program are not shuffled: the sanitizers of clang 14 die at random with
# the large shuffle of newer kernels. Where the system forbids that, the command runs as it is.
steady() {
	if setarch "$(uname -m)" -R true 2>/dev/null; then
		setarch "$(uname -m)" -R "$@"
	else
		"$@"
	fi
}

# Prepare a build folder: setup_build DIR OPTION...; configures once, and again from nothing when that fails.
setup_build() {
	local dir=$1
	shift
	if [ -f "$dir/build.ninja" ] && [ -f "$dir/.hirz-options" ] && [ "$(cat "$dir/.hirz-options")" = "$*" ]; then
		return 0
	fi
	if [ -f "$dir/meson-private/coredata.dat" ]; then
		meson setup --wrap-mode=nodownload --wipe "$dir" "$top" "$@" || return 1
	else
		meson setup --wrap-mode=nodownload "$dir" "$top" "$@" || return 1
	fi
	printf '%s' "$*" >"$dir/.hirz-options"
}
