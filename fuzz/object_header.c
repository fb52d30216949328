/* The header row's content: peek, and unwrap under a fixed epoch key. */
#include "object/object.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct hz_epoch_key epoch = { 1, 7, "hirz: epoch key, a fuzz target" };
	static const uint8_t vault_id[16] = "hirz-fuzz-vault";
	struct hz_header_info info;
	uint8_t key[16];

	if (hz_crypto_init() != HZ_OK) {
		return 0;
	}
	enum hz_err peeked = hz_header_peek(data, size, &info);
	if (peeked == HZ_OK) {
		hz_assert(info.type == 1 || info.type == 2);
	}
	if (hz_header_unwrap(data, size, &epoch, vault_id, key) == HZ_OK) {
		hz_assert(peeked == HZ_OK && info.type == 1 && size == 97);
	}
	return 0;
}
