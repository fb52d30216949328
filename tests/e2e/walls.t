#!/bin/sh
# The walls between keys and strangers' bytes, seen from outside: which files the process with the keys opens, what it maps,
# which functions it could call at all.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
lib=$tap_top/tests/lib
passphrase "$T/pw"
HIRZ_PASSPHRASE_FILE=$T/pw
export HIRZ_PASSPHRASE_FILE HIRZ_INSPECT

# --- what it could call ------------------------------------------------------------------------------------
# needs PROGRAM: the libraries it asks for by itself. calls PROGRAM: the functions of others that it uses.
needs() {
	readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}
calls() {
	nm -D --undefined-only "$1" | sed 's/.* [Uw] //; s/@.*//'
}
parsers='^lib(magic|expat|exif|xml2|jansson|csv|jpeg|png|heif|poppler)[.-]'
for program in "$HIRZ" "$HIRZ_VERIFY"; do
	name=${program##*/}
	like "$(needs "$program")" '^libc\.' "$name: its libraries can be read"
	unlike "$(needs "$program")" "$parsers" "$name links no library that parses strangers' files"
	unlike "$(calls "$program")" '^(archive_read_|archive_entry_(copy|acl|sparse|strmode)|magic_|XML_|exif_)' \
		"$name calls no reader of archives, and no parser"
done
unlike "$(needs "$HIRZ_VERIFY")" '^lib(archive|lmdb|keyutils)\.' 'hirz-verify needs neither archive library nor database'
like "$(calls "$HIRZ")" '^archive_write_' 'control: hirz does use the writer of archives'
like "$(needs "$HIRZ_INSPECT")" '^libmagic\.' 'control: hirz-inspect has the parser'
unlike "$(needs "$HIRZ_INSPECT")" '^lib(sodium|crypto|lmdb|keyutils)\.' 'and nothing that could use a key or open a vault'
unlike "$(calls "$HIRZ")" '^(system|popen|dlopen|execvp|execlp)$' 'hirz starts nothing by a searched name and loads nothing by hand'

# --- what it does ------------------------------------------------------------------------------------------
if ! command -v strace >/dev/null || ! strace -o "$T/null" true 2>/dev/null; then
	skip 31 'no strace here'
	done_testing
fi
mkdir "$T/d"
cd "$T/d" || exit 2
samples "$T/d/s"
must_pass "$HIRZ" init "$T/d/v" --org x --desk DM3 --kdf-mem 64
must_pass "$HIRZ" --vault "$T/d/v" add s/photo.jpg --consent none -m test
# traced CMD...: its calls in $T/d/log.
traced() {
	ASAN_OPTIONS=detect_leaks=0 run strace -f -y -qq -s 300 \
		-e trace=open,openat,openat2,close,dup,dup2,dup3,mmap,fsync,fdatasync,execve,clone,clone3,vfork,fork -o "$T/d/log" "$@"
}
# kept NAME CMD...: the promise is kept; what was counted lies in $T/d/counted.
kept() {
	kept_name=$1
	shift
	traced "$HIRZ" --vault "$T/d/v" --no-input "$@"
	[ "$rc" = 0 ]
	ok $? "$kept_name: exit $rc" || diag "$(cat "$T/err")"
	/usr/bin/python3 "$lib/opens.py" "$T/d/log" "$T/d/v" >"$T/d/counted"
	ok $? "$kept_name: $(head -n 1 "$T/d/counted")" || diag "$(cat "$T/d/counted")"
}
kept add add s/clip.mp4 s/testimony-ar.txt --consent none -m test
like "$(cat "$T/d/counted")" 'walked=[1-9]' 'the walker opens the file first'
like "$(cat "$T/d/counted")" 'syncs=[1-9]' 'and what was written is synced'
like "$(cat "$T/d/counted")" 'maps=[2-9]' 'LMDB maps data and locks'
like "$(cat "$T/d/counted")" 'inspectors=[1-9].* parsers=[1-9]' 'only hirz-inspect has mapped the parser'
kept list list
like "$(cat "$T/d/counted")" 'inspectors=0 parsers=0' 'no parser, no child'
kept verify verify --full
kept open open DM3-1 -o "$T/d/out" --reason test
kept export export --all --to x -o "$T/d/bundle"
kept backup backup "$T/d/copy"
kept case case new C-1
# In a session the walk of a writer's end comes after LMDB is closed, and a second reader needs none.
if "$HIRZ" --vault "$T/d/v" unlock --for 10m >"$T/null" 2>&1; then
	HIRZ_PASSPHRASE_FILE=
	unset HIRZ_PASSPHRASE_FILE
	kept 'add in a session' add s/testimony-en.txt --consent none -m test
	kept 'list in a session' list
	like "$(cat "$T/d/counted")" 'walked=2 lmdb=2' 'it looks who lies there, but does not walk again'
	must_pass "$HIRZ" --vault "$T/d/v" lock
	HIRZ_PASSPHRASE_FILE=$T/pw
	export HIRZ_PASSPHRASE_FILE
else
	skip 6 'this system keeps no sessions'
fi
# hirz-verify and a bundle: it opens what it was given, and no vault.
traced "$HIRZ_VERIFY" "$T/d/bundle"
unlike "$(cat "$T/d/log")" '(data|lock)\.mdb|libarchive|libmagic' 'hirz-verify opens no vault and maps no parser'

# Controls: the eye sees. One more look at data.mdb while LMDB has it, one at lock.mdb, one parser too many.
traced "$HIRZ" --vault "$T/d/v" --no-input list
seen() {
	sed "$1" "$T/d/log" >"$T/d/planted"
	like "$(/usr/bin/python3 "$lib/opens.py" "$T/d/planted" "$T/d/v")" "^wrong: $2" "control: $3"
}
line=$(grep -nE "^[0-9]+ +openat\(.*lock\.mdb" "$T/d/log" | head -n 1 | cut -d: -f1)
pid=$(sed -n "${line}s/ .*//p" "$T/d/log")
seen "${line}a $pid openat(AT_FDCWD<$T/d>, \"v/data.mdb\", O_RDONLY|O_NOFOLLOW|O_CLOEXEC) = 9<$T/d/v/data.mdb>" 'data.mdb was opened beside' 'a second look at data.mdb'
seen "${line}a $pid openat(AT_FDCWD<$T/d>, \"v/lock.mdb\", O_RDONLY|O_CLOEXEC) = 9<$T/d/v/lock.mdb>" '.*once more than LMDB' 'a second look at lock.mdb'
seen "${line}a $pid openat(AT_FDCWD<$T/d>, \"x\", O_RDONLY|O_CLOEXEC) = 9</usr/lib/libmagic.so.1>" 'the process with the keys opened' 'a parser'
done_testing
