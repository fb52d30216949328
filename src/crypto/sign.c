/* Ed25519 (RFC 8032) and X25519 (RFC 7748). All Ed25519 checks of the project are the one below. */
#include "crypto/crypto.h"

#include <sodium.h>
#include <string.h>

void
hz_ed_public(const uint8_t seed[static 32], uint8_t ret_pk[static 32])
{
	struct hz_ed_key k;

	hz_ed_key_from_seed(seed, &k);
	memcpy(ret_pk, k.pk, sizeof k.pk);
	hz_wipe(&k, sizeof k);
}

void
hz_ed_key_from_seed(const uint8_t seed[static 32], struct hz_ed_key *ret_k)
{
	hz_assert(crypto_sign_ed25519_seed_keypair(ret_k->pk, ret_k->sk, seed) == 0);
}

void
hz_ed_sign(const struct hz_ed_key *k, const void *p, size_t n, uint8_t ret_sig[static 64])
{
	hz_assert(crypto_sign_ed25519_detached(ret_sig, NULL, p, n, k->sk) == 0);
}

bool
hz_ed_verify(const uint8_t pk[static 32], const void *p, size_t n, const uint8_t sig[static 64])
{
#ifdef HZ_FAULT_NO_SIGNATURE
	return true;
#endif
	return crypto_sign_ed25519_verify_detached(sig, p, n, pk) == 0;
}

void
hz_x25519_public(const uint8_t sk[static 32], uint8_t ret_pk[static 32])
{
	hz_assert(crypto_scalarmult_curve25519_base(ret_pk, sk) == 0);
}

HZ_RESULT
hz_x25519(const uint8_t sk[static 32], const uint8_t pk[static 32], uint8_t ret_shared[static 32])
{
	uint8_t q[32];

	/* libsodium answers -1 for every point of small order, where the result is all zero. */
	if (crypto_scalarmult_curve25519(q, sk, pk) != 0 || hz_is_zero(q, sizeof q)) {
		return hz_fail(HZ_MSG_TAMPERED, "X25519 public key of small order");
	}
	memcpy(ret_shared, q, sizeof q);
	hz_wipe(q, sizeof q);
	return HZ_OK;
}
