#!/bin/bash
# Functions of at most 100 lines and complexity 20, files of at most 800 lines.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
run_lint() { py_lint size "$1"; }
lines() { yes "$2" | head -n "$1"; }

new_sample && { echo 'int f(int a)' && echo '{' && lines 90 'a++;' && echo 'return a;' && echo '}'; } | put src/base/a.c
good "90 lines pass"
new_sample && { echo 'int f(int a)' && echo '{' && lines 110 'a++;' && echo 'return a;' && echo '}'; } | put src/base/a.c
bad "a function of 110 lines" "100 at most"
new_sample && { echo 'int f(int a)' && echo '{' && lines 21 'if (a) a++;' && echo 'return a;' && echo '}'; } | put src/base/a.c
bad "complexity 22" "complexity 22 (20 at most)"
new_sample && lines 801 'int a;' | put src/base/a.h
bad "a file of 801 lines" "801 lines"
the_project src include fuzz
done_linting
