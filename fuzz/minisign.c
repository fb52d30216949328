/* minisign signatures and public keys: what the strict form takes, the other takes too. */
#include "manifest/manifest.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t seed[32] = { 1 }, digest[64] = { 2 };
	struct hz_buf trusted = HZ_BUF_INIT(8192);
	struct hz_ed_key key;
	uint8_t pk[32];

	if (hz_crypto_init()) {
		return 0;
	}
	hz_ed_key_from_seed(seed, &key);
	enum hz_err strict = hz_minisign_verify(data, size, key.pk, digest, true, NULL);
	enum hz_err any = hz_minisign_verify(data, size, key.pk, digest, false, &trusted);
	hz_assert(strict || !any);
	hz_assert(!any || trusted.len == 0);
	hz_buf_done(&trusted);
	if (!hz_minisign_pub_read(data, size, pk)) {
		struct hz_buf b = HZ_BUF_INIT(256);
		uint8_t again[32];
		hz_assert(hz_minisign_pub_write(pk, &b) == HZ_OK &&
			  hz_minisign_pub_read(b.p, b.len, again) == HZ_OK);
		hz_assert(hz_equal(pk, again, 32));
		hz_buf_done(&b);
	}
	return 0;
}
