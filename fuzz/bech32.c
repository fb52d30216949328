/* Bech32 texts have one form in each case: what is decoded is encoded to the same text. */
#include "crypto/bech32.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const prefixes[] = { "age", "age-secret-key-" };
	static uint8_t bytes[HZ_BECH32_DATA_MAX];

	for (size_t i = 0; i < 2; i++) {
		struct hz_buf out = HZ_BUF_INIT((size_t)1 << 14);
		size_t n = 0;
		if (hz_bech32_decode((const char *)data, size, prefixes[i], bytes, sizeof bytes, &n) ==
		    HZ_OK) {
			bool upper = data[0] == 'A';
			hz_assert(hz_bech32_encode(prefixes[i], bytes, n, upper, &out) == HZ_OK);
			hz_assert(out.len == size && memcmp(out.p, data, size) == 0);
		}
		hz_buf_done(&out);
	}
	return 0;
}
