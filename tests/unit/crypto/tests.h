/* What the files of this test program share. */
#ifndef HZ_TESTS_CRYPTO_TESTS_H
#define HZ_TESTS_CRYPTO_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../lib/hex.h"

extern const char *vectors_script; /* path of vectors.py */

void test_hashes(void **state);
void test_hash_reuse(void **state);
void test_hmac(void **state);
void test_hkdf(void **state);
void test_hkdf_limit(void **state);
void test_blake2b_and_kdf(void **state);
void test_ed25519(void **state);
void test_x25519(void **state);
void test_box(void **state);
void test_stream(void **state);
void test_stream_equals_sodium(void **state);
void test_stream_refuses(void **state);

void test_secret_memory(void **state);
void test_secret_guard(void **state);
void test_compare(void **state);
void test_random(void **state);
void test_argon2id(void **state);
void test_argon2id_limits(void **state);
void test_scrypt(void **state);

void test_wycheproof_ed25519(void **state);
void test_wycheproof_x25519(void **state);
void test_wycheproof_chacha20(void **state);
void test_wycheproof_xchacha20(void **state);
void test_wycheproof_hkdf(void **state);
void test_wycheproof_hmac(void **state);
void test_cctv_ed25519(void **state);

void test_bech32_known(void **state);
void test_bech32_round(void **state);
void test_bech32_refuses(void **state);
void test_bech32_flipped(void **state);

#endif
