/* SHA-256 (FIPS 180-4, 6.2) of bytes in memory. The room crypto has it faster, and has keys too: it stays
 * outside of this program. */
#ifndef HZ_INSPECT_SHA256_H
#define HZ_INSPECT_SHA256_H

#include <stddef.h>
#include <stdint.h>

void hz_inspect_sha256(const void *bytes, size_t n, uint8_t ret_h[static 32]);

#endif
