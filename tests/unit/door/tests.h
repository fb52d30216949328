/* Groups of the unit tests of door. */
#ifndef HZ_TESTS_DOOR_H
#define HZ_TESTS_DOOR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "door/door.h"

extern const struct CMUnitTest error_tests[], lang_tests[], options_tests[], out_tests[], passphrase_tests[],
    progress_tests[];
extern const size_t error_count, lang_count, options_count, out_count, passphrase_count, progress_count;

/* A door whose two outputs go into memory files; words are the arguments after the program's name. */
void door_begin(struct hz_door *door, const char *words);
void door_end(struct hz_door *door);
/* What was written to the memory file of o so far; free() it. */
char *written(struct hz_out *o);

#endif
