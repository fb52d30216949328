#!/bin/bash
# Characters that change the direction of text can hide what a line says: none in tracked text files.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
run_lint() { py_lint bidi "$1"; }

new_sample && put data/words.txt <<<'حرز الأدلة'
printf 'seen\n\0\342\200\256' | put fuzz/corpus/x/1
good "Arabic letters and binary files pass"
for octal in '\342\200\256' '\342\201\246' '\342\200\217' '\330\234'; do
	# shellcheck disable=SC2059
	new_sample && printf "a\nb $octal c\n" | put src/base/a.c
	bad "the character $octal" "src/base/a.c:2: directional character"
done
new_sample && printf 'x\342\200\256y\n' | put tests/sample.txt
put tests/lint/bidi.allow <<<'tests/sample.txt a test of exactly this'
good "a file on the list of exceptions passes"
the_project "$@"
done_linting
