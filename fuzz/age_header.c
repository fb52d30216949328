/* age files: header under a fixed identity, then the payload. The input's bytes are the file. */
#include "object/age.h"

#include "crypto/crypto.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t identity[32] = "hirz: identity of a fuzz target";
	struct hz_buf plain = HZ_BUF_INIT((size_t)1 << 20);
	uint8_t key[16];
	size_t used = 0;

	if (hz_crypto_init() != HZ_OK) {
		return 0;
	}
	if (hz_age_header_open(data, size, identity, key, &used) == HZ_OK) {
		hz_assert(used > 0 && used <= size);
		if (hz_age_payload_open(data + used, size - used, key, &plain) != HZ_OK) {
			hz_assert(plain.len == 0);
		}
	}
	hz_buf_done(&plain);
	return 0;
}
