/* Unit tests of the crypto room. The one argument is the path of vectors.py. */
#include "tests.h"

#include "crypto/crypto.h"

#include <stdio.h>
#include <string.h>

const char *vectors_script;

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
