/* Primitives with our words. The only room that knows libsodium and libcrypto (design: bulk SHA-256 and
 * ChaCha20-Poly1305 through libcrypto, everything else through libsodium).
 *
 * Call hz_crypto_init() once before anything else (any thread, idempotent). */
#ifndef HZ_CRYPTO_CRYPTO_H
#define HZ_CRYPTO_CRYPTO_H

#include "base/buf.h"

HZ_RESULT hz_crypto_init(void);

/* --- memory and randomness ------------------------------------------------------------------------- */
void hz_random(void *p, size_t n); /* from the system; for keys */
/* The same quality, drawn by the page for each thread: for nonces, ids, salts; never for keys. Not after
 * fork. */
void hz_random_nonce(void *p, size_t n);
void hz_wipe(void *p, size_t n);
bool hz_equal(const void *a, const void *b, size_t n); /* constant time */
bool hz_is_zero(const void *p, size_t n);              /* constant time */
/* Guarded, locked, not dumped, zeroed, aligned to 16; wiped by hz_secret_free. HZ_MSG_NOMEM. */
HZ_RESULT hz_secret_new(size_t n, void **ret_p);
void hz_secret_free(void **p);
/* False where the system did not let us lock memory: doors say so (the program goes on). */
bool hz_secret_locked(void);

/* --- hashes ---------------------------------------------------------------------------------------- */
#define HZ_SHA256_LEN 32
#define HZ_SHA512_LEN 64
void hz_sha256(const void *p, size_t n, uint8_t ret_h[static 32]);
/* Over two parts in turn: saves a copy (tree leaves, prefixed messages). */
void hz_sha256_2(const void *a, size_t an, const void *b, size_t bn, uint8_t ret_h[static 32]);
void hz_sha512(const void *p, size_t n, uint8_t ret_h[static 64]);
/* Incremental; contexts are reused between messages. hz_hash_begin resets. */
enum hz_hash_kind { HZ_HASH_SHA256, HZ_HASH_SHA512, HZ_HASH_BLAKE2B_512 /* minisign */ };
struct hz_hash;
HZ_RESULT hz_hash_new(enum hz_hash_kind kind, struct hz_hash **ret_h);
void hz_hash_free(struct hz_hash **h);
void hz_hash_begin(struct hz_hash *h);
void hz_hash_add(struct hz_hash *h, const void *p, size_t n);
void hz_hash_end(struct hz_hash *h, uint8_t *ret_digest); /* 32 or 64 bytes */

void hz_hmac_sha256(const uint8_t *key, size_t keylen, const void *p, size_t n, uint8_t ret_mac[static 32]);
/* HMAC over two parts in turn: saves a copy. */
void hz_hmac_sha256_2(const uint8_t *key, size_t keylen, const void *a, size_t an, const void *b, size_t bn,
    uint8_t ret_mac[static 32]);
/* RFC 5869; out at most 255*32 bytes. salt may be NULL with 0. ret_out may not overlap ikm. */
void hz_hkdf_sha256(const void *ikm, size_t ikmlen, const void *salt, size_t saltlen, const char *info,
    uint8_t *ret_out, size_t outlen);
/* BLAKE2b-256 (RFC 7693) without a key: ids of rules. */
void hz_blake2b_256(const void *p, size_t n, uint8_t ret_h[static 32]);
/* BLAKE2b-256 with a 32-byte key; and crypto_kdf_derive_from_key with the 8-byte context "hirz_key". */
void hz_blake2b_keyed(const uint8_t key[static 32], const void *p, size_t n, uint8_t ret_h[static 32]);
void hz_kdf(const uint8_t key[static 32], uint64_t id, uint8_t ret_key[static 32]);

/* --- AEAD ------------------------------------------------------------------------------------------ */
#define HZ_BOX_NONCE 24
#define HZ_BOX_TAG   16
/* XChaCha20-Poly1305 (IETF). ct gets n + 16 bytes; may equal p. */
void hz_box_seal(const uint8_t key[static 32], const uint8_t nonce[static 24], const void *ad, size_t adlen,
    const void *p, size_t n, uint8_t *ret_ct);
/* n = length of ct with its tag; ret_p gets n - 16. HZ_MSG_TAMPERED; ret_p is then wiped. HZ_MSG_FORMAT
 * where n is below 16. */
HZ_RESULT hz_box_open(const uint8_t key[static 32], const uint8_t nonce[static 24], const void *ad,
    size_t adlen, const uint8_t *ct, size_t n, uint8_t *ret_p);

/* ChaCha20-Poly1305 (RFC 8439) without associated data, bulk, through libcrypto; one context for many
 * messages under one key (age STREAM chunks). Not shared between threads. */
struct hz_stream;
HZ_RESULT hz_stream_new(struct hz_stream **ret_s);
void hz_stream_free(struct hz_stream **s);
void hz_stream_key(struct hz_stream *s, const uint8_t key[static 32]);
/* ct gets n + 16 bytes. in and out may not overlap unless equal. Errors of open as hz_box_open; both
 * HZ_MSG_LIMIT over 2^30 bytes. */
HZ_RESULT hz_stream_seal(
    struct hz_stream *s, const uint8_t nonce[static 12], const uint8_t *p, size_t n, uint8_t *ret_ct);
HZ_RESULT hz_stream_open(
    struct hz_stream *s, const uint8_t nonce[static 12], const uint8_t *ct, size_t n, uint8_t *ret_p);

/* --- signatures and key agreement ------------------------------------------------------------------ */
#define HZ_ED_PK  32
#define HZ_ED_SIG 64
#define HZ_SEED   32
/* The public key of a seed. */
void hz_ed_public(const uint8_t seed[static 32], uint8_t ret_pk[static 32]);
/* A signing key expanded once (64 bytes of secret, caller wipes). */
struct hz_ed_key {
	uint8_t sk[64];
	uint8_t pk[32];
};
void hz_ed_key_from_seed(const uint8_t seed[static 32], struct hz_ed_key *ret_k);
void hz_ed_sign(const struct hz_ed_key *k, const void *p, size_t n, uint8_t ret_sig[static 64]);
/* The one Ed25519 check of the whole project (its verdicts on the CCTV vectors are the format's rule). */
bool hz_ed_verify(const uint8_t pk[static 32], const void *p, size_t n, const uint8_t sig[static 64]);

void hz_x25519_public(const uint8_t sk[static 32], uint8_t ret_pk[static 32]);
/* HZ_MSG_TAMPERED on the all-zero result. */
HZ_RESULT hz_x25519(const uint8_t sk[static 32], const uint8_t pk[static 32], uint8_t ret_shared[static 32]);

/* --- passphrases ----------------------------------------------------------------------------------- */
#define HZ_ARGON_FLOOR_MIB   64
#define HZ_ARGON_DEFAULT_MIB 256
#define HZ_ARGON_MAX_MIB     2048
#define HZ_ARGON_T           3
#define HZ_ARGON_T_MAX       16
/* Argon2id, p = 1. mem_kib and t are checked against the limits above before any allocation
 * (HZ_MSG_LIMIT); HZ_MSG_NOMEM where the memory is not to be had. out is 64 bytes. */
HZ_RESULT hz_argon2id(const void *pw, size_t pwlen, const uint8_t salt[static 16], uint32_t mem_kib,
    uint32_t t, uint8_t ret_out[static 64]);
/* scrypt r = 8, p = 1, N = 2^log_n (age): log_n at most 22. */
HZ_RESULT hz_scrypt(const void *pw, size_t pwlen, const void *salt, size_t saltlen, unsigned log_n,
    uint8_t ret_key[static 32]);

#endif
