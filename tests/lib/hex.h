/* Bytes as hex texts in the sources of tests. */
#ifndef HZ_TESTS_LIB_HEX_H
#define HZ_TESTS_LIB_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of a hex text in the test's own source; asserts that it is hex of n bytes. */
void from_hex(const char *hex, uint8_t *out, size_t n);
/* Asserts that the n bytes at p are those of the hex text. */
void assert_hex(const void *p, size_t n, const char *hex);

#endif
