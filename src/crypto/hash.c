/* SHA-256 and SHA-512 (FIPS 180-4), BLAKE2b (RFC 7693), HMAC (RFC 2104), HKDF (RFC 5869).
 *
 * SHA-2 goes through libcrypto's low-level functions. They run the same assembly as EVP, cost half as much
 * on short input (no context to make), and leave the whole provider machinery out of a static hirz-verify.
 * They are marked as deprecated in OpenSSL 3.0; only this file and oldhash.c use such. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/crypto.h"

#include <openssl/sha.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define SHA256_BLOCK 64

struct hz_hash {
	/* First, for its alignment of 64. */
	crypto_generichash_blake2b_state blake;
	SHA256_CTX sha256;
	SHA512_CTX sha512;
	enum hz_hash_kind kind;
};

struct hmac {
	SHA256_CTX inner, outer;
};

/* The low-level functions answer 1 always; their input lengths are below 2^61 bytes on any machine. */
static void
sha256_init(SHA256_CTX *c)
{
	hz_assert(SHA256_Init(c) == 1);
}

static void
sha256_add(SHA256_CTX *c, const void *p, size_t n)
{
	if (n > 0) {
		hz_assert(SHA256_Update(c, p, n) == 1);
	}
}

static void
sha256_end(SHA256_CTX *c, uint8_t *h)
{
	hz_assert(SHA256_Final(h, c) == 1);
}

void
hz_sha256(const void *p, size_t n, uint8_t ret_h[static 32])
{
	SHA256_CTX c;

	sha256_init(&c);
	sha256_add(&c, p, n);
	sha256_end(&c, ret_h);
}

void
hz_sha256_2(const void *a, size_t an, const void *b, size_t bn, uint8_t ret_h[static 32])
{
	SHA256_CTX c;

	sha256_init(&c);
	sha256_add(&c, a, an);
	sha256_add(&c, b, bn);
	sha256_end(&c, ret_h);
}

void
hz_sha512(const void *p, size_t n, uint8_t ret_h[static 64])
{
	SHA512_CTX c;

	hz_assert(SHA512_Init(&c) == 1);
	if (n > 0) {
		hz_assert(SHA512_Update(&c, p, n) == 1);
	}
	hz_assert(SHA512_Final(ret_h, &c) == 1);
}

HZ_RESULT
hz_hash_new(enum hz_hash_kind kind, struct hz_hash **ret_h)
{
	size_t align = _Alignof(struct hz_hash);
	size_t size = (sizeof(struct hz_hash) + align - 1) / align * align;
	struct hz_hash *h = aligned_alloc(align, size);

	if (h == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "hash state");
	}
	memset(h, 0, size);
	h->kind = kind;
	hz_hash_begin(h);
	*ret_h = h;
	return HZ_OK;
}

void
hz_hash_free(struct hz_hash **h)
{
	if (*h != NULL) {
		sodium_memzero(*h, sizeof **h);
		free(*h);
		*h = NULL;
	}
}

void
hz_hash_begin(struct hz_hash *h)
{
	switch (h->kind) {
	case HZ_HASH_SHA256:
		sha256_init(&h->sha256);
		break;
	case HZ_HASH_SHA512:
		hz_assert(SHA512_Init(&h->sha512) == 1);
		break;
	case HZ_HASH_BLAKE2B_512:
		hz_assert(crypto_generichash_blake2b_init(&h->blake, NULL, 0, 64) == 0);
		break;
	}
}

void
hz_hash_add(struct hz_hash *h, const void *p, size_t n)
{
	if (n == 0) {
		return;
	}
	switch (h->kind) {
	case HZ_HASH_SHA256:
		sha256_add(&h->sha256, p, n);
		break;
	case HZ_HASH_SHA512:
		hz_assert(SHA512_Update(&h->sha512, p, n) == 1);
		break;
	case HZ_HASH_BLAKE2B_512:
		hz_assert(crypto_generichash_blake2b_update(&h->blake, p, n) == 0);
		break;
	}
}

void
hz_hash_end(struct hz_hash *h, uint8_t *ret_digest)
{
	switch (h->kind) {
	case HZ_HASH_SHA256:
		sha256_end(&h->sha256, ret_digest);
		break;
	case HZ_HASH_SHA512:
		hz_assert(SHA512_Final(ret_digest, &h->sha512) == 1);
		break;
	case HZ_HASH_BLAKE2B_512:
		hz_assert(crypto_generichash_blake2b_final(&h->blake, ret_digest, 64) == 0);
		break;
	}
}

static void
hmac_begin(struct hmac *m, const uint8_t *key, size_t keylen)
{
	uint8_t pad[SHA256_BLOCK] = { 0 };

	if (keylen > SHA256_BLOCK) {
		hz_sha256(key, keylen, pad);
	} else if (keylen > 0) {
		memcpy(pad, key, keylen);
	}
	for (size_t i = 0; i < SHA256_BLOCK; i++) {
		pad[i] ^= 0x36;
	}
	sha256_init(&m->inner);
	sha256_add(&m->inner, pad, SHA256_BLOCK);
	for (size_t i = 0; i < SHA256_BLOCK; i++) {
		pad[i] ^= 0x36 ^ 0x5c;
	}
	sha256_init(&m->outer);
	sha256_add(&m->outer, pad, SHA256_BLOCK);
	sodium_memzero(pad, sizeof pad);
}

static void
hmac_end(struct hmac *m, uint8_t *mac)
{
	uint8_t h[32];

	sha256_end(&m->inner, h);
	sha256_add(&m->outer, h, sizeof h);
	sha256_end(&m->outer, mac);
	sodium_memzero(h, sizeof h);
	sodium_memzero(m, sizeof *m);
}

void
hz_hmac_sha256(const uint8_t *key, size_t keylen, const void *p, size_t n, uint8_t ret_mac[static 32])
{
	hz_hmac_sha256_2(key, keylen, p, n, NULL, 0, ret_mac);
}

void
hz_hmac_sha256_2(const uint8_t *key, size_t keylen, const void *a, size_t an, const void *b, size_t bn,
    uint8_t ret_mac[static 32])
{
	struct hmac m;

	hmac_begin(&m, key, keylen);
	sha256_add(&m.inner, a, an);
	sha256_add(&m.inner, b, bn);
	hmac_end(&m, ret_mac);
}

void
hz_hkdf_sha256(const void *ikm, size_t ikmlen, const void *salt, size_t saltlen, const char *info,
    uint8_t *ret_out, size_t outlen)
{
	uint8_t prk[32], t[32];
	struct hmac keyed;
	size_t infolen = strlen(info);

	hz_assert(outlen <= (size_t)255 * 32);
	hz_hmac_sha256(salt, saltlen, ikm, ikmlen, prk);
	hmac_begin(&keyed, prk, sizeof prk);
	uint8_t counter = 0;
	for (size_t done = 0; done < outlen;) {
		struct hmac m = keyed;
		if (counter > 0) {
			sha256_add(&m.inner, t, sizeof t);
		}
		counter++;
		sha256_add(&m.inner, info, infolen);
		sha256_add(&m.inner, &counter, 1);
		hmac_end(&m, t);
		size_t n = outlen - done < sizeof t ? outlen - done : sizeof t;
		memcpy(ret_out + done, t, n);
		done += n;
	}
	sodium_memzero(&keyed, sizeof keyed);
	sodium_memzero(prk, sizeof prk);
	sodium_memzero(t, sizeof t);
}

void
hz_blake2b_256(const void *p, size_t n, uint8_t ret_h[static 32])
{
	hz_assert(crypto_generichash_blake2b(ret_h, 32, p, n, NULL, 0) == 0);
}

void
hz_blake2b_keyed(const uint8_t key[static 32], const void *p, size_t n, uint8_t ret_h[static 32])
{
	hz_assert(crypto_generichash_blake2b(ret_h, 32, p, n, key, 32) == 0);
}

void
hz_kdf(const uint8_t key[static 32], uint64_t id, uint8_t ret_key[static 32])
{
	hz_assert(crypto_kdf_derive_from_key(ret_key, 32, id, "hirz_key", key) == 0);
}
