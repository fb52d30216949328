/* Hashes that are kept only because proofs of OpenTimestamps may contain them: SHA-1 and RIPEMD-160 through
 * libcrypto's low-level functions (deprecated there, like the hashes themselves), Keccak by hand (the Keccak
 * reference, version 3.0; FIPS 202 differs in the padding byte only). */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/tsa.h"

#include <openssl/ripemd.h>
#include <openssl/sha.h>
#include <string.h>

void
hz_sha1(const void *p, size_t n, uint8_t ret_h[static 20])
{
	hz_assert(SHA1(p, n, ret_h) != NULL);
}

void
hz_ripemd160(const void *p, size_t n, uint8_t ret_h[static 20])
{
	hz_assert(RIPEMD160(p, n, ret_h) != NULL);
}

#define LANES  25
#define ROUNDS 24
#define RATE   136

static uint64_t
rotate(uint64_t v, unsigned by)
{
	return by == 0 ? v : v << by | v >> (64 - by);
}

/* The round constants come from the reference's shift register. */
static uint64_t
round_constant(uint8_t *lfsr)
{
	uint64_t c = 0;

	for (unsigned j = 0; j < 7; j++) {
		if (*lfsr & 1) {
			c |= UINT64_C(1) << ((1U << j) - 1);
		}
		*lfsr = (uint8_t)((*lfsr << 1) ^ (*lfsr & 0x80 ? 0x71 : 0));
	}
	return c;
}

static void
permute(uint64_t a[static LANES])
{
	uint8_t lfsr = 1;

	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t c[5], b[LANES];
		for (unsigned x = 0; x < 5; x++) { /* theta */
			c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
		}
		for (unsigned i = 0; i < LANES; i++) {
			a[i] ^= c[(i + 4) % 5] ^ rotate(c[(i + 1) % 5], 1);
		}
		b[0] = a[0]; /* rho and pi */
		for (unsigned t = 0, x = 1, y = 0; t < 24; t++) {
			unsigned to_x = y, to_y = (2 * x + 3 * y) % 5;
			b[to_x + 5 * to_y] = rotate(a[x + 5 * y], (t + 1) * (t + 2) / 2 % 64);
			x = to_x;
			y = to_y;
		}
		for (unsigned i = 0; i < LANES; i++) { /* chi */
			unsigned y = i / 5 * 5, x = i % 5;
			a[i] = b[i] ^ (~b[y + (x + 1) % 5] & b[y + (x + 2) % 5]);
		}
		a[0] ^= round_constant(&lfsr); /* iota */
	}
}

static void
absorb(uint64_t a[static LANES], const uint8_t block[static RATE])
{
	for (unsigned i = 0; i < RATE; i++) {
		a[i / 8] ^= (uint64_t)block[i] << (8 * (i % 8));
	}
	permute(a);
}

void
hz_keccak256(const void *p, size_t n, uint8_t ret_h[static 32])
{
	const uint8_t *b = p;
	uint64_t a[LANES] = { 0 };
	uint8_t last[RATE] = { 0 };

	for (; n >= RATE; n -= RATE, b += RATE) {
		absorb(a, b);
	}
	if (n > 0) {
		memcpy(last, b, n);
	}
	last[n] ^= 0x01;
	last[RATE - 1] ^= 0x80;
	absorb(a, last);
	for (unsigned i = 0; i < 32; i++) {
		ret_h[i] = (uint8_t)(a[i / 8] >> (8 * (i % 8)));
	}
}
