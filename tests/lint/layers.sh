#!/bin/bash
# Includes go strictly downward, and each outside library has one room (src/LAYERS).
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
run_lint() { py_lint layers "$1"; }

house() {
	new_sample
	put src/LAYERS <<-'X'
		# room floor headers
		base 0
		crypto 1 sodium.h openssl/
		codec 1
		object 2
		inspect 5 magic.h
	X
	put src/object/object.h <<-'X'
		#include <stdint.h>
		/* #include "inspect/none.h" is only talk */
		#include "crypto/aead.h"
		#include "object/other.h"
	X
}
house && put src/crypto/a.c <<<'#include <openssl/evp.h>'
good "downward includes and one's own library pass"
house && put src/crypto/a.c <<<'#include "object/object.h"'
bad "an upward include" "crypto (floor 1) may not include object (floor 2)"
house && put src/crypto/a.c <<<'#  include "codec/json.h"'
bad "an include of the same floor" "may not include codec"
house && put src/object/a.c <<<'#include <sodium.h>'
bad "another room's library" "<sodium.h> belongs to crypto"
house && put src/object/a.c <<<'#include <openssl/evp.h>'
bad "another room's library, by folder" "<openssl/evp.h> belongs to crypto"
house && put src/object/a.c <<<'#include <jansson.h>'
bad "a library without a room" "neither of libc nor given to a room"
house && put src/object/a.c <<<'#include "aead.h"'
bad "an include without a room" "not written as room/file.h"
house && put src/attic/a.c <<<'int a;'
bad "a room that is not in the plan" "in no room"
house && put src/inspect/a.c <<<'#include "crypto/aead.h"'
bad "hirz-inspect near keys" "inspect may not include crypto"
house && put src/object/a.c <<<'#include HEADER'
bad "an include through a macro" "include of a macro"
the_project src
done_linting
