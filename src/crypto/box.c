/* XChaCha20-Poly1305 for values (draft-irtf-cfrg-xchacha, libsodium). */
#include "crypto/crypto.h"

#include <sodium.h>

void
hz_box_seal(const uint8_t key[static 32], const uint8_t nonce[static 24], const void *ad, size_t adlen,
    const void *p, size_t n, uint8_t *ret_ct)
{
	hz_assert(
	    crypto_aead_xchacha20poly1305_ietf_encrypt(ret_ct, NULL, p, n, ad, adlen, NULL, nonce, key) == 0);
}

HZ_RESULT
hz_box_open(const uint8_t key[static 32], const uint8_t nonce[static 24], const void *ad, size_t adlen,
    const uint8_t *ct, size_t n, uint8_t *ret_p)
{
	if (n < HZ_BOX_TAG) {
		return hz_fail(HZ_MSG_FORMAT, "a sealed value of %zu bytes is shorter than its tag", n);
	}
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(ret_p, NULL, NULL, ct, n, ad, adlen, nonce, key) !=
	    0) {
		hz_wipe(ret_p, n - HZ_BOX_TAG);
		return hz_fail(HZ_MSG_TAMPERED, "a sealed value of %zu bytes does not open", n);
	}
	return HZ_OK;
}
