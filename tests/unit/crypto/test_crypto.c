/* Unit tests of the crypto room. The one argument is the path of vectors.py. */
#include "tests.h"

#include "crypto/crypto.h"

#include <stdio.h>
#include <string.h>

const char *vectors_script;

static unsigned
nibble(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	if (at == NULL) {
		fail_msg("not a hex digit: %d", c);
		return 0;
	}
	return (unsigned)(at - digits);
}

void
from_hex(const char *hex, uint8_t *out, size_t n)
{
	assert_int_equal(strlen(hex), 2 * n);
	for (size_t i = 0; i < n; i++) {
		out[i] = (uint8_t)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	}
}

void
assert_hex(const void *p, size_t n, const char *hex)
{
	const uint8_t *b = p;

	assert_int_equal(strlen(hex), 2 * n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(b[i], nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hashes),
		cmocka_unit_test(test_hash_reuse),
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_hkdf),
		cmocka_unit_test(test_hkdf_limit),
		cmocka_unit_test(test_blake2b_and_kdf),
		cmocka_unit_test(test_ed25519),
		cmocka_unit_test(test_x25519),
		cmocka_unit_test(test_box),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_stream_equals_sodium),
		cmocka_unit_test(test_stream_refuses),
		cmocka_unit_test(test_secret_memory),
		cmocka_unit_test(test_secret_guard),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_argon2id),
		cmocka_unit_test(test_argon2id_limits),
		cmocka_unit_test(test_scrypt),
		cmocka_unit_test(test_wycheproof_ed25519),
		cmocka_unit_test(test_wycheproof_x25519),
		cmocka_unit_test(test_wycheproof_chacha20),
		cmocka_unit_test(test_wycheproof_xchacha20),
		cmocka_unit_test(test_wycheproof_hkdf),
		cmocka_unit_test(test_wycheproof_hmac),
		cmocka_unit_test(test_cctv_ed25519),
		cmocka_unit_test(test_bech32_known),
		cmocka_unit_test(test_bech32_round),
		cmocka_unit_test(test_bech32_refuses),
		cmocka_unit_test(test_bech32_flipped),
	};

	vectors_script = argc > 1 ? argv[1] : NULL;
	if (hz_crypto_init() != HZ_OK) {
		(void)fputs("crypto does not start\n", stderr);
		return 1;
	}
	return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
