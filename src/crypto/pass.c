/* Passphrases: Argon2id (RFC 9106) for keyrings, scrypt (RFC 7914) for age files. */
#include "crypto/crypto.h"

#include <sodium.h>
#include <string.h>

#define SCRYPT_LOG_N_MAX 22
#define PASSWORD_MAX     ((size_t)1 << 20)

HZ_RESULT
hz_argon2id(const void *pw, size_t pwlen, const uint8_t salt[static 16], uint32_t mem_kib, uint32_t t,
    uint8_t ret_out[static 64])
{
	uint8_t out[64];

	if (mem_kib < HZ_ARGON_FLOOR_MIB * 1024U || mem_kib > HZ_ARGON_MAX_MIB * 1024U) {
		return hz_fail(HZ_MSG_LIMIT, "Argon2id memory of %u KiB; allowed are %d to %d MiB", mem_kib,
		    HZ_ARGON_FLOOR_MIB, HZ_ARGON_MAX_MIB);
	}
	if (t < 1 || t > HZ_ARGON_T_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "Argon2id passes: %u; allowed are 1 to %d", t, HZ_ARGON_T_MAX);
	}
	if (pwlen > PASSWORD_MAX) {
		return hz_fail(
		    HZ_MSG_LIMIT, "a passphrase of %zu bytes; the limit is %zu", pwlen, PASSWORD_MAX);
	}
	if (crypto_pwhash_argon2id(out, sizeof out, pwlen > 0 ? pw : "", pwlen, salt, t,
		(size_t)mem_kib * 1024, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
		return hz_fail(HZ_MSG_NOMEM, "Argon2id needs %u KiB", mem_kib);
	}
	memcpy(ret_out, out, sizeof out);
	hz_wipe(out, sizeof out);
	return HZ_OK;
}

HZ_RESULT
hz_scrypt(const void *pw, size_t pwlen, const void *salt, size_t saltlen, unsigned log_n,
    uint8_t ret_key[static 32])
{
	uint8_t out[32];

	if (log_n < 1 || log_n > SCRYPT_LOG_N_MAX) {
		return hz_fail(
		    HZ_MSG_LIMIT, "scrypt work factor %u; allowed are 1 to %d", log_n, SCRYPT_LOG_N_MAX);
	}
	if (pwlen > PASSWORD_MAX || saltlen > PASSWORD_MAX) {
		return hz_fail(HZ_MSG_LIMIT, "a passphrase or salt over %zu bytes", PASSWORD_MAX);
	}
	if (crypto_pwhash_scryptsalsa208sha256_ll(
		pw, pwlen, salt, saltlen, (uint64_t)1 << log_n, 8, 1, out, sizeof out) != 0) {
		return hz_fail(HZ_MSG_NOMEM, "scrypt needs %llu KiB", 1ULL << log_n);
	}
	memcpy(ret_key, out, sizeof out);
	hz_wipe(out, sizeof out);
	return HZ_OK;
}
