/* Start of the room, secret memory, randomness and constant-time helpers. libsodium only, so that the
 * auditor's program can link this without OpenSSL's EVP. */
#include "crypto/crypto.h"

#include <sodium.h>
#include <string.h>

/* sodium_malloc puts the end of the region against a guard page, so its pointer is only as aligned as the
 * size is: sizes are rounded up to what any struct may ask for. */
#define SECRET_ALIGN ((size_t)16)
/* The largest secret region one call may ask for; keys and passphrases are far below. */
#define SECRET_MAX ((size_t)64 << 20)

HZ_RESULT
hz_crypto_init(void)
{
	if (sodium_init() < 0) {
		return hz_fail(HZ_MSG_INTERNAL, "libsodium does not start");
	}
	return HZ_OK;
}

void
hz_random(void *p, size_t n)
{
	if (n > 0) {
		randombytes_buf(p, n);
	}
}

/* What is drawn here becomes public (nonces, ids) or lies in ordinary memory anyway (salts of disclosures),
 * and there is a lot of it: one system call fills a page of it for this thread, and each byte is forgotten as
 * it is given away. */
void
hz_random_nonce(void *p, size_t n)
{
	static _Thread_local struct {
		uint8_t b[2048];
		size_t left;
	} pool;
	if (n > sizeof(pool.b) / 8) {
		hz_random(p, n);
		return;
	}
	if (n > pool.left) {
		randombytes_buf(pool.b, sizeof(pool.b));
		pool.left = sizeof(pool.b);
	}
	pool.left -= n;
	if (n > 0) {
		memcpy(p, pool.b + pool.left, n);
		sodium_memzero(pool.b + pool.left, n);
	}
}

void
hz_wipe(void *p, size_t n)
{
	if (n > 0) {
		sodium_memzero(p, n);
	}
}

bool
hz_equal(const void *a, const void *b, size_t n)
{
	return n == 0 || sodium_memcmp(a, b, n) == 0;
}

bool
hz_is_zero(const void *p, size_t n)
{
	return n == 0 || sodium_is_zero(p, n) == 1;
}

HZ_RESULT
hz_secret_new(size_t n, void **ret_p)
{
	if (n > SECRET_MAX) {
		return hz_fail(HZ_MSG_NOMEM, "secret memory of %zu bytes", n);
	}
	size_t size = (n + SECRET_ALIGN - 1) / SECRET_ALIGN * SECRET_ALIGN;
	if (size == 0) {
		size = SECRET_ALIGN;
	}
	void *p = sodium_malloc(size);
	if (p == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "secret memory of %zu bytes", n);
	}
	memset(p, 0, size);
	*ret_p = p;
	return HZ_OK;
}

void
hz_secret_free(void **p)
{
	if (*p != NULL) {
		sodium_free(*p); /* wipes */
		*p = NULL;
	}
}

bool
hz_secret_locked(void)
{
	/* sodium_malloc goes on without a word where mlock is refused, so the question is put to the system
	 * directly, with one more region of the kind. */
	void *probe = sodium_malloc(SECRET_ALIGN);
	if (probe == NULL) {
		return false;
	}
	bool locked = sodium_mlock(probe, SECRET_ALIGN) == 0;
	sodium_free(probe); /* unlocks */
	return locked;
}
