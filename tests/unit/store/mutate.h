/* Mutants of an LMDB file, field by field: damage where LMDB looks, not anywhere (security.md 3.10: byte
 * damage finds a thirtieth of what field damage finds). */
#ifndef HZ_TESTS_STORE_MUTATE_H
#define HZ_TESTS_STORE_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Changes the image of *n bytes in place (*n may become smaller): one to three faults chosen by seed. The
 * file's structure is read defensively, so a mutant can be mutated again. Writes what was done into
 * ret_what (128 bytes). */
void mutate(uint8_t *p, size_t *n, uint64_t seed, char ret_what[static 128]);

#endif
