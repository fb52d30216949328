#include "tests.h"

#include <string.h>

/* RFC 8037, appendix A.2 and A.3. */
#define X   "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define KID "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"

static enum hz_err
parse(const char *text, size_t max, size_t *ret_n, uint8_t (*ret)[32])
{
	return hz_jwk_parse(text, strlen(text), ret, max, ret_n);
}

static void
known_key(void **state)
{
	static const char want[] =
	    "{\"keys\":[{\"crv\":\"Ed25519\",\"kid\":\"" KID "\",\"kty\":\"OKP\",\"x\":\"" X "\"}]}";
	struct hz_buf b = HZ_BUF_INIT(4096);
	uint8_t pks[2][32];
	size_t n = 0;

	(void)state;
	OK(parse("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X "\"}", 2, &n, pks));
	assert_int_equal(n, 1);
	memcpy(pks[1], pks[0], 32); /* the same twice is written once */
	OK(hz_jwks_write((const uint8_t(*)[32])pks, 2, &b));
	assert_int_equal(b.len, strlen(want));
	assert_memory_equal(b.p, want, b.len);
	memset(pks, 0, sizeof pks);
	OK(hz_jwk_parse(b.p, b.len, pks, 1, &n));
	assert_int_equal(n, 1);
	hz_buf_done(&b);
}

static void
sets(void **state)
{
	struct hz_buf b = HZ_BUF_INIT(65536);
	static uint8_t pks[HZ_JWKS_MAX + 1][32], got[HZ_JWKS_MAX][32];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i <= HZ_JWKS_MAX; i++) {
		pks[i][0] = (uint8_t)i;
		pks[i][1] = (uint8_t)(i >> 8);
	}
	OK(hz_jwks_write((const uint8_t(*)[32])pks, HZ_JWKS_MAX, &b));
	OK(hz_jwk_parse(b.p, b.len, got, HZ_JWKS_MAX, &n));
	assert_int_equal(n, HZ_JWKS_MAX);
	FAILS(hz_jwk_parse(b.p, b.len, got, HZ_JWKS_MAX - 1, &n), HZ_MSG_BUNDLE_DAMAGED);
	FAILS(hz_jwks_write((const uint8_t(*)[32])pks, HZ_JWKS_MAX + 1, &b), HZ_MSG_LIMIT);
	FAILS(hz_jwks_write((const uint8_t(*)[32])pks, 0, &b), HZ_MSG_LIMIT);
	hz_buf_done(&b);
}

static void
refused(void **state)
{
	static const char *const bad[] = { "", "{}", "[]", "null", "{\"keys\":[]}", "{\"keys\":{}}",
		"{\"keys\":[1]}", "{\"crv\":\"Ed25519\",\"kty\":\"OKP\"}",
		"{\"crv\":\"X25519\",\"kty\":\"OKP\",\"x\":\"" X "\"}",
		"{\"crv\":\"Ed25519\",\"kty\":\"RSA\",\"x\":\"" X "\"}",
		"{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" X "=\"}",
		"{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"AAAA\"}",
		"{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":1}",
		"{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp\"}",
		"{\"crv\":\"Ed25519\",\"d\":\"" X "\",\"kty\":\"OKP\",\"x\":\"" X "\"}",
		"{\"crv\":\"Ed25519\",\"kid\":\"" X "\",\"kty\":\"OKP\",\"x\":\"" X "\"}",
		"{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" X "\"}{}" };
	uint8_t pks[2][32], zero[2][32] = { { 0 } };
	size_t n = 77;

	(void)state;
	memset(pks, 0, sizeof pks);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		FAILS(parse(bad[i], 2, &n, pks), HZ_MSG_BUNDLE_DAMAGED);
	}
	FAILS(parse("{\"keys\":[{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" X "\"},{}]}", 2, &n, pks),
	    HZ_MSG_BUNDLE_DAMAGED);
	assert_memory_equal(pks, zero, sizeof pks); /* nothing was given out */
	assert_int_equal(n, 77);
}

const struct CMUnitTest jwk_tests[] = {
	cmocka_unit_test(known_key),
	cmocka_unit_test(sets),
	cmocka_unit_test(refused),
};
const size_t jwk_count = sizeof jwk_tests / sizeof jwk_tests[0];
