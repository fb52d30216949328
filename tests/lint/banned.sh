#!/bin/bash
# Calls and flags that this project does not use.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
run_lint() { py_lint banned "$1"; }

new_sample && put src/base/a.c <<'X'
/* strcpy(a, b) is only talk; so is the text below */
const char *text = "system(x) MDB_NOSYNC";
int a = snprintf(buf, sizeof(buf), "%d", x->exit(3));
/* lint: allow MDB_NOLOCK (a private copy that nobody else opens) */
int b = MDB_NOLOCK;
X
put src/cli/a.c <<<'int f(void) { return printf("x"); }'
good "comments, strings, members and explained exceptions pass"
for name in strcpy sprintf strtok gets localtime system popen alloca; do
	new_sample && put src/base/a.c <<<"int f(void) { return $name (a, b); }"
	bad "$name" "src/base/a.c:1: $name:"
done
for name in MDB_NOSYNC MDB_NOMETASYNC MDB_WRITEMAP MDB_NOLOCK; do
	new_sample && put src/store/a.c <<<"int f = MDB_X | $name;"
	bad "$name" "$name: weakens"
done
for name in printf fprintf puts perror exit; do
	new_sample && put src/vault/a.c <<<"void f(void) { $name(\"x\"); }"
	bad "$name in a room without a door" "does not print"
done
new_sample && put src/store/a.c <<'X'
/* lint: allow MDB_NOLOCK */
int b = MDB_NOLOCK;
X
bad "an exception without a reason" "MDB_NOLOCK"
the_project src include fuzz
done_linting
