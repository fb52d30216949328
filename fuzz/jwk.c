/* JWK and JWK Set: what is taken is written and read again. */
#include "manifest/manifest.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t pks[8][32], again[8][32];
	size_t n = 0, m = 0;

	if (hz_jwk_parse(data, size, pks, 8, &n)) {
		return 0;
	}
	hz_assert(n >= 1 && n <= 8);
	struct hz_buf b = HZ_BUF_INIT(4096);
	hz_assert(hz_jwks_write((const uint8_t(*)[32])pks, n, &b) == HZ_OK);
	hz_assert(hz_jwk_parse(b.p, b.len, again, 8, &m) == HZ_OK && m >= 1 && m <= n);
	hz_buf_done(&b);
	return 0;
}
