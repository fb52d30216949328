#!/bin/bash
# No paths of one machine, no package hosts, no unfinished work in tracked files.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
run_lint() { py_lint words "$1"; }

# The bad words are put together here, so that this file does not hold them.
home=$(printf '/%s/somebody/x' home)
host=$(printf 'deb.%s.org' debian)
todo=$(printf 'TO%s' DO)
new_sample && put README.md <<<'Vault in ~/vault, home directories under /home, /var/lib/x, ./root/x'
put docs/a.md <<<"A $todo outside the code"
good "ordinary text passes"
new_sample && put README.md <<<"see $home"
bad "somebody's home" "path of somebody's machine"
new_sample && put README.md <<<"get it from https://$host/debian"
bad "a package host" "package host"
new_sample && put src/base/a.c <<<"/* $todo: the rest */"
bad "unfinished work" "unfinished work"
the_project "$@"
done_linting
